import assert from 'node:assert/strict';
import { type Target, targetLabel } from '../../../src/case/target.ts';
import { parseCloudTrail } from '../../../src/ingest/sources/cloudtrail-event.ts';
import { targetsOf } from '../../../src/ingest/sources/cloudtrail-targets.ts';
import { english } from '../../helpers/english.ts';

const ACCOUNT = '123456789012';
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const recordOf = (
  name: string,
  requestParameters: object | null,
  responseElements: object | null,
  more = {},
) => {
  const [service, eventName = ''] = name.split(':');
  return {
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alex`, userName: 'alex' },
    ...{ eventID: 'event-1', eventTime: '2026-01-12T09:14:02Z', awsRegion: 'eu-central-1' },
    ...{ eventSource: `${service}.amazonaws.com`, eventName, recipientAccountId: ACCOUNT },
    ...{ requestParameters, responseElements },
    ...more,
  };
};
const alertOf = (name: string, asked: object | null, answer: object | null = null, more = {}) => {
  const [alert] = parseCloudTrail(recordOf(name, asked, answer, more), { accounts: [ACCOUNT] });
  assert.ok(alert);
  return alert;
};
const actable = (...parts: Parameters<typeof alertOf>): readonly Target[] =>
  alertOf(...parts).targets.filter(({ kind }) => kind !== 'resource');
const user = (name: string): Target => ({ kind: 'iam-user', account: ACCOUNT, name });
const role = (name: string): Target => ({ kind: 'iam-role', account: ACCOUNT, name });
const key = (owner: string): Target => ({ kind: 'access-key', account: ACCOUNT, user: owner, id: KEY });

describe('A call that gives somebody something', () => {
  const policy = { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' };
  const cases: readonly (readonly [string, object | null, object | null, Target])[] = [
    ['iam:CreateUser', { userName: 'mallory' }, { user: { userName: 'mallory' } }, user('mallory')],
    ['iam:CreateUser', null, { user: { userName: 'mallory', path: '/x/' } }, user('mallory')],
    ['iam:CreateLoginProfile', { userName: 'mallory' }, null, user('mallory')],
    ['iam:UpdateLoginProfile', { userName: 'mallory' }, null, user('mallory')],
    ['iam:AttachUserPolicy', { userName: 'mallory', ...policy }, null, user('mallory')],
    [
      'iam:PutUserPolicy',
      { userName: 'mallory', policyName: 'x', policyDocument: '{}' },
      null,
      user('mallory'),
    ],
    ['iam:AddUserToGroup', { userName: 'mallory', groupName: 'Admins' }, null, user('mallory')],
    ['iam:CreateRole', { roleName: 'Deploy' }, { role: { roleName: 'Deploy' } }, role('Deploy')],
    ['iam:UpdateAssumeRolePolicy', { roleName: 'Deploy', policyDocument: '{}' }, null, role('Deploy')],
    ['iam:AttachRolePolicy', { roleName: 'Deploy', ...policy }, null, role('Deploy')],
    ['iam:PutRolePolicy', { roleName: 'Deploy', policyName: 'x' }, null, role('Deploy')],
    [
      'iam:CreateAccessKey',
      { userName: 'mallory' },
      { accessKey: { userName: 'mallory', accessKeyId: KEY, status: 'Active' } },
      key('mallory'),
    ],
    ['iam:CreateAccessKey', null, { accessKey: { userName: 'alex', accessKeyId: KEY } }, key('alex')],
    [
      'iam:UpdateAccessKey',
      { userName: 'mallory', accessKeyId: KEY, status: 'Active' },
      null,
      key('mallory'),
    ],
    ['iam:UpdateAccessKey', { accessKeyId: KEY, status: 'Active' }, null, key('alex')],
  ];
  for (const [name, asked, answer, target] of cases)
    it(`names whom it can be taken from again: ${targetLabel(target)} for ${name} with ${JSON.stringify(asked)}`, () =>
      assert.deepEqual(actable(name, asked, answer), [target]));

  it('keeps its title, with everything beside it shown', () => {
    const made = alertOf(
      'iam:CreateAccessKey',
      { userName: 'mallory' },
      {
        accessKey: { userName: 'mallory', accessKeyId: KEY },
      },
    );
    const added = alertOf('iam:AddUserToGroup', { userName: 'mallory', groupName: 'Admins' });

    assert.equal(english(made.title), 'CreateAccessKey on user mallory');
    assert.deepEqual(made.targets.map(targetLabel), ['user mallory', `access key ${KEY} of mallory`]);
    assert.equal(english(added.title), 'AddUserToGroup on user mallory and 1 more');
    assert.deepEqual(added.targets.map(targetLabel), ['user mallory', 'group Admins']);
  });

  for (const [why, name, asked, answer, more] of [
    ['takes away', 'iam:DeleteUser', { userName: 'mallory' }, null, {}],
    ['takes away', 'iam:DetachRolePolicy', { roleName: 'Deploy', ...policy }, null, {}],
    ['takes away', 'iam:DeleteAccessKey', { userName: 'mallory', accessKeyId: KEY }, null, {}],
    ['names what IAM does not accept', 'iam:CreateUser', { userName: 'a/b' }, null, {}],
    ['names too much', 'iam:CreateUser', { userName: 'x'.repeat(65) }, null, {}],
    [
      'names no key that lasts',
      'iam:UpdateAccessKey',
      { userName: 'x', accessKeyId: 'ASIAEXAMPLEEXAMPLE' },
      null,
      {},
    ],
    [
      'is about the root user',
      'iam:CreateAccessKey',
      null,
      { accessKey: { accessKeyId: KEY } },
      { userIdentity: { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` } },
    ],
    ['is of another service', 'identitystore:CreateUser', { userName: 'mallory' }, null, {}],
  ] as const)
    it(`is only shown where it ${why}: ${name}`, () =>
      assert.deepEqual(actable(name, asked, answer, more), []));

  it('is only shown in an account that is not listed', () =>
    assert.deepEqual(
      targetsOf(recordOf('iam:CreateUser', { userName: 'mallory' }, null), ACCOUNT, [
        '444455556666',
      ]).targets.map(({ kind }) => kind),
      ['resource'],
    ));
});

describe('A call to S3 about', () => {
  const bucket = { kind: 'bucket', account: ACCOUNT, region: 'eu-central-1', name: 'invoices' } as const;

  it('one object names it beside its bucket', () => {
    const alert = alertOf('s3:PutObjectAcl', { bucketName: 'invoices', key: '2026/a b.pdf' });

    assert.deepEqual(alert.targets, [
      bucket,
      {
        ...{ kind: 'object', account: ACCOUNT, region: 'eu-central-1' },
        bucket: 'invoices',
        key: '2026/a b.pdf',
      },
    ]);
    assert.equal(english(alert.title), 'PutObjectAcl on invoices');
  });

  it('no object that could exist names the bucket alone', () => {
    for (const name of ['', 'é'.repeat(513)])
      assert.deepEqual(actable('s3:PutObjectAcl', { bucketName: 'invoices', key: name }), [bucket]);
    assert.deepEqual(actable('s3:DeleteObject', { bucketName: 'invoices', key: 'x' }), [bucket]);
  });

  it('the whole account names it, whatever else it carries', () => {
    for (const name of ['PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock']) {
      const alert = alertOf(`s3:${name}`, { bucketName: 'x-1', accountId: '444455556666' });

      assert.deepEqual(alert.targets, [{ kind: 'aws-account', account: ACCOUNT }]);
      assert.equal(english(alert.title), `${name} on account ${ACCOUNT}`);
    }
  });
});

describe('The identity of a caller', () => {
  it('has the key that signed the call', () =>
    assert.equal(
      alertOf('iam:CreateUser', { userName: 'x' }, null, {
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alex`, accessKeyId: KEY },
      }).identity?.accessKeyId,
      KEY,
    ));

  it('has none where the recorder sends something else, and the event counts all the same', () =>
    assert.equal(
      alertOf('iam:CreateUser', { userName: 'x' }, null, {
        userIdentity: { type: 'IAMUser', accessKeyId: [1] },
      }).identity?.accessKeyId,
      undefined,
    ));
});
