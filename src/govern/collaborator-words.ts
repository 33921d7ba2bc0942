// What the card says about taking one principal outside out of a bucket: what goes, and which ways in stay.
import {
  accountOfPrincipal,
  grantsNaming,
  isCanonicalId,
  isDeletedPrincipal,
  principalId,
  principalsOf,
  statementsNaming,
  withoutPrincipal,
} from '../case/bucket-principals.ts';
import type { Json } from '../case/json.ts';
import { policyForm } from '../case/policy-form.ts';
import { type BucketAccess, isPublic, statementsOf } from '../case/public-access.ts';
import { principalWords } from '../case/target.ts';
import { counted, listed, permissionsOf, sidsOf } from './bucket-words.ts';
import { conditionSentence } from './outsiders.ts';

const CLOUDFRONT = /^arn:[\w-]+:iam::cloudfront:/;

/** As a sentence begins; what is written as AWS or a person wrote it stays so. */
export function atStart(principal: string): string {
  const words = principalWords(principal);
  return words === principal ? words : `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** Nothing in it is about whom else the statements name: the same press may remove them as well. */
function policySentence({ policy }: BucketAccess, principal: string): string | null {
  const statements = statementsNaming(policy, principal);
  if (statements.length === 0) return null;
  const sids = sidsOf(statements);
  const which = sids.length > 0 ? ` (${listed(sids)})` : '';
  const out = `Takes the name out of ${counted(statements.length, 'statement')} of the bucket policy${which}`;
  const stay = statementsOf(withoutPrincipal(policy, principal)).length;
  const gone = statementsOf(policy).length - stay;
  if (gone === 0) return `${out}.`;
  if (stay === 0) return `${out}; nothing else is in the policy, so it is deleted.`;
  return `${out}; ${gone === 1 ? '1 statement that names nobody else is' : `${gone} statements that name nobody else are`} removed.`;
}

function aclSentence({ acl }: BucketAccess, principal: string): string | null {
  const grants = grantsNaming(acl, principal);
  if (grants.length === 0) return null;
  return `Removes ${counted(grants.length, 'grant')} (${permissionsOf(grants)}) from the bucket's access list.`;
}

/** Ways in that stay, as far as they can be known. */
function stillOpen(state: BucketAccess, principal: string): readonly (string | null)[] {
  const account = accountOfPrincipal(principal);
  const kin = principalsOf(state).filter(
    (name) => name !== principalId(principal) && accountOfPrincipal(name) === account,
  );
  const foreign = (state.acl?.grants ?? []).filter(
    ({ canonicalId }) => canonicalId !== undefined && canonicalId !== state.acl?.ownerId,
  ).length;
  return [
    account !== null && kin.length > 0
      ? `${counted(kin.length, 'more name')} of the same account ${kin.length === 1 ? 'is' : 'are'} in its rules.`
      : null,
    isPublic(state).public
      ? 'The bucket is public as well, so they keep access until it is made private.'
      : null,
    conditionSentence(state),
    foreign > 0 && !isCanonicalId(principal)
      ? `The access list names ${counted(foreign, 'grant')} by canonical id alone: whether one is theirs as well cannot be told.`
      : null,
  ];
}

function nature(principal: string): string | null {
  if (isDeletedPrincipal(principal))
    return `${principal} is what AWS leaves of a user or a role that was deleted: nobody can use it any more.`;
  return CLOUDFRONT.test(principal)
    ? 'It is an identity of CloudFront: what it serves from this bucket stops.'
    : null;
}

/** AWS refuses a policy that names a principal which is gone, even where that was there before. */
function leftoverSentence({ policy }: BucketAccess, principal: string): string | null {
  const gone = principalsOf({ policy, acl: null }).filter(
    (name) => isDeletedPrincipal(name) && name !== principal,
  );
  return gone.length > 0 && statementsNaming(policy, principal).length > 0
    ? `The policy also names ${counted(gone.length, 'deleted principal')}: AWS may refuse the change until they are removed as well.`
    : null;
}

/** Which statements, without whom else they name: removing somebody else in between is no other decision. */
export const statementsBasis = (state: BucketAccess, principal: string): readonly Json[] =>
  statementsNaming(state.policy, principal).map((statement) =>
    policyForm(
      Object.fromEntries(Object.entries(statement).filter(([key]) => key.toLowerCase() !== 'principal')),
    ),
  );

/** All of it, in the order of a card. */
export const collaboratorSentences = (state: BucketAccess, principal: string): readonly string[] =>
  [
    'They lose the access that the bucket gives them by name.',
    policySentence(state, principal),
    aclSentence(state, principal),
    nature(principal),
    ...stillOpen(state, principal),
    leftoverSentence(state, principal),
  ].filter((sentence) => sentence !== null);
