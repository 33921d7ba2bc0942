// The policies that Countersign writes: each one statement that denies, with the case in its id, so that they are known again.
// Source: "IAM JSON policy elements: Sid" (letters and digits alone), "Determining whether a request is allowed or denied".
import { canonicalJson, type JsonObject } from '../../case/json.ts';

/** Equal where they say the same, in whatever order the keys come. */
export const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other);

/** A try after a crash finds what was written under the same `mark`. */
export const statementId = (caseRef: string, mark = ''): string =>
  `Countersign${caseRef}${mark.replace(/[^A-Za-z0-9]/g, '')}`;

export const denyPolicy = (sid: string, condition?: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: sid, Effect: 'Deny', Action: '*', Resource: '*', ...(condition && { Condition: condition }) },
  ],
});

/** Of a policy with one statement, as ours are. */
export function statementOf(policy: JsonObject): JsonObject | null {
  const { Statement: statements } = policy;
  const [statement] = Array.isArray(statements) && statements.length === 1 ? statements : [];
  return statement && typeof statement === 'object' && !Array.isArray(statement)
    ? (statement as JsonObject)
    : null;
}

/** The case that a policy was written for; null where it is not exactly one of ours with this condition. */
export function caseOf(policy: JsonObject, condition?: JsonObject): string | null {
  const sid = statementOf(policy)?.Sid;
  const [, ref] = /^Countersign([0-9A-Z]{8})[A-Za-z0-9]*$/.exec(typeof sid === 'string' ? sid : '') ?? [];
  return ref && isSame(policy, denyPolicy(String(sid), condition)) ? ref : null;
}
