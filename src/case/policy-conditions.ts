// Which conditions of a policy statement tie the caller to somebody in particular. Pure, and fails closed: what is not understood ties
// nobody down. Source of the rules: "The meaning of public" in the S3 user guide.
import type { Json, JsonObject } from './json.ts';
import { field, isFixed, isObject, listOf } from './policy-parts.ts';

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
  'aws:sourcevpcarn',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:principalservicename',
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

/** The access point's name may be a wildcard where account and region are fixed. */
const isFixedAccessPoint = (value: Json): boolean =>
  typeof value === 'string' && /^arn:[\w-]+:s3:[\w-]+:\d{12}:accesspoint\/[^$]+$/.test(value);

/** A path in an organisation may be a pattern where the organisation, which it begins with, is fixed. */
const isFixedPath = (value: Json): boolean => typeof value === 'string' && /^o-[^/*?$]+\/[^$]*$/.test(value);

/** RFC 1918: no request from the internet comes from there, so that S3 excepts these ranges, however wide. */
const PRIVATE_ADDRESS = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.)/;

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
  if (bits <= NARROWEST_PUBLIC_PREFIX[family]) return null;
  return { family, share: isPrivateRange(address, bits) ? 0 : 2 ** -bits };
}

/** Such a range reaches as far as the block that its address is in, and no farther. */
function isPrivateRange(address: string, bits: number): boolean {
  const [block] = PRIVATE_ADDRESS.exec(address) ?? [];
  return block !== undefined && bits >= (block === '10.' ? 8 : block === '192.168.' ? 16 : 12);
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
  if (isFixed(value)) return true;
  if (key === 's3:dataaccesspointarn') return isFixedAccessPoint(value);
  return key.endsWith('orgpaths') && isFixedPath(value);
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
