// What the card says about taking one principal outside out of a bucket: what goes, and which ways in stay.
import {
  grantsNaming,
  principalsOf,
  statementsNaming,
  withoutNames,
  withoutPrincipal,
} from '../../case/bucket-principals.ts';
import type { Json } from '../../case/json.ts';
import { policyForm } from '../../case/policy-form.ts';
import {
  accountOfPrincipal,
  isCanonicalId,
  isDeletedPrincipal,
  principalId,
} from '../../case/principal-names.ts';
import { type BucketAccess, isPublic, statementsOf } from '../../case/public-access.ts';
import { isPhrase, type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import { principalSaid } from '../../case/target-words.ts';
import type { WordKey } from '../../case/word-keys.ts';
import { conditionSentence } from './outsiders.ts';
import { hidesGrants, namedBy, permissionsOf } from './words.ts';

const CLOUDFRONT = /^arn:[\w-]+:iam::cloudfront:/;

const AT_START: ReadonlyMap<WordKey, WordKey> = new Map([
  ['case.principal.account', 's3.at-start.account'],
  ['case.principal.canonical', 's3.at-start.canonical'],
  ['case.principal.of-account', 's3.at-start.of-account'],
]);

/** As a sentence begins; what is written as AWS or a person wrote it stays so. */
export function atStart(principal: string): Said {
  const said = principalSaid(principal);
  return isPhrase(said) ? say(AT_START.get(said.say) ?? said.say, said.with) : said;
}

/** Nothing in it is about whom else the statements name: the same press may remove them as well. */
function policySentence({ policy }: BucketAccess, principal: string): Said | null {
  const statements = statementsNaming(policy, principal);
  if (statements.length === 0) return null;
  const out = { n: statements.length, ...namedBy(statements) };
  const stay = statementsOf(withoutPrincipal(policy, principal)).length;
  const gone = statementsOf(policy).length - stay;
  if (gone === 0) return say('s3.collaborator.policy', out);
  if (stay === 0) return say('s3.collaborator.policy-deleted', out);
  return say('s3.collaborator.policy-and-removed', { ...out, gone });
}

function aclSentence({ acl }: BucketAccess, principal: string): Said | null {
  const grants = grantsNaming(acl, principal);
  if (grants.length === 0) return null;
  return say('s3.collaborator.list', { n: grants.length, permissions: permissionsOf(grants) });
}

/** Ways in that stay once they are out, as far as they can be known. */
export function stillOpen(state: BucketAccess, principal: string): readonly Said[] {
  const account = accountOfPrincipal(principal);
  const kin = principalsOf({ ...state, policy: withoutPrincipal(state.policy, principal) }).filter(
    (name) => name !== principalId(principal) && accountOfPrincipal(name) === account,
  );
  const foreign = (state.acl?.grants ?? []).filter(
    ({ canonicalId }) => canonicalId !== undefined && canonicalId !== state.acl?.ownerId,
  ).length;
  return [
    account !== null && kin.length > 0 ? say('s3.collaborator.kin', { n: kin.length }) : null,
    conditionSentence(state),
    foreign > 0 && !isCanonicalId(principal) ? say('s3.collaborator.foreign-ids', { n: foreign }) : null,
  ].filter((sentence) => sentence !== null);
}

/** The list is written anew, and what is not shown of it is not in it. */
const losesHidden = (state: BucketAccess, principal: string): boolean =>
  grantsNaming(state.acl, principal).length > 0 && hidesGrants(state.acl, state);

export const undoWords = (state: BucketAccess, principal: string): Said =>
  sentences([say('s3.collaborator.undo'), losesHidden(state, principal) ? say('s3.hidden-stay-gone') : '']);

function nature(principal: string): Said | null {
  if (isDeletedPrincipal(principal)) return say('s3.collaborator.deleted', { principal });
  return CLOUDFRONT.test(principal) ? say('s3.collaborator.cloudfront') : null;
}

/** AWS refuses a policy that names a principal which is gone, even where that was there before. */
function leftoverSentence({ policy }: BucketAccess, principal: string): Said | null {
  const gone = principalsOf({ policy, acl: null }).filter(
    (name) => isDeletedPrincipal(name) && name !== principal,
  );
  return gone.length > 0 && statementsNaming(policy, principal).length > 0
    ? say('s3.collaborator.leftover', { n: gone.length })
    : null;
}

/** Which statements, without whom else they name: removing somebody else in between is no other decision. */
export const statementsBasis = (state: BucketAccess, principal: string): readonly Json[] =>
  statementsNaming(state.policy, principal).map((statement) => policyForm(withoutNames(statement)));

/** All of it, in the order of a card. */
export const collaboratorSentences = (state: BucketAccess, principal: string): readonly Said[] =>
  [
    say(isPublic(state).public ? 's3.collaborator.lose-but-public' : 's3.collaborator.lose'),
    policySentence(state, principal),
    aclSentence(state, principal),
    losesHidden(state, principal) ? say('s3.hidden-go') : null,
    nature(principal),
    ...stillOpen(state, principal),
    leftoverSentence(state, principal),
  ].filter((sentence) => sentence !== null);
