// Keeps a card true: edits one copy until it shows the case's current version.
import { askStep, readerOf } from '../case/ask-step.ts';
import type { CardCopy, Case } from '../case/case.ts';
import type { DigestId } from '../case/ids.ts';
import { askedOf } from '../case/question.ts';
import type { Step } from '../case/run.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isSuperseded, reminderOf } from './copies.ts';
import type { AskParts } from './deliver.ts';
import { refreshInDigest } from './digest.ts';
import { pointDown, pointedBy } from './digest-point.ts';
import { isFinal, isMoved } from './reach.ts';

/** The `refresh` step; its key is the copy's id, or says which list's earlier cards are to point to it. Runs again for as long as the case is ahead of the copy. */
export async function refresh(step: Step, parts: AskParts): Promise<void> {
  const pointing = pointedBy(step);
  if (pointing) return pointDown(step, pointing, parts);
  const about = await parts.store.readCase(step.caseId);
  const copies = await parts.store.copiesOf(step.caseId);
  const copy = copies.find((one) => one.id === step.key);
  if (!about || !copy) return parts.store.transact((tx) => tx.finishStep(step));
  if (isLine(copy)) return refreshInDigest(step, copy, parts);
  const superseded = isSuperseded(copy, copies, about);
  // It points to the newer one for good: a month of reminders would else be edited with every change.
  const isFolded = superseded && copy.questionId === about.question?.id;
  const place = copy.conversation;
  let isLost = false;
  try {
    const card = await parts.draw(about, copy.reader, { superseded });
    await parts.messenger.update(place, copy.activityId, card);
  } catch (error) {
    if (!isFinal(error)) throw error;
    if (isMoved(error) && place.serviceUrl !== parts.defaultServiceUrl) {
      const { id } = copy.conversation;
      return parts.store.transact(async (tx) => {
        await tx.saveCopy({ ...copy, conversation: { id, serviceUrl: parts.defaultServiceUrl } });
        await tx.addStep(about.id, { kind: 'refresh', key: copy.id });
        await tx.finishStep(step);
      });
    }
    isLost = true;
  }
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    if (isLost) {
      await tx.removeCopy(copy.id);
      await bringBack(tx, current, copy);
    } else if (isFolded) await tx.removeCopy(copy.id);
    else await tx.saveCopy({ ...copy, shownVersion: about.version });
    if (!isLost && !isFolded && current && current.version > about.version)
      await tx.addStep(about.id, { kind: 'refresh', key: copy.id });
    await tx.finishStep(step);
  });
}

const isLine = (copy: CardCopy): copy is CardCopy & { readonly digest: DigestId } =>
  copy.digest !== undefined;

/** Whoever is asked has lost their only card of the question: it comes again, or turns out not to reach them. */
async function bringBack(tx: StoreTransaction, current: Case | null, lost: CardCopy): Promise<void> {
  const { question = null } = current ?? {};
  if (current?.state !== 'asking' || question?.id !== lost.questionId) return;
  if (!askedOf(question).some((one) => readerOf(one) === lost.reader)) return;
  const isTheirs = (copy: CardCopy) => copy.reader === lost.reader && copy.questionId === question.id;
  if ((await tx.copiesOf(current.id)).some(isTheirs)) return;
  await tx.addStep(current.id, askStep(question.id, lost.reader, reminderOf(lost)));
}
