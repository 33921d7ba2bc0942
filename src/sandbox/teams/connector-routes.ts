// The connector: what Teams answers when the bot writes. Faults are for tests, and told by hand.
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Issuer } from '../issuer.ts';
import type { Activity } from './activities.ts';
import { type Conversations, type Message, threadless } from './conversations.ts';
import { type Call, CallRefused, type Reply } from './loopback-server.ts';

/** `lost-answer`: the card arrives, the answer does not. */
export const CONNECTOR_FAULTS = ['throttled', 'forbidden', 'missing', 'unavailable', 'lost-answer'] as const;
export type ConnectorFault = (typeof CONNECTOR_FAULTS)[number];
export interface PlannedFault {
  readonly kind: ConnectorFault;
  /** How many of the bot's next writes meet it. */
  readonly times: number;
  readonly retryAfterSeconds?: number;
}

export interface ConnectorRoutesOptions {
  readonly appId: string;
  readonly issuer: Issuer;
  readonly conversations: Conversations;
  /** Null: nobody's; false: they have removed the app. */
  readonly mayWriteTo: (conversationId: string) => boolean | null;
  /** After each write of the bot. `target` is the conversation as the bot named it. */
  readonly onWrite: (message: Message, target: string) => void;
}

const AUDIENCE = 'https://api.botframework.com';
const ACTIVITIES = /^\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/;

export function connectorRoutes(options: ConnectorRoutesOptions) {
  const { conversations, mayWriteTo } = options;
  const keys = createLocalJWKSet(options.issuer.jwks);
  const faults: PlannedFault[] = [];

  async function checkBearer(authorization: string | undefined): Promise<void> {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    const rules = { algorithms: ['RS256'], audience: AUDIENCE };
    const verified = await jwtVerify(token, keys, rules).catch(() => null);
    if ((verified?.payload.appid ?? verified?.payload.azp) !== options.appId) {
      throw new CallRefused(401, 'Authorization has been denied for this request.');
    }
  }

  function takeFault(): PlannedFault | null {
    const next = faults.shift();
    if (!next) return null;
    if (next.times > 1) faults.unshift({ ...next, times: next.times - 1 });
    return next;
  }

  function write(call: Call, target: string, activityId: string | undefined): Reply {
    const conversationId = threadless(target);
    const allowed = mayWriteTo(conversationId);
    if (allowed === null) throw new CallRefused(404, 'ConversationNotFound');
    if (!allowed) throw new CallRefused(403, 'MessageWritesBlocked');
    if (call.body === null || typeof call.body !== 'object') throw new CallRefused(400, 'BadSyntax');
    const activity = call.body as Activity;
    const isEdit = call.method === 'PUT';
    const message = isEdit
      ? conversations.replace(conversationId, activityId ?? '', activity)
      : conversations.add(conversationId, activity);
    options.onWrite(message, target);
    return { status: isEdit ? 200 : 201, body: { id: message.activityId } };
  }

  return {
    plan: (fault: PlannedFault): void => {
      faults.push(fault);
    },
    /** Null when the path is not the connector's. */
    async handle(call: Call): Promise<Reply | null> {
      const match = ACTIVITIES.exec(call.path);
      if (!match) return null;
      await checkBearer(call.headers.authorization);
      const target = decodeURIComponent(match[1] ?? '');
      const activityId = match[2] && decodeURIComponent(match[2]);
      if (call.method === 'GET') return read(conversations, threadless(target), activityId);
      if (call.method !== 'POST' && call.method !== 'PUT') throw new CallRefused(405, 'Not here.');
      const fault = takeFault();
      if (!fault || fault.kind === 'lost-answer') {
        const reply = write(call, target, activityId);
        return fault ? { ...reply, drop: true } : reply;
      }
      return inflicted(fault);
    },
  };
}

function read(conversations: Conversations, conversationId: string, activityId: string | undefined): Reply {
  return activityId
    ? { status: 200, body: conversations.find(conversationId, activityId).activity }
    : { status: 200, body: conversations.in(conversationId).map((one) => one.activity) };
}

function inflicted(fault: PlannedFault): Reply {
  const body = (code: string) => ({ error: { code, message: 'A fault that was asked for.' } });
  if (fault.kind === 'throttled') {
    const headers = { 'retry-after': String(fault.retryAfterSeconds ?? 1) };
    return { status: 429, headers, body: body('Throttled') };
  }
  if (fault.kind === 'forbidden') return { status: 403, body: body('MessageWritesBlocked') };
  if (fault.kind === 'missing') return { status: 404, body: body('ConversationNotFound') };
  return { status: 502, body: body('BadGateway') };
}
