import { type Case, type Conversation, isMonitored } from '../case/case.ts';
import type { AskParts } from './deliver.ts';

/** A card that was sent as an answer to a line of text: from now on it is kept true like the others. */
export async function trackReply(
  shown: Case,
  reader: string,
  conversation: Conversation,
  activityId: string,
  parts: Pick<AskParts, 'store' | 'ids'>,
): Promise<void> {
  // What is only watched owes the world nothing: whoever looks at it writes the line again.
  if (!shown.question || isMonitored(shown)) return;
  const questionId = shown.question.id;
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(shown.id);
    const id = parts.ids.copyId();
    const shownVersion = shown.version;
    await tx.saveCopy({ id, caseId: shown.id, questionId, reader, conversation, activityId, shownVersion });
    if (current && current.version > shownVersion) await tx.addStep(shown.id, { kind: 'refresh', key: id });
  });
}

/** A card of the case that somebody pressed. Where no copy of it is on record it becomes one, and is drawn as things stand. */
export async function adoptPressed(
  about: Case,
  reader: string,
  conversation: Conversation,
  activityId: string,
  parts: Pick<AskParts, 'store' | 'ids'>,
): Promise<void> {
  const { question } = about;
  if (!question) return;
  const known = await parts.store.copiesOf(about.id);
  if (known.some((copy) => copy.activityId === activityId)) return;
  await parts.store.transact(async (tx) => {
    await tx.lockCase(about.id);
    const id = parts.ids.copyId();
    const copy = { id, caseId: about.id, questionId: question.id, reader, conversation, activityId };
    await tx.saveCopy({ ...copy, shownVersion: 0 });
    await tx.addStep(about.id, { kind: 'refresh', key: id });
  });
}
