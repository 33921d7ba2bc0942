import assert from 'node:assert/strict';
import type { Alert } from '../../src/case/alert.ts';
import type { Policy } from '../../src/case/policy.ts';
import { detect, OWN_ROLE_POLICY } from '../../src/detect/detect.ts';
import { OWN_ROLE_POLICY as AS_ROUTED } from '../../src/route/route-case.ts';
import { alertOf } from './rule.ts';

const ROLE = 'arn:aws:iam::123456789012:role/countersign-governance';
const policy = (id: string, more: Partial<Policy> = {}): Policy => ({
  id,
  title: id,
  text: '',
  hash: '',
  severity: 'high',
  techniques: [],
  question: '',
  offers: [],
  fallback: false,
  securityOnly: false,
  matches: () => true,
  ...more,
});
const ownRole = policy(OWN_ROLE_POLICY, {
  severity: 'critical',
  matches: (alert, context) => context?.countersignRoleArns.includes(alert.identity?.roleArn ?? '') ?? false,
});
const call = (identity: Alert['identity']): Alert => alertOf({}, identity ? { identity } : {});
const graph = (more: Partial<Alert> = {}): Alert =>
  alertOf({}, { source: 'graph', severity: 'low', ...more });
const ids = (policies: readonly Policy[], alert: Alert, isOurs = false): readonly string[] =>
  detect(policies, alert, { countersignRoleArns: [ROLE], isOurs }).map((match) => match.policy.id);

describe('Detection', () => {
  it('answers with every policy that matches, in their order', () =>
    assert.deepEqual(ids([policy('a'), policy('no', { matches: () => false }), policy('b')], graph()), [
      'a',
      'b',
    ]));

  it('uses a fallback policy only when no other matched', () => {
    const fallback = policy('fallback', { fallback: true });

    assert.deepEqual(ids([fallback, policy('a')], graph()), ['a']);
    assert.deepEqual(ids([fallback, policy('a', { matches: () => false })], graph()), ['fallback']);
  });

  it("takes a Graph alert's own severity, and for CloudTrail the policy's", () => {
    assert.equal(detect([policy('a')], graph(), { isOurs: false })[0]?.severity, 'low');
    assert.equal(detect([policy('a')], call({ type: 'IAMUser' }), { isOurs: false })[0]?.severity, 'high');
  });

  it('asks nothing about Graph alerts that are resolved or informational', () => {
    assert.deepEqual(ids([policy('a')], graph({ resolved: true, severity: 'high' })), []);
    assert.deepEqual(ids([policy('a')], graph({ severity: 'informational' })), []);
  });

  it('ignores AWS acting for itself, and nobody else', () => {
    assert.deepEqual(ids([policy('a')], call({ type: 'AWSService' })), []);
    for (const type of ['IAMUser', 'AssumedRole', 'Root', 'AWSAccount', 'Unknown'])
      assert.deepEqual(ids([policy('a')], call({ type })), ['a'], type);
    assert.deepEqual(ids([policy('a')], call(undefined)), ['a']);
  });

  it('asks nothing about a call whose request is in our own record', () =>
    assert.deepEqual(ids([policy('a'), ownRole], call({ type: 'AssumedRole', roleArn: ROLE }), true), []));

  it("takes any other call by our own role as the role's misuse, and as nothing else", () => {
    const [match, ...more] = detect([policy('a'), ownRole], call({ type: 'AssumedRole', roleArn: ROLE }), {
      countersignRoleArns: [ROLE],
      isOurs: false,
    });

    assert.equal(match?.policy.id, OWN_ROLE_POLICY);
    assert.equal(match?.severity, 'critical');
    assert.deepEqual(more, []);
  });

  it('still sees what our own role did where that policy was taken out', () =>
    assert.deepEqual(ids([policy('a')], call({ type: 'AssumedRole', roleArn: ROLE })), ['a']));

  it('takes no look-alike for our own role', () => {
    for (const roleArn of [`${ROLE}x`, ROLE.replace('role/', 'role/x/'), ROLE.replace('1', '2'), undefined])
      assert.deepEqual(
        ids([policy('a'), ownRole], call({ type: 'AssumedRole', ...(roleArn ? { roleArn } : {}) })),
        ['a'],
      );
  });

  it('and routing mean the same policy by the misuse of the role', () =>
    assert.equal(OWN_ROLE_POLICY, AS_ROUTED));
});
