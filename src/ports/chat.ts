// What people say and press in Teams, once the channel has authenticated them; app.ts implements it, adapters/teams/ calls it.
import type { Conversation } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import type { Reachable } from './case-store.ts';
import type { CardContent } from './messenger.ts';

/** The person behind an activity, as the channel authenticated them: never taken from the activity's value. */
export interface ChatActor {
  readonly tenantId: string;
  readonly id: UserId;
  readonly name: string;
  readonly conversation: Conversation;
  readonly locale?: string;
  /** IANA, where the client said so. */
  readonly timeZone?: string;
}

/** The payload of a button. All of it is untrusted text: the case and the question are looked up, the rest is compared. */
export interface Click {
  readonly verb: string;
  readonly caseRef: string;
  readonly questionId: string;
  readonly offer?: string;
  readonly comment?: string;
  /** A date as the card's input gives it: `2026-12-01`. */
  readonly until?: string;
  /** Whom a people picker chose: an object id. */
  readonly to?: string;
  /** The list that the button stands on, and which of its drawings was looked at. */
  readonly digest?: string;
  readonly shown?: string;
  /** The activity that holds the card that was pressed, where the channel says so. */
  readonly activityId?: string;
}

/** Either words (markdown, escaped where needed) or a card. */
export type ChatReply =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'card';
      readonly card: CardContent;
      /** Called with the new activity when the card was sent as a message of its own, so that it is kept true as well. */
      readonly posted?: (activityId: string) => Promise<void>;
    };

export interface Chat {
  /** Any activity at all: the place where this person (or channel) can be reached from now on. */
  seen(reachable: Reachable): Promise<void>;
  /** The app was removed for them. */
  gone(tenantId: string, id: string): Promise<void>;
  /** A button. Answers within a second with what the card now shows; work goes on behind it. */
  clicked(click: Click, actor: ChatActor): Promise<ChatReply>;
  /** A line of text, without the bot's mention. */
  said(text: string, actor: ChatActor): Promise<ChatReply>;
}
