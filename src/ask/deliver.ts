// Brings the case to its readers: sends the card for a question, and edits every copy until it shows the current version.
// A lost response may leave a second copy; the row of copies is what is kept true, and every copy meets the same case.
import { isAtLeast } from '../case/alert.ts';
import { readAskStep, readerOf, SECURITY_READER } from '../case/ask-step.ts';
import { type CardCopy, type Case, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { QuestionId, UserId } from '../case/ids.ts';
import { type Approver, askedOf } from '../case/question.ts';
import type { Step } from '../case/run.ts';
import { shownSince } from '../case/shown-since.ts';
import { canFollow } from '../case/transitions.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { CardContent } from '../ports/messenger.ts';
import { sentCopyId } from './copies.ts';
import { askedInDigest } from './digest.ts';
import type { DigestParts } from './digest-draw.ts';
import { moveOn, type WhyGone } from './move-on.ts';
import { noteReminded } from './note-reminded.ts';
import { conversationOf, isFinal, isMoved } from './reach.ts';

/** A burst that goes on for longer is worth another sound of the phone. */
const ONE_CARD_MS = 10 * 60_000;

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
  const recent = await recentCard(about, owed, parts);
  let activityId: string;
  try {
    if (!recent && (await askedInDigest(step, about, owed, parts))) return;
    const card = await parts.draw(about, reader, { superseded: false });
    if (recent && (await isEdited(recent, card, parts))) return recordSent(step, about, owed, recent, parts);
    activityId = (await parts.messenger.send(conversation, isGrave(about) ? { ...card, urgent: true } : card))
      .activityId;
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

/**
 * The card that they got moments ago of the question that this one replaces, where nobody has answered since: what comes in a burst
 * is one card that grows, not one after the other.
 */
async function recentCard(
  about: Case,
  { reader, reminder }: Owed,
  { store, clock }: AskParts,
): Promise<CardCopy | null> {
  if (reminder > 0) return null;
  const last = (await store.copiesOf(about.id)).findLast((copy) => copy.reader === reader);
  const sentAt = last?.sentAt ?? '';
  const isFresh = Date.parse(sentAt) > clock.now() - ONE_CARD_MS;
  const isQuiet = last && isFresh && about.decisions.every(({ at }) => at < sentAt);
  return isQuiet && !isGraver(about, last) ? last : null;
}

/** An edit makes no sound: what has become grave since the card was sent is a card of its own. */
const isGraver = ({ severity }: Case, { severity: shown }: CardCopy): boolean =>
  isGrave({ severity }) && (shown === undefined || !isAtLeast(shown, severity));

const isGrave = ({ severity }: Pick<Case, 'severity'>): boolean => isAtLeast(severity, 'high');

/** False where the card is gone: then a new one is sent. */
async function isEdited(copy: CardCopy, card: CardContent, { messenger }: AskParts): Promise<boolean> {
  try {
    await messenger.update(copy.conversation, copy.activityId, card);
    return true;
  } catch (error) {
    if (!isFinal(error)) throw error;
    return false;
  }
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
  { conversation, activityId, ...sent }: Pick<CardCopy, 'conversation' | 'activityId'> & Partial<CardCopy>,
  parts: AskParts,
): Promise<void> {
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    const id = sentCopyId(question, reader, reminder);
    const shownVersion = about.version;
    const at = isoTime(parts.clock);
    const since = shownSince(await tx.copiesOf(about.id), question, reader) ?? at;
    if (sent.id) await tx.removeCopy(sent.id);
    await tx.saveCopy({
      ...{ id, caseId: about.id, questionId: question, reader, conversation, activityId, shownVersion },
      ...{ since, sentAt: sent.sentAt ?? at, severity: sent.severity ?? about.severity },
    });
    // The case may have moved while the card was on its way; older copies now point to this one.
    for (const other of await tx.copiesOf(about.id)) {
      const behind = other.id === id ? (current?.version ?? 0) > about.version : true;
      if (behind) await tx.addStep(about.id, { kind: 'refresh', key: other.id });
    }
    await tx.audit(about.id, {
      kind: 'question.sent',
      actor: SYSTEM,
      facts: { question, version: about.version, ...(reminder > 0 && { reminder }) },
      personal: { reader, activityId },
    });
    if (reminder > 0) await noteReminded(tx, current, { question, reader }, at);
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

/** The step may have been cancelled while the card was on its way: the card is there all the same, and is kept true. */
async function finishIfOurs(tx: StoreTransaction, step: Step): Promise<void> {
  try {
    await tx.finishStep(step);
  } catch (error) {
    if (!isCountersignError(error) || error.code !== 'store.lease-lost') throw error;
  }
}

/** Somebody removed the app: the questions that are with them go on to the next one. */
export async function rerouteFrom(person: string, parts: AskParts): Promise<void> {
  for (const about of await parts.store.listCases({ states: ['asking'], limit: 1_000 })) {
    const { question } = about;
    if (question && askedOf(question).some((one) => readerOf(one) === person))
      await parts.store.transact((tx) => moveOn(tx, about, question.id, person, 'removed', parts.clock));
  }
}
