// A rule around one detection, and whether it matches an event: for the tests of the Sigma reader.
import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { Alert } from '../../src/case/alert.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { type AwsAccount, DEFAULT_DETECTION, type DetectionSettings } from '../../src/case/settings.ts';
import { loadPolicies, type PolicyFile } from '../../src/detect/load-policies.ts';

export const KNOWN_ACTIONS = [
  'aws.s3.make-bucket-private',
  'entra.user.revoke-sessions',
  'entra.user.suspend',
];

export const load = (text: string, name = 'a-rule.yml', settings: Settings = {}) =>
  loadFiles([{ name, text }], settings);

interface Settings extends Partial<DetectionSettings> {
  readonly containFirst?: readonly string[];
  readonly accounts?: readonly AwsAccount[];
}

export const loadFiles = (
  files: readonly PolicyFile[],
  { accounts = [], containFirst = [], ...detection }: Settings = {},
) =>
  loadPolicies(files, {
    knownActions: KNOWN_ACTIONS,
    settings: {
      detection: { ...DEFAULT_DETECTION, ...detection },
      aws: { accounts },
      asking: { containFirst },
    },
  });

export const ruleText = (detection: object, more: object = {}): string =>
  stringify({ title: 'A rule', logsource: { product: 'aws', service: 'cloudtrail' }, detection, ...more });

export const alertOf = (event: object, more: Partial<Alert> = {}): Alert => ({
  source: 'cloudtrail',
  sourceId: 'a',
  revision: '',
  fingerprint: '',
  occurredAt: '2026-01-12T09:14:02.000Z',
  title: 'An alert',
  severity: 'medium',
  resolved: false,
  attempt: false,
  mentions: [],
  targets: [],
  facts: [],
  event: event as JsonObject,
  ...more,
});

export function matches(detection: object, event: object, settings: Settings = {}): boolean {
  const { catalogue, problems } = load(ruleText(detection), 'a-rule.yml', settings);
  assert.deepEqual(problems, []);
  assert.equal(catalogue.policies.length, 1);
  const { policies } = catalogue.evaluate('cloudtrail', event as JsonObject);
  const explanation = catalogue.explain('a-rule', 'cloudtrail', event as JsonObject);
  assert.equal(explanation.holds, policies.length === 1, 'the explanation says otherwise');
  return policies.length === 1;
}

/** Rule field and value, event, whether they match. */
export type Row = readonly [selection: object, event: object, expected: boolean];

/** A test for each row, named by what it says. */
export function table(rows: readonly Row[], settings: Settings = {}): void {
  for (const [selection, event, expected] of rows) {
    const name = `${JSON.stringify(selection).slice(0, 90)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(event).slice(0, 90)}`;
    it(name, () => assert.equal(matches({ sel: selection, condition: 'sel' }, event, settings), expected));
  }
}

/** The one problem of a rule that must be refused. */
export function problemOf(text: string): { readonly line: number; readonly reason: string } {
  const { catalogue, problems } = load(text);
  assert.equal(catalogue.policies.length, 0, 'it loaded');
  assert.equal(problems.length, 1);
  const [problem] = problems;
  assert.ok(problem);
  return problem;
}
