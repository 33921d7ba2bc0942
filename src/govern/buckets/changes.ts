// Takes ways in out of a bucket, and puts them back, in the order that S3 accepts. Starts from the world as it is each time, so
// that a second run after a crash only does what is left to do.
import { CountersignError, isCountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { isSamePolicy } from '../../case/policy-form.ts';
import {
  type BucketAccess,
  type BucketAcl,
  blockInForce,
  isPublicStatement,
  type PublicAccessBlock,
  publicGrants,
  statementsOf,
} from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import type { BucketTarget } from '../../case/target.ts';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import type { RequestNote } from '../action.ts';
import { isSameAcl, isSameBlock } from './words.ts';

export interface Reduced {
  readonly policy: JsonObject | null;
  readonly acl: BucketAcl | null;
}

/**
 * Writes what is left of the policy, then of the access list. A policy that S3 no longer accepts (it may name somebody who was
 * deleted) must not keep the other ways in: the rest is written all the same, and the refusal is handed back for the end.
 */
export async function writeReduced(
  bucket: BucketTarget,
  now: BucketAccess,
  reduced: Reduced,
  storage: ObjectStorage,
  note: RequestNote,
): Promise<CountersignError | null> {
  let refused: CountersignError | null = null;
  if (reduced.policy !== now.policy) {
    try {
      await note((await storage.writePolicy(bucket, reduced.policy)).requestId);
    } catch (error) {
      if (!isCountersignError(error) || error.code !== 'aws.refused') throw error;
      refused = error;
    }
  }
  if (reduced.acl && reduced.acl.grants.length !== now.acl?.grants.length)
    await note((await storage.writeAcl(bucket, reduced.acl)).requestId);
  return refused;
}

/** The bucket, and what the account's block does to it. */
export async function readWithAccount(bucket: BucketTarget, storage: ObjectStorage): Promise<BucketAccess> {
  const access = await storage.readAccess(bucket);
  return { ...access, accountBlock: await storage.readAccountBlock(bucket.account) };
}

/** Which parts an undo puts back. */
interface Parts {
  readonly blocks: boolean;
}

/**
 * S3 takes no public policy or access list while a block refuses them. The bucket's own block comes off first where it is part of
 * the undo; the account's is nothing that an undo of one bucket may touch.
 */
export function undoObstacle(
  { account, name }: BucketTarget,
  before: BucketAccess,
  now: BucketAccess,
  parts: Parts,
): Said | null {
  const { accountBlock = null } = now;
  const policy =
    !isSamePolicy(before.policy, now.policy) && statementsOf(before.policy).some(isPublicStatement);
  const acl =
    before.acl !== null &&
    publicGrants(before.acl).length > 0 &&
    !isSameAcl(before.acl, now.acl ?? before.acl);
  const isRefused = (block: PublicAccessBlock | null): boolean =>
    (policy && block?.blockPublicPolicy === true) || (acl && block?.blockPublicAcls === true);
  if (!isRefused(parts.blocks ? accountBlock : blockInForce(now))) return null;
  return isRefused(accountBlock)
    ? say('s3.undo.blocked-for-account', { account })
    : say('s3.undo.blocked-for-bucket', { bucket: name });
}

/** Why the access list cannot be put back. Known before anything is changed. */
const noMoreAcls = (bucket: BucketTarget): CountersignError =>
  new CountersignError('aws.refused', `ACLs were disabled on bucket ${bucket.name} since`, {
    say: say('s3.undo.no-more-lists', { bucket: bucket.name }),
  });

/**
 * The block that lets everything that is to come back in. One that refuses public lists and policies may have been laid over them
 * later: then it comes back without those two flags first, and whole at the end.
 */
const lenient = (block: PublicAccessBlock | null): PublicAccessBlock | null =>
  block?.blockPublicAcls || block?.blockPublicPolicy
    ? { ...block, blockPublicAcls: false, blockPublicPolicy: false }
    : block;

/** AWS said no, for good. Anything else is tried again, by us or by whoever holds the step now. */
const isRefusal = (error: unknown): boolean =>
  isCountersignError(error) && error.code.startsWith('aws.') && !error.retryable;
function onlyRefusals(error: unknown): void {
  if (!isCountersignError(error) || !error.code.startsWith('aws.')) throw error;
}

/** The blocks first: while they are on, S3 refuses the public access list and policy that are to come back. */
export async function putBack(
  bucket: BucketTarget,
  before: BucketAccess,
  parts: Parts,
  storage: ObjectStorage,
  note: RequestNote,
): Promise<void> {
  const now = await readWithAccount(bucket, storage);
  if (
    before.acl &&
    !now.acl &&
    before.acl.grants.some(({ canonicalId }) => canonicalId !== before.acl?.ownerId)
  )
    throw noMoreAcls(bucket);
  const obstacle = undoObstacle(bucket, before, now, parts);
  if (obstacle)
    throw new CountersignError('aws.refused', `a block refuses what bucket ${bucket.name} had`, {
      say: obstacle,
    });
  const acl = before.acl && now.acl && !isSameAcl(before.acl, now.acl) ? before.acl : null;
  const policyChanges = !isSamePolicy(before.policy, now.policy);
  let block = now.publicAccessBlock;
  const setBlock = async (wanted: PublicAccessBlock | null): Promise<void> => {
    if (!parts.blocks || isSameBlock(block, wanted)) return;
    await note((await storage.writePublicAccessBlock(bucket, wanted)).requestId);
    block = wanted;
  };
  try {
    if (acl || policyChanges) await setBlock(lenient(before.publicAccessBlock));
    if (acl) await note((await storage.writeAcl(bucket, acl)).requestId);
    if (policyChanges) await note((await storage.writePolicy(bucket, before.policy)).requestId);
  } catch (error) {
    // What is half put back must not be left weaker than it was found: its blocks go on again.
    if (isRefusal(error)) await setBlock(now.publicAccessBlock).catch(onlyRefusals);
    throw error;
  }
  await setBlock(before.publicAccessBlock);
}

/** Whether what could be put back is back: where access lists are disabled on either side, there is none to compare. */
export const isBack = (before: BucketAccess, now: BucketAccess, parts: Parts): boolean =>
  isSamePolicy(before.policy, now.policy) &&
  (!before.acl || !now.acl || isSameAcl(before.acl, now.acl)) &&
  (!parts.blocks || isSameBlock(before.publicAccessBlock, now.publicAccessBlock));
