// Brings the case to its readers: sends the card for a question, and edits every copy until it shows the current version.
// A lost response may leave a second copy; the row of copies is what is kept true, and every copy meets the same case.
import { SECURITY_READER } from '../case/ask-step.ts';
import { type CardCopy, type Case, type Conversation, isMonitored, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { DigestId, UserId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { CardContent } from '../ports/messenger.ts';
import { askedInDigest, refreshInDigest } from './digest.ts';
import type { DigestParts } from './digest-draw.ts';
import { conversationOf, isFinal, isMoved } from './reach.ts';

export interface AskParts extends DigestParts {
  /** The card as this reader sees it now. */
  draw(about: Case, reader: string, options: { readonly superseded: boolean }): Promise<CardContent>;
}

/** The `ask` step; its key is the question's id. */
export async function ask(step: Step, parts: AskParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const question = about?.question;
  if (about?.state !== 'asking' || question?.id !== step.key)
    return parts.store.transact((tx) => tx.finishStep(step));
  const reader = question.approver.kind === 'person' ? question.approver.id : SECURITY_READER;
  const conversation = await conversationOf(reader, parts);
  if (!conversation) return unreachable(step, about, reader as UserId, parts);
  let activityId: string;
  try {
    const put = { question: question.id, reader, reminder: 0 };
    if (await askedInDigest(step, about, put, parts)) return;
    const card = await parts.draw(about, reader, { superseded: false });
    activityId = (await parts.messenger.send(conversation, card)).activityId;
  } catch (error) {
    if (!isFinal(error)) throw error;
    await parts.store.forgetReachable(parts.tenantId, reader);
    // The place is out of date, not the person: a new one is looked for.
    if (isMoved(error) && reader !== SECURITY_READER) return unreachable(step, about, null, parts);
    if (reader === SECURITY_READER)
      throw new CountersignError('ask.security-unreachable', 'the security channel refuses our cards', {
        retryable: true,
        cause: error,
      });
    return unreachable(step, about, reader as UserId, parts);
  }
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    const copy: CardCopy = {
      id: parts.ids.copyId(),
      caseId: about.id,
      questionId: question.id,
      reader,
      conversation,
      activityId,
      shownVersion: about.version,
    };
    await tx.saveCopy(copy);
    // The case may have moved while the card was on its way; older copies now point to this one.
    for (const other of await tx.copiesOf(about.id)) {
      const behind = other.id === copy.id ? (current?.version ?? 0) > about.version : true;
      if (behind) await tx.addStep(about.id, { kind: 'refresh', key: other.id });
    }
    await tx.audit(about.id, {
      kind: 'question.sent',
      actor: SYSTEM,
      facts: { question: question.id, version: about.version },
      personal: { reader, activityId },
    });
    await finishIfOurs(tx, step);
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
  reader: UserId,
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

/** The same reader has a newer card of the case: this one only points to it. */
export const isSuperseded = (copy: CardCopy, copies: readonly CardCopy[], about: Case): boolean =>
  copy.questionId !== about.question?.id &&
  copies.some((other) => other.reader === copy.reader && other.questionId === about.question?.id);

/** The `refresh` step; its key is the copy's id. Runs again for as long as the case is ahead of the copy. */
export async function refresh(step: Step, parts: AskParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const copies = await parts.store.copiesOf(step.caseId);
  const copy = copies.find((one) => one.id === step.key);
  if (!about || !copy) return parts.store.transact((tx) => tx.finishStep(step));
  if (isLine(copy)) return refreshInDigest(step, copy, parts);
  const superseded = isSuperseded(copy, copies, about);
  const place = copy.conversation;
  let gone = false;
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
    gone = true;
  }
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    if (gone) await tx.removeCopy(copy.id);
    else await tx.saveCopy({ ...copy, shownVersion: about.version });
    if (!gone && current && current.version > about.version)
      await tx.addStep(about.id, { kind: 'refresh', key: copy.id });
    await tx.finishStep(step);
  });
}

const isLine = (copy: CardCopy): copy is CardCopy & { readonly digest: DigestId } =>
  copy.digest !== undefined;

/** Somebody removed the app: the questions that are with them go on to the next one. */
export async function rerouteFrom(person: string, parts: AskParts): Promise<void> {
  for (const about of await parts.store.listCases({ states: ['asking'], limit: 1_000 })) {
    const { question } = about;
    if (question?.approver.kind !== 'person' || question.approver.id !== person) continue;
    await parts.store.transact(async (tx) => moveOn(tx, about, question.id, person as UserId, parts));
  }
}

async function unreachable(step: Step, about: Case, person: UserId | null, parts: AskParts): Promise<void> {
  await parts.store.transact(async (tx) => {
    await moveOn(tx, about, step.key, person, parts);
    await tx.finishStep(step);
  });
}

/** With `person` null, the same person may be asked again, at another place. */
async function moveOn(
  tx: StoreTransaction,
  about: Case,
  questionId: string,
  person: UserId | null,
  parts: AskParts,
): Promise<void> {
  const current = await tx.lockCase(about.id);
  if (current?.state !== 'asking' || current.question?.id !== questionId) return;
  await commitTransition(tx, current, {
    event: 'unreachable',
    at: isoTime(parts.clock),
    patch: { unreachable: person ? [...current.unreachable, person] : current.unreachable },
    steps: [{ kind: 'route', key: '' }],
    note: { kind: 'question.unreachable', actor: SYSTEM, facts: {}, personal: { person } },
  });
}
