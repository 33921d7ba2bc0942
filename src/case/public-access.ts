// What makes a bucket public: shared by detection (is this change public?) and governance (what stays after it is not?).
// Pure, and fails closed: what is not understood counts as public. Source of the rules: "The meaning of public" in the S3 user guide.
import type { Json, JsonObject } from './json.ts';
import { type Binding, bindingConditions, bindsOnS3 } from './policy-conditions.ts';
import { field, isDeny, isFixed, isObject, listOf } from './policy-parts.ts';
import { isDeletedPrincipal } from './principal-names.ts';
import { accessGiven } from './s3-actions.ts';
import { type Said, say } from './said.ts';

/** S3 PublicAccessBlockConfiguration. The first two guard against new grants, the last two disarm existing ones. */
export type PublicAccessBlock = {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
};

export type AclGrant = {
  readonly permission: string;
  /** Exactly one of these names the grantee. */
  readonly uri?: string;
  readonly canonicalId?: string;
  readonly email?: string;
};
export type BucketAcl = {
  readonly ownerId: string;
  readonly grants: readonly AclGrant[];
};

/** Everything that decides whether a bucket is public, in one reading. Plain JSON, so that a run can keep it. */
export type BucketAccess = {
  /** Null where ACLs are disabled (BucketOwnerEnforced): then no ACL may be written. */
  readonly acl: BucketAcl | null;
  /** The policy document, null when there is none. */
  readonly policy: JsonObject | null;
  /** Null when the bucket has no configuration of its own. */
  readonly publicAccessBlock: PublicAccessBlock | null;
  /** The block of the whole account, where it was read: it counts for this bucket too, and is not the bucket's to change. */
  readonly accountBlock?: PublicAccessBlock | null;
  /** What S3 itself says of the policy, where it was asked. */
  readonly policyStatus?: { readonly public: boolean } | null;
  /** Canonical id of the owner, where the policy names canonical users and no access list says whose bucket it is. */
  readonly ownerId?: string;
};

export const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
export const AUTHENTICATED_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
export const ALL_BLOCKS: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

const EVERYONE = new Set([ALL_USERS, AUTHENTICATED_USERS]);

const hasTwins = (object: JsonObject): boolean =>
  new Set(Object.keys(object).map((key) => key.toLowerCase())).size < Object.keys(object).length;

/** Whether a principal is somebody in particular. Its type in lower case, empty where a principal stands alone. */
type Naming = (type: string, name: Json) => boolean;

/** Accounts of everybody at Google, Facebook or Cognito are everybody: of those who sign in elsewhere, only the provider of an account is not. */
const namedOnS3: Naming = (type, name) =>
  type === 'federated'
    ? typeof name === 'string' && /^arn:[\w-]+:iam::\d{12}:(?:saml|oidc)-provider\/[^*?$]+$/.test(name)
    : isFixed(name);

function isFixedPrincipal(principal: Json | undefined, isNamed: Naming): boolean {
  const types: readonly (readonly [string, Json | undefined])[] = isObject(principal)
    ? Object.entries(principal)
    : [['', principal]];
  const named = types.flatMap(([type, names]) =>
    listOf(names).map((name) => isNamed(type.toLowerCase(), name)),
  );
  return named.length > 0 && named.every(Boolean);
}

/**
 * Whether a statement, of whatever service, lets in people whom nobody chose: `binds` says which conditions tie the caller down,
 * `isNamed` which principals are somebody.
 */
export function letsStrangersIn(
  statement: Json,
  binds: Binding,
  isNamed: Naming = (_type, name) => isFixed(name),
): boolean {
  if (!isObject(statement) || hasTwins(statement)) return true;
  if (isDeny(statement)) return false;
  if (field(statement, 'notprincipal') !== undefined) return true;
  if (isFixedPrincipal(field(statement, 'principal'), isNamed)) return false;
  return bindingConditions(statement, binds).length === 0;
}

/**
 * Whether a bucket policy's statement lets in people whom nobody chose: an Allow to everyone but some, or to everyone without
 * a condition that ties it to a fixed organisation, account, ARN, VPC, VPC endpoint or address ranges up to /8 (IPv6: /32) that together are
 * less than a /7 (/31).
 */
export const isPublicStatement = (statement: Json): boolean =>
  letsStrangersIn(statement, bindsOnS3, namedOnS3);

/** The statements of a policy document, which may hold one bare statement instead of a list. */
export const statementsOf = (policy: JsonObject | null): readonly Json[] =>
  Object.entries(policy ?? {}).flatMap(([key, value]) =>
    key.toLowerCase() === 'statement' ? listOf(value) : [],
  );

/** Allow statements whose principal is everybody, with whatever condition. */
export const statementsForEverybody = (policy: JsonObject | null): readonly Json[] =>
  statementsOf(policy).filter(
    (each) => isObject(each) && !isDeny(each) && !isFixedPrincipal(field(each, 'principal'), namedOnS3),
  );

/** The policy with each statement changed, or taken out where `change` answers undefined; null when no statement is left. */
export function changeStatements(
  policy: JsonObject,
  change: (statement: Json) => Json | undefined,
): JsonObject | null {
  const changed = Object.fromEntries(
    Object.entries(policy).map(([key, value]) => {
      if (key.toLowerCase() !== 'statement') return [key, value];
      const stay = listOf(value)
        .map(change)
        .filter((statement) => statement !== undefined);
      return [key, Array.isArray(value) ? stay : (stay[0] ?? [])];
    }),
  );
  return statementsOf(changed).length === 0 ? null : changed;
}

/** Undefined where nobody is left. S3 takes no policy that names somebody deleted, so those must not keep the others' door open. */
function namedAlone(principal: Json): JsonObject | undefined {
  if (!isObject(principal)) return undefined;
  const left = Object.entries(principal).flatMap(([type, names]) => {
    const named = listOf(names).filter(
      (name) => namedOnS3(type.toLowerCase(), name) && !isDeletedPrincipal(String(name)),
    );
    return named.length > 0 ? [[type, Array.isArray(names) ? named : names] as const] : [];
  });
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** A public statement for those alone whom it names beside everybody; undefined where it names nobody. */
function forNamedAlone(statement: Json): JsonObject | undefined {
  if (!isObject(statement) || hasTwins(statement) || field(statement, 'notprincipal') !== undefined)
    return undefined;
  const named = namedAlone(field(statement, 'principal') ?? null);
  if (named === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(statement).map(([key, value]) => [key, key.toLowerCase() === 'principal' ? named : value]),
  );
}

/**
 * The policy with nothing public in it (null when none is left), and its public statements as they were: whoever is named in one
 * beside everybody keeps it. Nothing else is changed.
 */
export function splitPolicy(policy: JsonObject | null): {
  readonly kept: JsonObject | null;
  readonly removed: readonly Json[];
} {
  const removed = statementsOf(policy).filter(isPublicStatement);
  if (!policy || removed.length === 0) return { kept: policy, removed: [] };
  const kept = changeStatements(policy, (statement) =>
    isPublicStatement(statement) ? forNamedAlone(statement) : statement,
  );
  return { kept, removed };
}

/** Grants to everyone, or to everyone with an AWS account: S3 calls both public. */
export const publicGrants = (acl: BucketAcl | null): readonly AclGrant[] =>
  (acl?.grants ?? []).filter(({ uri }) => uri !== undefined && EVERYONE.has(uri));

export const withoutPublicGrants = (acl: BucketAcl): BucketAcl => {
  const open = new Set(publicGrants(acl));
  return { ...acl, grants: acl.grants.filter((grant) => !open.has(grant)) };
};

/** What two configurations do together: S3 applies the stricter of the bucket's and the account's, flag by flag. */
export function strictest(
  a: PublicAccessBlock | null,
  b: PublicAccessBlock | null,
): PublicAccessBlock | null {
  if (!a || !b) return a ?? b;
  return {
    blockPublicAcls: a.blockPublicAcls || b.blockPublicAcls,
    ignorePublicAcls: a.ignorePublicAcls || b.ignorePublicAcls,
    blockPublicPolicy: a.blockPublicPolicy || b.blockPublicPolicy,
    restrictPublicBuckets: a.restrictPublicBuckets || b.restrictPublicBuckets,
  };
}

/** What counts for the bucket: its own block and, where it was read, the account's. */
export const blockInForce = ({
  publicAccessBlock,
  accountBlock = null,
}: Pick<BucketAccess, 'publicAccessBlock' | 'accountBlock'>): PublicAccessBlock | null =>
  strictest(publicAccessBlock, accountBlock);

export const allBlocksOn = (block: PublicAccessBlock | null): boolean =>
  block !== null && Object.keys(ALL_BLOCKS).every((flag) => block[flag as keyof PublicAccessBlock]);

/** Whether strangers get in as things stand, with one plain sentence for each way. Blocks that disarm a way are counted. */
export function isPublic(access: BucketAccess): {
  readonly public: boolean;
  readonly reasons: readonly Said[];
} {
  const reasons: Said[] = [];
  const { removed } = splitPolicy(access.policy);
  const block = blockInForce(access);
  if (removed.length > 0 && !block?.restrictPublicBuckets)
    reasons.push(say('s3.why.policy', { access: accessGiven(removed), n: removed.length }));
  if (!block?.ignorePublicAcls)
    for (const { uri, permission } of publicGrants(access.acl))
      reasons.push(say(uri === ALL_USERS ? 's3.why.list-everyone' : 's3.why.list-aws', { permission }));
  return { public: reasons.length > 0, reasons };
}
