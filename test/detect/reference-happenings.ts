// Random events for a correlation (inner) and one that refers to it (outer), and what the two are to the engine.
import fc from 'fast-check';
import type { Policy } from '../../src/case/policy.ts';
import { CORRELATION_TYPES, type Correlation, type Observation } from '../../src/detect/compiled.ts';
import { allRaised, type Counted, type Counting, isGrowing, type Raised } from './reference-counts.ts';

export const RULES = ['first', 'second', 'third'];

const condition = fc.oneof(
  fc.record({ gte: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ lt: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ lte: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ eq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ neq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ gte: fc.integer({ min: 1, max: 2 }), lte: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 2 }), neq: fc.integer({ min: 2, max: 3 }) }),
);

export const anyCounting = (rules: readonly string[]): fc.Arbitrary<Counting> =>
  fc.record({
    type: fc.constantFrom(...CORRELATION_TYPES),
    rules: fc.constant(rules),
    timespanMs: fc.integer({ min: 1, max: 12 }),
    condition,
  });

export interface Happening {
  readonly eventId: string;
  readonly atMs: number;
  /** What it is to the inner correlation: which rules it matched, with the value that each of them counts. */
  readonly inner: readonly { readonly rule: string; readonly group: string; readonly value: string }[];
  /** Group and value of the outer one, for what the inner one passes on and for what it matches directly. */
  readonly outer: { readonly group: string; readonly value: string };
  readonly direct: boolean;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  eventId: fc.integer({ min: 0, max: 40 }).map((id) => `event-${String(id).padStart(2, '0')}`),
  atMs: fc.integer({ min: 0, max: 30 }),
  inner: fc.uniqueArray(
    fc.record({
      rule: fc.constantFrom(...RULES),
      group: fc.constantFrom('g', 'g', 'h', '__proto__'),
      value: fc.constantFrom('', 'v', 'w', 'toString'),
    }),
    { selector: ({ rule }) => rule, maxLength: 2 },
  ),
  outer: fc.record({ group: fc.constantFrom('k', 'l'), value: fc.constantFrom('x', 'y') }),
  direct: fc.boolean(),
});

export const anyHappenings = fc.uniqueArray(happening, { selector: ({ eventId }) => eventId, maxLength: 14 });

/** What the inner correlation counts. */
export const countedInside = (happenings: readonly Happening[]): Counted[] =>
  happenings.flatMap(({ eventId, atMs, inner }) => inner.map((each) => ({ eventId, atMs, ...each })));

/** What the outer one counts: where the inner one held, and what matched a rule of its own. */
export function countedOutside(inner: Counting, happenings: readonly Happening[]): Counted[] {
  const passedOn = raisedOf(inner, countedInside(happenings)).map(({ eventId }) => eventId);
  return happenings.flatMap(({ eventId, atMs, outer, direct }) => [
    ...(passedOn.includes(eventId) ? [{ eventId, atMs, rule: 'inner', ...outer }] : []),
    ...(direct ? [{ eventId, atMs, rule: 'other', ...outer }] : []),
  ]);
}

/** Group by group. */
export function raisedOf(
  counting: Counting,
  events: readonly Counted[],
  among: (counting: Counting, raised: readonly Raised[]) => Raised[] = (_, raised) => [...raised],
): Raised[] {
  const groups = [...new Set(events.map(({ group }) => group))];
  return groups.flatMap((group) =>
    among(
      counting,
      allRaised(
        counting,
        events.filter((each) => each.group === group),
      ),
    ),
  );
}

const POLICY = {} as unknown as Policy;

export const compiledPair = (inner: Counting, outer: Counting): readonly [Correlation, Correlation] => [
  { ...inner, key: 'inner', grows: isGrowing(inner), policy: POLICY },
  { ...outer, key: 'outer', grows: isGrowing(outer), policy: POLICY },
];

export function observationsOf(
  { inner, outer, direct }: Happening,
  [innerOne, outerOne]: readonly [Correlation, Correlation],
): Observation[] {
  const toOuter = (rule: string): Observation => ({ correlation: outerOne, rule, ...outer, onward: [] });
  return [
    ...inner.map((each) => ({ correlation: innerOne, ...each, onward: [toOuter('inner')] })),
    ...(direct ? [toOuter('other')] : []),
  ];
}
