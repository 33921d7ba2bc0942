// The door that Teams knocks at: token, shape, origin, presence, then the chat. Answers are JSON and short; never a stack.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CountersignError, errorText, isCountersignError } from '../../case/errors.ts';
import { parseUserId } from '../../case/ids.ts';
import { chooseLocale } from '../../case/languages.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import type { Chat, ChatActor, ChatReply } from '../../ports/chat.ts';
import { type Clock, isoTime } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Words } from '../../ports/words.ts';
import { type InboundActivity, parseActivity, spokenText } from './activity.ts';
import { clickOfInvoke, clickOfSubmit } from './click.ts';
import type { Connector } from './connector.ts';
import { checkOrigin, type OriginRules } from './origin.ts';
import { invokeAnswer, replyActivity } from './outgoing.ts';
import { actorOf, presenceOf } from './presence.ts';
import { DoorRefusal } from './refusal.ts';
import type { CardRenderer } from './render-card.ts';
import type { TeamsAdapter } from './sdk-adapter.ts';
import type { TokenCheck } from './token.ts';

export interface BotDoorOptions extends OriginRules {
  readonly adapter: TeamsAdapter;
  readonly checkToken: TokenCheck;
  readonly connector: Connector;
  readonly renderCard: CardRenderer;
  readonly chat: Chat;
  readonly words: Words;
  /** In which apologies are written where the sender's client says neither. */
  readonly tenant: Pick<OperatorSettings, 'locale' | 'timeZone'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface BotDoor {
  /** For `POST /api/messages`; the body is parsed JSON, its size bounded by the server. Never rejects. */
  handle(request: IncomingMessage & { readonly body?: unknown }, response: ServerResponse): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export function createBotDoor(options: BotDoorOptions): BotDoor {
  const { adapter, checkToken, connector, renderCard, chat, words, tenant, clock, log, tenantId } = options;

  async function receive(authorization: string | undefined, body: unknown): Promise<Answer> {
    const token = await checkToken(authorization);
    const activity = parseActivity(body);
    checkOrigin(activity, token, options);
    let answer: Answer = { status: 200 };
    await adapter
      .receive(`Bearer ${token.raw}`, activity, async () => {
        answer = await turn(activity);
      })
      .catch((error: unknown) => {
        throw error instanceof DoorRefusal
          ? error
          : new DoorRefusal(503, 'turn-failed', 'The bot cannot answer right now. Try again.', error);
      });
    return answer;
  }

  async function turn(activity: InboundActivity): Promise<Answer> {
    const sender = parseUserId(activity.from.aadObjectId);
    if (activity.type === 'invoke' && sender) return invoked(activity, actorOf(activity, tenantId, sender));
    if (activity.type === 'message' && sender) return messaged(activity, actorOf(activity, tenantId, sender));
    await notePresence(activity);
    return { status: 200 };
  }

  async function invoked(activity: InboundActivity, actor: ChatActor): Promise<Answer> {
    if (activity.name !== 'adaptiveCard/action') return { status: 501 };
    const click = clickOfInvoke(activity);
    const reply = await replyOf(activity, actor, () => chat.clicked(click, actor));
    return { status: 200, body: drawn(reply, actor, (one) => invokeAnswer(one, renderCard)) };
  }

  async function messaged(activity: InboundActivity, actor: ChatActor): Promise<Answer> {
    const text = spokenText(activity);
    const submitted = !text && activity.value !== undefined && activity.value !== null;
    const click = submitted ? clickOfSubmit(activity) : null;
    const reply = await replyOf(activity, actor, () =>
      click ? chat.clicked(click, actor) : chat.said(text, actor),
    );
    const outgoing = drawn(reply, actor, (one) => replyActivity(one, renderCard));
    try {
      const { activityId } = await connector.reply(actor.conversation, outgoing);
      if (reply.kind === 'card') await reply.posted?.(activityId);
    } catch (error) {
      log.warn({ code: codeOf(error), error: errorText(error) }, 'a reply in Teams was not sent');
    }
    return { status: 200 };
  }

  async function notePresence(activity: InboundActivity): Promise<void> {
    const { reachable, gone } = presenceOf(activity, tenantId);
    for (const one of reachable) await chat.seen(one);
    for (const id of gone) await chat.gone(tenantId, id);
  }

  async function replyOf(
    activity: InboundActivity,
    actor: ChatActor,
    work: () => Promise<ChatReply>,
  ): Promise<ChatReply> {
    try {
      await notePresence(activity);
      return await work();
    } catch (error) {
      return apology(error, actor);
    }
  }

  /** The chat has already done its work: a card that cannot be drawn must not look like a failed click. */
  function drawn<Drawn>(reply: ChatReply, actor: ChatActor, draw: (reply: ChatReply) => Drawn): Drawn {
    try {
      return draw(reply);
    } catch (error) {
      return draw(apology(error, actor));
    }
  }

  /** Asks neither store nor directory in what language: they may be what failed. */
  function apology(error: unknown, { locale, timeZone }: ChatActor): ChatReply {
    const known = isCountersignError(error)
      ? error
      : new CountersignError('teams.unexpected', errorText(error));
    log.warn({ code: known.code, error: known.message }, 'the chat could not answer');
    const reader = {
      locale: chooseLocale([locale, tenant.locale]),
      timeZone: timeZone ?? tenant.timeZone,
      now: isoTime(clock),
    };
    return { kind: 'text', text: words.write(known.say, reader) };
  }

  return {
    async handle(request, response) {
      const answer = await receive(request.headers.authorization, request.body).catch(refused);
      respond(response, answer);
    },
  };

  function refused(error: unknown): Answer {
    if (error instanceof DoorRefusal) {
      log.warn(
        { code: error.code, status: error.status, error: error.message, cause: causeText(error) },
        'an activity was refused',
      );
      return { status: error.status, body: { error: { code: error.code, message: error.message } } };
    }
    log.error({ error: errorText(error) }, 'an activity failed');
    return {
      status: 500,
      body: { error: { code: 'internal', message: 'Something went wrong on our side.' } },
    };
  }
}

const codeOf = (error: unknown): string | undefined => (isCountersignError(error) ? error.code : undefined);
const causeText = (error: Error): string | undefined =>
  error.cause === undefined ? undefined : errorText(error.cause);

function respond(response: ServerResponse, answer: Answer): void {
  response.statusCode = answer.status;
  if (answer.body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer.body));
}
