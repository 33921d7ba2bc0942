// Who owns what a case is about, by the operator's mapping alone: tags and names are the suspect's to write. Pure.
import type { Ownership } from '../case/asking.ts';
import type { Case } from '../case/case.ts';
import type { Said } from '../case/said.ts';
import type { Target } from '../case/target.ts';
import { targetSaid } from '../case/target-words.ts';
import { matches } from '../case/wildcard.ts';

export interface Owner {
  /** Object id or user principal name, as the operator wrote it. */
  readonly owner: string;
  /** What they own; null: all of several things. */
  readonly of: Said | null;
}

/**
 * Whoever owns all of it, those of buckets before those of whole accounts. Somebody who owns only part of it decides about nothing:
 * the rest belongs to others. What a refused call names, its caller made up: only the account that it was made in counts.
 */
export function ownersOf(
  { targets, attempt }: Pick<Case, 'targets' | 'attempt'>,
  owners: readonly Ownership[],
): readonly Owner[] {
  const things = targets.filter(isOwned);
  if (things.length === 0) return [];
  const byName = attempt ? [] : owners.filter((one) => things.every((thing) => ownsBucket(one, thing)));
  const byAccount = owners.filter((one) =>
    things.every((thing) => one.accounts.includes(thing.account) || (!attempt && ownsBucket(one, thing))),
  );
  const of = things.length === 1 && things[0] ? targetSaid(things[0]) : null;
  return [
    ...new Map([...byName, ...byAccount].map(({ owner }) => [owner.toLowerCase(), owner])).values(),
  ].map((owner) => ({ owner, of }));
}

type Owned = Extract<Target, { readonly account: string }>;
const isOwned = (target: Target): target is Owned => 'account' in target;

function ownsBucket({ buckets }: Ownership, target: Owned): boolean {
  if (target.kind !== 'bucket' && target.kind !== 'object' && target.kind !== 'collaborator') return false;
  const name = target.kind === 'bucket' ? target.name : target.bucket;
  return buckets.some((pattern) => matches(name, pattern));
}
