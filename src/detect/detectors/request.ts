// Reads the request of a raw CloudTrail record. Nothing in it can be trusted to have the shape that it should: names come in
// several letter cases, lists as lists or wrapped in `items`, and a record may be anything. Never throws.
import type { Json, JsonObject } from '../../case/json.ts';
import { isObject } from '../../case/policy-parts.ts';
import { plainEventName } from '../fields.ts';

/** What was called, and with what. */
export interface Call {
  /** `ec2` of `ec2.amazonaws.com`, lower case; empty when there is none. */
  readonly service: string;
  /** Without API version. */
  readonly name: string;
  readonly parameters: JsonObject;
  readonly response: JsonObject;
}

const textOr = (value: unknown): string => (typeof value === 'string' ? value : '');
const objectOr = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** `eventName` without API version: what tells most records apart before anything else of them is looked at. */
export const callName = (event: JsonObject): string => textOr(plainEventName(event.eventName));

export function readCall(event: JsonObject): Call {
  return {
    service: textOr(event.eventSource).toLowerCase().split('.')[0] ?? '',
    name: callName(event),
    parameters: objectOr(event.requestParameters),
    response: objectOr(event.responseElements),
  };
}

/** Every value at the end of this way, lists on it taken apart; names in lower case match any letter case. */
export function inside(value: Json | undefined, ...names: readonly string[]): readonly Json[] {
  let found = flat(value);
  for (const name of names) {
    const next: Json[] = [];
    for (const each of found) {
      if (!isObject(each)) continue;
      // Most keys differ in length: nothing is copied to compare them.
      for (const key of Object.keys(each))
        if (key.length === name.length && key.toLowerCase() === name) addFlat(each[key] as Json, next);
    }
    found = next;
  }
  return found;
}

/** Every value under one of these names (lower case), however deep: some services wrap what was asked in a name of their own. */
export function anywhere(value: Json, ...names: readonly string[]): readonly Json[] {
  const found: Json[] = [];
  const open: Json[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const inner of next) if (typeof inner === 'object') open.push(inner as Json);
      continue;
    }
    for (const [key, inner] of Object.entries(next)) {
      if (names.includes(key.toLowerCase())) addFlat(inner as Json, found);
      if (typeof inner === 'object') open.push(inner as Json);
    }
  }
  return found;
}

/** Every text (and number, as text) in these values, however deep. */
export function textsIn(values: readonly Json[]): readonly string[] {
  const found: string[] = [];
  const open: Json[] = [...values];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' || typeof value === 'number') found.push(String(value));
    else if (typeof value === 'object' && value !== null)
      for (const each of Object.values(value)) open.push(each);
  }
  return found;
}

/** A text, number or boolean as text; empty for anything else. `String` would run what an object calls its `toString`, or fail. */
export const plainText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

/** Booleans come as such or as text. */
export const isTrue = (value: Json): boolean => plainText(value).toLowerCase() === 'true';

// With a stack of its own: a list may lie in lists without end.
function flat(value: Json | undefined): readonly Json[] {
  const found: Json[] = [];
  addFlat(value, found);
  return found;
}

function addFlat(value: Json | undefined, found: Json[]): void {
  if (!Array.isArray(value)) {
    if (value !== undefined) found.push(value as Json);
    return;
  }
  const open: Json[] = [...value].reverse();
  while (open.length > 0) {
    const next = open.pop() as Json;
    if (Array.isArray(next)) for (let at = next.length - 1; at >= 0; at -= 1) open.push(next[at] as Json);
    else found.push(next);
  }
}
