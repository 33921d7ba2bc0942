// What was found by looking, as alerts: a bucket that is public, and the buckets of an account that could not be looked at. Nobody
// did anything that we saw: there is no caller in them.
import type { Alert } from '../../case/alert.ts';
import type { JsonObject } from '../../case/json.ts';
import { type Said, say } from '../../case/said.ts';
import type { BucketTarget } from '../../case/target.ts';
import { digestOf } from './digest.ts';

/** One alert a bucket, whatever happens to it: what it says now is its revision. */
export const inventoryId = ({ account, name }: BucketTarget): string => `${account}/${name}`;

/** The bucket that an alert of this source is about; null for anything else. The region is not in the id. */
export function bucketOf(sourceId: string, region: string): BucketTarget | null {
  const [, account = '', name = ''] = /^(\d{12})\/(.+)$/.exec(sourceId) ?? [];
  return account ? { kind: 'bucket', account, region, name } : null;
}

/** As the record has it: policies read what is in the event, and what is the same as before is told by it. */
type Write = (said: Said) => string;

/** With no reasons the bucket is no longer public: then the alert is resolved, and asks nothing. */
export function inventoryAlert(bucket: BucketTarget, why: readonly Said[], at: string, write: Write): Alert {
  const reasons = why.map(write);
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
    title: say('ingest.bucket-public'),
    severity: 'high',
    resolved: !open,
    attempt: false,
    mentions: [],
    targets: [bucket],
    facts: [
      { label: say('ingest.account'), value: bucket.account },
      { label: say('ingest.region'), value: bucket.region },
      ...why.map((value) => ({ label: say('s3.look.why'), value })),
    ],
    event,
  };
}

/** One alert an account. No bucket's name has a colon in it, so no bucket's alert has this id. */
export const unreadableId = (account: string): string => `${account}:unreadable`;

/** The account whose unreadable buckets the alert is about; null for anything else. */
export const unreadableIn = (sourceId: string): string | null =>
  /^(\d{12}):unreadable$/.exec(sourceId)?.[1] ?? null;

export interface Unreadable {
  readonly account: string;
  /** Sorted by name. Empty with `isAll`. */
  readonly buckets: readonly BucketTarget[];
  /** None of them can be looked at, or they cannot even be listed: then it is about the account. */
  readonly isAll: boolean;
  readonly reasons: readonly Said[];
  /** Names of all that it asks about, of which some may be seen again by now. */
  readonly asked: readonly string[];
}

const NAMES_KEPT = 20;
const REASONS_KEPT = 5;

/** With no buckets, and not all of them, everything can be looked at again: then the alert is resolved, and asks nothing. */
export function unreadableAlert(
  { account, buckets, isAll, reasons, asked }: Unreadable,
  at: string,
  write: Write,
): Alert {
  const hidden = isAll || buckets.length > 0;
  const names = buckets.map(({ name }) => name);
  const kept = reasons.slice(0, REASONS_KEPT);
  const more = Math.max(0, names.length - NAMES_KEPT);
  return {
    source: 'inventory',
    sourceId: unreadableId(account),
    revision: at,
    // Why it cannot be looked at may be said in other words each time.
    fingerprint: digestOf({ account, asked }),
    occurredAt: at,
    title: say(isAll ? 'ingest.buckets-hidden' : 'ingest.bucket-hidden'),
    severity: 'high',
    resolved: !hidden,
    attempt: false,
    mentions: [],
    targets: isAll ? [{ kind: 'aws-account', account }] : buckets.slice(0, NAMES_KEPT),
    ...(more > 0 && { moreTargets: more }),
    facts: [
      { label: say('ingest.account'), value: account },
      ...kept.map((value) => ({ label: say('s3.look.why'), value })),
    ],
    event: {
      source: 'bucket-inventory',
      account,
      unreadable: hidden,
      buckets: names.slice(0, NAMES_KEPT),
      more,
      all: isAll,
      reasons: kept.map(write),
    },
  };
}
