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
import {
  type BucketAccess,
  isPublic,
  isPublicStatement,
  statementsForEverybody,
  statementsOf,
} from '../case/public-access.ts';
import { counted, listed, permissionsOf, sidsOf } from './bucket-words.ts';

const CLOUDFRONT = /^arn:[\w-]+:iam::cloudfront:/;

function policySentence({ policy }: BucketAccess, principal: string): string | null {
  const statements = statementsNaming(policy, principal);
  if (statements.length === 0) return null;
  const sids = sidsOf(statements);
  const which = sids.length > 0 ? ` (${listed(sids)})` : '';
  const out = `Takes ${principal} out of ${counted(statements.length, 'statement')} of the bucket policy${which}`;
  const stay = statementsOf(withoutPrincipal(policy, principal)).length;
  const gone = statementsOf(policy).length - stay;
  if (gone === 0)
    return `${out}; the others whom ${statements.length === 1 ? 'it names' : 'they name'} stay.`;
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
  const others = principalsOf(state).filter((name) => name !== principalId(principal));
  const kin = account === null ? [] : others.filter((name) => accountOfPrincipal(name) === account);
  const conditional = statementsForEverybody(state.policy).filter((each) => !isPublicStatement(each)).length;
  const foreign = (state.acl?.grants ?? []).filter(
    ({ canonicalId }) => canonicalId !== undefined && canonicalId !== state.acl?.ownerId,
  ).length;
  return [
    kin.length > 0 ? `Also named, of the same account, and not removed by this: ${listed(kin)}.` : null,
    isPublic(state).public
      ? 'The bucket is public as well, so they keep access until it is made private.'
      : null,
    conditional > 0
      ? `${counted(conditional, 'statement')} for everybody under a condition (such as an organisation or a network) stay${conditional === 1 ? 's' : ''}: whoever meets it keeps that access.`
      : null,
    foreign > 0 && !isCanonicalId(principal)
      ? `The access list names ${counted(foreign, 'grant')} by canonical id alone: if one of them is theirs, it stays.`
      : null,
  ];
}

function nature(principal: string): string | null {
  if (isDeletedPrincipal(principal))
    return `${principal} is what AWS leaves of a user or a role that was deleted: nobody can use it any more.`;
  return CLOUDFRONT.test(principal)
    ? `${principal} is an identity of CloudFront: what it serves from this bucket stops.`
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
    policySentence(state, principal),
    aclSentence(state, principal),
    nature(principal),
    ...stillOpen(state, principal),
    leftoverSentence(state, principal),
  ].filter((sentence) => sentence !== null);
