// Whom a bucket names who belongs to none of the operator's accounts, and how the card speaks of them. Pure.
import { accountOfPrincipal, ownerIdOf, principalsOf } from '../case/bucket-principals.ts';
import { type BucketAccess, isPublicStatement, statementsForEverybody } from '../case/public-access.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { principalWords } from '../case/target.ts';
import { counted, listed } from './bucket-words.ts';

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

/** "2 named outside (the AWS account 444455556666, ...)" */
export const outsideWords = (outside: readonly string[]): string =>
  `${outside.length} named outside (${listed(outside.map(principalWords))})`;

/** Who else gets in: whoever meets a condition, of whatever company. Null where there is no such rule. */
export function conditionSentence({ policy }: Pick<BucketAccess, 'policy'>): string | null {
  const count = statementsForEverybody(policy).filter((each) => !isPublicStatement(each)).length;
  return count === 0
    ? null
    : `${counted(count, 'rule')} for everybody under a condition (such as an organisation or a network) stay${count === 1 ? 's' : ''}: whoever meets it keeps that access.`;
}
