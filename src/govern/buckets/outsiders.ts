// Whom a bucket names who belongs to none of the operator's accounts, and how the card speaks of them. Pure.
import { ownerIdOf, principalsOf } from '../../case/bucket-principals.ts';
import { isForNamedCallers } from '../../case/condition-callers.ts';
import { isObject } from '../../case/policy-parts.ts';
import { accountOfPrincipal } from '../../case/principal-names.ts';
import { type BucketAccess, isPublicStatement, statementsForEverybody } from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import { principalSaid } from '../../case/target-words.ts';
import { listed } from './listed.ts';

/** As far as the names say, in the order in which they are written. */
export function outsiders(
  access: BucketAccess,
  account: string,
  { aws }: Pick<OperatorSettings, 'aws'>,
): readonly string[] {
  const own = new Set([account, ...aws.accounts.map(({ id }) => id)]);
  const ownerId = ownerIdOf(access);
  return principalsOf(access).filter((name) => {
    const theirs = accountOfPrincipal(name);
    return theirs === null ? name !== ownerId : !own.has(theirs);
  });
}

/** How many, and who: to be filled in. */
export const namedOutside = (outside: readonly string[]) => ({
  n: outside.length,
  names: listed(outside.toSorted().map(principalSaid)),
});

/** Who else gets in: whoever meets a condition that names nobody, of whatever company. Null where there is no such rule. */
export function conditionSentence({ policy }: Pick<BucketAccess, 'policy'>): Said | null {
  const count = statementsForEverybody(policy).filter(
    (each) => !isPublicStatement(each) && !(isObject(each) && isForNamedCallers(each)),
  ).length;
  return count === 0 ? null : say('s3.conditions', { n: count });
}
