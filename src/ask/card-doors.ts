// What people do with the cards that lie in their chats, beside deciding: they press one, look at one, or have one sent.
import type { Case } from '../case/case.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { CardContent } from '../ports/messenger.ts';
import type { AskParts } from './deliver.ts';
import { createDigestDoors, type DigestDoors } from './digest-doors.ts';
import { type RedrawParts, readerIn, redraw } from './redraw.ts';
import { adoptPressed, trackReply } from './track.ts';

export interface CardDoors {
  readonly digests: DigestDoors;
  /** The card that lies under the activity, as this person sees it now. No case: one that says nothing. */
  redraw(about: Case | null, actor: ChatActor, activityId?: string): Promise<CardContent>;
  /** Keeps a card true that was sent as a message of its own. */
  track(shown: Case, actor: ChatActor, activityId: string): Promise<void>;
  /** The same for a card that was pressed, where it is not on record: the answer to its sending was lost. */
  adopt(about: Case, actor: ChatActor, activityId: string): Promise<void>;
}

export function createCardDoors(
  parts: AskParts & Pick<RedrawParts, 'draw' | 'writeFor'>,
  app: { wake(): void },
): CardDoors {
  // Looked up when it is called: whoever wakes may be set later.
  const wake = (): void => app.wake();
  return {
    digests: createDigestDoors(parts, wake),
    redraw: (about, actor, activityId) => redraw(about, actor, activityId, parts),
    async track(shown, actor, activityId) {
      await trackReply(shown, actor.id, actor.conversation, activityId, parts);
      wake();
    },
    async adopt(about, actor, activityId) {
      const reader = readerIn(actor, parts.securityChannel);
      if (reader) await adoptPressed(about, reader, actor.conversation, activityId, parts);
      wake();
    },
  };
}
