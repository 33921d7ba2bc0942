// What a stored event would be to correlations of correlations, as text; and the names of windows. By keys, so that what was
// stored under an earlier catalogue is read with the present one.
import { sha256 } from '../case/audit-chain.ts';
import type { Correlation, CorrelationType, Observation } from './compiled.ts';
import { type Countable, compareTexts, countKey } from './count.ts';

type Correlations = ReadonlyMap<string, Correlation>;

const LONGEST = 200;

/** Equal for equal values, different for different ones, short, and storable: some of it is an attacker's to choose. */
function boundedText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `#${sha256(text)}`;
}

/** One group of one correlation. */
export const windowOf = ({ correlation, group }: Observation): string =>
  boundedText([correlation.key, group]);

/** The event within its window. */
export const storedKey = (type: CorrelationType, event: Countable): string =>
  boundedText(countKey(type, event));

/** Every window that these events may touch, in the order in which windows are locked. */
export function windowsOf(observations: readonly Observation[]): readonly string[] {
  const below = (one: Observation): readonly string[] => [windowOf(one), ...one.onward.flatMap(below)];
  return [...new Set(observations.flatMap(below))].sort(compareTexts);
}

interface Written {
  readonly key: string;
  readonly rule: string;
  readonly group: string;
  readonly value: string;
  readonly onward: readonly Written[];
}

export const writeOnward = (eventId: string, onward: readonly Observation[]): string =>
  JSON.stringify({ id: eventId, to: onward.map(write) });

/** Leaves out correlations that are gone. */
export function readOnward(
  text: string,
  correlations: Correlations,
): { readonly id: string; readonly to: readonly Observation[] } {
  const { id, to } = JSON.parse(text) as { readonly id: string; readonly to: readonly Written[] };
  return { id, to: read(to, correlations) };
}

const write = ({ correlation, rule, group, value, onward }: Observation): Written => ({
  key: correlation.key,
  rule,
  group,
  value,
  onward: onward.map(write),
});

const read = (written: readonly Written[], correlations: Correlations): readonly Observation[] =>
  written.flatMap(({ key, rule, group, value, onward }) => {
    const correlation = correlations.get(key);
    return correlation ? [{ correlation, rule, group, value, onward: read(onward, correlations) }] : [];
  });
