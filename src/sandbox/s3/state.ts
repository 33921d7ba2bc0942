// What the stand-in S3 knows: accounts and callers (fixed), buckets and objects (they change). Plain JSON, so that it can be kept.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../case/json.ts';
import type { AclGrant, PublicAccessBlock } from '../../case/public-access.ts';
import { type CannedAcl, cannedGrants } from './acl.ts';

export interface S3Account {
  /** Twelve digits. */
  readonly id: string;
  /** 64 hex digits: how access lists name the account. */
  readonly canonicalId: string;
  /** `o-...`, where the account belongs to an organisation. */
  readonly organisation?: string;
}

/** Somebody with long-lived keys: an IAM user, or the root of an account (`arn:aws:iam::ACCOUNT:root`). */
export interface S3User {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Actions of the identity policy, wildcards allowed. */
  readonly allows: readonly string[];
}

export interface S3Role {
  readonly arn: string;
  readonly allows: readonly string[];
  /** ARNs of the users who may assume it. */
  readonly trusts: readonly string[];
}

/** Null: the bucket has no ownership controls, which leaves ACLs enabled. */
export type Ownership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | null;

export type ObjectState = {
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
  /** ISO 8601. */
  readonly lastModified: string;
  readonly ownerId: string;
  readonly grants: readonly AclGrant[];
};

export type BucketState = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: string;
  readonly ownership: Ownership;
  readonly grants: readonly AclGrant[];
  readonly policy: JsonObject | null;
  readonly publicAccessBlock: PublicAccessBlock | null;
  /** Bodies in base64. */
  readonly objects: Readonly<Record<string, ObjectState>>;
};

export type S3State = {
  readonly buckets: Readonly<Record<string, BucketState>>;
  /** The account-level public access blocks, by account. Absent while no account has one. */
  readonly accountBlocks?: Readonly<Record<string, PublicAccessBlock>>;
};

/** A bucket as a scenario describes it. */
export interface BucketSeed {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** BucketOwnerEnforced when absent, as AWS creates buckets. */
  readonly ownership?: Ownership;
  readonly acl?: CannedAcl | readonly AclGrant[];
  readonly policy?: JsonObject | null;
  readonly publicAccessBlock?: PublicAccessBlock | null;
  readonly objects?: Readonly<Record<string, string | { readonly body: string; readonly acl?: CannedAcl }>>;
}

export function objectState(
  body: Buffer,
  ownerId: string,
  grants: readonly AclGrant[],
  at: number,
  contentType: string,
): ObjectState {
  const etag = createHash('md5').update(body).digest('hex');
  return {
    body: body.toString('base64'),
    contentType,
    etag,
    lastModified: new Date(at).toISOString(),
    ownerId,
    grants,
  };
}

/** The state of a new bucket. Throws when its account is not among `accounts`. */
export function createBucketState(seed: BucketSeed, accounts: readonly S3Account[], at: number): BucketState {
  const owner = accounts.find(({ id }) => id === seed.account)?.canonicalId;
  if (owner === undefined) throw new Error(`bucket ${seed.name}: account ${seed.account} is not known`);
  const acl = seed.acl ?? 'private';
  const objects = Object.entries(seed.objects ?? {}).map(([key, given]) => {
    const { body, acl: objectAcl } = typeof given === 'string' ? { body: given } : given;
    const grants = cannedGrants(objectAcl ?? 'private', owner, owner);
    return [key, objectState(Buffer.from(body), owner, grants, at, 'text/plain')] as const;
  });
  return {
    name: seed.name,
    account: seed.account,
    region: seed.region,
    createdAt: new Date(at).toISOString(),
    ownership: seed.ownership === undefined ? 'BucketOwnerEnforced' : seed.ownership,
    grants: typeof acl === 'string' ? cannedGrants(acl, owner, owner) : acl,
    policy: seed.policy ?? null,
    publicAccessBlock: seed.publicAccessBlock ?? null,
    objects: Object.fromEntries(objects),
  };
}
