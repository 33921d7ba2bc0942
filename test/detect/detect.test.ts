import assert from 'node:assert/strict';
import type { Alert, Severity } from '../../src/case/alert.ts';
import type { Policy } from '../../src/case/policy.ts';
import type { Catalogue, Correlation, Observation } from '../../src/detect/compiled.ts';
import { detect, OWN_ROLE_POLICY } from '../../src/detect/detect.ts';
import { OWN_ROLE_POLICY as AS_ROUTED } from '../../src/route/route-case.ts';
import { aPolicy } from '../helpers/policies.ts';
import { alertOf } from './rule.ts';

const ROLE = 'arn:aws:iam::123456789012:role/countersign-governance';
const ownRole = aPolicy(OWN_ROLE_POLICY, { severity: 'critical' });
const observation: Observation = {
  correlation: {} as Correlation,
  rule: 'r',
  group: '[]',
  value: '',
  onward: [],
};

/** Matches these, whatever the event. */
const catalogueOf = (...policies: readonly Policy[]): Catalogue => ({
  policies,
  correlations: new Map(),
  evaluate: () => ({ policies, observations: [observation] }),
  needs: () => null,
  outlines: () => null,
  explain: () => assert.fail('nobody asked'),
});
const call = (identity: Alert['identity']): Alert => alertOf({}, identity ? { identity } : {});
const graph = (more: Partial<Alert> = {}): Alert =>
  alertOf({}, { source: 'graph', severity: 'low', ...more });
const detected = (policies: readonly Policy[], alert: Alert, isOurs = false) =>
  detect(catalogueOf(...policies), alert, { countersignRoleArns: [ROLE], isOurs });
const ids = (policies: readonly Policy[], alert: Alert, isOurs = false): readonly string[] =>
  detected(policies, alert, isOurs).matches.map((match) => match.policy.id);

describe('Detection', () => {
  it('answers with every policy that matches, in their order', () =>
    assert.deepEqual(ids([aPolicy('a'), aPolicy('b')], graph()), ['a', 'b']));

  it('uses a fallback policy only when no other matched', () => {
    const fallback = aPolicy('fallback', { fallback: true });

    assert.deepEqual(ids([fallback, aPolicy('a')], graph()), ['a']);
    assert.deepEqual(ids([fallback], graph()), ['fallback']);
  });

  it('leaves out a broader policy that another one covers', () =>
    assert.deepEqual(ids([aPolicy('a', { covers: ['b'] }), aPolicy('b'), aPolicy('c')], graph()), [
      'a',
      'c',
    ]));

  it('still asks by a fallback or a broader policy where the other one is only monitored', () => {
    const monitored = aPolicy('a', { stage: 'monitor', covers: ['b'] });

    assert.deepEqual(ids([monitored, aPolicy('b'), aPolicy('c', { fallback: true })], graph()), ['a', 'b']);
    assert.deepEqual(ids([monitored, aPolicy('c', { fallback: true })], graph()), ['a', 'c']);
    assert.deepEqual(ids([monitored, aPolicy('b', { stage: 'monitor' })], graph()), ['a']);
  });

  it('lets nothing from outside ask in the place of what is built in', () => {
    const outside = aPolicy('a', { outside: true, covers: ['b'] });
    const fallback = aPolicy('c', { fallback: true });

    assert.deepEqual(ids([outside, aPolicy('b')], graph()), ['a', 'b']);
    assert.deepEqual(ids([outside, fallback], graph()), ['a', 'c']);
    assert.deepEqual(ids([outside, fallback, aPolicy('d')], graph()), ['a', 'd']);
  });

  it('takes what the root user does for high at least, whichever policy asks', () => {
    const severityOf = (severity: Severity, type: string, event: object = {}) =>
      detected([aPolicy('a', { severity })], alertOf(event, { identity: { type } })).matches[0]?.severity;

    assert.equal(severityOf('low', 'Root'), 'high');
    assert.equal(severityOf('critical', 'Root'), 'critical');
    assert.equal(severityOf('low', 'IAMUser'), 'low');
    assert.equal(severityOf('low', 'Root', { eventType: 'AwsServiceEvent' }), 'low');
  });

  it("takes a Graph alert's own severity, and for CloudTrail the policy's", () => {
    assert.equal(detected([aPolicy('a')], graph()).matches[0]?.severity, 'low');
    assert.equal(detected([aPolicy('a')], call({ type: 'IAMUser' })).matches[0]?.severity, 'high');
  });

  it('counts what it asks about, and nothing that is ours, quiet, or the misuse of our role', () => {
    const role = call({ type: 'AssumedRole', roleArn: ROLE });

    assert.deepEqual(detected([], call({ type: 'IAMUser' })).observations, [observation]);
    assert.deepEqual(detected([], role, true).observations, []);
    assert.deepEqual(detected([], graph({ resolved: true })).observations, []);
    assert.deepEqual(detected([], call({ type: 'AWSService' })).observations, []);
    assert.deepEqual(detected([ownRole], role).observations, []);
  });

  it('asks nothing about Graph alerts that are resolved or informational', () => {
    assert.deepEqual(ids([aPolicy('a')], graph({ resolved: true, severity: 'high' })), []);
    assert.deepEqual(ids([aPolicy('a')], graph({ severity: 'informational' })), []);
  });

  it('ignores AWS acting for itself, and nobody else', () => {
    assert.deepEqual(ids([aPolicy('a')], call({ type: 'AWSService' })), []);
    for (const type of ['IAMUser', 'AssumedRole', 'Root', 'AWSAccount', 'Unknown'])
      assert.deepEqual(ids([aPolicy('a')], call({ type })), ['a'], type);
    assert.deepEqual(ids([aPolicy('a')], call(undefined)), ['a']);
  });

  it('asks nothing about a call whose request is in our own record', () =>
    assert.deepEqual(ids([aPolicy('a'), ownRole], call({ type: 'AssumedRole', roleArn: ROLE }), true), []));

  it("takes any other call by our own role as the role's misuse, and as nothing else", () => {
    const [match, ...more] = detected(
      [aPolicy('a'), ownRole],
      call({ type: 'AssumedRole', roleArn: ROLE }),
    ).matches;

    assert.equal(match?.policy.id, OWN_ROLE_POLICY);
    assert.equal(match?.severity, 'critical');
    assert.deepEqual(more, []);
  });

  it('still sees what our own role did where that policy was taken out', () =>
    assert.deepEqual(ids([aPolicy('a')], call({ type: 'AssumedRole', roleArn: ROLE })), ['a']));

  it('still asks about what our own role did where that policy is only monitored', () =>
    assert.deepEqual(
      ids([aPolicy('a'), { ...ownRole, stage: 'monitor' }], call({ type: 'AssumedRole', roleArn: ROLE })),
      ['a', OWN_ROLE_POLICY],
    ));

  it('takes no look-alike of our own role for ours, whatever the request id', () => {
    for (const roleArn of [`${ROLE}x`, ROLE.replace('role/', 'role/x/'), ROLE.replace('1', '2'), undefined])
      assert.deepEqual(
        ids([aPolicy('a')], call({ type: 'AssumedRole', ...(roleArn ? { roleArn } : {}) }), true),
        ['a'],
      );
  });

  it('and routing mean the same policy by the misuse of the role', () =>
    assert.equal(OWN_ROLE_POLICY, AS_ROUTED));
});
