// The engine against the reference, on random rules and events. A failure prints seed, path and the smallest example found.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/case/json.ts';
import type { Explanation } from '../../src/detect/compiled.ts';
import { matches, type ReferenceRule } from './reference.ts';
import { readDetection } from './reference-conditions.ts';
import { CLOUDTRAIL, COMPARING, catalogueOf, matchedPlaces } from './reference-engine.ts';
import { anyEvent } from './reference-events.ts';
import { anyItem } from './reference-items.ts';
import { anyRule, type GeneratedRule, ruleOfItem } from './reference-rules.ts';
import { textOf, valuesAt } from './reference-text.ts';

const anyCloudTrailRule = anyRule({ logsource: CLOUDTRAIL });
const manyRules = fc.array(anyCloudTrailRule, { minLength: 1, maxLength: 50, size: 'max' });
const oneLiners = fc.array(
  anyItem.map((item) => ruleOfItem(item, { logsource: CLOUDTRAIL })),
  { minLength: 1, maxLength: 50, size: 'max' },
);
const events = fc.array(anyEvent, { minLength: 1, maxLength: 12, size: 'max' });
const SIZES = { seed: 20_260_112, maxSkipsPerRun: 0 } as const;

const yamlOf = (rules: readonly GeneratedRule[]): string[] => rules.map(({ yaml }) => yaml);
const expectedPlaces = (rules: readonly GeneratedRule[], event: JsonObject): number[] =>
  rules.flatMap(({ rule }, place) => (matches(rule, event, COMPARING) ? [place] : []));

/** What one needs to see first: the rules on which the two disagree, and the event. */
const difference = (rules: readonly GeneratedRule[], event: JsonObject, wrong: readonly number[]): string =>
  `on ${JSON.stringify(event)} the engine and the reference disagree about\n${wrong
    .map((place) => rules[place]?.yaml)
    .join('\n---\n')}`;

function assertAgreement(rules: readonly GeneratedRule[], events: readonly JsonObject[]): void {
  const catalogue = catalogueOf(yamlOf(rules));
  for (const event of events) {
    const engine = matchedPlaces(catalogue, event);
    const expected = expectedPlaces(rules, event);
    const wrong = [...new Set([...engine, ...expected])].filter(
      (place) => engine.includes(place) !== expected.includes(place),
    );
    assert.deepEqual(engine, expected, difference(rules, event, wrong));
  }
}

describe('The engine, on generated rules and events,', () => {
  it('is given what the generator meant: YAML in every style reads back as the same rule', () => {
    fc.assert(
      fc.property(anyCloudTrailRule, ({ rule, yaml, detection }) => {
        assert.equal(JSON.stringify(parse(yaml).detection), JSON.stringify(detection));
        assert.equal(JSON.stringify(readDetection(detection).condition), JSON.stringify(rule.condition));
      }),
      { ...SIZES, numRuns: 200 },
    );
  });

  it('reads one field with any modifiers and values as the reference does', () => {
    fc.assert(fc.property(oneLiners, events, assertAgreement), { ...SIZES, numRuns: 80 });
  });

  it('matches exactly the rules that match by themselves, out of fifty', () => {
    fc.assert(fc.property(manyRules, events, assertAgreement), { ...SIZES, numRuns: 50 });
  });

  it('finds no rule for a source that it does not read', () => {
    fc.assert(
      fc.property(anyRule({ logsource: { product: 'm365' } }), anyEvent, ({ yaml }, event) => {
        assert.deepEqual(matchedPlaces(catalogueOf([yaml]), event), []);
      }),
      { ...SIZES, numRuns: 50 },
    );
  });

  it('says in its explanation whether the rule and each of its selections hold, and why', () => {
    fc.assert(
      fc.property(anyCloudTrailRule, events, (generated, events) => {
        const catalogue = catalogueOf([generated.yaml]);
        for (const event of events) {
          const explanation = catalogue.explain('rule-0', 'cloudtrail', event);
          assert.equal(explanation.holds, matches(generated.rule, event, COMPARING), JSON.stringify(event));
          assertExplained(explanation, generated.rule, event);
        }
      }),
      { ...SIZES, numRuns: 300 },
    );
  });

  it('names needs of which one is met by every event that a rule matches', () => {
    fc.assert(
      fc.property(fc.oneof(oneLiners, manyRules), events, (rules, events) => {
        for (const some of [rules, ...rules.map((rule) => [rule])]) assertNeeds(some, events);
      }),
      { ...SIZES, numRuns: 20 },
    );
  });
});

/** Every piece agrees with its parts, and what bears a selection's name with the reference. */
function assertExplained({ text, holds, parts }: Explanation, rule: ReferenceRule, event: JsonObject): void {
  const results = parts.map((part) => part.holds);
  if (text === 'not') assert.deepEqual(results, [!holds]);
  if (text === 'all of these') assert.equal(holds, !results.includes(false));
  if (text === 'one of these') assert.equal(holds, results.includes(true));
  if (rule.selections.has(text)) {
    const alone: ReferenceRule = { ...rule, condition: { is: 'name', name: text } };
    assert.equal(holds, matches(alone, event, COMPARING), `${text} on ${JSON.stringify(event)}`);
  }
  for (const part of parts) assertExplained(part, rule, event);
}

function assertNeeds(rules: readonly GeneratedRule[], events: readonly JsonObject[]): void {
  const needs = catalogueOf(yamlOf(rules)).needs('cloudtrail');
  if (needs === null) return;
  for (const event of events) {
    const matched = expectedPlaces(rules, event);
    if (matched.length === 0) continue;
    const met = needs.some((need) => candidatesAt(event, need.field).some((value) => need.accepts(value)));
    assert.ok(met, `no need of ${JSON.stringify(needs)} is met: ${difference(rules, event, matched)}`);
    for (const need of needs) assertValues(need, event);
  }
}

/** A scanner goes by the texts alone: what is accepted must be one of them, without API version for `eventName`. */
function assertValues(
  need: { field: string; values: readonly string[] | null; accepts(v: unknown): boolean },
  event: JsonObject,
): void {
  for (const value of candidatesAt(event, need.field)) {
    const text = textOf(value)?.toLowerCase();
    if (need.values === null || text === undefined || !need.accepts(value)) continue;
    const bare = text.replace(/(\d{8}|\d{4}_\d{2}_\d{2})(v\d+)?$/, '');
    const known = need.values.includes(text) || (need.field === 'eventName' && need.values.includes(bare));
    assert.ok(known, `${need.field} accepts ${text}, which is none of ${need.values.join(', ')}`);
  }
}

const candidatesAt = (event: JsonObject, field: string): Json[] => valuesAt(event, field);
