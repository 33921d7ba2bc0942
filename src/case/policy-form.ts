// Whether two policies say the same. AWS gives a policy back in other words than it was written in: a list of one as a text, lists
// in another order, an account id as the ARN of its root. ("Principal" in the IAM guide; policies from Terraform show the rest.)
import { canonicalJson, type Json, type JsonObject } from './json.ts';
import { isObject, listOf } from './policy-parts.ts';
import { principalId } from './principal-names.ts';

const PRINCIPALS = new Set(['principal', 'notprincipal']);

function form(value: Json, ofPrincipal: boolean): Json {
  if (typeof value === 'string') return ofPrincipal ? principalId(value) : value;
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        // The order of statements is kept: what is shown to people counts on it.
        key.toLowerCase() === 'statement'
          ? listOf(inner).map((each) => form(each, false))
          : form(inner, ofPrincipal || PRINCIPALS.has(key.toLowerCase())),
      ]),
    );
  if (!Array.isArray(value)) return value;
  const all = value.map((each) => form(each, ofPrincipal));
  if (all.length === 1 && typeof all[0] === 'string') return all[0];
  return all.every((each) => typeof each === 'string') ? all.toSorted() : all;
}

/** For comparing only: equal for policies, or parts of them, that AWS does not tell apart. */
export const policyForm = <Part extends Json>(part: Part): Json => form(part, false);

export const isSamePolicy = (a: JsonObject | null, b: JsonObject | null): boolean =>
  canonicalJson(policyForm(a)) === canonicalJson(policyForm(b));
