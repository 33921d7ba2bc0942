// Makes a public S3 bucket private: takes the public statements out of its policy, the public grants off its access list,
// and turns the four public access blocks on. Rules for anybody who is named stay as they are. Never empties or deletes a bucket.

import { isCalledPublic } from '../../case/bucket-exposure.ts';
import { policyForm } from '../../case/policy-form.ts';
import {
  allBlocksOn,
  type BucketAccess,
  publicGrants,
  splitPolicy,
  withoutPublicGrants,
} from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import type { BucketTarget } from '../../case/target.ts';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import type { GovernanceAction } from '../action.ts';
import { aimed } from '../aims.ts';
import {
  isBack,
  putBack,
  readWithAccount,
  throwRefused,
  undoObstacle,
  unseenWords,
  writeAllBlocks,
  writeReduced,
} from '../buckets/changes.ts';
import { outsiders } from '../buckets/outsiders.ts';
import { privateProof, privateSentences, undoWords } from '../buckets/private-words.ts';
import { ACL_PART, BLOCK_PART, differencesIn, hidesGrants, inOrder, POLICY_PART } from '../buckets/words.ts';

/** S3 may take a moment to look at a policy that was just written. */
const ASK_AGAIN_MS = 60_000;

const statusOf = async (target: BucketTarget, { policy }: BucketAccess, storage: ObjectStorage) =>
  policy && (await storage.readPolicyStatus(target));

/** What still stands against "private", one sentence each. */
function leftOpen({ policy, acl, publicAccessBlock }: BucketAccess): readonly Said[] {
  const statements = splitPolicy(policy).removed.length;
  const grants = publicGrants(acl).length;
  return [
    ...(statements > 0 ? [say('s3.private.open-statements', { n: statements })] : []),
    ...(grants > 0 ? [say('s3.private.open-grants', { n: grants })] : []),
    ...(allBlocksOn(publicAccessBlock) ? [] : [say('s3.private.blocks-not-on')]),
  ];
}

/** They are written last: once they are on, AWS has refused what is still open, and they alone keep strangers out. */
const areBlocksOurs = ({ publicAccessBlock }: BucketAccess): boolean => !allBlocksOn(publicAccessBlock);

export const makeBucketPrivate: GovernanceAction<BucketTarget, BucketAccess> = {
  id: 'aws.s3.make-bucket-private',
  title: say('s3.title.make-bucket-private'),
  targetKind: 'bucket',
  needs: "A bucket of a listed account, which Countersign's role there may read and write.",
  effect: 'converges',
  strength: 6,
  permissions: {
    aws: [
      's3:GetBucketPolicy',
      's3:GetBucketPolicyStatus',
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      's3:GetBucketAcl',
      's3:PutBucketAcl',
      's3:GetBucketPublicAccessBlock',
      's3:PutBucketPublicAccessBlock',
      's3:GetBucketOwnershipControls',
      's3:GetAccountPublicAccessBlock',
    ],
  },
  capPerHour: 20,

  find: aimed('bucket'),

  /** With the account's block: it is not changed, but decides who gets in now, and what AWS would take back. */
  async read(target, { storage }) {
    const state = await readWithAccount(target, storage);
    return { ...state, policyStatus: await statusOf(target, state, storage) };
  },

  plan({ account }, state, settings) {
    if (leftOpen(state).length === 0)
      return isCalledPublic(state)
        ? { kind: 'refused', reason: say('s3.private.only-called-public') }
        : { kind: 'refused', met: true, reason: say('s3.private.already') };
    const { kept: policy, removed } = splitPolicy(state.policy);
    const outside = outsiders({ ...state, policy }, account, settings);
    return {
      kind: 'offered',
      says: privateSentences(state, outside),
      basis: {
        statements: inOrder(removed.map(policyForm)),
        grants: inOrder(publicGrants(state.acl)),
        // Whom it leaves in: the card has room for a few of them.
        outside: outside.toSorted(),
        publicAccessBlock: state.publicAccessBlock,
      },
      undo: { possible: true, says: undoWords(state, account) },
    };
  },

  async execute({ target, before }, { storage }, note) {
    const now = await storage.readAccess(target);
    // As it was before: by now it may be our own blocks that hide what is not there.
    const mayBeOpen = publicGrants(now.acl).length > 0 || hidesGrants(before.acl, before);
    const reduced = {
      policy: splitPolicy(now.policy).kept,
      acl: now.acl && mayBeOpen ? withoutPublicGrants(now.acl) : null,
    };
    const rules = await writeReduced(target, now, reduced, storage, note);
    const blocks = await writeAllBlocks(target, storage, note);
    if (blocks.length > 0) throwRefused([...rules, ...blocks]);
    // What is left of a policy is seen, and said, by `verify`; what is left of a list is not shown while the blocks are on.
    const isSeen = rules.every(({ part }) => part === POLICY_PART.part);
    if (!isSeen || !areBlocksOurs(before)) throwRefused(rules, say('s3.private.blocks-hold'));
  },

  async verify({ target, before }, { storage, settings }) {
    const now = await storage.readAccess(target);
    const open = leftOpen(now);
    if (open.length > 0 && allBlocksOn(now.publicAccessBlock) && areBlocksOurs(before)) {
      const lacks = sentences([say('s3.private.shut-by-blocks'), ...open, say('s3.private.disarmed')]);
      return { kind: 'took-effect', says: lacks, lacks };
    }
    if (open.length > 0) return { kind: 'not-done', says: sentences(open) };
    if ((await statusOf(target, now, storage))?.public)
      return { kind: 'not-yet', says: say('s3.private.still-called-public'), retryInMs: ASK_AGAIN_MS };
    return {
      kind: 'took-effect',
      says: privateProof(now, outsiders(now, target.account, settings)),
    };
  },

  revert: {
    differences: (before, after, now) =>
      differencesIn<BucketAccess>([POLICY_PART, ACL_PART, BLOCK_PART], before, after, now),

    obstacle: (target, before, now) => undoObstacle(target, before, now, { blocks: true }),

    execute: (task, { storage }, note) => putBack(task.target, task, { blocks: true }, storage, note),

    async verify({ target, before }, { storage }) {
      const now = await readWithAccount(target, storage);
      if (isBack(before, now, { blocks: true }))
        return {
          kind: 'took-effect',
          says: sentences([say('s3.private.is-back'), unseenWords(before, now, true)]),
        };
      return {
        kind: 'not-done',
        says: say('s3.private.not-back'),
      };
    },
  },
};
