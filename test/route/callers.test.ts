import assert from 'node:assert/strict';
import type { Alert, AwsIdentity } from '../../src/case/alert.ts';
import { targetKey } from '../../src/case/target.ts';
import { callersOf } from '../../src/route/callers.ts';
import { anAlert } from '../helpers/alerts.ts';
import { settings } from '../helpers/cases.ts';

const ACCOUNT = '123456789012';
const ELSEWHERE = '444455556666';
const SSO = 'aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_0123456789abcdef';
const callers = (identity: Partial<AwsIdentity>, over: Partial<Alert> = {}) =>
  callersOf(anAlert({ identity: { type: 'IAMUser', ...identity }, ...over }), settings);
const keys = (...parts: Parameters<typeof callers>) => callers(...parts).map(targetKey);
const user = { arn: `arn:aws:iam::${ACCOUNT}:user/team/alex`, userName: 'alex' };
const role = (path: string, session = 'alex@contoso.example', account = ACCOUNT) => ({
  type: 'AssumedRole',
  roleArn: `arn:aws:iam::${account}:role/${path}`,
  arn: `arn:aws:sts::${account}:assumed-role/${path.slice(path.lastIndexOf('/') + 1)}/${session}`,
  sessionName: session,
});

describe('Who called', () => {
  it('is the access key and the user that it belongs to', () =>
    assert.deepEqual(callers({ ...user, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }), [
      { kind: 'access-key', account: ACCOUNT, user: 'alex', id: 'AKIAIOSFODNN7EXAMPLE' },
      { kind: 'iam-user', account: ACCOUNT, name: 'alex' },
    ]));

  it('is the user alone in the console, or with a temporary key', () => {
    assert.deepEqual(keys(user), [`iam-user:${ACCOUNT}:alex`]);
    assert.deepEqual(keys({ ...user, accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }), [`iam-user:${ACCOUNT}:alex`]);
  });

  it('is the user behind a session of any name that the user gave it', () =>
    assert.deepEqual(
      keys({
        type: 'FederatedUser',
        arn: `arn:aws:sts::${ACCOUNT}:federated-user/backup`,
        userArn: user.arn,
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      }),
      [`iam-user:${ACCOUNT}:alex`],
    ));

  it('is the role, whatever its session is called', () => {
    assert.deepEqual(keys(role('Deploy')), [`iam-role:${ACCOUNT}:Deploy`]);
    assert.deepEqual(keys({ ...role('ci/Deploy', 'root'), sourceIdentity: 'morgan' }), [
      `iam-role:${ACCOUNT}:Deploy`,
    ]);
  });

  it('is the person of a role of IAM Identity Center, where AWS itself names the session', () =>
    assert.deepEqual(callers(role(SSO)), [
      {
        kind: 'sso-session',
        account: ACCOUNT,
        role: 'AWSReservedSSO_Admin_0123456789abcdef',
        user: 'alex@contoso.example',
      },
    ]));

  it('is nobody behind a role that only looks like one of IAM Identity Center', () => {
    assert.deepEqual(keys(role('AWSReservedSSO_Admin_0123456789abcdef')), [
      `iam-role:${ACCOUNT}:AWSReservedSSO_Admin_0123456789abcdef`,
    ]);
    assert.deepEqual(callers(role('aws-reserved/other.amazonaws.com/AWSReservedSSO_Admin_0')), []);
    assert.deepEqual(
      callers({ ...role(SSO), arn: `arn:aws:sts::${ELSEWHERE}:assumed-role/Admin/morgan@contoso.example` }),
      [],
    );
  });

  for (const [who, identity, over] of [
    ['the root user', { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` }, {}],
    ['a service of AWS', { type: 'AWSService' }, {}],
    [
      'somebody federated by root',
      { type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/x` },
      {},
    ],
    ['a service-linked role', role('aws-service-role/x.amazonaws.com/AWSServiceRoleForX'), {}],
    ['a user of an account that is not listed', { arn: `arn:aws:iam::${ELSEWHERE}:user/alex` }, {}],
    ['a role of an account that is not listed', role('Deploy', 'x', ELSEWHERE), {}],
    ['a user without an ARN', { userName: 'alex', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, {}],
    ['a name that IAM does not accept', { arn: `arn:aws:iam::${ACCOUNT}:user/a:b` }, {}],
    [
      'a refused sign-in, whose name is only what somebody typed',
      user,
      { attempt: true, event: { eventName: 'ConsoleLogin' } },
    ],
    [
      'a call whose signature was wrong',
      user,
      { attempt: true, event: { errorCode: 'SignatureDoesNotMatch' } },
    ],
  ] as const)
    it(`is nobody that could be acted on for ${who}`, () => assert.deepEqual(callers(identity, over), []));

  it('is nobody for a record that does not say', () => assert.deepEqual(callersOf(anAlert(), settings), []));

  it('is known of a call that was refused for want of permission: a stolen key tries doors', () =>
    assert.deepEqual(keys(user, { attempt: true, event: { errorCode: 'AccessDenied' } }), [
      `iam-user:${ACCOUNT}:alex`,
    ]));
});
