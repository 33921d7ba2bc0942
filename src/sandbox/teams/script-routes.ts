// How scripts and tests look at the sandbox's Teams and act in it, as anybody in the company, over plain HTTP.
import { z } from 'zod';
import { chatIdOf, type Person } from '../people.ts';
import type { Activity, ActivityBuilder, Channel, Place, PressedAction } from './activities.ts';
import { buttonsOf, inputsOf, wordsOf } from './card-reading.ts';
import { CONNECTOR_FAULTS, type PlannedFault } from './connector-routes.ts';
import { type Conversations, cardOf, type Message } from './conversations.ts';
import { type Call, CallRefused, type Reply } from './loopback-server.ts';

export interface ScriptRoutesOptions {
  readonly appId: string;
  readonly people: readonly Person[];
  readonly channel: Channel;
  readonly conversations: Conversations;
  readonly activities: () => ActivityBuilder;
  /** Sends to the bot; a card in its answer has taken the pressed card's place when this resolves. */
  readonly tellBot: (activity: Activity) => Promise<Reply>;
  readonly setInstalled: (person: Person, installed: boolean) => Promise<Reply>;
  readonly plan: (fault: PlannedFault) => void;
  /** What their Teams says from now on that it speaks; null: nothing. */
  readonly choose: (person: Person, locale: string | null) => void;
}

const User = z.object({ user: z.string().min(1) });
const Language = User.extend({ locale: z.string().nullable() });
const Line = User.extend({ text: z.string(), channel: z.boolean().default(false) });
const Press = User.extend({
  activityId: z.string().optional(),
  verb: z.string().optional(),
  title: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  /** Overrides of the button's own data: what a forger would change. */
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
 * `POST /say {user, text, channel?}`, `POST /install {user}`, `POST /uninstall {user}`, `POST /language {user, locale}`,
 * `POST /faults {kind, times}`.
 */
export function scriptRoutes(options: ScriptRoutesOptions) {
  const { appId, people, channel, conversations, activities, tellBot } = options;

  function findUser(name: string): Person {
    const wanted = name.toLowerCase();
    const found = people.find((one) => one.id === wanted || one.userPrincipalName.toLowerCase() === wanted);
    if (!found) throw new CallRefused(404, `Nobody here is ${name}.`);
    return found;
  }
  const chatOf = (user: string): string =>
    user === 'channel' || user === channel.id ? channel.id : chatIdOf(findUser(user), appId);

  async function press(body: unknown): Promise<Reply> {
    const wanted = parse(Press, body);
    const person = findUser(wanted.user);
    const { message, button } = findButton(
      conversations.in(wanted.channel ? channel.id : chatOf(wanted.user)),
      wanted,
    );
    const place: Place = wanted.channel ? { person, channel, threadId: message.activityId } : { person };
    const data = { ...inputsOf(cardOf(message)), ...button.data, ...wanted.inputs, ...wanted.data };
    const answer = await tellBot(activities().pressed(place, message.activityId, { ...button, data }));
    const { activityId } = message;
    return { status: 200, body: { status: answer.status, activityId, answer: answer.body ?? null } };
  }

  async function say(body: unknown): Promise<Reply> {
    const line = parse(Line, body);
    const person = findUser(line.user);
    const conversationId = line.channel ? channel.id : chatOf(line.user);
    const before = conversations.in(conversationId).length;
    const place: Place = line.channel ? { person, channel } : { person };
    const { status } = await tellBot(activities().said(place, line.text));
    return {
      status: 200,
      body: { status, replies: conversations.in(conversationId).slice(before).map(shown) },
    };
  }

  return async ({ method, path, query, body }: Call): Promise<Reply> => {
    const route = `${method} ${path}`;
    if (route === 'GET /messages') {
      return { status: 200, body: conversations.in(chatOf(query.get('user') ?? '')).map(shown) };
    }
    if (route === 'POST /click') return press(body);
    if (route === 'POST /say') return say(body);
    if (route === 'POST /install' || route === 'POST /uninstall') {
      const answer = await options.setInstalled(findUser(parse(User, body).user), path === '/install');
      return { status: 200, body: { status: answer.status } };
    }
    if (route === 'POST /language') {
      const { user, locale } = parse(Language, body);
      options.choose(findUser(user), locale);
      return { status: 204 };
    }
    if (route === 'POST /faults') {
      const { retryAfterSeconds, ...fault } = parse(Fault, body);
      options.plan(retryAfterSeconds === undefined ? fault : { ...fault, retryAfterSeconds });
      return { status: 204 };
    }
    throw new CallRefused(404, 'Nothing is here.');
  };
}

interface WantedButton {
  readonly activityId?: string | undefined;
  readonly verb?: string | undefined;
  readonly title?: string | undefined;
}

/** The newest button that fits, on the card that was named or on any. */
function findButton(
  messages: readonly Message[],
  wanted: WantedButton,
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

function shown(message: Message) {
  const { activityId, sentAt, updatedAt, edits = 0, activity } = message;
  const card = cardOf(message);
  const what = card
    ? { kind: 'card', words: wordsOf(card), buttons: buttonsOf(card), card }
    : { kind: 'text', text: String(activity.text ?? '') };
  return { activityId, sentAt, updatedAt, edits, ...what };
}

function parse<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CallRefused(400, `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}
