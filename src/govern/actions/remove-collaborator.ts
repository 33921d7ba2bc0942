// Takes one principal outside out of a bucket's policy and access list. Everybody else who is named there stays, Deny statements
// are never touched, and the account that owns the bucket is never removed.

import {
  accountOfPrincipal,
  grantsNaming,
  isCanonicalId,
  ownerIdOf,
  principalsOf,
  statementsForAllBut,
  statementsNaming,
  withoutGrantsOf,
  withoutPrincipal,
} from '../../case/bucket-principals.ts';
import { isCountersignError } from '../../case/errors.ts';
import {
  type BucketAccess,
  isPublic,
  isPublicStatement,
  publicGrants,
  statementsOf,
} from '../../case/public-access.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import type { BucketTarget, CollaboratorTarget } from '../../case/target.ts';
import type { GovernanceAction, World } from '../action.ts';
import { aimed } from '../aims.ts';
import { matches } from '../bounds.ts';
import { isBack, putBack, type Reduced, writeReduced } from '../bucket-changes.ts';
import { ACL_PART, counted, differencesIn, POLICY_PART } from '../bucket-words.ts';
import { collaboratorSentences, statementsBasis } from '../collaborator-words.ts';

/** A card has room for so many. */
const MOST_OFFERED = 10;

const bucketOf = ({ account, region, bucket }: CollaboratorTarget): BucketTarget => ({
  kind: 'bucket',
  account,
  region,
  name: bucket,
});

/** Whom the bucket names that belongs to none of the operator's accounts, as far as the name says. */
function outsiders(access: BucketAccess, account: string, { aws }: OperatorSettings): readonly string[] {
  const own = new Set([account, ...aws.accounts.map(({ id }) => id)]);
  const ownerId = ownerIdOf(access);
  return principalsOf(access).filter((name) => {
    const theirs = accountOfPrincipal(name);
    return theirs === null ? name !== ownerId : !own.has(theirs);
  });
}

async function outsidersOf(bucket: BucketTarget, { storage, settings }: World) {
  const access = await storage.readAccess(bucket);
  return outsiders(access, bucket.account, settings).map(
    (principal): CollaboratorTarget => ({
      kind: 'collaborator',
      account: bucket.account,
      region: bucket.region,
      bucket: bucket.name,
      principal,
    }),
  );
}

const reduce = ({ policy, acl }: BucketAccess, principal: string): Reduced => ({
  policy: withoutPrincipal(policy, principal),
  acl: acl && withoutGrantsOf(acl, principal),
});

/** S3 takes no public document while the blocks are on, not even one that is less public than the one before. */
function refusedByBlocks(state: BucketAccess, { policy, acl }: Reduced): boolean {
  const block = state.publicAccessBlock;
  const openPolicy = policy !== state.policy && statementsOf(policy).some(isPublicStatement);
  const openAcl = acl?.grants.length !== state.acl?.grants.length && publicGrants(acl).length > 0;
  return (
    ((block?.blockPublicPolicy ?? false) && openPolicy) || ((block?.blockPublicAcls ?? false) && openAcl)
  );
}

function refusal(
  { principal, account, bucket }: CollaboratorTarget,
  state: BucketAccess,
  settings: OperatorSettings,
): string | null {
  const ownerId = ownerIdOf(state);
  if (accountOfPrincipal(principal) === account || principal === ownerId)
    return `${principal} belongs to the account that owns the bucket ${bucket}: the owner keeps access.`;
  if (settings.aws.protectedPrincipals.some((pattern) => matches(principal, pattern)))
    return `${principal} is protected by the settings.`;
  if (isCanonicalId(principal) && ownerId === undefined)
    return `Access lists are disabled on the bucket ${bucket}, so it cannot be told whether ${principal} is its owner.`;
  if (statementsForAllBut(state.policy).length > 0)
    return `The policy of the bucket ${bucket} lets in everybody except those it names (NotPrincipal), so nobody can be taken out of it. Making the bucket private removes that statement.`;
  const named = statementsNaming(state.policy, principal).length + grantsNaming(state.acl, principal).length;
  if (named === 0)
    return `${principal} is named neither in the policy nor in the access list of the bucket ${bucket}.`;
  if (refusedByBlocks(state, reduce(state, principal)))
    return `The bucket ${bucket} has public rules that its blocks keep from working, and AWS takes no change to them while the blocks are on. Make the bucket private first.`;
  return null;
}

export const removeCollaborator: GovernanceAction<CollaboratorTarget, BucketAccess> = {
  id: 'aws.s3.remove-collaborator',
  title: 'Remove the collaborator',
  targetKind: 'collaborator',
  needs:
    "Somebody of none of the listed accounts whom the policy or the access list of a listed account's bucket names, and no NotPrincipal statement in that policy.",
  effect: 'converges',
  strength: 5,
  permissions: {
    aws: [
      's3:GetBucketPolicy',
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      's3:GetBucketAcl',
      's3:PutBucketAcl',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketOwnershipControls',
    ],
  },
  capPerHour: 40,

  /** A bucket that is gone names nobody; one that cannot be looked at is said, unless another one has something to offer. */
  async find(aims, world) {
    const found: CollaboratorTarget[] = [];
    let failure: unknown;
    for (const bucket of await aimed('bucket')(aims)) {
      try {
        found.push(...(await outsidersOf(bucket, world)));
      } catch (error) {
        if (!isCountersignError(error) || error.retryable) throw error;
        failure ??= error;
      }
    }
    if (failure && found.length === 0) throw failure;
    return found.slice(0, MOST_OFFERED);
  },

  read: (target, { storage }) => storage.readAccess(bucketOf(target)),

  plan(target, state, settings) {
    const reason = refusal(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const { principal } = target;
    const all = outsiders(state, target.account, settings).length;
    const says = [
      ...collaboratorSentences(state, principal),
      all > MOST_OFFERED
        ? `The bucket names ${all} principals outside in all; at most ${MOST_OFFERED} are offered at once.`
        : null,
      'The owner, and everybody else who is named, keep their access.',
    ];
    return {
      kind: 'offered',
      says: says.filter((sentence) => sentence !== null),
      basis: { statements: statementsBasis(state, principal), grants: grantsNaming(state.acl, principal) },
      undo: {
        possible: true,
        says: 'Undo puts the policy and the access list back exactly as they were.',
      },
    };
  },

  async execute({ target }, { storage }, note) {
    const bucket = bucketOf(target);
    const now = await storage.readAccess(bucket);
    const refused = await writeReduced(bucket, now, reduce(now, target.principal), storage, note);
    if (refused) throw refused;
  },

  async verify({ target: { principal, ...target } }, { storage }) {
    const now = await storage.readAccess(bucketOf({ principal, ...target }));
    const statements = statementsNaming(now.policy, principal).length;
    const grants = grantsNaming(now.acl, principal).length;
    if (statements + grants > 0)
      return {
        kind: 'not-done',
        says: `${principal} is still named in ${counted(statements, 'statement')} and ${counted(grants, 'grant')}.`,
      };
    const open = isPublic(now).public ? ' The bucket is public, so they get in like everybody else.' : '';
    return {
      kind: 'took-effect',
      says: `${principal} is named neither in the bucket policy nor in the access list any more: read back from both.${open}`,
    };
  },

  revert: {
    differences: (before, after, now) =>
      differencesIn<BucketAccess>([POLICY_PART, ACL_PART], before, after, now),

    execute: ({ target, before }, { storage }, note) =>
      putBack(bucketOf(target), before, { blocks: false }, storage, note),

    async verify({ target, before }, { storage }) {
      return isBack(before, await storage.readAccess(bucketOf(target)), { blocks: false })
        ? { kind: 'took-effect', says: 'The policy and the access list are back exactly as they were.' }
        : { kind: 'not-done', says: 'The policy and the access list are not yet back as they were.' };
    },
  },
};
