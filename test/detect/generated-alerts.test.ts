// Graph alerts, on generated rules: read as they are, and as the audit record that the same detection leaves.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { JsonObject } from '../../src/case/json.ts';
import { matches } from './reference.ts';
import { COMPARING, catalogueOf } from './reference-engine.ts';
import { valuesAt } from './reference-text.ts';

const TITLES = [
  'Impossible travel',
  'impossible TRAVEL',
  'Mass download',
  'success',
  'SecurityComplianceCenter',
];
const AS_IT_IS: readonly JsonObject[] = [
  ...['m365', 'microsoft365', 'azure'].map((product) => ({ product })),
  { product: 'm365', service: 'alerts' },
];
const AS_RECORD: readonly JsonObject[] = [
  { product: 'm365', service: 'threat_management' },
  { product: 'm365', service: 'threat_detection' },
];
/** Logs that nothing delivers: rules for them wait. */
const WAITING: readonly JsonObject[] = [
  { product: 'm365', service: 'exchange' },
  { product: 'azure', service: 'signinlogs' },
  { product: 'windows' },
  { category: 'process_creation' },
  { product: 'aws', service: 'waf' },
];

const alert = fc.record({
  title: fc.constantFrom(...TITLES),
  status: fc.constantFrom('new', 'inProgress', 'resolved'),
  category: fc.constantFrom('Exfiltration', 'InitialAccess'),
});
const line = fc.record({
  field: fc.constantFrom('title', 'status', 'category', 'eventSource', 'eventName', 'Name', 'nothing'),
  place: fc.constantFrom('', '|contains', '|startswith', '|endswith', '|neq'),
  value: fc.constantFrom(...TITLES, 'new', 'Exfiltration', 'Impossible*', 'security*', 'travel', 'unlikely'),
});

const selection = fc
  .array(line, { minLength: 1, maxLength: 2 })
  .map(
    (lines): JsonObject => Object.fromEntries(lines.map(({ field, place, value }) => [field + place, value])),
  );

const textOf = (logsource: JsonObject, selection: JsonObject): string =>
  stringify({ title: 'Generated', logsource, detection: { selection, condition: 'selection' } });

describe('The engine, on generated Graph alerts,', () => {
  it('sees them as they are, or with the fields of the audit record, as the log source says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AS_IT_IS, ...AS_RECORD),
        selection,
        alert,
        (logsource, selection, alert) => {
          const rule = {
            selections: new Map([['selection', selection]]),
            condition: { is: 'name', name: 'selection' },
          } as const;
          const { title } = alert;
          const record = {
            eventSource: 'SecurityComplianceCenter',
            eventName: title,
            Name: title,
            status: 'success',
          };

          const { policies } = catalogueOf([textOf(logsource, selection)]).evaluate('graph', alert);

          const seen = AS_RECORD.includes(logsource) ? { ...alert, ...record } : alert;
          assert.equal(policies.length === 1, matches(rule, seen, COMPARING));
        },
      ),
      { seed: 20_260_112, numRuns: 500 },
    );
  });

  it('names needs of which one is met by every alert that a rule matches', () => {
    const logsource = fc.constantFrom(...AS_IT_IS, ...AS_IT_IS, ...AS_RECORD);
    const rules = fc.array(fc.tuple(logsource, selection), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(rules, alert, (rules, alert) => {
        const catalogue = catalogueOf(rules.map(([logsource, selection]) => textOf(logsource, selection)));
        const needs = catalogue.needs('graph');
        if (needs === null || catalogue.evaluate('graph', alert).policies.length === 0) return;

        const met = needs.some(({ field, accepts }) =>
          valuesAt(alert, field).some((value) => accepts(value)),
        );
        assert.ok(met, JSON.stringify(needs));
      }),
      { seed: 20_260_112, numRuns: 500 },
    );
  });

  it('never matches a rule for logs that nothing delivers, and lists it without a source', () => {
    for (const logsource of WAITING) {
      const catalogue = catalogueOf([textOf(logsource, { 'nothing|exists': false })]);

      assert.deepEqual(
        catalogue.policies.map(({ source }) => source),
        [null],
      );
      for (const source of ['graph', 'cloudtrail'] as const)
        assert.deepEqual(catalogue.evaluate(source, { title: 'x' }).policies, [], JSON.stringify(logsource));
    }
  });
});
