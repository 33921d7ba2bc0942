// Buckets: what makes them public, and the writes that change it. Every call names the account that must own the bucket.
import type { BucketTarget } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { BucketAccess, BucketAcl, PublicAccessBlock } from '../case/public-access.ts';

export interface StorageReceipt {
  readonly requestId: string;
}

/**
 * Throws CountersignError: `aws.not-listed` (account without a role in the settings), `aws.forbidden`, `aws.no-such-bucket`,
 * `aws.wrong-owner`, `aws.refused` (S3 did not accept the document; all final), `aws.throttled`, `aws.unavailable` (retryable).
 */
export interface ObjectStorage {
  readAccess(bucket: BucketTarget): Promise<BucketAccess>;
  /** Null deletes the policy. */
  writePolicy(bucket: BucketTarget, policy: JsonObject | null): Promise<StorageReceipt>;
  writeAcl(bucket: BucketTarget, acl: BucketAcl): Promise<StorageReceipt>;
  /** Null removes the configuration. */
  writePublicAccessBlock(bucket: BucketTarget, block: PublicAccessBlock | null): Promise<StorageReceipt>;
}
