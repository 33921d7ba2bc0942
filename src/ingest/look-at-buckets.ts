// Looks at every bucket of an account and says how public each is. Reads only. One that cannot be read is said, and hides no other.
import { setTimeout as sleep } from 'node:timers/promises';
import { exposureOf } from '../case/bucket-exposure.ts';
import { CountersignError, errorText, isCountersignError } from '../case/errors.ts';
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
  /** AWS asked to slow down, or did not answer: nothing that the bucket itself says. */
  readonly passing?: true;
}

type Storage = Pick<ObjectStorage, 'listBuckets' | 'readAccess' | 'readPolicyStatus' | 'readAccountBlock'>;

/** Before each try, in milliseconds; what AWS asks for instead is heeded up to the longest. */
const WAITS_MS = [0, 1_000, 4_000] as const;
const LONGEST_WAIT_MS = 10_000;
/** So many in a row, and it is not the bucket: the others are left for the next try. */
const MOST_IN_A_ROW = 10;

/**
 * Throws what listing and the account's block throw: without them nothing can be said. One with a passing trouble comes last: by
 * then it has been tried again.
 */
export async function* lookAtBuckets(
  account: string,
  storage: Storage,
  pause: (ms: number) => Promise<unknown> = sleep,
): AsyncIterable<BucketLook> {
  const accountBlock = await patiently(() => storage.readAccountBlock(account), pause);
  let left = await patiently(() => storage.listBuckets(account), pause);
  let trouble: CountersignError | null = null;
  for (const waitMs of WAITS_MS) {
    if (left.length === 0) return;
    await pause(waitFor(waitMs, trouble));
    const again: BucketTarget[] = [];
    let inARow = 0;
    for (const bucket of left) {
      const look: BucketLook | CountersignError | null =
        inARow < MOST_IN_A_ROW ? await tryLook(bucket, accountBlock, storage) : trouble;
      if (look instanceof CountersignError) {
        trouble = look;
        inARow += 1;
        again.push(bucket);
        continue;
      }
      inARow = 0;
      if (look) yield look;
    }
    left = again;
  }
  for (const bucket of left) yield { ...unknown(bucket, accountBlock, trouble), passing: true };
}

async function patiently<Answer>(
  ask: () => Promise<Answer>,
  pause: (ms: number) => Promise<unknown>,
): Promise<Answer> {
  let trouble: unknown = null;
  for (const waitMs of WAITS_MS) {
    await pause(waitFor(waitMs, trouble));
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      trouble = error;
    }
  }
  throw trouble;
}

const waitFor = (waitMs: number, trouble: unknown): number =>
  Math.min(Math.max(waitMs, (isPassing(trouble) && trouble.retryAfterMs) || 0), LONGEST_WAIT_MS);

/** What passes by itself (throttling, an outage). */
export const isPassing = (error: unknown): error is CountersignError =>
  isCountersignError(error) && error.retryable;

/** As `lookAtBucket`, but answers what passes by itself instead of throwing it. */
async function tryLook(
  bucket: BucketTarget,
  accountBlock: PublicAccessBlock | null,
  storage: Storage,
): Promise<BucketLook | CountersignError | null> {
  try {
    return await lookAtBucket(bucket, accountBlock, storage);
  } catch (error) {
    if (isPassing(error)) return error;
    throw error;
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
    if (isPassing(error)) throw error;
    if (isCountersignError(error) && error.code === 'aws.no-such-bucket') return null;
    return unknown(bucket, accountBlock, error);
  }
}

const unknown = (bucket: BucketTarget, accountBlock: PublicAccessBlock | null, why: unknown): BucketLook => ({
  bucket,
  public: null,
  objects: 'unknown',
  reasons: [say('s3.look.failed', { why: errorText(why) })],
  policyStatus: 'unknown',
  acl: 'unknown',
  block: 'unknown',
  accountBlock: blockWord(accountBlock),
});

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
