// What makes a bucket public: shared by detection (is this change public?) and governance (what stays after it is not?).
// Pure. Source of the rules: "The meaning of public" in the S3 user guide.
import type { JsonObject } from './json.ts';

/** S3 PublicAccessBlockConfiguration. The first two guard against new grants, the last two disarm existing ones. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

export interface AclGrant {
  readonly permission: string;
  /** Exactly one of these names the grantee. */
  readonly uri?: string;
  readonly canonicalId?: string;
  readonly email?: string;
}
export interface BucketAcl {
  readonly ownerId: string;
  readonly grants: readonly AclGrant[];
}

/** Everything that decides whether a bucket is public, in one reading. */
export interface BucketAccess {
  /** Null where ACLs are disabled (BucketOwnerEnforced): then no ACL may be written. */
  readonly acl: BucketAcl | null;
  /** The policy document, null when there is none. */
  readonly policy: JsonObject | null;
  /** Null when the bucket has no configuration of its own. */
  readonly publicAccessBlock: PublicAccessBlock | null;
}
