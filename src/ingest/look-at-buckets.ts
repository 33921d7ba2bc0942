// Looks at every bucket of an account and says how public each is. Reads only. One that cannot be read is said, and hides no other.
import { exposureOf } from '../case/bucket-exposure.ts';
import { errorText, isCountersignError } from '../case/errors.ts';
import {
  allBlocksOn,
  type BucketAccess,
  type PublicAccessBlock,
  publicGrants,
} from '../case/public-access.ts';
import { type Said, say } from '../case/said.ts';
import type { BucketTarget } from '../case/target.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';

export interface BucketLook {
  readonly bucket: BucketTarget;
  /** Null where it could not be told, and then `reasons` says why. */
  readonly public: boolean | null;
  /** Whether single objects may be open by access lists of their own. */
  readonly objects: 'can be public' | 'cannot be public' | 'unknown';
  readonly reasons: readonly Said[];
  readonly policyStatus: 'public' | 'not public' | 'no policy' | 'unknown';
  readonly acl: 'public' | 'not public' | 'disabled' | 'unknown';
  readonly block: 'on' | 'partly on' | 'off' | 'unknown';
  readonly accountBlock: 'on' | 'partly on' | 'off';
}

type Storage = Pick<ObjectStorage, 'listBuckets' | 'readAccess' | 'readPolicyStatus' | 'readAccountBlock'>;

/** Throws what listing and the account's block throw: without them nothing can be said. */
export async function* lookAtBuckets(account: string, storage: Storage): AsyncIterable<BucketLook> {
  const accountBlock = await storage.readAccountBlock(account);
  for (const bucket of await storage.listBuckets(account)) {
    const look = await lookAtBucket(bucket, accountBlock, storage);
    if (look) yield look;
  }
}

/** One bucket, as above; null where it does not exist (any more). Throws only what passes by itself (throttling, an outage). */
export async function lookAtBucket(
  bucket: BucketTarget,
  accountBlock: PublicAccessBlock | null,
  storage: Storage,
): Promise<BucketLook | null> {
  const common = { bucket, accountBlock: blockWord(accountBlock) };
  try {
    const access = await storage.readAccess(bucket);
    const status = access.policy === null ? null : await storage.readPolicyStatus(bucket);
    return { ...common, ...exposureOf(access, accountBlock, status), ...words(access, status) };
  } catch (error) {
    if (!isCountersignError(error) || error.retryable) throw error;
    if (error.code === 'aws.no-such-bucket') return null;
    return {
      ...common,
      public: null,
      objects: 'unknown',
      reasons: [say('s3.look.failed', { why: errorText(error) })],
      policyStatus: 'unknown',
      acl: 'unknown',
      block: 'unknown',
    };
  }
}

function words(access: BucketAccess, status: { readonly public: boolean } | null) {
  return {
    policyStatus: status === null ? 'no policy' : status.public ? 'public' : 'not public',
    acl: access.acl === null ? 'disabled' : publicGrants(access.acl).length > 0 ? 'public' : 'not public',
    block: blockWord(access.publicAccessBlock),
  } as const;
}

function blockWord(block: PublicAccessBlock | null): 'on' | 'partly on' | 'off' {
  if (allBlocksOn(block)) return 'on';
  return block && Object.values(block).includes(true) ? 'partly on' : 'off';
}
