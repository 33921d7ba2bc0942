// Brings the case to its readers: sends the card for a question, and edits every copy until it shows the current version.
// A lost response may leave a second copy; the row of copies is what is kept true, and every copy meets the same case.
import { askStep, readAskStep, readerOf, SECURITY_READER } from '../case/ask-step.ts';
import {
  type Approver,
  askedOf,
  type CardCopy,
  type Case,
  type Conversation,
  isMonitored,
  SYSTEM,
} from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { DigestId, QuestionId, UserId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import { canFollow } from '../case/transitions.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { CardContent } from '../ports/messenger.ts';
import { isSuperseded, reminderOf, sentCopyId } from './copies.ts';
import { askedInDigest, refreshInDigest } from './digest.ts';
import type { DigestParts } from './digest-draw.ts';
import { moveOn, type WhyGone } from './move-on.ts';
import { conversationOf, isFinal, isMoved } from './reach.ts';

export interface AskParts extends DigestParts {
  /** False where their account is gone or disabled. */
  isHere(person: UserId): Promise<boolean>;
  /** The card as this reader sees it now. */
  draw(about: Case, reader: string, options: { readonly superseded: boolean }): Promise<CardContent>;
}

/** The `ask` step: one card of the current question, to one of those whom it is with. */
export async function ask(step: Step, parts: AskParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const owed = about && owedBy(step, about);
  if (!about || !owed || (await isSent(about, owed, parts)))
    return parts.store.transact((tx) => tx.finishStep(step));
  const { reader } = owed;
  if (owed.reminder > 0 && !(await isStillHere(owed.asked, parts)))
    return gone(step, about, owed, 'left', parts);
  const conversation = await conversationOf(reader, parts);
  if (!conversation) return gone(step, about, owed, 'refused', parts);
  let activityId: string;
  try {
    if (await askedInDigest(step, about, owed, parts)) return;
    const card = await parts.draw(about, reader, { superseded: false });
    activityId = (await parts.messenger.send(conversation, card)).activityId;
  } catch (error) {
    if (!isFinal(error)) throw error;
    await parts.store.forgetReachable(parts.tenantId, reader);
    if (reader === SECURITY_READER)
      throw new CountersignError('ask.security-unreachable', 'the security channel refuses our cards', {
        retryable: true,
        cause: error,
      });
    // The place is out of date, not the person: a new one is looked for.
    return gone(step, about, owed, isMoved(error) ? 'moved' : 'refused', parts);
  }
  await recordSent(step, about, owed, { conversation, activityId }, parts);
}

/** Null where nothing is: the question has been replaced, or is not with them any more. */
function owedBy(step: Step, about: Case): Owed | null {
  const { question } = about;
  const owes = readAskStep(step);
  if (about.state !== 'asking' || !question || question.id !== owes.question) return null;
  const reader = owes.reader ?? readerOf(question.approver);
  const asked = askedOf(question).find((one) => readerOf(one) === reader);
  return asked ? { asked, question: question.id, reader, reminder: owes.reminder } : null;
}

interface Owed {
  readonly asked: Approver;
  readonly question: QuestionId;
  readonly reader: string;
  readonly reminder: number;
}

/** Who left in the meantime answers no reminder. What cannot be looked up at all is no reason to ask somebody else. */
async function isStillHere(asked: Approver, parts: AskParts): Promise<boolean> {
  if (asked.kind === 'security') return true;
  try {
    return await parts.isHere(asked.id);
  } catch (error) {
    if (!isCountersignError(error) || error.retryable) throw error;
    return true;
  }
}

/** Only the end of the step was lost. */
async function isSent(
  about: Case,
  { question, reader, reminder }: Owed,
  { store }: AskParts,
): Promise<boolean> {
  const id = sentCopyId(question, reader, reminder);
  return (await store.copiesOf(about.id)).some((copy) => copy.id === id);
}

async function recordSent(
  step: Step,
  about: Case,
  { asked, question, reader, reminder }: Owed,
  place: Pick<CardCopy, 'conversation' | 'activityId'>,
  parts: AskParts,
): Promise<void> {
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    const id = sentCopyId(question, reader, reminder);
    const shownVersion = about.version;
    await tx.saveCopy({ id, caseId: about.id, questionId: question, reader, ...place, shownVersion });
    // The case may have moved while the card was on its way; older copies now point to this one.
    for (const other of await tx.copiesOf(about.id)) {
      const behind = other.id === id ? (current?.version ?? 0) > about.version : true;
      if (behind) await tx.addStep(about.id, { kind: 'refresh', key: other.id });
    }
    await tx.audit(about.id, {
      kind: 'question.sent',
      actor: SYSTEM,
      facts: { question, version: about.version, ...(reminder > 0 && { reminder }) },
      personal: { reader, activityId: place.activityId },
    });
    if (current && asked.kind === 'subject') await noteAsked(tx, current, asked.id, parts);
    await finishIfOurs(tx, step);
  });
}

/** From now on they are heard. */
async function noteAsked(
  tx: StoreTransaction,
  current: Case,
  user: UserId,
  { clock }: AskParts,
): Promise<void> {
  const { notices = [], state } = current;
  if (notices.some((one) => one.user === user) || !canFollow(state, 'noted')) return;
  const at = isoTime(clock);
  const facts = { way: 'teams' };
  await commitTransition(tx, current, {
    event: 'noted',
    at,
    patch: { notices: [...notices, { user, way: 'teams', at }] },
    note: { kind: 'subject.asked', actor: SYSTEM, facts, personal: { user } },
  });
}

async function gone(step: Step, about: Case, owed: Owed, why: WhyGone, parts: AskParts): Promise<void> {
  await parts.store.transact(async (tx) => {
    await moveOn(tx, about, owed.question, owed.reader, why, parts.clock);
    await tx.finishStep(step);
  });
}

/** The `tell` step: the security team sees a case that they were not asked about. A copy that they have is kept true anyway. */
export async function tell(step: Step, parts: AskParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const copies = await parts.store.copiesOf(step.caseId);
  if (!about || copies.some((copy) => copy.reader === SECURITY_READER))
    return parts.store.transact((tx) => tx.finishStep(step));
  const conversation = await conversationOf(SECURITY_READER, parts);
  if (!conversation) throw new CountersignError('ask.no-channel', 'there is no security channel');
  const card = await parts.draw(about, SECURITY_READER, { superseded: false });
  const { activityId } = await parts.messenger.send(conversation, card);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = await tx.lockCase(about.id);
    const id = parts.ids.copyId();
    await tx.saveCopy({
      ...{ id, caseId: about.id, reader: SECURITY_READER, conversation, activityId },
      questionId: about.question?.id ?? ('' as CardCopy['questionId']),
      shownVersion: about.version,
    });
    if (current && current.version > about.version) await tx.addStep(about.id, { kind: 'refresh', key: id });
    await tx.audit(about.id, {
      kind: 'security.told',
      actor: SYSTEM,
      facts: { version: about.version },
      personal: { activityId },
    });
    await tx.finishStep(step);
  });
}

/** The step may have been cancelled while the card was on its way: the card is there all the same, and is kept true. */
async function finishIfOurs(tx: StoreTransaction, step: Step): Promise<void> {
  try {
    await tx.finishStep(step);
  } catch (error) {
    if (!isCountersignError(error) || error.code !== 'store.lease-lost') throw error;
  }
}

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

/** The `refresh` step; its key is the copy's id. Runs again for as long as the case is ahead of the copy. */
export async function refresh(step: Step, parts: AskParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const copies = await parts.store.copiesOf(step.caseId);
  const copy = copies.find((one) => one.id === step.key);
  if (!about || !copy) return parts.store.transact((tx) => tx.finishStep(step));
  if (isLine(copy)) return refreshInDigest(step, copy, parts);
  const superseded = isSuperseded(copy, copies, about);
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
    } else await tx.saveCopy({ ...copy, shownVersion: about.version });
    if (!isLost && current && current.version > about.version)
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

/** Somebody removed the app: the questions that are with them go on to the next one. */
export async function rerouteFrom(person: string, parts: AskParts): Promise<void> {
  for (const about of await parts.store.listCases({ states: ['asking'], limit: 1_000 })) {
    const { question } = about;
    if (question && askedOf(question).some((one) => readerOf(one) === person))
      await parts.store.transact((tx) => moveOn(tx, about, question.id, person, 'removed', parts.clock));
  }
}
