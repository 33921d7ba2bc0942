// Reference: one field with its modifiers and values against an event.
import type { Json, JsonObject } from '../../src/case/json.ts';
import { isInRange } from './reference-address.ts';
import { allTexts, isPresent, literal, looks, plain, textOf, valuesAt } from './reference-text.ts';
import { isTimePart, timePart } from './reference-time.ts';
import { variantsOf } from './reference-transform.ts';

/** What else a comparison depends on. */
export interface Comparing {
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
}

const ORDERS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
};

/** A field with its modifiers against all the values that the rule lists for it. The empty field is the whole event. */
export function itemHolds(
  field: string,
  modifiers: readonly string[],
  values: readonly Json[],
  event: JsonObject,
  comparing: Comparing,
): boolean {
  if (modifiers.includes('fieldref')) return fieldrefHolds(field, modifiers, values, event);
  if (modifiers.includes('neq')) {
    const without = modifiers.filter((modifier) => modifier !== 'neq');
    return !itemHolds(field, without, values, event, comparing);
  }
  const one = (value: Json): boolean => valueHolds(field, modifiers, value, event, comparing);
  return modifiers.includes('all') ? values.every(one) : values.some(one);
}

function valueHolds(
  field: string,
  modifiers: readonly string[],
  value: Json,
  event: JsonObject,
  comparing: Comparing,
): boolean {
  if (modifiers.includes('exists')) return isPresent(event, field) === value;
  const found = field === '' ? allTexts(event) : valuesAt(event, field);
  if (value === null) return field !== '' && (!isPresent(event, field) || found.includes(null));

  const part = modifiers.find(isTimePart);
  const order = modifiers.find((modifier) => modifier in ORDERS);
  if (part || order)
    return found.some((each) => numberHolds(part ? timePart(part, each) : numberOf(each), order, value));

  const texts = found.flatMap((each) => spellingsOf(field, each));
  if (modifiers.includes('cidr')) return texts.some((text) => isInRange(text, String(value)));
  if (modifiers.includes('re'))
    return texts.some((text) => regexOf(modifiers, String(value)).test(oneLineEnd(text)));

  const cased = modifiers.includes('cased');
  return variantsOf(String(value), modifiers, comparing.placeholders).some((variant) =>
    texts.some((text) => looks(text, variant, cased, field === '' ? ['contains'] : modifiers)),
  );
}

/** `eventName` also counts without the API version that AWS appends. */
function spellingsOf(field: string, value: Json): string[] {
  const text = textOf(value);
  if (text === null) return [];
  if (field !== 'eventName' || typeof value !== 'string') return [text];
  return [text, text.replace(/(\d{8}|\d{4}_\d{2}_\d{2})(v\d+)?$/, '')];
}

function numberOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

function numberHolds(left: number | null, order: string | undefined, value: Json): boolean {
  const right = numberOf(value);
  if (left === null || right === null) return false;
  return order ? (ORDERS[order]?.(left, right) ?? false) : left === right;
}

/** JavaScript ends a line at more characters than RE2 does. */
const oneLineEnd = (text: string): string => text.replace(/[\r\u2028\u2029]/g, '_');

function regexOf(modifiers: readonly string[], source: string): RegExp {
  const flags = ['i', 'm', 's'].filter((flag) => modifiers.includes(flag)).join('');
  return new RegExp(source, `u${flags}`);
}

/** Nothing was compared where either side is missing, so nothing is equal and nothing differs. */
function fieldrefHolds(
  field: string,
  modifiers: readonly string[],
  others: readonly Json[],
  event: JsonObject,
): boolean {
  const cased = modifiers.includes('cased');
  const left = textsAt(event, field);
  const one = (other: Json): boolean | null => {
    const right = textsAt(event, plain(String(other)));
    if (left.length === 0 || right.length === 0) return null;
    return left.some((text) => right.some((each) => looks(text, literal(each), cased, modifiers)));
  };
  const results = others.map(one);
  const negated = modifiers.includes('neq');
  const known = results.filter((result) => result !== null);
  if (modifiers.includes('all')) {
    if (known.length < results.length) return false;
    return negated ? known.includes(false) : !known.includes(false);
  }
  if (known.length === 0) return false;
  return known.includes(true) !== negated;
}

const textsAt = (event: JsonObject, field: string): string[] =>
  valuesAt(event, field).flatMap((value) => spellingsOf(field, value));
