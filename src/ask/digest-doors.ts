// What people do with a digest, beside deciding: they press it, have it shown again, or open one of its lines.
import type { Case } from '../case/case.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { Digest } from '../ports/digests.ts';
import type { CardContent } from '../ports/messenger.ts';
import type { AskParts } from './deliver.ts';
import { type DigestWords, drawDigest } from './digest-draw.ts';
import { drawAgain, lyingAt, saveMoved } from './digest-point.ts';
import { conversationOf } from './reach.ts';
import { readerIn } from './redraw.ts';
import { trackReply } from './track.ts';

export interface DigestDoors {
  draw(digest: Digest, words: DigestWords): Promise<CardContent>;
  /** The card that was pressed, or sent as an answer, is the one that is kept true from now on; the others point to it. */
  adopt(digest: Digest, actor: ChatActor, activityId: string): Promise<void>;
  /** Sends the case's own card to the reader of the list. */
  open(about: Case, digest: Digest): Promise<void>;
}

export function createDigestDoors(parts: AskParts, wake: () => void): DigestDoors {
  return {
    draw: async (digest, words) => (await drawDigest(digest, words, parts)).card,

    async adopt({ id, reader }, actor, activityId) {
      // A card that somebody passed on lies where others read along.
      if (readerIn(actor, parts.securityChannel) !== reader) return;
      const known = await parts.store.transact((tx) => tx.digests.find(id));
      if (known?.place?.activityId === activityId) return;
      await parts.store.transact(async (tx) => {
        const digest = await tx.digests.lock(id);
        if (!digest || digest.place?.activityId === activityId) return;
        const others = digest.moved.filter((one) => one.activityId !== activityId);
        const { conversation } = actor;
        await saveMoved(tx, {
          ...digest,
          place: { conversation, activityId, sentAtMs: parts.clock.now() },
          moved: digest.place ? [...others, lyingAt(digest.place)] : others,
        });
        // It may have been drawn before what the other card showed already.
        await drawAgain(tx, id);
      });
      wake();
    },

    async open(about, { reader }) {
      const conversation = await conversationOf(reader, parts);
      if (!conversation) return;
      const card = await parts.draw(about, reader, { superseded: false });
      const { activityId } = await parts.messenger.send(conversation, card);
      await trackReply(about, reader, conversation, activityId, parts);
      wake();
    },
  };
}
