// A bucket that was found public by looking, as an alert. Nobody did anything that we saw: there is no caller in it.
import type { Alert } from '../../case/alert.ts';
import type { JsonObject } from '../../case/json.ts';
import type { BucketTarget } from '../../case/target.ts';
import { digestOf } from './digest.ts';

/** One alert a bucket, whatever happens to it: what it says now is its revision. */
export const inventoryId = ({ account, name }: BucketTarget): string => `${account}/${name}`;

/** The bucket that an alert of this source is about; null for anything else. The region is not in the id. */
export function bucketOf(sourceId: string, region: string): BucketTarget | null {
  const [, account = '', name = ''] = /^(\d{12})\/(.+)$/.exec(sourceId) ?? [];
  return account ? { kind: 'bucket', account, region, name } : null;
}

/** With no reasons the bucket is no longer public: then the alert is resolved, and asks nothing. */
export function inventoryAlert(bucket: BucketTarget, reasons: readonly string[], at: string): Alert {
  const open = reasons.length > 0;
  const event: JsonObject = {
    source: 'bucket-inventory',
    account: bucket.account,
    region: bucket.region,
    bucket: bucket.name,
    public: open,
    reasons,
  };
  return {
    source: 'inventory',
    sourceId: inventoryId(bucket),
    revision: at,
    fingerprint: digestOf({ bucket: inventoryId(bucket), reasons }),
    occurredAt: at,
    title: 'S3 bucket publicly accessible',
    severity: 'high',
    resolved: !open,
    attempt: false,
    mentions: [],
    targets: [bucket],
    facts: [
      { label: 'Account', value: bucket.account },
      { label: 'Region', value: bucket.region },
      ...reasons.map((value) => ({ label: 'Why', value })),
    ],
    event,
  };
}
