// Changes what the card says without moving the case on: from whatever state the case is in by then.
import { type Case, SYSTEM } from '../case/case.ts';
import type { CountersignError } from '../case/errors.ts';
import type { Step } from '../case/run.ts';
import { isAmong } from '../case/said.ts';
import { type CaseEvent, canFollow } from '../case/transitions.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition, type Transition } from '../ports/commit-transition.ts';
import { pauseLine, withoutPauses } from './failure.ts';
import type { GovernParts } from './parts.ts';

const HEARD: readonly CaseEvent[] = ['progressed', 'noted'];

/** A case that hears of nothing any more (closed at its source) keeps the entry in its trail, and its steps. */
export async function tellCase(
  tx: StoreTransaction,
  current: Case,
  transition: Omit<Transition, 'event'>,
): Promise<void> {
  const event = HEARD.find((one) => canFollow(current.state, one));
  if (event) return void (await commitTransition(tx, current, { ...transition, event }));
  await tx.audit(current.id, transition.note);
  for (const step of transition.steps ?? []) await tx.addStep(current.id, step);
}

/** Says once that a call is being tried again; `goOn` takes it back. */
export async function sayPaused(step: Step, error: CountersignError, parts: GovernParts): Promise<void> {
  const line = pauseLine(error);
  if (!line) return;
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = await tx.lockCase(step.caseId);
    if (!current || isAmong(current.outcome, line)) return;
    await tellCase(tx, current, {
      at: isoTime(parts.clock),
      patch: { outcome: [...withoutPauses(current.outcome), line] },
      note: { kind: 'run.paused', actor: SYSTEM, facts: { run: step.key, code: error.code } },
    });
  });
}

/** It goes on: what the card said about waiting is over. */
export async function goOn(tx: StoreTransaction, step: Step, at: string): Promise<void> {
  const current = await tx.lockCase(step.caseId);
  if (!current) return;
  const outcome = withoutPauses(current.outcome);
  if (outcome.length === current.outcome.length) return;
  await tellCase(tx, current, {
    at,
    patch: { outcome },
    note: { kind: 'run.resumed', actor: SYSTEM, facts: { run: step.key } },
  });
}
