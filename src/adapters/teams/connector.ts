// Every call that the bot makes to Teams: host checked, one attempt, ended by our own clock. Never repeats a send by itself.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity, CloudAdapter, ConversationReference, TurnContext } from 'botbuilder';
import type { Conversation } from '../../case/case.ts';
import { CountersignError } from '../../case/errors.ts';
import type { OutgoingActivity } from './outgoing.ts';
import { createRateLimit, type RateLimit, type Sending, takeInTurn } from './rate-limit.ts';
import { isServiceHostAllowed } from './service-hosts.ts';
import { translateTeamsError } from './translate-error.ts';

/** All throw what Messenger names. */
export interface Connector {
  post(
    to: Conversation,
    activity: OutgoingActivity,
    kind?: Exclude<Sending, 'edit'>,
  ): Promise<{ readonly activityId: string }>;
  /** To what somebody has just written: waits some seconds for its turn rather than not coming at all. */
  reply(to: Conversation, activity: OutgoingActivity): Promise<{ readonly activityId: string }>;
  put(to: Conversation, activityId: string, activity: OutgoingActivity): Promise<void>;
}

export interface ConnectorOptions {
  readonly adapter: CloudAdapter;
  readonly appId: string;
  /** `host` or `host:port` of the service URLs that may be written to. */
  readonly serviceHosts: readonly string[];
  /** For one call, the bot's own token included. 10 s when absent. */
  readonly timeoutMs?: number;
  /** What Teams takes, when absent. */
  readonly rate?: RateLimit;
  /** Waits so many milliseconds; real time when absent. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** The part of the SDK's connector client that is used: its types live in a package that botbuilder does not pass on. */
interface SdkConnector {
  readonly conversations: {
    sendToConversation(
      id: string,
      activity: Partial<Activity>,
      options: CallOptions,
    ): Promise<{ readonly id?: string }>;
    updateActivity(
      id: string,
      activityId: string,
      activity: Partial<Activity>,
      options: CallOptions,
    ): Promise<unknown>;
  };
  readonly client: { readonly pipeline: { removePolicy(options: { readonly name: string }): unknown } };
}
interface CallOptions {
  readonly abortSignal: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 10_000;

export function createConnector(options: ConnectorOptions): Connector {
  const { adapter, appId, serviceHosts, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const rate = options.rate ?? createRateLimit(Date.now);
  const pause = options.pause ?? sleep;
  const bot = { id: `28:${appId}`, name: '' };

  async function call<Result>(
    to: Conversation,
    kind: Sending | 'reply',
    work: (connector: SdkConnector, call: CallOptions) => Promise<Result>,
  ): Promise<Result> {
    if (!isServiceHostAllowed(to.serviceUrl, serviceHosts)) {
      throw new CountersignError(
        'teams.host-refused',
        'the stored service URL is not on a host of this cloud',
      );
    }
    if (kind === 'reply') await takeInTurn(rate, to.id, pause);
    else rate.take(to.id, kind);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await untilAborted(
        signal,
        inConversation(to, (connector) => work(connector, { abortSignal: signal })),
      );
    } catch (error) {
      throw translateTeamsError(error, signal.aborted);
    }
  }

  async function inConversation<Result>(
    to: Conversation,
    work: (connector: SdkConnector) => Promise<Result>,
  ): Promise<Result> {
    const reference: Partial<ConversationReference> = {
      bot,
      channelId: 'msteams',
      serviceUrl: to.serviceUrl,
      conversation: { id: to.id, name: '', isGroup: false, conversationType: '' },
    };
    const results: Result[] = [];
    await adapter.continueConversationAsync(appId, reference, async (context) => {
      results.push(await work(singleAttempt(context, adapter)));
    });
    return results[0] as Result;
  }

  const addressed = (to: Conversation, activity: OutgoingActivity): Partial<Activity> =>
    ({ ...activity, from: bot, conversation: { id: to.id }, channelId: 'msteams' }) as Partial<Activity>;

  async function send(to: Conversation, activity: OutgoingActivity, kind: Sending | 'reply') {
    const sent = await call(to, kind, (connector, options) =>
      connector.conversations.sendToConversation(to.id, addressed(to, activity), options),
    );
    if (!sent.id) throw new CountersignError('teams.no-activity-id', 'Teams gave no id for the activity');
    return { activityId: sent.id };
  }

  return {
    post: (to, activity, kind = 'post') => send(to, activity, kind),
    reply: (to, activity) => send(to, activity, 'reply'),
    async put(to, activityId, activity) {
      await call(to, 'edit', (connector, options) =>
        connector.conversations.updateActivity(
          to.id,
          activityId,
          { ...addressed(to, activity), id: activityId },
          options,
        ),
      );
    },
  };
}

/** The SDK would repeat a POST after 429, 500, 502 and a lost connection, and so send a card twice: steps retry here, not calls. */
function singleAttempt(context: TurnContext, adapter: CloudAdapter): SdkConnector {
  const connector = context.turnState.get<SdkConnector>(adapter.ConnectorClientKey);
  connector.client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  return connector;
}

/** The SDK hands the signal to the request, but not to the token that is fetched before it. */
function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort));
}
