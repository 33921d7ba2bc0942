// Whom a statement's conditions name: aws:PrincipalArn and aws:PrincipalAccount, whose values alone can meet them. Pure.
import type { Json, JsonObject } from './json.ts';
import { bindingConditions, bindsOnS3, isMatchingOperator } from './policy-conditions.ts';
import { isObject, listOf } from './policy-parts.ts';

const CALLER_KEYS = new Set(['aws:principalarn', 'aws:principalaccount']);
const namesCaller = (operator: string, key: string): boolean =>
  CALLER_KEYS.has(key.toLowerCase()) &&
  isMatchingOperator(operator.toLowerCase().replace(/^foranyvalue:/, ''));

/** As the condition writes them, patterns included. */
export function callersIn(condition: Json): readonly Json[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).flatMap(([key, values]) =>
      namesCaller(operator, key) ? listOf(values) : [],
    ),
  );
}

/** Whether nobody but callers whom the conditions name can meet them. */
export const isForNamedCallers = (statement: JsonObject): boolean =>
  bindingConditions(statement, bindsOnS3).some(({ key }) => CALLER_KEYS.has(key));

/** Every value changed; undefined where one comes to nothing. */
export function changeEach(
  object: JsonObject,
  change: (key: string, value: Json) => Json | undefined,
): JsonObject | undefined {
  const changed = Object.entries(object).flatMap(([key, value]) => {
    const left = change(key, value);
    return left === undefined ? [] : [[key, left] as const];
  });
  return changed.length < Object.keys(object).length ? undefined : Object.fromEntries(changed);
}

/**
 * The condition with the callers that it names changed; undefined where nobody is left in one of its lists: all of them must be
 * met, and nobody could meet that one, while S3 might read a list of none as it pleases.
 */
export function changeCallers(
  condition: Json,
  change: (callers: Json) => Json | undefined,
): Json | undefined {
  if (!isObject(condition)) return condition;
  return changeEach(condition, (operator, keys) =>
    isObject(keys)
      ? changeEach(keys, (key, values) => (namesCaller(operator, key) ? change(values) : values))
      : keys,
  );
}
