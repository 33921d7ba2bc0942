import assert from 'node:assert/strict';
import { CountersignError } from '../../../src/case/errors.ts';
import { says } from '../../../src/case/said.ts';
import { writeOut } from '../../../src/case/written.ts';
import { parseCloudTrail } from '../../../src/ingest/sources/cloudtrail-event.ts';
import { english } from '../../helpers/english.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/Deploy`;

const record = (more: object = {}) => ({
  eventVersion: '1.11',
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/alex@contoso.example`,
    accountId: ACCOUNT,
    sessionContext: { sessionIssuer: { type: 'Role', arn: ROLE }, sourceIdentity: 'alex' },
  },
  eventTime: '2026-01-12T09:14:02Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'PutBucketPolicy',
  awsRegion: 'eu-central-1',
  sourceIPAddress: '192.0.2.4',
  userAgent: 'aws-cli/2',
  requestParameters: { bucketName: 'invoices-2026' },
  responseElements: null,
  requestID: 'REQ1',
  eventID: 'event-1',
  recipientAccountId: ACCOUNT,
  ...more,
});
const enveloped = (detail: unknown, more: object = {}) => ({
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  account: ACCOUNT,
  detail,
  ...more,
});
const parse = (body: unknown) => parseCloudTrail(body, { accounts: [ACCOUNT, '444455556666'] });
const one = (body: unknown) => {
  const [alert] = parse(body);
  assert.ok(alert);
  return alert;
};
const refusal = (body: unknown): CountersignError => {
  try {
    parse(body);
  } catch (error) {
    assert.ok(error instanceof CountersignError);
    return error;
  }
  throw new assert.AssertionError({ message: 'was not refused' });
};

describe('A CloudTrail record', () => {
  for (const [form, body] of [
    ['itself', record()],
    ['an EventBridge event', enveloped(record())],
    ['a sign-in event', enveloped(record(), { 'detail-type': 'AWS Console Sign In via CloudTrail' })],
    ['a service event', enveloped(record(), { 'detail-type': 'AWS Service Event via CloudTrail' })],
    ['a list of events', [enveloped(record())]],
    ['a Records document', { Records: [record()] }],
  ] as const)
    it(`is the same alert when it comes as ${form}`, () => assert.deepEqual(parse(body), parse(record())));

  it('is named by account and event id, through every door', () => {
    const alert = one(record());

    assert.equal(alert.sourceId, `${ACCOUNT}/event-1`);
    assert.equal(alert.revision, '');
    assert.equal(alert.requestId, 'REQ1');
    assert.equal(english(alert.title), 'PutBucketPolicy on invoices-2026');
    assert.equal(alert.severity, 'medium');
    assert.equal(alert.occurredAt, '2026-01-12T09:14:02.000Z');
  });

  it('shows who, where and how as plain facts', () =>
    assert.deepEqual(
      writeOut(one(record({ errorCode: 'AccessDenied', errorMessage: 'no' })).facts, english),
      [
        { label: 'API call', value: 'PutBucketPolicy (s3.amazonaws.com)' },
        { label: 'Identity', value: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/alex@contoso.example` },
        { label: 'Account', value: ACCOUNT },
        { label: 'Region', value: 'eu-central-1' },
        { label: 'Source IP', value: '192.0.2.4', kind: 'address' },
        { label: 'Error', value: 'AccessDenied: no', kind: 'words' },
        { label: 'Client', value: 'aws-cli/2' },
      ],
    ));

  it('carries the caller with role, session name and source identity, believing none of them', () =>
    assert.deepEqual(one(record()).identity, {
      type: 'AssumedRole',
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/alex@contoso.example`,
      roleArn: ROLE,
      sessionName: 'alex@contoso.example',
      sourceIdentity: 'alex',
    }));

  for (const [what, userIdentity] of [
    ['another type', { type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/alex` }],
    ['an ARN with extra parts', { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/a/b/c` }],
    ['an ARN of another service', { type: 'AssumedRole', arn: `arn:aws:iam::${ACCOUNT}:assumed-role/a/b` }],
    [
      'an issuer that is no role',
      { type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'IAMUser', arn: ROLE } } },
    ],
  ] as const)
    it(`has neither role nor session name with ${what}`, () => {
      const { identity } = one(record({ userIdentity }));

      assert.equal(identity?.sessionName, undefined);
      assert.equal(identity?.roleArn, undefined);
    });

  it('carries the IAM user who began a session under another name, and never root', () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/alex`;
    const began = (type: string, issuer: string) =>
      one(record({ userIdentity: { type, sessionContext: { sessionIssuer: { type: issuer, arn } } } }))
        .identity?.userArn;

    assert.equal(began('FederatedUser', 'IAMUser'), arn);
    assert.equal(began('FederatedUser', 'Root'), undefined);
    assert.equal(began('AssumedRole', 'IAMUser'), undefined);
  });

  it('without an identity is taken all the same', () =>
    assert.equal(one(record({ userIdentity: null })).identity, undefined));

  for (const [what, more, attempt] of [
    ['an error code', { errorCode: 'AccessDenied' }, true],
    ['only an error message', { errorMessage: 'Failed authentication' }, true],
    ['only a failed sign-in as its answer', { responseElements: { ConsoleLogin: 'Failure' } }, true],
    ['only a refused change of role as its answer', { responseElements: { SwitchRole: 'Failure' } }, true],
    [
      'only a refused portal sign-in in its details',
      { serviceEventDetails: { CredentialVerification: 'Failure' } },
      true,
    ],
    ['a successful sign-in', { responseElements: { ConsoleLogin: 'Success' } }, false],
    ['no error', {}, false],
  ] as const)
    it(`with ${what} is ${attempt ? 'an attempt' : 'done'}`, () =>
      assert.equal(one(record(more)).attempt, attempt));

  it('survives a client or an address that is no text', () =>
    assert.equal(
      one(record({ userAgent: ['a'], sourceIPAddress: 7 })).facts.some(({ label }) =>
        says(label, 'ingest.client'),
      ),
      false,
    ));
});

describe('The target of a CloudTrail record', () => {
  const target = (more: object) => one(record(more)).targets[0];

  it('is the bucket, in the account and the region of the call', () =>
    assert.deepEqual(target({}), {
      kind: 'bucket',
      account: ACCOUNT,
      region: 'eu-central-1',
      name: 'invoices-2026',
    }));

  it('is the bucket of the owner, when the caller is of another account of ours', () =>
    assert.deepEqual(target({ resources: [{ type: 'AWS::S3::Bucket', accountId: '444455556666' }] }), {
      kind: 'bucket',
      account: '444455556666',
      region: 'eu-central-1',
      name: 'invoices-2026',
    }));

  it('is only shown when the bucket is of an account that is not ours', () =>
    assert.equal(
      target({ resources: [{ type: 'AWS::S3::Bucket', accountId: '999999999999' }] })?.kind,
      'resource',
    ));

  for (const bucketName of ['../../etc', 'a b', 'x'.repeat(300), 'bucket/key', '*', 'a\nb'])
    it(`is only shown when no bucket can have the name ${JSON.stringify(bucketName).slice(0, 20)}`, () =>
      assert.equal(target({ requestParameters: { bucketName } })?.kind, 'resource'));

  it('is the account for the public access block of all buckets', () =>
    assert.deepEqual(target({ eventName: 'DeleteAccountPublicAccessBlock', requestParameters: {} }), {
      kind: 'aws-account',
      account: ACCOUNT,
    }));

  it('is the same trail by name and by ARN', () => {
    const trail = (name: string) =>
      target({
        eventSource: 'cloudtrail.amazonaws.com',
        eventName: 'StopLogging',
        requestParameters: { name },
      });

    assert.deepEqual(trail(`arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/main`), trail('main'));
    assert.deepEqual(trail('main'), {
      kind: 'resource',
      id: `cloudtrail/trail/${ACCOUNT}/eu-central-1/main`,
      label: 'trail main',
    });
  });

  it("is the caller's role where the call names nothing that we know", () =>
    assert.deepEqual(
      target({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', requestParameters: null }),
      { kind: 'resource', id: ROLE, label: 'role/team/Deploy' },
    ));

  for (const requestParameters of [null, 'text', [], { bucketName: { a: 1 } }, { bucketName: ['x'] }])
    it(`is never missing, with parameters ${JSON.stringify(requestParameters)}`, () =>
      assert.equal(target({ requestParameters })?.kind, 'resource'));
});

describe('A malformed CloudTrail body', () => {
  for (const [what, body, message] of [
    ['a text', 'x', /^body: /],
    ['null', null, /^body: /],
    ['no event id', record({ eventID: undefined }), /^eventID: /],
    ['an endless event id', record({ eventID: 'a'.repeat(129) }), /^eventID: /],
    [
      'no event time',
      { Records: [record(), record({ eventTime: undefined })] },
      /^Records\[1\]\.eventTime: /,
    ],
    ['an event time in words', enveloped(record({ eventTime: 'soon' })), /^detail\.eventTime: /],
    [
      'no event name',
      [enveloped(record()), enveloped(record({ eventName: '' }))],
      /^\[1\]\.detail\.eventName: /,
    ],
    ['an identity that is a list', record({ userIdentity: [] }), /^userIdentity: /],
    [
      'a session that is a text',
      record({ userIdentity: { sessionContext: 'x' } }),
      /^userIdentity\.sessionContext: /,
    ],
    ['Records that are no list', { Records: {} }, /^Records: expected an array/],
    [
      'another EventBridge event',
      enveloped(record(), { 'detail-type': 'EC2 Instance State-change Notification' }),
      /^detail-type: /,
    ],
    ['an envelope without a detail', { 'detail-type': 'AWS API Call via CloudTrail' }, /^detail: /],
    [
      'no account anywhere',
      record({ recipientAccountId: undefined, userIdentity: null }),
      /^recipientAccountId: /,
    ],
    ['an Insights event', { eventID: 'a', insightDetails: {} }, /Insights/],
  ] as const)
    it(`with ${what} is refused, the field named`, () => {
      const error = refusal(body);

      assert.equal(error.code, 'ingest.malformed');
      assert.match(error.message, message);
    });

  it('of an account that is not ours is refused as such', () => {
    const error = refusal({ Records: [record(), record({ recipientAccountId: '999999999999' })] });

    assert.equal(error.code, 'ingest.wrong-account');
    assert.match(error.message, /^Records\[1\]\.recipientAccountId: /);
  });

  it('falls back to the account of the caller, then of the envelope', () => {
    const bare = { recipientAccountId: undefined };

    assert.equal(one(record(bare)).sourceId, `${ACCOUNT}/event-1`);
    assert.equal(one(enveloped(record({ ...bare, userIdentity: null }))).sourceId, `${ACCOUNT}/event-1`);
  });

  it('nested a hundred thousand levels deep is refused, and the process lives', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);

    assert.match(refusal(record({ requestParameters: deep })).message, /nested deeper than 64/);
  });

  it('with 64 levels is still taken', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`);

    assert.equal(parse({ Records: [record({ requestParameters: deep })] }).length, 1);
  });

  it('cannot reach a prototype', () => {
    const body = JSON.parse(
      JSON.stringify(record()).replace(
        '"requestParameters":{',
        '"requestParameters":{"__proto__":{"bucketName":"evil"},',
      ),
    );
    const without = JSON.parse(JSON.stringify(body).replace('"bucketName":"invoices-2026"', '"x":1'));

    assert.equal(one(body).targets[0]?.kind, 'bucket');
    assert.deepEqual(one(without).targets[0], {
      kind: 'resource',
      id: `account/${ACCOUNT}`,
      label: `account ${ACCOUNT}`,
    });
  });

  it('has the same fingerprint whatever the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(record()).reverse());

    assert.equal(one(turned).fingerprint, one(record()).fingerprint);
    assert.notEqual(one(record({ eventName: 'X' })).fingerprint, one(record()).fingerprint);
  });
});
