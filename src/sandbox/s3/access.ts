// Who may do what to a bucket: identity policy, bucket policy, access lists and public access blocks together,
// as "How Amazon S3 authorizes a request" in the S3 user guide has it. Never opens anything that the guide leaves closed.
import {
  type AclGrant,
  ALL_USERS,
  AUTHENTICATED_USERS,
  type BucketAcl,
  isPublicStatement,
  type PublicAccessBlock,
  statementsOf,
  strictest,
  withoutPublicGrants,
} from '../../case/public-access.ts';
import type { Caller } from './callers.ts';
import { isLike, isObject, type Match, matchStatement, type PolicyRequest } from './policy-language.ts';
import type { BucketState, ObjectState } from './state.ts';

export interface AccessRequest {
  /** Null for an anonymous caller. */
  readonly caller: Caller | null;
  /** `s3:GetObject` and so on. */
  readonly action: string;
  readonly bucket: BucketState;
  /** The block of the bucket's whole account; null or absent where there is none. */
  readonly accountBlock?: PublicAccessBlock | null;
  /** Canonical id of the bucket's account. */
  readonly ownerId: string;
  readonly key?: string;
  readonly object?: ObjectState;
  readonly sourceIp: string;
  /** What else AWS knows of the request when it looks at conditions; lower-case names. */
  readonly keys?: Readonly<Record<string, string>>;
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

/** What a grant on the bucket, or on an object, lets its grantee do. */
const BUCKET_GRANTS: Readonly<Record<string, readonly string[]>> = {
  READ: ['s3:ListBucket'],
  WRITE: ['s3:PutObject'],
  READ_ACP: ['s3:GetBucketAcl'],
  WRITE_ACP: ['s3:PutBucketAcl'],
};
const OBJECT_GRANTS: Readonly<Record<string, readonly string[]>> = {
  READ: ['s3:GetObject'],
  READ_ACP: ['s3:GetObjectAcl'],
  WRITE_ACP: ['s3:PutObjectAcl'],
};
/** The root of the bucket's account can always get at the policy, so that no policy locks everybody out. */
const POLICY_ACTIONS = new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']);

export const isPolicyPublic = (bucket: BucketState): boolean =>
  statementsOf(bucket.policy).some(isPublicStatement);

/** The bucket's block and its account's together. */
export const blockOf = ({
  bucket,
  accountBlock,
}: Pick<AccessRequest, 'bucket' | 'accountBlock'>): PublicAccessBlock | null =>
  strictest(bucket.publicAccessBlock, accountBlock ?? null);

/**
 * An access list as S3 shows it: what is in force, so that grants to everybody are not in it while they are ignored. ("Blocking public
 * access to your Amazon S3 storage" in the user guide.)
 */
export const effectiveAcl = (
  acl: BucketAcl,
  request: Pick<AccessRequest, 'bucket' | 'accountBlock'>,
): BucketAcl => (blockOf(request)?.ignorePublicAcls ? withoutPublicGrants(acl) : acl);

const aclsEnabled = (bucket: BucketState): boolean => bucket.ownership !== 'BucketOwnerEnforced';

function policyRequest(request: AccessRequest): PolicyRequest {
  const { caller, action, bucket, key, sourceIp } = request;
  const resource = `arn:aws:s3:::${bucket.name}${key === undefined ? '' : `/${key}`}`;
  const keys: Record<string, string> = {
    ...request.keys,
    'aws:sourceip': sourceIp,
    'aws:securetransport': 'false',
  };
  if (caller) {
    keys['aws:principalaccount'] = caller.account.id;
    keys['aws:principalarn'] = caller.roleArn ?? caller.arn;
    if (caller.account.organisation) keys['aws:principalorgid'] = caller.account.organisation;
    Object.assign(keys, caller.keys);
  }
  const arns = caller ? [caller.arn, ...(caller.roleArn ? [caller.roleArn] : [])] : [];
  const who = caller && { account: caller.account.id, canonicalId: caller.account.canonicalId, arns };
  return { action, resource, caller: who, keys };
}

/** How the bucket policy speaks of the request with one effect. */
function policyMatch(request: AccessRequest, effect: 'Allow' | 'Deny'): Match {
  const compared = policyRequest(request);
  const matches = statementsOf(request.bucket.policy)
    .filter((statement) => isObject(statement) && statement.Effect === effect)
    .map((statement) => matchStatement(statement, compared));
  return matches.find((match) => match === 'direct') ?? matches.find((match) => match === 'account') ?? null;
}

function policyAllow(request: AccessRequest): Match {
  const { bucket, caller, object, ownerId } = request;
  const outsider = caller?.account.id !== bucket.account;
  if (outsider && blockOf(request)?.restrictPublicBuckets && isPolicyPublic(bucket)) return null;
  // A bucket policy does not reach objects that another account owns.
  if (object && aclsEnabled(bucket) && object.ownerId !== ownerId) return null;
  return policyMatch(request, 'Allow');
}

function isGrantee(grant: AclGrant, request: AccessRequest): boolean {
  const { caller } = request;
  const open = grant.uri === ALL_USERS || (grant.uri === AUTHENTICATED_USERS && caller !== null);
  if (open) return !blockOf(request)?.ignorePublicAcls;
  return caller !== null && grant.canonicalId === caller.account.canonicalId;
}

function aclAllows(request: AccessRequest): boolean {
  const { action, bucket, object } = request;
  if (!aclsEnabled(bucket)) return false;
  const covers = (table: Readonly<Record<string, readonly string[]>>, { permission }: AclGrant): boolean =>
    (permission === 'FULL_CONTROL' ? Object.values(table).flat() : (table[permission] ?? [])).includes(
      action,
    );
  return (
    bucket.grants.some((grant) => covers(BUCKET_GRANTS, grant) && isGrantee(grant, request)) ||
    (object?.grants ?? []).some((grant) => covers(OBJECT_GRANTS, grant) && isGrantee(grant, request))
  );
}

/** AWS explains a refusal only to callers of the bucket's own account ("Access denied message examples" in the user guide). */
export function refusal({ caller, action, bucket, key }: AccessRequest, because: string): string {
  if (caller?.account.id !== bucket.account) return 'Access Denied';
  const resource = `arn:aws:s3:::${bucket.name}${key === undefined ? '' : `/${key}`}`;
  return `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}" because ${because}`;
}

export const identityAllows = (caller: Caller, action: string): boolean =>
  caller.allows.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase()));

export function decideAccess(request: AccessRequest): Decision {
  const { caller, action, bucket } = request;
  const own = caller?.account.id === bucket.account;
  const rescue = own && caller.arn.endsWith(':root') && POLICY_ACTIONS.has(action);
  if (caller?.denies?.(policyRequest(request)))
    return { allowed: false, message: refusal(request, 'of an explicit deny in an identity-based policy') };
  if (!rescue && policyMatch(request, 'Deny'))
    return { allowed: false, message: refusal(request, 'of an explicit deny in a resource-based policy') };
  const named = policyAllow(request);
  const byIdentity = caller !== null && identityAllows(caller, action);
  const byResource = named !== null || aclAllows(request);
  const allowed = !caller ? byResource : own ? byIdentity || named === 'direct' : byIdentity && byResource;
  if (allowed) return { allowed: true };
  return {
    allowed: false,
    message: refusal(request, `no identity-based policy allows the ${action} action`),
  };
}
