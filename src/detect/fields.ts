// Reads a field of a raw event by its dotted name. Sees own properties only, so `__proto__` and `constructor` are nothing special.
import { RuleError } from './problem.ts';

/** Of one value of an event, arrays taken apart. */
export type ValueTest = (found: unknown) => boolean;

export interface Field {
  readonly name: string;
  /** The field is there, be it empty or null. */
  exists(event: unknown): boolean;
  /** Compiled once: whether the test holds for any value that the event has there. Leaves no garbage. */
  some(test: ValueTest): (event: unknown) => boolean;
  /** Of a value that was taken from the event: an array is taken apart, `eventName` read both ways. */
  someOf(test: ValueTest): ValueTest;
  /** The text as it stands; undefined where there is nothing; anything else where only `some` can say. */
  quick(event: unknown): unknown;
  /** Every value found, arrays taken apart, `eventName` without its API version. */
  values(event: unknown): readonly unknown[];
}

const MAX_SEGMENTS = 32;
/** Arrays within arrays: more of them is no event, but an attack on the stack. */
const MAX_NESTED_ARRAYS = 200;

/** AWS appends API versions: `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`. */
const API_VERSION = /20\d{2}_?\d{2}_?\d{2}(?:v\d+)?$/;

/** Throws RuleError for a name with too many dots. */
export function compileField(name: string, path: readonly PropertyKey[] = []): Field {
  const keys = keysOf(name.split('.'), path);
  const wrap = name === 'eventName' ? withoutVersionToo : (test: ValueTest) => test;
  return {
    name,
    exists: (event) => isThere(event, keys, 0, 0),
    some: (test) => {
      const wrapped = wrap(test);
      return (event) => {
        const value = quickly(event, keys);
        if (typeof value === 'string') return wrapped(value);
        return value !== undefined && visit(event, keys, 0, 0, wrapped);
      };
    },
    quick: (event) => quickly(event, keys),
    someOf: (test) => {
      const wrapped = wrap(test);
      return (value) => visit(value, keys, keys.length, 0, wrapped);
    },
    values: (event) => {
      const values: unknown[] = [];
      visit(event, keys, 0, 0, (value) => {
        values.push(name === 'eventName' ? plainEventName(value) : value);
        return false;
      });
      return values;
    },
  };
}

const CANNOT_SAY = Symbol('only the long way can say');

/**
 * The one text of the field where nothing is in the way (no array, no key with dots), undefined where there is nothing, and
 * anything else where only the long way can say. No prototype of a JSON value holds a text, so that a text is the event's own.
 */
function quickly(event: unknown, keys: Keys): unknown {
  let value = event;
  for (const row of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) return CANNOT_SAY;
    const object = value as Readonly<Record<string, unknown>>;
    for (let more = 1; more < row.length; more += 1) {
      if (object[row[more] as string] !== undefined) return CANNOT_SAY;
    }
    value = object[row[0] as string];
  }
  return value;
}

/** Without the API version; the value itself where there is none. Only a name that ends in a digit can have one. */
export function plainEventName(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const last = value.charCodeAt(value.length - 1);
  if (!(last >= 48 && last <= 57)) return value;
  return value.replace(API_VERSION, '') || value;
}

const withoutVersionToo =
  (test: ValueTest): ValueTest =>
  (value) => {
    if (test(value)) return true;
    const plain = plainEventName(value);
    return plain !== value && test(plain);
  };

/** A key may itself hold dots (`@odata.type`): from each segment on, every key that could stand there. */
function keysOf(segments: readonly string[], path: readonly PropertyKey[]): readonly (readonly string[])[] {
  if (segments.length > MAX_SEGMENTS) throw new RuleError(path, 'the field name has too many dots');
  return segments.map((_, from) =>
    segments.slice(from).map((_, more) => segments.slice(from, from + more + 1).join('.')),
  );
}

type Keys = readonly (readonly string[])[];

/** Any element of an array on the way will do; stops at the first value that the test holds for. */
function visit(value: unknown, keys: Keys, from: number, depth: number, test: ValueTest): boolean {
  if (Array.isArray(value)) {
    if (depth > MAX_NESTED_ARRAYS) return false;
    for (const item of value) if (visit(item, keys, from, depth + 1, test)) return true;
    return false;
  }
  const row = keys[from];
  if (row === undefined) return test(value);
  if (typeof value !== 'object' || value === null) return false;
  let to = from;
  for (const key of row) {
    to += 1;
    if (!Object.hasOwn(value, key)) continue;
    if (visit((value as Record<string, unknown>)[key], keys, to, depth, test)) return true;
  }
  return false;
}

function isThere(value: unknown, keys: Keys, from: number, depth: number): boolean {
  const row = keys[from];
  if (row === undefined) return true;
  if (typeof value !== 'object' || value === null || depth > MAX_NESTED_ARRAYS) return false;
  if (Array.isArray(value)) return value.some((item) => isThere(item, keys, from, depth + 1));
  return row.some(
    (key, more) =>
      Object.hasOwn(value, key) &&
      isThere((value as Record<string, unknown>)[key], keys, from + more + 1, depth),
  );
}

/**
 * Every key and every text, number, boolean and null anywhere in the event: "the full log message" of a keyword search. Walks
 * with a stack of its own; stops at the first that the test holds for.
 */
export function someText(event: unknown, test: ValueTest): boolean {
  const open: unknown[] = [event];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) {
      if (test(value)) return true;
    } else if (Array.isArray(value)) {
      for (const item of value) open.push(item);
    } else {
      for (const [key, inner] of Object.entries(value)) open.push(key, inner);
    }
  }
  return false;
}

/** A value as Sigma compares it: numbers and booleans by their text, objects by their JSON; null has none. */
export function textOf(found: unknown): string | null {
  if (typeof found === 'string') return found;
  if (found === null || found === undefined) return null;
  return typeof found === 'object' ? jsonOf(found) : String(found);
}

/** Null for what was nested to hurt: it overflows the stack here. */
export function jsonOf(value: object): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
