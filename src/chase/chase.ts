// The `chase` step: looks at the clock of the question that is with somebody now, and does what is due, once.
// Throws retryable errors for the worker to come back to. It must never dismiss above low severity, nor lose a question.
import type { Case } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import { canonicalJson } from '../case/json.ts';
import type { Question } from '../case/question.ts';
import type { Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition, type Transition } from '../ports/commit-transition.ts';
import { closingOf } from './closing.ts';
import { containFirst } from './contain-first.ts';
import { currentQuestion, type Move, nextMove } from './due.ts';
import { askBesides, remind, remindLate } from './nudge.ts';
import type { ChaseParts, NextToAsk } from './parts.ts';
import { containingOffer, onSilence } from './silence.ts';
import { dismiss, handOver } from './time-out.ts';

/** While look-ups fail, the next one waits this many tries (about ten minutes); then the security team is asked besides. */
const PATIENT_ATTEMPTS = 8;

export async function chase(step: Step, parts: ChaseParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const seen = dueNow(about, step, parts);
  // Never inside a transaction: it calls out.
  const next = about && seen && asksNext(about, seen) ? await whoIsNext(about, step, parts) : null;
  const found = { seen, question: about?.question ?? null, next };
  try {
    await settle(step, found, parts);
  } catch (error) {
    if (!isCountersignError(error) || !error.code.startsWith('decide.')) throw error;
    // A limit or a hold took the claim back with everything else.
    await settle(step, { ...found, refused: error.say }, parts);
  }
}

interface Found {
  /** What was due when the next one was looked up; null: nothing. */
  readonly seen: Move | null;
  readonly question: Question | null;
  readonly next: NextToAsk | null;
  /** Why nothing can be contained first, a sentence. */
  readonly refused?: Said;
}

const settle = (step: Step, found: Found, parts: ChaseParts): Promise<void> =>
  parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = await tx.lockCase(step.caseId);
    const question = currentQuestion(current, step.key);
    const due = dueNow(current, step, parts);
    const isAsSeen = due?.kind === found.seen?.kind && same(question, found.question);
    let until: string | null = null;
    if (current && question && due && isAsSeen) {
      const next = await transitionOf(tx, current, question, due, found, parts);
      if ('until' in next) until = next.until;
      else await commitTransition(tx, current, next);
    }
    await comeBack(tx, step, until, parts);
    await tx.finishStep(step);
  });

/** At the next moment of the clock, or then; at once where the question has changed since it was looked at. */
async function comeBack(
  tx: StoreTransaction,
  step: Step,
  until: string | null,
  { clock, settings }: ChaseParts,
): Promise<void> {
  const about = await tx.lockCase(step.caseId);
  const question = currentQuestion(about, step.key);
  const move = about && question && nextMove(about, question, isoTime(clock), settings);
  if (!move) return;
  const delayMs = Math.max(0, Date.parse(until ?? move.at) - clock.now());
  await tx.addStep(step.caseId, { kind: 'chase', key: step.key, delayMs });
}

/** `until`: it is too early for any, and nothing is written down. */
async function transitionOf(
  tx: StoreTransaction,
  about: Case,
  question: Question,
  move: Move,
  { next, refused }: Found,
  parts: ChaseParts,
): Promise<Transition | { readonly until: string }> {
  const at = isoTime(parts.clock);
  if (move.kind === 'remind') return remind(about, question, at);
  if (move.kind !== 'time-out') return askBesides(about, question, move, next, at);
  const { settings } = parts;
  const silence = onTimeOut(about, question, parts);
  const offer = silence === 'contain' && !refused ? containingOffer(about, question, settings) : null;
  if (offer) return containFirst(tx, about, question, offer, at, parts);
  if (question.approver.kind === 'security') return askBesides(about, question, move, next, at);
  if (silence === 'dismiss') {
    const closing = closingOf(about, question, await tx.copiesOf(about.id), at, settings);
    if (closing.kind === 'wait') return closing;
    if (closing.kind === 'remind') return remindLate(about, question, at);
    if (closing.kind === 'close') return dismiss(about, question, await tx.runsOf(about.id), at);
  }
  return handOver(about, question, at, refused && say('chase.nothing-done-first', { why: refused }));
}

/** As it was said when it was asked, where that still holds: settings and answers may have changed since. */
const onTimeOut = (about: Case, question: Question, { settings }: ChaseParts) => {
  const wish = question.clock?.onTimeOut;
  return wish === onSilence(about, question, settings) ? wish : 'escalate';
};

function dueNow(about: Case | null, step: Step, { clock, settings }: ChaseParts): Move | null {
  const question = currentQuestion(about, step.key);
  const now = isoTime(clock);
  const move = about && question && nextMove(about, question, now, settings);
  return move && move.at <= now ? move : null;
}

const asksNext = ({ question }: Case, { kind }: Move): boolean =>
  kind === 'escalate' || kind === 'again' || (kind === 'time-out' && question?.approver.kind === 'security');

async function whoIsNext(about: Case, step: Step, parts: ChaseParts): Promise<NextToAsk | null> {
  const lastTry = step.attempts + 1 >= PATIENT_ATTEMPTS;
  try {
    return await parts.nextToAsk(about, lastTry);
  } catch (error) {
    if (isCountersignError(error) && (!error.retryable || lastTry)) return null;
    throw error;
  }
}

const same = (one: Question | null, other: Question | null): boolean =>
  canonicalJson(one) === canonicalJson(other);
