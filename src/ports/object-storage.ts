// Buckets: what makes them public, and the writes that change it. Every call names the account that must own the bucket.
import type { JsonObject } from '../case/json.ts';
import type { BucketAccess, BucketAcl, PublicAccessBlock } from '../case/public-access.ts';
import type { BucketTarget, ObjectTarget } from '../case/target.ts';
import type { Receipt } from './receipt.ts';

/**
 * Throws CountersignError: `aws.not-listed` (account without a role in the settings), `aws.unauthorised` (our own keys are not
 * taken), `aws.forbidden`, `aws.no-such-bucket`, `aws.no-such-object`, `aws.denied` (by the bucket's own policy),
 * `aws.managed-by-organisation` (an account's block alone), `aws.refused` (S3 did not accept the document; all final),
 * `aws.throttled`, `aws.unavailable` (retryable).
 */
export interface ObjectStorage {
  readAccess(bucket: BucketTarget): Promise<BucketAccess>;
  /** Null deletes the policy. */
  writePolicy(bucket: BucketTarget, policy: JsonObject | null): Promise<Receipt>;
  writeAcl(bucket: BucketTarget, acl: BucketAcl): Promise<Receipt>;
  /** Null removes the configuration. */
  writePublicAccessBlock(bucket: BucketTarget, block: PublicAccessBlock | null): Promise<Receipt>;

  /** Null when there is no such object, or ACLs are disabled on its bucket. */
  readObjectAcl(object: ObjectTarget): Promise<BucketAcl | null>;
  writeObjectAcl(object: ObjectTarget, acl: BucketAcl): Promise<Receipt>;

  /** Every bucket of the account, with its region. */
  listBuckets(account: string): Promise<readonly BucketTarget[]>;
  /** What S3 itself says of the bucket's policy; null where there is no policy. */
  readPolicyStatus(bucket: BucketTarget): Promise<{ readonly public: boolean } | null>;
  /** Null when the account has no block of its own. */
  readAccountBlock(account: string): Promise<PublicAccessBlock | null>;
  /** Null removes it. */
  writeAccountBlock(account: string, block: PublicAccessBlock | null): Promise<Receipt>;
}
