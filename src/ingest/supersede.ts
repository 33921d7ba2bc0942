// One question for one matter: a case that counts, or knows more precisely what happened, asks about what the broader policies'
// open cases about the same caller were going to ask. Nothing of theirs is left out; what does not fit stays a case of its own.
import { askedAnew } from '../case/asked-anew.ts';
import { type Case, isMonitored, SYSTEM } from '../case/case.ts';
import { mergeCases } from '../case/merge-cases.ts';
import { say } from '../case/said.ts';
import { mayStand } from '../case/standing.ts';
import { thingKey } from '../case/target.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Opening } from './open-case.ts';
import { MOST_PARTS, partKey } from './parts.ts';

/** The case with all that it takes over, and the cases that it takes over from. */
export interface TakenOver {
  readonly about: Case;
  readonly from: readonly Case[];
}

/** Reads, and locks what it answers. A case that may yet turn out to be out of its policy's scope takes over nothing. */
export async function takeOver(tx: StoreTransaction, about: Case, opening: Opening): Promise<TakenOver> {
  let taken: TakenOver = { about, from: [] };
  if (opening.scope || opening.policy.stage !== 'ask') return taken;
  for (const key of opening.covered ?? [])
    for (let part = 1; part <= MOST_PARTS; part++) {
      const open = await tx.findOpenCase(partKey(key, part));
      if (!open) break;
      const merged = (await canTake(tx, open, about, opening)) ? merge(taken.about, open) : null;
      if (merged) taken = { about: merged, from: [...taken.from, open] };
    }
  return taken;
}

/** What only the security team may answer is not handed to a manager, and what was done in a case is undone there. */
async function canTake(
  tx: StoreTransaction,
  open: Case,
  about: Case,
  { policy, counted }: Opening,
): Promise<boolean> {
  if ((await tx.runsOf(open.id)).some(mayStand)) return false;
  if (isMonitored(open) || (open.policy.securityOnly && !policy.securityOnly)) return false;
  // What was not counted knows more precisely what happened only where it is about the same things.
  const known = new Set(about.targets.map(thingKey));
  return counted !== undefined || open.targets.every((target) => known.has(thingKey(target)));
}

/** Closes the cases that were taken over. */
export async function supersede(tx: StoreTransaction, { about, from }: TakenOver, at: string): Promise<void> {
  for (const open of from)
    await commitTransition(tx, open, {
      event: 'superseded',
      at,
      patch: { supersededBy: about.id, outcome: [say('case.part-of', { ref: about.ref })] },
      cancel: ['route', 'ask'],
      note: { kind: 'case.superseded', actor: SYSTEM, facts: { by: about.ref } },
    });
}

/** Null where it would not all be listed. */
function merge(about: Case, open: Case): Case | null {
  const merged = mergeCases(about, open);
  return merged && { ...merged, toSecurity: about.toSecurity ?? askedAnew(open).toSecurity };
}
