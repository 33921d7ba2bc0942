// Whether what an alert said is over, asked of where it came from: nobody's word is taken for it.
import type { SourceName } from '../case/alert.ts';
import { isCountersignError } from '../case/errors.ts';
import { type BucketTarget, type Target, targetKey } from '../case/target.ts';
import type { AlertSource } from '../ports/alert-source.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';
import { isPassing, lookAtBucket } from './look-at-buckets.ts';
import { bucketOf, unreadableIn } from './sources/bucket-inventory.ts';

interface Sources {
  readonly alerts: AlertSource;
  readonly storage: ObjectStorage;
}

/** `targets`: what the case is about. Throws what the source throws. CloudTrail events are never over. */
export const createResolvedCheck =
  ({ alerts, storage }: Sources) =>
  async (source: SourceName, sourceId: string, targets: readonly Target[]): Promise<boolean> => {
    if (source === 'graph') {
      const alert = await alerts.read(sourceId);
      return typeof alert?.status === 'string' && alert.status.toLowerCase() === 'resolved';
    }
    if (source !== 'inventory') return false;
    const account = unreadableIn(sourceId);
    if (account) return canBeLookedAt(account, targets, storage);
    const bucket = bucketOf(sourceId, '');
    return bucket !== null && (await isPrivateOrGone(bucket, storage));
  };

async function isPrivateOrGone(bucket: BucketTarget, storage: ObjectStorage): Promise<boolean> {
  const look = await lookAtBucket(bucket, await storage.readAccountBlock(bucket.account), storage);
  if (look?.public !== null) return !look?.public;
  // Once it is gone, its name may be somebody else's, who keeps us out.
  const there = await storage.listBuckets(bucket.account);
  return !there.some(({ name }) => name === bucket.name);
}

/** The watch has just looked at all of them, which a step's time may not be enough for. */
const MOST_LOOKS = 20;

/** The account's list, and those of its buckets that the question was about. Throws only what passes by itself. */
async function canBeLookedAt(account: string, targets: readonly Target[], storage: ObjectStorage) {
  try {
    const block = await storage.readAccountBlock(account);
    const there = await storage.listBuckets(account);
    const asked = new Set(targets.map(targetKey));
    const isAll = asked.has(targetKey({ kind: 'aws-account', account }));
    const some = isAll ? there.slice(0, MOST_LOOKS) : there.filter((one) => asked.has(targetKey(one)));
    for (const bucket of some) {
      const look = await lookAtBucket(bucket, block, storage);
      if (look?.public === null) return false;
    }
    return true;
  } catch (error) {
    if (!isCountersignError(error) || isPassing(error)) throw error;
    return false;
  }
}
