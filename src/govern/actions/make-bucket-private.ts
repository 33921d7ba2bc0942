// Makes a public S3 bucket private: takes the public statements out of its policy, the public grants off its access list,
// and turns the four public access blocks on. Rules for anybody who is named stay as they are. Never empties or deletes a bucket.

import { isCountersignError } from '../../case/errors.ts';
import { canonicalJson } from '../../case/json.ts';
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
import type { Difference, GovernanceAction, RequestNote, Task, World } from '../action.ts';
import { aimed } from '../aims.ts';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

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

function differences(before: BucketAccess, after: BucketAccess, now: BucketAccess): readonly Difference[] {
  const parts = [
    { part: 'Bucket policy', of: ({ policy }: BucketAccess) => policy },
    { part: 'Access list', of: ({ acl }: BucketAccess) => acl },
    { part: 'Public access blocks', of: ({ publicAccessBlock }: BucketAccess) => publicAccessBlock },
  ];
  return parts
    .filter(({ of }) => !same(of(after), of(now)))
    .map(({ part, of }) => ({
      part,
      before: canonicalJson(of(before)),
      left: canonicalJson(of(after)),
      now: canonicalJson(of(now)),
    }));
}

/**
 * Starts from the world as it is now, so that a second run after a crash takes away only what is public and puts nothing back.
 * A policy that S3 no longer accepts (it may name somebody who was deleted) must not keep the bucket open: the access list and
 * the blocks are written all the same, and the refusal is thrown at the end.
 */
async function execute(
  { target }: Task<BucketTarget, BucketAccess>,
  { storage }: World,
  note: RequestNote,
): Promise<void> {
  const now = await storage.readAccess(target);
  const { kept, removed } = splitPolicy(now.policy);
  let refused: unknown;
  if (removed.length > 0) {
    try {
      await note((await storage.writePolicy(target, kept)).requestId);
    } catch (error) {
      if (!isCountersignError(error) || error.code !== 'aws.refused') throw error;
      refused = error;
    }
  }
  if (now.acl && publicGrants(now.acl).length > 0)
    await note((await storage.writeAcl(target, withoutPublicGrants(now.acl))).requestId);
  await note((await storage.writePublicAccessBlock(target, ALL_BLOCKS)).requestId);
  if (refused) throw refused;
}

/** The blocks first: while they are on, S3 refuses the public access list and policy that are to come back. */
async function putBack(
  { target, before }: Task<BucketTarget, BucketAccess>,
  { storage }: World,
  note: RequestNote,
): Promise<void> {
  const now = await storage.readAccess(target);
  await note((await storage.writePublicAccessBlock(target, before.publicAccessBlock)).requestId);
  if (before.acl && !same(before.acl, now.acl))
    await note((await storage.writeAcl(target, before.acl)).requestId);
  if (!same(before.policy, now.policy))
    await note((await storage.writePolicy(target, before.policy)).requestId);
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
    if (!isPublic(state).public && allBlocksOn(state.publicAccessBlock))
      return {
        kind: 'refused',
        reason:
          'The bucket is already private: nothing in it is public, and all four public access blocks are on.',
      };
    const says = [policySentence(state), aclSentence(state), blocksSentence(state)];
    return {
      kind: 'offered',
      says: [
        ...says.filter((sentence) => sentence !== null),
        'The owner, and everybody whom another rule names, keep their access.',
      ],
      basis: { policy: state.policy, acl: state.acl, publicAccessBlock: state.publicAccessBlock },
      undo: {
        possible: true,
        says: 'Undo puts the policy, the access list and the blocks back exactly as they were.',
      },
    };
  },

  execute,

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
    differences,
    execute: putBack,
    async verify({ target, before }, { storage }) {
      const changed = differences(before, before, await storage.readAccess(target));
      if (changed.length === 0)
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
