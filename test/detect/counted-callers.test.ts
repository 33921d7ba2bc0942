// Whom the counted policies count by: a session's name is its caller's choice, and must not split what one role did.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../src/case/json.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { loadCatalogue } from '../../src/policy-files.ts';
import { record } from './detectors/calls.ts';

const POLICIES = ['aws-multiple-storage-deletion', 'aws-multiple-vm-creation', 'aws-multiple-vm-deletion'];
const { catalogue } = loadCatalogue({ knownActions: [...ACTIONS.keys()] });
const DELETION = record('ec2:DeleteVolume', { volumeId: 'vol-1' });
const ROLE = 'arn:aws:iam::123456789012:role/Deploy';
const SSO = 'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0';

/** The groups that a deletion by this identity counts towards, in lower case: AWS ignores the case of names. */
const groupsOf = (userIdentity: JsonObject): readonly string[] =>
  catalogue
    .evaluate('cloudtrail', { ...DELETION, userIdentity })
    .observations.filter(({ correlation }) => correlation.key === 'aws-multiple-storage-deletion')
    .map(({ group }) => group.toLowerCase());
const session = (role: string, name: string): JsonObject => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::123456789012:assumed-role/${role.split('/').at(-1)}/${name}`,
  sessionContext: { sessionIssuer: { type: 'Role', arn: role } },
});
const only = (value: unknown): readonly string[] => [JSON.stringify([value]).toLowerCase()];

describe('What one caller does many times', () => {
  it('is counted by the role, whatever its sessions are called', () => {
    assert.deepEqual(groupsOf(session(ROLE, 's0')), only(ROLE));
    assert.deepEqual(groupsOf(session(ROLE, 's1')), only(ROLE));
  });

  it('is counted by the person in roles of IAM Identity Center, where AWS names the session', () => {
    for (const role of [
      SSO,
      SSO.replace('arn:aws:', 'arn:aws-us-gov:'),
      SSO.replace('arn:aws:', 'arn:aws-cn:'),
    ])
      assert.deepEqual(groupsOf(session(role, 'alex')), only(session(role, 'alex').arn));
  });

  it('is counted by the role when its path only looks like IAM Identity Center’s', () => {
    for (const path of [
      'x/aws-reserved/sso.amazonaws.com',
      'x:iam::123456789012:role/aws-reserved/sso.amazonaws.com',
    ]) {
      const role = `arn:aws:iam::123456789012:role/${path}/Deploy`;
      assert.deepEqual(groupsOf(session(role, 's0')), only(role));
    }
  });

  it('is counted by the user, with the sessions that the user named', () => {
    const arn = 'arn:aws:iam::123456789012:user/alex';
    const federated = { type: 'FederatedUser', arn: 'arn:aws:sts::123456789012:federated-user/s0' };

    assert.deepEqual(groupsOf({ type: 'IAMUser', arn }), only(arn));
    assert.deepEqual(groupsOf({ type: 'IAMUser', arn, sessionContext: { sessionIssuer: {} } }), only(arn));
    assert.deepEqual(
      groupsOf({ ...federated, sessionContext: { sessionIssuer: { type: 'IAMUser', arn } } }),
      only(arn),
    );
    assert.deepEqual(groupsOf({ type: 'Unknown' }), only(null));
  });

  for (const policy of POLICIES) {
    const text = readFileSync(join(import.meta.dirname, `../../policies/${policy}.yml`), 'utf8');
    const rules = parseAllDocuments(text)
      .map((document) => (document as { toJS(): Record<string, unknown> }).toJS())
      .filter((each) => 'detection' in each);
    const detectionOf = (name: unknown): object =>
      rules.find((rule) => rule.name === name)?.detection as object;

    it(`has, of ${policy}, each rule by caller and by role, which look for the same`, () => {
      const byCaller = rules.map(({ name }) => String(name)).filter((name) => name.endsWith('_by_caller'));

      assert.equal(byCaller.length * 2, rules.length);
      for (const name of byCaller) {
        const twin = detectionOf(name.replace('_by_caller', '_by_role'));
        assert.deepEqual({ ...detectionOf(name), condition: null }, { ...twin, condition: null });
      }
    });

    it(`counts, of ${policy}, each call in one group only`, () => {
      const examples = readFileSync(
        join(import.meta.dirname, `../../policies/${policy}.examples.json`),
        'utf8',
      );
      const { match, noMatch } = JSON.parse(examples);

      for (const event of [...match, ...noMatch].flat()) {
        const counted = catalogue
          .evaluate('cloudtrail', event)
          .observations.filter(({ correlation }) => correlation.key === policy);
        assert.ok(counted.length <= 1);
      }
    });
  }
});
