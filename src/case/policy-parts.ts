// How a policy document is read, part by part. Pure. IAM is not strict about the letter cases of its elements.
import type { Json, JsonObject } from './json.ts';

/** A JSON object's value by name (lower case), in any letter case. */
export function field(object: JsonObject, name: string): Json | undefined {
  for (const key in object) if (isNamed(key, name) && Object.hasOwn(object, key)) return object[key];
  return undefined;
}
// Most keys differ in length: nothing is copied to compare them.
const isNamed = (key: string, name: string): boolean =>
  key.length === name.length && key.toLowerCase() === name;
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Json];

/** An effect that is not a text is none that AWS knows. */
export function isDeny(statement: JsonObject): boolean {
  const effect = field(statement, 'effect');
  return typeof effect === 'string' && effect.toLowerCase() === 'deny';
}

/** No wildcard and no policy variable in it. An account id may stand there as a number. */
export const isFixed = (value: Json): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value !== '' && !/[*?$]/.test(value));
