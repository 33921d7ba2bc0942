// The end of a case that only watches: the next match after its grouping time opens one of its own, so that each stands for one
// question that would have been asked.
import { type Case, isMonitored, SYSTEM } from '../case/case.ts';
import { say } from '../case/said.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Opening } from './open-case.ts';

/** Closes it where this match no longer belongs to it. False where it does, and for cases that ask. `at` is the time of ingest. */
export async function endWatch(
  tx: StoreTransaction,
  open: Case,
  opening: Opening,
  at: string,
): Promise<boolean> {
  if (!isMonitored(open) || !isOver(open, opening, at)) return false;
  const { outcome, state } = open;
  await commitTransition(tx, open, {
    event: 'lapsed',
    at,
    patch: { outcome: [...outcome, say('ingest.again-on-its-own')] },
    ...(state === 'routing' && { cancel: ['route'] }),
    note: { kind: 'case.lapsed', actor: SYSTEM, facts: { policy: open.policy.id } },
  });
  return true;
}

/** Also where the policy now asks: what somebody has to be asked about must not vanish in a case that asks nobody. */
function isOver(open: Case, { policy }: Opening, at: string): boolean {
  if (policy.stage !== 'monitor') return true;
  const withinMs = open.policy.grouping?.withinMs ?? 0;
  return open.state === 'monitored' && Date.parse(at) - Date.parse(open.openedAt) > withinMs;
}
