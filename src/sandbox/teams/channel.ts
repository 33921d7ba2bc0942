// The stand-in for what lies between a Teams client and a bot: signs what the client sends, adds what Teams would add, and
// hands back the bot's answer. Only ever with the sandbox's own issuer.
import { errorText } from '../../case/errors.ts';
import type { Issuer } from '../issuer.ts';
import type { Person } from '../people.ts';
import { CallRefused, type LoopbackServer, type Reply, serveJson } from './loopback-server.ts';

export interface TeamsRelayOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The bot's own `.../api/messages`. */
  readonly botUrl: string;
  readonly issuer: Issuer;
  readonly appId: string;
  readonly tenantId: string;
  readonly people: readonly Person[];
  /** `iss` of the tokens; the public cloud's when absent. */
  readonly tokenIssuer?: string;
}
export interface TeamsRelay {
  /** What a client is told to post to. */
  readonly url: string;
  close(): Promise<void>;
}

const PATH = '/api/messages';
const TOKEN_SECONDS = 300;
/** Teams gives up on a bot after about 10 s, or 15 for a message. */
const BOT_TIMEOUT_MS = 15_000;

export async function createTeamsRelay(options: TeamsRelayOptions): Promise<TeamsRelay> {
  const { botUrl, issuer, appId, tokenIssuer = 'https://api.botframework.com' } = options;

  async function forward(activity: LooseActivity): Promise<Reply> {
    const token = await issuer.sign(
      { iss: tokenIssuer, aud: appId, serviceurl: activity.serviceUrl },
      { expiresInSeconds: TOKEN_SECONDS },
    );
    const answer = await fetch(botUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(BOT_TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new CallRefused(502, `The bot does not answer: ${errorText(error)}`);
    });
    const text = await answer.text();
    return { status: answer.status, ...(text ? { body: parsed(text) } : {}) };
  }

  const server: LoopbackServer = await serveJson(options.port, async ({ method, path, body }) => {
    if (path !== PATH) throw new CallRefused(404, 'Activities go to /api/messages.');
    // The local client asks with HEAD whether a bot is there.
    if (method === 'HEAD') return { status: 200 };
    if (method !== 'POST') throw new CallRefused(405, 'Activities are posted.');
    return forward(completed(body, options));
  });
  return { url: `${server.url}${PATH}`, close: server.close };
}

interface LooseActivity {
  readonly serviceUrl: string;
  readonly [key: string]: unknown;
}
type Loose = Readonly<Record<string, unknown>>;
const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What Teams always fills in and a local client may leave out. What is there is never changed. */
function completed(body: unknown, { tenantId, people }: TeamsRelayOptions): LooseActivity {
  if (!isLoose(body) || typeof body.serviceUrl !== 'string')
    throw new CallRefused(400, 'This is no activity.');
  const from = isLoose(body.from) ? body.from : {};
  const person = people.find((one) => one.teamsId === from.id);
  const conversation = isLoose(body.conversation) ? body.conversation : {};
  const channelData = isLoose(body.channelData) ? body.channelData : {};
  return {
    channelId: 'msteams',
    ...body,
    serviceUrl: body.serviceUrl,
    from: { ...(person ? { name: person.displayName, aadObjectId: person.id } : {}), ...from },
    conversation: { tenantId, ...conversation },
    channelData: { tenant: { id: tenantId }, ...channelData },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
