// Whether what an alert said is over, asked of where it came from: nobody's word is taken for it.
import type { SourceName } from '../case/alert.ts';
import { isCountersignError } from '../case/errors.ts';
import type { AlertSource } from '../ports/alert-source.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';
import { lookAtBucket } from './look-at-buckets.ts';
import { bucketOf } from './sources/bucket-inventory.ts';

interface Sources {
  readonly alerts: AlertSource;
  readonly storage: ObjectStorage;
}

/** Throws what the source throws. CloudTrail events are never over. */
export const createResolvedCheck =
  ({ alerts, storage }: Sources) =>
  async (source: SourceName, sourceId: string): Promise<boolean> => {
    if (source === 'graph') {
      const alert = await alerts.read(sourceId);
      return typeof alert?.status === 'string' && alert.status.toLowerCase() === 'resolved';
    }
    const bucket = source === 'inventory' ? bucketOf(sourceId, '') : null;
    return bucket !== null && (await isPrivateOrGone(bucket, storage));
  };

async function isPrivateOrGone(bucket: NonNullable<ReturnType<typeof bucketOf>>, storage: ObjectStorage) {
  try {
    await storage.readAccess(bucket);
  } catch (error) {
    if (isCountersignError(error) && error.code === 'aws.no-such-bucket') return true;
    throw error;
  }
  const look = await lookAtBucket(bucket, await storage.readAccountBlock(bucket.account), storage);
  return look.public === false;
}
