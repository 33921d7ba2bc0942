// Takes one principal outside out of a bucket's policy and access list. Everybody else who is named there stays, Deny statements
// are never touched, and the account that owns the bucket is never removed.

import {
  grantsNaming,
  ownerIdOf,
  statementsForAllBut,
  statementsNaming,
  withoutGrantsOf,
  withoutPrincipal,
} from '../../case/bucket-principals.ts';
import { isCountersignError } from '../../case/errors.ts';
import { accountOfPrincipal, isCanonicalId } from '../../case/principal-names.ts';
import {
  type BucketAccess,
  blockInForce,
  isPublic,
  isPublicStatement,
  publicGrants,
  statementsOf,
} from '../../case/public-access.ts';
import { type Said, say, textsOf } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import type { BucketTarget, CollaboratorTarget } from '../../case/target.ts';
import { principalSaid } from '../../case/target-words.ts';
import type { Aims, GovernanceAction, World } from '../action.ts';
import { aimed } from '../aims.ts';
import { isProtected } from '../aws/principals.ts';
import {
  isBack,
  putBack,
  type Reduced,
  readWithAccount,
  throwRefused,
  undoObstacle,
  unseenWords,
  writeReduced,
} from '../buckets/changes.ts';
import {
  atStart,
  collaboratorSentences,
  statementsBasis,
  stillOpen,
  undoWords,
} from '../buckets/collaborator-words.ts';
import { outsiders } from '../buckets/outsiders.ts';
import { ACL_PART, differencesIn, inOrder, POLICY_PART } from '../buckets/words.ts';

const bucketOf = ({ account, region, bucket }: CollaboratorTarget): BucketTarget => ({
  kind: 'bucket',
  account,
  region,
  name: bucket,
});

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

/** Those whom the evidence itself names first: what is not taken on is then not what the alert is about. */
function namedFirst(found: readonly CollaboratorTarget[], { facts = [] }: Aims) {
  const isNamed = ({ principal }: CollaboratorTarget): boolean =>
    facts.some(({ value }) => textsOf(value).some((text) => text.includes(principal)));
  return [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))];
}

const reduce = ({ policy, acl }: BucketAccess, principal: string): Reduced => ({
  policy: withoutPrincipal(policy, principal),
  acl: acl && grantsNaming(acl, principal).length > 0 ? withoutGrantsOf(acl, principal) : null,
});

/** S3 takes no public document while the blocks are on, not even one that is less public than the one before. */
function refusedByBlocks(state: BucketAccess, { policy, acl }: Reduced): boolean {
  const block = blockInForce(state);
  const openPolicy = policy !== state.policy && statementsOf(policy).some(isPublicStatement);
  return (
    ((block?.blockPublicPolicy ?? false) && openPolicy) ||
    ((block?.blockPublicAcls ?? false) && publicGrants(acl).length > 0)
  );
}

function refusal(
  { principal, account, bucket }: CollaboratorTarget,
  state: BucketAccess,
  settings: OperatorSettings,
): Said | null {
  const ownerId = ownerIdOf(state);
  const who = atStart(principal);
  if (accountOfPrincipal(principal) === account || principal === ownerId)
    return say('s3.collaborator.is-owner', { who, bucket });
  if (isProtected(principal, settings)) return say('s3.collaborator.protected', { who });
  if (isCanonicalId(principal) && ownerId === undefined)
    return say('s3.collaborator.owner-unknown', { who: principalSaid(principal), bucket });
  if (statementsForAllBut(state.policy).length > 0) return say('s3.collaborator.all-but', { bucket });
  const named = statementsNaming(state.policy, principal).length + grantsNaming(state.acl, principal).length;
  if (named === 0) return say('s3.collaborator.not-named', { who, bucket });
  if (refusedByBlocks(state, reduce(state, principal))) return say('s3.collaborator.blocked', { bucket });
  return null;
}

export const removeCollaborator: GovernanceAction<CollaboratorTarget, BucketAccess> = {
  id: 'aws.s3.remove-collaborator',
  title: say('s3.title.remove-collaborator'),
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
      's3:GetAccountPublicAccessBlock',
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
    return namedFirst(found, aims);
  },

  read: (target, { storage }) => readWithAccount(bucketOf(target), storage),

  plan(target, state, settings) {
    const reason = refusal(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const { principal } = target;
    return {
      kind: 'offered',
      says: collaboratorSentences(state, principal),
      basis: {
        statements: inOrder(statementsBasis(state, principal)),
        grants: inOrder(grantsNaming(state.acl, principal)),
      },
      undo: { possible: true, says: undoWords(state, principal) },
    };
  },

  async execute({ target }, { storage }, note) {
    const bucket = bucketOf(target);
    const now = await storage.readAccess(bucket);
    throwRefused(await writeReduced(bucket, now, reduce(now, target.principal), storage, note));
  },

  async verify({ target }, { storage }) {
    const { principal } = target;
    const who = atStart(principal);
    const now = await readWithAccount(bucketOf(target), storage);
    const statements = statementsNaming(now.policy, principal).length;
    const grants = grantsNaming(now.acl, principal).length;
    if (statements + grants > 0)
      return {
        kind: 'not-done',
        says: say('s3.collaborator.still-named', { who, statements, grants }),
      };
    const open = isPublic(now).public ? say('s3.collaborator.like-everybody') : '';
    return {
      kind: 'took-effect',
      says: sentences([say('s3.collaborator.is-out', { who }), open, ...stillOpen(now, principal)]),
    };
  },

  revert: {
    differences: (before, after, now) =>
      differencesIn<BucketAccess>([POLICY_PART, ACL_PART], before, after, now),

    obstacle: (target, before, now) => undoObstacle(bucketOf(target), before, now, { blocks: false }),

    execute: (task, { storage }, note) =>
      putBack(bucketOf(task.target), task, { blocks: false }, storage, note),

    async verify({ target, before }, { storage }) {
      const now = await readWithAccount(bucketOf(target), storage);
      if (!isBack(before, now, { blocks: false }))
        return { kind: 'not-done', says: say('s3.collaborator.not-back') };
      const wasWritten = grantsNaming(before.acl, target.principal).length > 0;
      const unseen = unseenWords(before, now, wasWritten);
      return { kind: 'took-effect', says: sentences([say('s3.collaborator.is-back'), unseen]) };
    },
  },
};
