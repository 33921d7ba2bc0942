// A Teams client without a screen: keeps what the bot writes, and lets scripts look, press, write and install over HTTP.
import { z } from 'zod';
import type { Issuer } from '../issuer.ts';
import { chatIdOf, type Person } from '../people.ts';
import {
  type Activity,
  activityBuilder,
  type Channel,
  type Place,
  type PressedAction,
} from './activities.ts';
import { buttonsOf, inputsOf, wordsOf } from './card-reading.ts';
import { CONNECTOR_FAULTS, connectorRoutes, type PlannedFault } from './connector-routes.ts';
import { asCardActivity, cardOf, createConversations, type Message } from './conversations.ts';
import { type Call, CallRefused, type Reply, serveJson } from './loopback-server.ts';

export interface ScreenlessOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The relay: it signs what is sent from here. */
  readonly botEndpoint: string;
  readonly issuer: Issuer;
  readonly appId: string;
  readonly tenantId: string;
  readonly people: readonly Person[];
  readonly channel: Channel;
  /** Bounds the wait for the bot's answer. 20 s when absent. */
  readonly timeoutMs?: number;
}
export interface Screenless {
  /** Scripts look and act here. */
  readonly url: string;
  /** The bot writes here. */
  readonly serviceUrl: string;
  /** The bot's next writes meet this. */
  fault(fault: PlannedFault): void;
  /** The app came to somebody (through Graph): Teams tells the bot. Resolves once the bot has answered. */
  install(person: Person): Promise<void>;
  close(): Promise<void>;
}

const User = z.object({ user: z.string().min(1) });
const Say = User.extend({ text: z.string(), channel: z.boolean().default(false) });
const ClickBody = User.extend({
  activityId: z.string().optional(),
  verb: z.string().optional(),
  title: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  /** Overrides of the button's data: what a forger would change. */
  data: z.record(z.string(), z.unknown()).default({}),
  channel: z.boolean().default(false),
});
const Fault = z.object({
  kind: z.enum(CONNECTOR_FAULTS),
  times: z.int().min(1).default(1),
  retryAfterSeconds: z.number().optional(),
});

/**
 * `GET /messages?user=` (UPN, object id, or `channel`), `POST /click {user, verb | title, activityId?, inputs?, channel?}`,
 * `POST /say {user, text, channel?}`, `POST /install {user}`, `POST /uninstall {user}`, `POST /faults {kind, times}`.
 */
export async function startScreenless(options: ScreenlessOptions): Promise<Screenless> {
  const { appId, tenantId, people, channel } = options;
  const conversations = createConversations();
  const without = new Set<string>();
  let origin = '';
  const send = () => activityBuilder({ appId, tenantId, serviceUrl: origin });

  const connector = connectorRoutes({
    appId,
    issuer: options.issuer,
    conversations,
    mayWriteTo: (id) => {
      if (id === channel.id) return true;
      const person = people.find((one) => chatIdOf(one, appId) === id);
      return person ? !without.has(person.id) : null;
    },
  });

  function findUser(name: string): Person {
    const wanted = name.toLowerCase();
    const found = people.find((one) => one.id === wanted || one.userPrincipalName.toLowerCase() === wanted);
    if (!found) throw new CallRefused(404, `Nobody here is ${name}.`);
    return found;
  }
  const conversationOf = (user: string): string =>
    user === 'channel' || user === channel.id ? channel.id : chatIdOf(findUser(user), appId);

  async function tellBot(activity: Activity): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(options.botEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(options.timeoutMs ?? 20_000),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  async function click(body: unknown): Promise<Reply> {
    const wanted = parse(ClickBody, body);
    const person = findUser(wanted.user);
    const conversationId = wanted.channel ? channel.id : chatIdOf(person, appId);
    const { message, button } = findButton(conversations.in(conversationId), wanted);
    const place: Place = wanted.channel ? { person, channel, threadId: message.activityId } : { person };
    const data = { ...inputsOf(cardOf(message)), ...button.data, ...wanted.inputs, ...wanted.data };
    const answer = await tellBot(send().pressed(place, message.activityId, { ...button, data }));
    const card = answeredCard(answer.body);
    if (card) conversations.replace(conversationId, message.activityId, asCardActivity(card));
    return {
      status: 200,
      body: { status: answer.status, activityId: message.activityId, answer: answer.body },
    };
  }

  async function say(body: unknown): Promise<Reply> {
    const { user, text, channel: inChannel } = parse(Say, body);
    const person = findUser(user);
    const place: Place = inChannel ? { person, channel } : { person };
    const conversationId = inChannel ? channel.id : chatIdOf(person, appId);
    const before = conversations.in(conversationId).length;
    const { status } = await tellBot(send().said(place, text));
    return {
      status: 200,
      body: { status, replies: conversations.in(conversationId).slice(before).map(shown) },
    };
  }

  async function setInstalled(person: Person, installed: boolean): Promise<number> {
    if (installed) without.delete(person.id);
    else without.add(person.id);
    const { status } = await tellBot(installed ? send().installed({ person }) : send().removed({ person }));
    return status;
  }

  async function act({ method, path, query, body }: Call): Promise<Reply> {
    const route = `${method} ${path}`;
    if (route === 'GET /messages') {
      const user = query.get('user') ?? '';
      return { status: 200, body: conversations.in(conversationOf(user)).map(shown) };
    }
    if (route === 'POST /click') return click(body);
    if (route === 'POST /say') return say(body);
    if (route === 'POST /install' || route === 'POST /uninstall') {
      const status = await setInstalled(findUser(parse(User, body).user), path === '/install');
      return { status: 200, body: { status } };
    }
    if (route === 'POST /faults') {
      const { retryAfterSeconds, ...fault } = parse(Fault, body);
      connector.plan(retryAfterSeconds === undefined ? fault : { ...fault, retryAfterSeconds });
      return { status: 204 };
    }
    throw new CallRefused(404, 'Nothing is here.');
  }

  const server = await serveJson(
    options.port,
    async (call) => (await connector.handle(call)) ?? (await act(call)),
  );
  origin = server.url;
  return {
    url: server.url,
    serviceUrl: server.url,
    fault: connector.plan,
    install: async (person) => void (await setInstalled(person, true)),
    close: server.close,
  };
}

/** The newest button that fits, on the card that was named or on any. */
function findButton(
  messages: readonly Message[],
  wanted: {
    readonly activityId?: string | undefined;
    readonly verb?: string | undefined;
    readonly title?: string | undefined;
  },
): { message: Message; button: PressedAction } {
  for (const message of messages.toReversed()) {
    if (wanted.activityId && message.activityId !== wanted.activityId) continue;
    const button = buttonsOf(cardOf(message)).find(
      (one) =>
        (!wanted.verb || (one.verb ?? one.data.verb) === wanted.verb) &&
        (!wanted.title || one.title === wanted.title),
    );
    if (button) return { message, button };
  }
  throw new CallRefused(404, 'There is no such button.');
}

const shown = (message: Message) => {
  const card = cardOf(message);
  return {
    activityId: message.activityId,
    sentAt: message.sentAt,
    updatedAt: message.updatedAt,
    ...(card
      ? { kind: 'card', words: wordsOf(card), buttons: buttonsOf(card), card }
      : { kind: 'text', text: String(message.activity.text ?? '') }),
  };
};

function answeredCard(body: unknown): unknown {
  const answer = body as { type?: unknown; value?: unknown } | null;
  return answer?.type === 'application/vnd.microsoft.card.adaptive' ? answer.value : null;
}

function parse<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CallRefused(
    400,
    `${parsed.error.issues[0]?.path.join('.') || 'body'}: ${parsed.error.issues[0]?.message}`,
  );
}
