// What makes a bucket public: shared by detection (is this change public?) and governance (what stays after it is not?).
// Pure, and fails closed: what is not understood counts as public. Source of the rules: "The meaning of public" in the S3 user guide.
import type { Json, JsonObject } from './json.ts';
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

/** Condition keys whose fixed value names something that somebody owns. `aws:username` is not one: there are too many Andrews. */
const TRUSTED_KEYS = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
]);
/** `...IfExists`, `ForAllValues:` and every negated operator hold for a caller who lacks the key: they limit nobody. */
const MATCHING_OPERATORS = new Set([
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
]);
/** S3 counts wider ranges as public. */
const NARROWEST_PUBLIC_PREFIX = { v4: 7, v6: 31 };

/** A JSON object's value by name (lower case), in any letter case. */
export function field(object: JsonObject, name: string): Json | undefined {
  for (const key in object) if (isNamed(key, name) && Object.hasOwn(object, key)) return object[key];
  return undefined;
}
// Most keys differ in length: nothing is copied to compare them.
const isNamed = (key: string, name: string): boolean =>
  key.length === name.length && key.toLowerCase() === name;
const hasTwins = (object: JsonObject): boolean =>
  new Set(Object.keys(object).map((key) => key.toLowerCase())).size < Object.keys(object).length;
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Json];

/** No wildcard and no policy variable in it. */
const isFixed = (value: Json): boolean => typeof value === 'string' && value !== '' && !/[*?$]/.test(value);

/** The access point's name may be a wildcard where account and region are fixed. */
const isFixedAccessPoint = (value: Json): boolean =>
  typeof value === 'string' && /^arn:[\w-]+:s3:[\w-]+:\d{12}:accesspoint\/[^$]+$/.test(value);

/** The part of all addresses (IPv4 or IPv6) that a range is; null for what is none, or what S3 counts as public by itself. */
function rangeShare(value: Json): { readonly family: 'v4' | 'v6'; readonly share: number } | null {
  if (typeof value !== 'string') return null;
  const [address = '', prefix] = value.split('/');
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return null;
  // ::ffff:0:0/96 would be every IPv4 address: nothing that begins with zeros counts as narrow.
  const isV6 = /^[1-9a-f][\da-f]*:[\da-f:]*$/i.test(address);
  if (!isV6 && !/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return null;
  const family = isV6 ? 'v6' : 'v4';
  const bits = Number(prefix ?? (isV6 ? 128 : 32));
  return bits > NARROWEST_PUBLIC_PREFIX[family] ? { family, share: 2 ** -bits } : null;
}

/** Ranges add up: 256 of /8 are the whole internet. Together they must stay below the smallest one that is public by itself. */
function areNarrowTogether(ranges: readonly Json[]): boolean {
  const total = { v4: 0, v6: 0 };
  for (const range of new Set(ranges)) {
    const { family, share } = rangeShare(range) ?? { family: 'v4', share: 1 };
    total[family] += share;
  }
  return total.v4 < 2 ** -NARROWEST_PUBLIC_PREFIX.v4 && total.v6 < 2 ** -NARROWEST_PUBLIC_PREFIX.v6;
}

function isTrustedValue(key: string, value: Json): boolean {
  if (key === 's3:dataaccesspointarn') return isFixed(value) || isFixedAccessPoint(value);
  return isFixed(value);
}

/** Whether one value of a condition ties the caller to somebody in particular. Operator (without set prefix) and key in lower case. */
export type Binding = (operator: string, key: string, value: Json) => boolean;

/** Operators that hold only for a caller who has the key. */
export const isMatchingOperator = (operator: string): boolean => MATCHING_OPERATORS.has(operator);

/** What S3 counts as a binding. */
export const bindsOnS3: Binding = (operator, key, value) =>
  operator === 'ipaddress'
    ? key === 'aws:sourceip' && rangeShare(value) !== null
    : isMatchingOperator(operator) && TRUSTED_KEYS.has(key) && isTrustedValue(key, value);

/** Key in lower case; one of the values must be met. */
export interface BindingCondition {
  readonly key: string;
  readonly values: readonly Json[];
}

/** Each key of a statement's conditions that ties the caller to somebody, with its values. All of them must hold for a call. */
export function bindingConditions(statement: JsonObject, binds: Binding): readonly BindingCondition[] {
  const condition = field(statement, 'condition');
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) => {
    const name = operator.toLowerCase().replace(/^foranyvalue:/, '');
    return Object.entries(isObject(keys) ? keys : {})
      .map(([key, raw]) => ({ key: key.toLowerCase(), values: listOf(raw) }))
      .filter(({ key, values }) => values.length > 0 && values.every((value) => binds(name, key, value)))
      .filter(({ values }) => name !== 'ipaddress' || areNarrowTogether(values));
  });
}

function isFixedPrincipal(principal: Json | undefined): boolean {
  const named = isObject(principal) ? Object.values(principal).flatMap(listOf) : listOf(principal);
  return named.length > 0 && named.every(isFixed);
}

/** An effect that is not a text is none that AWS knows. */
export function isDeny(statement: JsonObject): boolean {
  const effect = field(statement, 'effect');
  return typeof effect === 'string' && effect.toLowerCase() === 'deny';
}

/** Whether a statement, of whatever service, lets in people whom nobody chose: `binds` says which conditions tie the caller down. */
export function letsStrangersIn(statement: Json, binds: Binding): boolean {
  if (!isObject(statement) || hasTwins(statement)) return true;
  if (isDeny(statement)) return false;
  if (field(statement, 'notprincipal') !== undefined) return true;
  if (isFixedPrincipal(field(statement, 'principal'))) return false;
  return bindingConditions(statement, binds).length === 0;
}

/**
 * Whether a bucket policy's statement lets in people whom nobody chose: an Allow to everyone but some, or to everyone without
 * a condition that ties it to a fixed organisation, account, ARN, VPC, VPC endpoint or address ranges up to /8 (IPv6: /32) that together are
 * less than a /7 (/31).
 */
export const isPublicStatement = (statement: Json): boolean => letsStrangersIn(statement, bindsOnS3);

/** The statements of a policy document, which may hold one bare statement instead of a list. */
export const statementsOf = (policy: JsonObject | null): readonly Json[] =>
  Object.entries(policy ?? {}).flatMap(([key, value]) =>
    key.toLowerCase() === 'statement' ? listOf(value) : [],
  );

/** Allow statements whose principal is everybody, with whatever condition. */
export const statementsForEverybody = (policy: JsonObject | null): readonly Json[] =>
  statementsOf(policy).filter(
    (each) => isObject(each) && !isDeny(each) && !isFixedPrincipal(field(each, 'principal')),
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

/** The policy without its public statements (null when none is left), and those statements. Nothing else is changed. */
export function splitPolicy(policy: JsonObject | null): {
  readonly kept: JsonObject | null;
  readonly removed: readonly Json[];
} {
  const removed = statementsOf(policy).filter(isPublicStatement);
  if (!policy || removed.length === 0) return { kept: policy, removed: [] };
  const kept = changeStatements(policy, (statement) =>
    isPublicStatement(statement) ? undefined : statement,
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

/** What a set of statements lets people do. */
export function accessGiven(statements: readonly Json[]): 'read' | 'write' | 'both' {
  const actions = statements.flatMap((statement) =>
    isObject(statement) && field(statement, 'notaction') === undefined
      ? listOf(field(statement, 'action')).map(String)
      : ['*'],
  );
  const reads = actions.filter((action) => /^s3:(get|list|head|describe)/i.test(action));
  if (reads.length === actions.length) return 'read';
  const both = reads.length > 0 || actions.some((action) => /^(s3:)?[*?]/i.test(action));
  return both ? 'both' : 'write';
}

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
