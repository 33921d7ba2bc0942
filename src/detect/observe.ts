// What a correlation counts of an event: the group, the value, and what a crossing would be to the correlations above it.
import { canonicalJson } from '../case/json.ts';
import type { Correlation, Observation, Test } from './compiled.ts';
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
  const values = counted.map((field) => readValue(field, event));
  if (values.includes(null)) return null;
  const onward = feed.onward.flatMap((above) => observe(above, event) ?? []);
  if (!correlation.policy && onward.length === 0) return null;
  return {
    correlation,
    rule,
    group: writeDown(groupBy.map((field) => readValue(field, event))),
    value: counted.length > 0 ? writeDown(values) : '',
    onward,
  };
}

/** Null for a missing field; several values count as the one list that they are. */
function readValue(field: Field, event: unknown): unknown {
  const values = field.values(event);
  if (values.length > 1) return values;
  const [only = null] = values;
  return field.name === 'eventName' ? plainEventName(only) : only;
}

/** An event may be nested more deeply than JSON can be written: all such values are one, so that none stops the counting. */
function writeDown(values: readonly unknown[]): string {
  try {
    return canonicalJson(values);
  } catch (error) {
    if (error instanceof RangeError) return canonicalJson(values.map(() => 'nested too deeply'));
    throw error;
  }
}
