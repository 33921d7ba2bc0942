// What a correlation counts of an event: the group, the value, and what a crossing would be to the correlations above it.
import { canonicalJson } from '../case/json.ts';
import type { Correlation, Observation, Test } from './compiled.ts';
import { VALUE_SEPARATOR } from './count.ts';
import { type Field, plainEventName } from './fields.ts';

/** One way from a rule up to a correlation that counts its matches. */
export interface Feed {
  readonly correlation: Correlation;
  /** Key of the rule or correlation that it counts here. */
  readonly rule: string;
  readonly groupBy: readonly Field[];
  /** Of `value_count`; empty otherwise. */
  readonly counted: readonly Field[];
  readonly scope: Test | null;
  readonly onward: readonly Feed[];
}

/** Null where the event is none of the correlation's business: out of scope, without a value to count, or for nobody. */
export function observe(feed: Feed, event: unknown): Observation | null {
  const { correlation, rule, groupBy, counted, scope } = feed;
  if (scope && !scope.holds(event)) return null;
  const values = countedValues(counted, event);
  if (values === null) return null;
  const onward = feed.onward.flatMap((above) => observe(above, event) ?? []);
  if (!correlation.policy && onward.length === 0) return null;
  return {
    correlation,
    rule,
    group: writeDown(groupBy.map((field) => readValue(field, event))),
    value: values.join(VALUE_SEPARATOR),
    onward,
  };
}

function folded(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(folded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, folded(inner)]));
}

/** More than any threshold asks for. */
const MOST_VALUES = 5_000;

/**
 * Of one field each value found is counted: a call that names fifty machines is fifty. Several fields are linked with AND, so
 * together they are one value. Null where there is nothing to count, empty where nothing is to be counted.
 */
function countedValues(fields: readonly Field[], event: unknown): readonly string[] | null {
  const [only] = fields;
  if (!only) return [];
  if (fields.length > 1) {
    const values = fields.map((field) => readValue(field, event));
    return values.includes(null) ? null : [writeDown(values)];
  }
  const found = only.values(event).filter((value) => value !== null);
  const plain = only.name === 'eventName' ? found.map(plainEventName) : found;
  const texts = [...new Set(plain.map((value) => writeDown([value])))];
  return texts.length > 0 ? texts.sort().slice(0, MOST_VALUES) : null;
}

/** Null for a missing field; several values count as the one list that they are. */
function readValue(field: Field, event: unknown): unknown {
  const values = field.values(event);
  if (values.length > 1) return values;
  const [only = null] = values;
  return field.name === 'eventName' ? plainEventName(only) : only;
}

/**
 * Comparisons ignore letter case, and so does counting: `Bob` and `bob` are one. The keys of an object stay as they are, since
 * two of them could become one. An event may be nested more deeply than JSON can be written: all such values are one, so that
 * none stops the counting.
 */
function writeDown(values: readonly unknown[]): string {
  try {
    return canonicalJson(folded(values));
  } catch (error) {
    if (error instanceof RangeError) return canonicalJson(values.map(() => 'nested too deeply'));
    throw error;
  }
}
