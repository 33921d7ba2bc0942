import assert from 'node:assert/strict';
import { say } from '../../../src/case/said.ts';
import { parseCloudTrail } from '../../../src/ingest/sources/cloudtrail-event.ts';
import { english } from '../../helpers/english.ts';

const ACCOUNT = '123456789012';

const factsOf = (name: string, requestParameters: unknown, more: object = {}) => {
  const [service, eventName] = name.split(':');
  const [alert] = parseCloudTrail(
    {
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alex`, accountId: ACCOUNT },
      eventTime: '2026-01-12T09:14:02Z',
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: 'eu-central-1',
      requestParameters,
      eventID: 'event-1',
      recipientAccountId: ACCOUNT,
      ...more,
    },
    { accounts: [ACCOUNT] },
  );
  assert.ok(alert);
  return alert.facts;
};
function asked(name: string, request: unknown): string | undefined {
  const found = factsOf(name, request).find(({ label }) => english(label) === 'What was asked for');
  return found && english(found.value);
}
const rule = (port: number, cidrIp: string, description?: string) => ({
  ipProtocol: 'tcp',
  fromPort: port,
  toPort: port,
  ipRanges: { items: [{ cidrIp, ...(description ? { description } : {}) }] },
});
const ingress = (...items: object[]) =>
  asked('ec2:AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: { items } });
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const OPEN = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' };

describe('What a call asked for', () => {
  it('stands right after the call, where a card surely has room', () => {
    const facts = factsOf('ec2:ModifySnapshotAttribute', { snapshotId: 'snap-1', attributeType: 'X' });

    assert.deepEqual(facts[1], { label: say('ingest.asked-for'), value: 'attributeType: X' });
  });

  it('is the port and the addresses that were let in', () =>
    assert.equal(
      ingress(rule(22, '0.0.0.0/0')),
      'ipProtocol: tcp; fromPort: 22; toPort: 22; cidrIp: 0.0.0.0/0',
    ));

  for (const [what, name, request, text] of [
    [
      'to whom a snapshot was opened',
      'ec2:ModifySnapshotAttribute',
      { snapshotId: 's', createVolumePermission: { add: { items: [{ userId: '444455556666' }] } } },
      'add userId: 444455556666',
    ],
    [
      'from whom it was taken',
      'ec2:ModifySnapshotAttribute',
      { snapshotId: 's', createVolumePermission: { remove: { items: [{ group: 'all' }] } } },
      'remove group: all',
    ],
    [
      'values of a list under one name, everyone first',
      'rds:ModifyDBSnapshotAttribute',
      { dBSnapshotIdentifier: 'x', attributeName: 'restore', valuesToAdd: ['444455556666', 'all'] },
      'attributeName: restore; valuesToAdd: all, 444455556666',
    ],
    [
      'an attribute that was weakened',
      'ec2:ModifyInstanceMetadataOptions',
      { ModifyInstanceMetadataOptionsRequest: { InstanceId: 'i-1', HttpTokens: 'optional' } },
      'HttpTokens: optional',
    ],
    [
      'a name that is no resource of its own',
      'ec2:AssociateIamInstanceProfile',
      { AssociateIamInstanceProfileRequest: { InstanceId: 'i-1', IamInstanceProfile: { Name: 'Admin' } } },
      'IamInstanceProfile Name: Admin',
    ],
    [
      'who a policy lets in, in a text',
      'sqs:SetQueueAttributes',
      {
        queueUrl: `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/q`,
        attributes: { Policy: policy(OPEN) },
      },
      'attributes Policy: Allow *: s3:GetObject on arn:aws:s3:::a/*',
    ],
    [
      'who a policy lets in, in an object',
      's3:PutBucketPolicy',
      { bucketName: 'a-bucket', Host: 'a', bucketPolicy: { Statement: OPEN } },
      'bucketPolicy: Allow *: s3:GetObject on arn:aws:s3:::a/*',
    ],
    [
      'who a policy lets in, percent-encoded',
      'iam:UpdateAssumeRolePolicy',
      {
        roleName: 'Deploy',
        policyDocument: encodeURIComponent(
          policy({
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::444455556666:root' },
            Action: 'sts:AssumeRole',
            Condition: { Bool: {} },
          }),
        ),
      },
      'policyDocument: Allow arn:aws:iam::444455556666:root: sts:AssumeRole (under conditions)',
    ],
  ] as const)
    it(`is ${what}`, () => assert.equal(asked(name, request), text));

  it('is not said where the target says it all', () => {
    assert.equal(asked('ec2:DeleteSnapshot', { snapshotId: 'snap-1', dryRun: false }), undefined);
    assert.equal(
      asked('sns:DeleteTopic', { topicArn: `arn:aws:sns:eu-central-1:${ACCOUNT}:orders` }),
      undefined,
    );
  });

  it('leaves out hosts, tokens and secrets', () =>
    assert.equal(
      asked('rds:ModifyDBInstance', {
        dBInstanceIdentifier: 'orders',
        Host: 'rds.amazonaws.com',
        clientToken: 'abc',
        masterUserPassword: 'hunter2',
        secretString: 'hunter2',
        'x-amz-expected-bucket-owner': ACCOUNT,
        publiclyAccessible: true,
      }),
      'publiclyAccessible: true',
    ));

  it('shows the open rule however many harmless ones, and words, stand around it', () => {
    const harmless = Array.from({ length: 60 }, (_, at) => rule(at, '192.0.2.0/24', 'x'.repeat(200)));
    const text = ingress(...harmless, rule(3389, '0.0.0.0/0', 'y'.repeat(200)), ...harmless);

    assert.match(text ?? '', /^ipProtocol: tcp; fromPort: 3389; toPort: 3389; cidrIp: 0\.0\.0\.0\/0; /);
    assert.ok((text ?? '').length <= 300);
  });

  it('shows first whom a policy lets in, however much it denies', () => {
    const denied = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:${'x'.repeat(300)}` };
    const text = asked('s3:PutBucketPolicy', {
      bucketName: 'a-bucket',
      bucketPolicy: { Statement: [denied, { ...OPEN, Principal: { AWS: '123' } }, OPEN] },
    });

    assert.match(text ?? '', /^bucketPolicy: Allow \*: s3:GetObject/);
  });

  it('cannot be hidden by a group that is named like an address range', () =>
    assert.match(
      asked('ec2:AuthorizeSecurityGroupIngress', { groupName: '0.0.0.0/0', cidrIp: '0.0.0.0/0' }) ?? '',
      /cidrIp: 0\.0\.0\.0\/0/,
    ));

  for (const request of [null, 'text', [], 7, { a: {} }, { a: null }])
    it(`is nothing for ${JSON.stringify(request)}`, () =>
      assert.equal(asked('ec2:Probe', request), undefined));

  it('stays short whatever stands in it', () => {
    const wild = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`${at}${'k'.repeat(500)}`, '{"Statement":'.repeat(50)]),
    );

    assert.ok((asked('ec2:Probe', wild) ?? '').length <= 300);
  });

  it('leaves room for the error before the client', () => {
    const names = factsOf('ec2:Probe', { a: 1 }, { errorCode: 'AccessDenied', userAgent: 'aws-cli/2' }).map(
      ({ label }) => english(label),
    );

    assert.ok(names.indexOf('Error') < names.indexOf('Client'));
  });
});
