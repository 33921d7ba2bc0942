// Evaluates bucket policies: does a statement speak of this caller, action and resource, under these conditions?
// Written apart from case/public-access.ts on purpose: one checks the other.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Json, JsonObject } from '../../case/json.ts';

/** What a statement is compared with. `keys` has lower-case names. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** Null for an anonymous caller. */
  readonly caller: {
    readonly account: string;
    readonly canonicalId: string;
    /** The user's or session's ARN, and the role's where it is a session. */
    readonly arns: readonly string[];
  } | null;
  readonly keys: Readonly<Record<string, string>>;
}

/** How the principal was named: as itself (or everyone), or by its account, which then decides for its own people. */
export type Match = 'direct' | 'account' | null;

export const CONDITION_OPERATORS: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted) => isLike(actual, wanted),
  ArnEquals: (actual, wanted) => isLike(actual, wanted),
  ArnLike: (actual, wanted) => isLike(actual, wanted),
  IpAddress: isInRange,
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  DateLessThan: (actual, wanted) => Date.parse(actual) < Date.parse(wanted),
  DateLessThanEquals: (actual, wanted) => Date.parse(actual) <= Date.parse(wanted),
  DateGreaterThan: (actual, wanted) => Date.parse(actual) > Date.parse(wanted),
  DateGreaterThanEquals: (actual, wanted) => Date.parse(actual) >= Date.parse(wanted),
};
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
};

export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Json];
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `*` and `?` wildcards, nothing else special. */
export function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function isInRange(address: string, range: string): boolean {
  const [base = '', prefix] = range.split('/');
  const family = isIPv4(base) ? 'ipv4' : isIPv6(base) ? 'ipv6' : null;
  // Node would find an IPv4 address in ::/0; AWS does not.
  if (!family || isIPv4(address) !== (family === 'ipv4')) return false;
  const most = family === 'ipv4' ? 32 : 128;
  const bits = Number(prefix ?? most);
  if (!(Number.isInteger(bits) && bits <= most)) return false;
  const list = new BlockList();
  list.addSubnet(base, bits, family);
  return list.check(address, family);
}

/** Splits `ForAnyValue:StringNotLikeIfExists` into its parts; null for an operator that AWS does not know. */
export function parseOperator(
  name: string,
): { readonly base: string; readonly not: boolean; readonly ifExists: boolean } | null {
  const plain = name.replace(/^For(Any|All)Values?:/, '');
  const ifExists = plain.endsWith('IfExists');
  const operator = plain.replace(/IfExists$/, '');
  const base = NEGATED[operator] ?? operator;
  return base === 'Null' || Object.hasOwn(CONDITION_OPERATORS, base)
    ? { base, not: operator in NEGATED, ifExists }
    : null;
}

function conditionHolds(name: string, key: string, wanted: Json, request: PolicyRequest): boolean {
  const operator = parseOperator(name);
  const actual = request.keys[key.toLowerCase()];
  if (!operator) return false;
  if (operator.base === 'Null') return String(wanted) === String(actual === undefined);
  // A missing key meets every negated operator, ...IfExists and ForAllValues, and fails every other.
  if (actual === undefined) return operator.not || operator.ifExists || name.startsWith('ForAllValues:');
  const compare = CONDITION_OPERATORS[operator.base];
  const some = listOf(wanted).some((value) => compare?.(actual, String(value)));
  return some !== operator.not;
}

function conditionsHold(statement: JsonObject, request: PolicyRequest): boolean {
  const block = statement.Condition;
  if (block === undefined) return true;
  if (!isObject(block)) return false;
  return Object.entries(block).every(
    ([name, keys]) =>
      isObject(keys) &&
      Object.entries(keys).every(([key, wanted]) => conditionHolds(name, key, wanted, request)),
  );
}

function matchOne(type: string, name: string, caller: PolicyRequest['caller']): Match {
  if (name === '*') return 'direct';
  if (!caller) return null;
  if (type === 'CanonicalUser') return name === caller.canonicalId ? 'account' : null;
  if (type !== 'AWS') return null;
  if (name === caller.account || name === `arn:aws:iam::${caller.account}:root`) return 'account';
  return caller.arns.includes(name) ? 'direct' : null;
}

function matchPrincipal(principal: Json | undefined, caller: PolicyRequest['caller']): Match {
  const named = isObject(principal)
    ? Object.entries(principal).flatMap(([type, names]) =>
        listOf(names).map((name) => [type, String(name)] as const),
      )
    : listOf(principal).map((name) => ['AWS', String(name)] as const);
  const matches = named.map(([type, name]) => matchOne(type, name, caller));
  return matches.find((match) => match === 'direct') ?? matches.find((match) => match === 'account') ?? null;
}

const isCovered = (patterns: Json | undefined, text: string): boolean =>
  listOf(patterns).some((pattern) => isLike(text, String(pattern)));

/** Whether the statement applies to the request, whatever its effect. */
export function matchStatement(statement: Json, request: PolicyRequest): Match {
  if (!isObject(statement)) return null;
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  const lower = (value: Json | undefined): Json => listOf(value).map((name) => String(name).toLowerCase());
  const action = request.action.toLowerCase();
  const actionFits =
    NotAction === undefined ? isCovered(lower(Action), action) : !isCovered(lower(NotAction), action);
  const resourceFits =
    NotResource === undefined
      ? isCovered(Resource, request.resource)
      : !isCovered(NotResource, request.resource);
  if (!actionFits || !resourceFits || !conditionsHold(statement, request)) return null;
  if (NotPrincipal !== undefined) return matchPrincipal(NotPrincipal, request.caller) ? null : 'direct';
  return matchPrincipal(Principal, request.caller);
}
