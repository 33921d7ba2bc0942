// Reads a field of a raw event by its dotted name. Sees own properties only, so `__proto__` and `constructor` are nothing special.

export interface FieldReading {
  /** The field is there, be it empty or null. */
  readonly exists: boolean;
  /** Every value found, arrays taken apart: a comparison holds when it holds for any of them. */
  readonly values: readonly unknown[];
}

/** AWS appends API versions: `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`. */
const API_VERSION = /20\d{2}_?\d{2}_?\d{2}(?:v\d+)?$/;

/**
 * Compiles the name once. Any element of an array on the way will do, and a key may itself hold dots (`@odata.type`).
 * `eventName` is read with and without the API version that AWS appends to it.
 */
export function compileField(name: string): (event: unknown) => FieldReading {
  const segments = name.split('.');
  return (event) => {
    const values: unknown[] = [];
    const exists = collect(event, segments, 0, values);
    return { exists, values: name === 'eventName' ? values.flatMap(withoutApiVersion) : values };
  };
}

function withoutApiVersion(value: unknown): readonly unknown[] {
  const short = typeof value === 'string' ? value.replace(API_VERSION, '') : value;
  return short === value || short === '' ? [value] : [value, short];
}

function collect(value: unknown, segments: readonly string[], from: number, found: unknown[]): boolean {
  if (Array.isArray(value)) {
    let exists = from === segments.length;
    for (const item of value) exists = collect(item, segments, from, found) || exists;
    return exists;
  }
  if (from === segments.length) {
    found.push(value);
    return true;
  }
  if (typeof value !== 'object' || value === null) return false;
  let exists = false;
  for (let to = from + 1; to <= segments.length; to += 1) {
    const key = segments.slice(from, to).join('.');
    if (Object.hasOwn(value, key)) {
      exists = collect((value as Record<string, unknown>)[key], segments, to, found) || exists;
    }
  }
  return exists;
}

/** Every text, number, boolean and null anywhere in the event, for keyword searches. Walks with a stack of its own. */
export function everyValue(event: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const open: unknown[] = [event];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) found.push(value);
    else for (const item of Object.values(value)) open.push(item);
  }
  return found;
}
