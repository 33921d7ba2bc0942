// Questions from before there were clocks get one, from now on: nobody would ever be reminded of them, or asked besides.
import type { QuestionClock } from '../case/asking.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import { chaseSteps } from '../case/chase-step.ts';
import type { CaseId } from '../case/ids.ts';
import type { Question } from '../case/question.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';

/** A replica of an earlier version may still ask one: so not only at the start. */
const EVERY_MS = 3_600_000;
/** Everything that waits: the ones without a clock are the oldest. */
const MOST_CASES = 100_000;

export interface WindUpParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  clockFor(about: Case, asked: Question): Promise<QuestionClock>;
}

/** Looks at most once an hour. Answers how many it wound up; any number of replicas may look at the same time. */
export function createWindUp(parts: WindUpParts): () => Promise<number> {
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = parts.clock.now();
    if (now < nextAt) return 0;
    let count = 0;
    for (const { id, question } of await parts.store.listCases({ states: ['asking'], limit: MOST_CASES }))
      if (question && !question.clock && (await windUp(id, parts))) count += 1;
    nextAt = now + EVERY_MS;
    return count;
  };
}

async function windUp(id: CaseId, parts: WindUpParts): Promise<boolean> {
  const { store, clock } = parts;
  const about = await store.readCase(id);
  if (!about?.question || about.question.clock) return false;
  const at = isoTime(clock);
  const known = { ...about.question, askedAt: at };
  // Never inside the transaction: it reads the mailbox.
  const wound = { ...known, clock: await parts.clockFor(about, known) };
  return store.transact(async (tx) => {
    const current = await tx.lockCase(id);
    const question = current?.question;
    if (current?.state !== 'asking' || question?.id !== wound.id || question.clock) return false;
    await commitTransition(tx, current, {
      event: 'noted',
      at,
      patch: { question: { ...question, clock: wound.clock } },
      steps: chaseSteps(wound),
      note: { kind: 'question.clock-set', actor: SYSTEM, facts: { question: question.id } },
    });
    return true;
  });
}
