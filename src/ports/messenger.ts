// Cards to people in Teams. Content is a template's name and its data: how it is drawn is the adapter's business.
import type { Conversation } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';

export interface CardContent {
  /** `cards/<template>.json` */
  readonly template: string;
  readonly data: JsonObject;
  /** It goes before others that wait for their turn in the same conversation. */
  readonly urgent?: true;
  /** Whose client fetches the card anew when they look at it: `29:` ids, at most 60. */
  readonly refresh?: {
    readonly caseRef: string;
    readonly questionId: string;
    readonly readers: readonly string[];
  };
}

/**
 * Throws CountersignError: `teams.unreachable` (403, 404: final for this person), `teams.throttled`,
 * `teams.unavailable` (both retryable), `teams.host-refused` (service URL outside the cloud's own hosts).
 */
export interface Messenger {
  send(to: Conversation, card: CardContent): Promise<{ readonly activityId: string }>;
  update(to: Conversation, activityId: string, card: CardContent): Promise<void>;
}
