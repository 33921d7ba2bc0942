// Makes a public S3 bucket private: takes the public statements out of its policy, the public grants off its access list,
// and turns the four public access blocks on. Rules for anybody who is named stay as they are. Never empties or deletes a bucket.

import { policyForm } from '../../case/policy-form.ts';
import {
  ALL_BLOCKS,
  accessWords,
  allBlocksOn,
  type BucketAccess,
  isPublic,
  publicGrants,
  splitPolicy,
  statementsOf,
  withoutPublicGrants,
} from '../../case/public-access.ts';
import type { BucketTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { aimed } from '../aims.ts';
import { isBack, putBack, writeReduced } from '../bucket-changes.ts';
import { ACL_PART, BLOCK_PART, counted, differencesIn, POLICY_PART } from '../bucket-words.ts';

function policySentence({ policy }: BucketAccess): string | null {
  const { kept, removed } = splitPolicy(policy);
  if (!policy) return null;
  const stay = statementsOf(kept).length;
  if (removed.length === 0) return `Leaves the bucket policy as it is: nothing in it is public.`;
  const what = `Removes public ${accessWords(removed)} from the bucket policy (${counted(removed.length, 'statement')})`;
  if (stay === 0) return `${what}; nothing else is in the policy, so it is deleted.`;
  return `${what}; ${stay === 1 ? '1 other policy statement stays' : `${stay} other policy statements stay`}.`;
}

function aclSentence({ acl }: BucketAccess): string {
  if (!acl) return 'ACLs are disabled on this bucket; nothing to remove there.';
  const count = publicGrants(acl).length;
  if (count === 0) return "Leaves the bucket's access list as it is: nothing in it is public.";
  return `Removes ${counted(count, 'public grant')} from the bucket's access list.`;
}

const blocksSentence = ({ publicAccessBlock }: BucketAccess): string =>
  allBlocksOn(publicAccessBlock)
    ? 'Keeps all four public access blocks on.'
    : 'Turns on all four public access blocks.';

/** Public rules that the blocks keep from working: whoever decides should know that nobody gets in by them now. */
const disarmedSentence = (state: BucketAccess): string | null =>
  allBlocksOn(state.publicAccessBlock) && !isPublic(state).public
    ? 'The blocks keep strangers out at the moment, as long as nobody turns them off.'
    : null;

/** What still stands against "private", one sentence each. */
function leftOpen({ policy, acl, publicAccessBlock }: BucketAccess): readonly string[] {
  const statements = splitPolicy(policy).removed.length;
  const grants = publicGrants(acl).length;
  return [
    ...(statements > 0 ? [`The bucket policy still has ${counted(statements, 'public statement')}.`] : []),
    ...(grants > 0 ? [`The bucket's access list still has ${counted(grants, 'public grant')}.`] : []),
    ...(allBlocksOn(publicAccessBlock) ? [] : ['Not all four public access blocks are on.']),
  ];
}

export const makeBucketPrivate: GovernanceAction<BucketTarget, BucketAccess> = {
  id: 'aws.s3.make-bucket-private',
  title: 'Make the bucket private',
  targetKind: 'bucket',
  needs: "A bucket of a listed account, which Countersign's role there may read and write.",
  effect: 'converges',
  strength: 6,
  permissions: {
    aws: [
      's3:GetBucketPolicy',
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      's3:GetBucketAcl',
      's3:PutBucketAcl',
      's3:GetBucketPublicAccessBlock',
      's3:PutBucketPublicAccessBlock',
      's3:GetBucketOwnershipControls',
    ],
  },
  capPerHour: 20,

  find: aimed('bucket'),

  read: (target, { storage }) => storage.readAccess(target),

  plan(_target, state) {
    if (leftOpen(state).length === 0)
      return {
        kind: 'refused',
        reason:
          'The bucket is already private: nothing in it is public, and all four public access blocks are on.',
      };
    const says = [policySentence(state), aclSentence(state), blocksSentence(state), disarmedSentence(state)];
    return {
      kind: 'offered',
      says: [
        ...says.filter((sentence) => sentence !== null),
        'The owner, and everybody whom another rule names, keep their access.',
      ],
      basis: {
        statements: splitPolicy(state.policy).removed.map(policyForm),
        grants: publicGrants(state.acl),
        publicAccessBlock: state.publicAccessBlock,
      },
      undo: {
        possible: true,
        says: 'Undo puts the policy, the access list and the blocks back exactly as they were.',
      },
    };
  },

  async execute({ target }, { storage }, note) {
    const now = await storage.readAccess(target);
    const reduced = {
      policy: splitPolicy(now.policy).kept,
      acl: now.acl && withoutPublicGrants(now.acl),
    };
    const refused = await writeReduced(target, now, reduced, storage, note);
    await note((await storage.writePublicAccessBlock(target, ALL_BLOCKS)).requestId);
    if (refused) throw refused;
  },

  async verify({ target }, { storage }) {
    const now = await storage.readAccess(target);
    const open = leftOpen(now);
    if (open.length > 0) return { kind: 'not-done', says: open.join(' ') };
    const acl = now.acl ? 'access list' : 'access list (ACLs are disabled)';
    return {
      kind: 'took-effect',
      says: `Nobody outside has access any more: read back from the bucket's policy, ${acl} and all four public access blocks.`,
    };
  },

  revert: {
    differences: (before, after, now) =>
      differencesIn<BucketAccess>([POLICY_PART, ACL_PART, BLOCK_PART], before, after, now),

    execute: ({ target, before }, { storage }, note) =>
      putBack(target, before, { blocks: true }, storage, note),

    async verify({ target, before }, { storage }) {
      if (isBack(before, await storage.readAccess(target), { blocks: true }))
        return {
          kind: 'took-effect',
          says: 'The policy, the access list and the blocks are back exactly as they were.',
        };
      return {
        kind: 'not-done',
        says: 'The policy, the access list and the blocks are not yet back as they were.',
      };
    },
  },
};
