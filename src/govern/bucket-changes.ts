// Takes ways in out of a bucket, and puts them back, in the order that S3 accepts. Starts from the world as it is each time, so
// that a second run after a crash only does what is left to do.
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import { isSamePolicy } from '../case/policy-form.ts';
import type { BucketAccess, BucketAcl, PublicAccessBlock } from '../case/public-access.ts';
import type { BucketTarget } from '../case/target.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';
import type { RequestNote } from './action.ts';
import { isSameAcl, isSameBlock } from './bucket-words.ts';

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

/** Why the access list cannot be put back. Known before anything is changed. */
const noMoreAcls = (bucket: BucketTarget): CountersignError =>
  new CountersignError('aws.refused', `ACLs were disabled on bucket ${bucket.name} since`, {
    say: `Access lists were disabled on the bucket ${bucket.name} since, so its list cannot be put back. Nothing was changed.`,
  });

/**
 * The block that lets everything that is to come back in. One that refuses public lists and policies may have been laid over them
 * later: then it comes back without those two flags first, and whole at the end.
 */
const lenient = (block: PublicAccessBlock | null): PublicAccessBlock | null =>
  block?.blockPublicAcls || block?.blockPublicPolicy
    ? { ...block, blockPublicAcls: false, blockPublicPolicy: false }
    : block;

/** The blocks first: while they are on, S3 refuses the public access list and policy that are to come back. */
export async function putBack(
  bucket: BucketTarget,
  before: BucketAccess,
  parts: { readonly blocks: boolean },
  storage: ObjectStorage,
  note: RequestNote,
): Promise<void> {
  const now = await storage.readAccess(bucket);
  if (
    before.acl &&
    !now.acl &&
    before.acl.grants.some(({ canonicalId }) => canonicalId !== before.acl?.ownerId)
  )
    throw noMoreAcls(bucket);
  const acl = before.acl && now.acl && !isSameAcl(before.acl, now.acl) ? before.acl : null;
  const policyChanges = !isSamePolicy(before.policy, now.policy);
  let block = now.publicAccessBlock;
  const setBlock = async (wanted: PublicAccessBlock | null): Promise<void> => {
    if (!parts.blocks || isSameBlock(block, wanted)) return;
    await note((await storage.writePublicAccessBlock(bucket, wanted)).requestId);
    block = wanted;
  };
  if (acl || policyChanges) await setBlock(lenient(before.publicAccessBlock));
  if (acl) await note((await storage.writeAcl(bucket, acl)).requestId);
  if (policyChanges) await note((await storage.writePolicy(bucket, before.policy)).requestId);
  await setBlock(before.publicAccessBlock);
}

/** Whether what could be put back is back: where access lists are disabled on either side, there is none to compare. */
export const isBack = (
  before: BucketAccess,
  now: BucketAccess,
  parts: { readonly blocks: boolean },
): boolean =>
  isSamePolicy(before.policy, now.policy) &&
  (!before.acl || !now.acl || isSameAcl(before.acl, now.acl)) &&
  (!parts.blocks || isSameBlock(before.publicAccessBlock, now.publicAccessBlock));
