// A rule around one detection, and whether it matches an event: for the tests of the Sigma reader.
import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { Alert } from '../../src/case/alert.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';

export const KNOWN_ACTIONS = [
  'aws.s3.make-bucket-private',
  'entra.user.revoke-sessions',
  'entra.user.suspend',
];

export const load = (text: string, name = 'a-rule.yml') =>
  loadPolicies([{ name, text }], { knownActions: KNOWN_ACTIONS });

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

export function matches(detection: object, event: object): boolean {
  const { policies, problems } = load(ruleText(detection));
  assert.deepEqual(problems, []);
  const [policy] = policies;
  assert.ok(policy);
  return policy.matches(alertOf(event));
}

/** The one problem of a rule that must be refused. */
export function problemOf(text: string): { readonly line: number; readonly reason: string } {
  const { policies, problems } = load(text);
  assert.equal(policies.length, 0, 'it loaded');
  const [problem] = problems;
  assert.ok(problem);
  return problem;
}
