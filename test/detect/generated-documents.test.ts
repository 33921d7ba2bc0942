// Documents that stand around rules, on generated rules and events: filters, and correlations with what they count by.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/case/json.ts';
import type { CountCondition, Observation } from '../../src/detect/compiled.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { matches, type Selection } from './reference.ts';
import { conditionHolds } from './reference-counts.ts';
import { CLOUDTRAIL, COMPARING, catalogueOf, load, OPTIONS } from './reference-engine.ts';
import { anyEvent } from './reference-events.ts';
import { anyRule, anySelection, type GeneratedRule } from './reference-rules.ts';
import { valuesAt } from './reference-text.ts';

const SIZES = { seed: 20_260_112 } as const;

const uuidOf = (place: number): string => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
const nameOf = (place: number): string => `rule_${place}`;
const namedRules = fc
  .integer({ min: 1, max: 4 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, place) =>
        anyRule({ logsource: CLOUDTRAIL, id: uuidOf(place), name: nameOf(place) }),
      ),
    ),
  );

interface Filter {
  readonly places: readonly number[];
  readonly byName: boolean;
  readonly selection: Selection;
  readonly negated: boolean;
}
const filter: fc.Arbitrary<Filter> = fc.record({
  places: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
  byName: fc.boolean(),
  selection: anySelection,
  negated: fc.boolean(),
});

function filterText({ places, byName, selection, negated }: Filter, size: number): string | null {
  const rules = places.filter((place) => place < size).map(byName ? nameOf : uuidOf);
  const condition = negated ? 'not selection' : 'selection';
  return rules.length === 0
    ? null
    : stringify({ title: 'A filter', logsource: CLOUDTRAIL, filter: { rules, selection, condition } });
}

/** Both ways to write a filter mean the same: its selection is suppressed. */
const suppresses = ({ selection }: Filter, event: JsonObject): boolean => {
  const rule = { selections: new Map([['f', selection]]), condition: { is: 'name', name: 'f' } } as const;
  return matches(rule, event, COMPARING);
};

/** Two rules with two selections, matched by values of `kind`, and a correlation over them. */
function correlationText(correlation: JsonObject): string {
  const rules = ['base_a', 'base_b'].map((name) => ({
    title: name,
    name,
    logsource: CLOUDTRAIL,
    detection: { selection: { kind: [name, 'both'] }, condition: 'selection' },
  }));
  const last = {
    title: 'Counted',
    correlation: { rules: ['base_a', 'base_b'], timespan: '5m', ...correlation },
  };
  return [...rules, last].map((document) => stringify(document)).join('---\n');
}

const groupValue = fc.option(fc.constantFrom<Json>('x', 'X', 'y', '', 'x|y', '","', 'x","y', 5), {
  nil: undefined,
});
const countedEvent = fc
  .record({
    kind: fc.constantFrom('base_a', 'base_b', 'both', 'none'),
    eventName: fc.option(
      fc.constantFrom('StopLogging', 'StopLogging20150331', 'stopLogging', 'DeleteBucket'),
      {
        nil: undefined,
      },
    ),
    g: groupValue,
    h: groupValue,
    i: groupValue,
  })
  .map(({ h, ...rest }) => JSON.parse(JSON.stringify({ ...rest, nested: { h } })) as JsonObject);

const TYPES: readonly JsonObject[] = [
  { type: 'event_count', 'group-by': ['g'], condition: { gte: 2 } },
  { type: 'event_count', 'group-by': ['g', 'nested.h'], condition: { gte: 2 } },
  { type: 'value_count', 'group-by': ['nested.h'], condition: { field: 'i', gte: 2 } },
  { type: 'event_count', 'group-by': ['eventName'], condition: { gt: 2 } },
  { type: 'value_count', 'group-by': ['g'], condition: { field: 'eventName', gte: 2 } },
  { type: 'temporal', 'group-by': ['g', 'i'] },
  { type: 'temporal_ordered', 'group-by': ['i', 'g'] },
  {
    type: 'temporal',
    aliases: { who: { base_a: 'g', base_b: 'nested.h' } },
    'group-by': ['who', 'i'],
  },
];

/** The place of the rule, the values that it is grouped by, and the value that is counted. */
function expectedObservations(
  correlation: JsonObject,
  event: JsonObject,
): (readonly [number, string, string])[] {
  const aliases = (correlation.aliases ?? {}) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const { field } = (correlation.condition ?? {}) as { readonly field?: string };
  return ['base_a', 'base_b'].flatMap((rule, place) => {
    if (event.kind !== rule && event.kind !== 'both') return [];
    const group = (correlation['group-by'] as string[]).map((name) =>
      countedAs(event, aliases[name]?.[rule] ?? name),
    );
    const value = field === undefined ? '' : JSON.stringify(countedAs(event, field));
    return value === '[]' ? [] : [[place, JSON.stringify(group), value] as const];
  });
}

/** Calls of different API versions are the same call, and letter case makes no other value. */
const countedAs = (event: JsonObject, field: string): Json[] =>
  valuesAt(event, field)
    .map((value) => (field === 'eventName' ? String(value).replace(/\d{8}$/, '') : value))
    .map((value) => (typeof value === 'string' ? value.toLowerCase() : value));

describe('Documents around generated rules', () => {
  it('that are filters suppress what they select, in the rules that they name and no others', () => {
    fc.assert(
      fc.property(
        namedRules,
        fc.array(filter, { maxLength: 3 }),
        fc.array(anyEvent, { maxLength: 6 }),
        (rules, filters, events) => {
          const used = filters.filter((each) => filterText(each, rules.length) !== null);
          const files = [
            ...used.map((each, at) => ({
              name: `filter-${at}.yml`,
              text: filterText(each, rules.length) ?? '',
            })),
            ...rules.map(({ yaml }: GeneratedRule, at) => ({ name: `rule-${at}.yml`, text: yaml })),
          ];
          const { catalogue, problems } = loadPolicies(files, OPTIONS);
          assert.deepEqual(problems, []);

          for (const event of events) {
            const engine = catalogue.evaluate('cloudtrail', event).policies.map(({ id }) => id);
            const expected = rules.flatMap(({ rule }: GeneratedRule, place) =>
              matches(rule, event, COMPARING) &&
              used.every((each) => !each.places.includes(place) || !suppresses(each, event))
                ? [`rule-${place}`]
                : [],
            );
            assert.deepEqual(
              [...engine].sort(),
              expected,
              files.map(({ text }) => text).join('---\n') + JSON.stringify(event),
            );
          }
        },
      ),
      { ...SIZES, numRuns: 150 },
    );
  });

  it('that are correlations count each rule that matches, by the same values together and no others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        fc.array(countedEvent, { minLength: 2, maxLength: 8 }),
        (correlation, events) => {
          const catalogue = catalogueOf([correlationText(correlation)]);
          const pairs: (readonly [Observation, string, string])[] = [];
          for (const event of events) {
            const { policies, observations } = catalogue.evaluate('cloudtrail', event);
            const expected = expectedObservations(correlation, event);
            const places = observations.map(({ correlation, rule }) => correlation.rules.indexOf(rule));
            assert.deepEqual(policies, [], 'what only feeds a correlation raises nothing itself');
            assert.deepEqual(
              places,
              expected.map(([place]) => place),
              JSON.stringify(event),
            );
            for (const [at, [, group, value]] of expected.entries())
              pairs.push([observations[at] as Observation, group, value]);
          }
          for (const [one, group, value] of pairs)
            for (const [other, otherGroup, otherValue] of pairs) {
              assert.equal(one.group === other.group, group === otherGroup, `${group} and ${otherGroup}`);
              assert.equal(one.value === other.value, value === otherValue, `${value} and ${otherValue}`);
            }
        },
      ),
      { ...SIZES, numRuns: 200 },
    );
  });

  it('that are correlations are read with their timespan and condition', () => {
    const unit = fc.constantFrom(['s', 1_000], ['m', 60_000], ['h', 3_600_000], ['d', 86_400_000]);
    const condition = fc
      .subarray(['gt', 'gte', 'lt', 'lte', 'eq', 'neq'], { minLength: 1, maxLength: 2 })
      .chain((keys) =>
        fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), fc.integer({ min: 1, max: 9 })))),
      );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), unit, condition, (amount, [letter, unitMs], pairs) => {
        const condition = Object.fromEntries(pairs) as CountCondition & JsonObject;
        const text = correlationText({
          type: 'event_count',
          'group-by': ['g'],
          timespan: `${amount}${letter}`,
          condition,
        });
        const { catalogue, problems } = load([text]);
        const counts = [...Array(12).keys()].map((count) => count + 1);
        const holding = counts.filter((count) => conditionHolds(condition, count));
        if (problems.length > 0) {
          const always = holding.length === counts.length || holding.length === 0;
          assert.ok(always, `refused: ${problems[0]?.reason}`);
          return;
        }
        const [correlation] = [...catalogue.correlations.values()];

        assert.equal(correlation?.timespanMs, amount * Number(unitMs));
        assert.deepEqual(
          counts.filter((count) => conditionHolds(correlation?.condition ?? {}, count)),
          holding,
        );
        const first = holding[0] ?? counts.length + 1;
        if (correlation?.grows) assert.equal(holding.length, counts.length + 1 - first);
      }),
      { ...SIZES, numRuns: 200 },
    );
  });
});
