import assert from 'node:assert/strict';
import type { Fact } from '../../../src/case/alert.ts';
import { targetKey, targetLabel } from '../../../src/case/target.ts';
import { parseCloudTrail } from '../../../src/ingest/sources/cloudtrail-event.ts';
import { english } from '../../helpers/english.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Deploy`;

const alertOf = (more: object) => {
  const [alert] = parseCloudTrail(
    {
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/alex@contoso.example`,
        accountId: ACCOUNT,
        sessionContext: { sessionIssuer: { type: 'Role', arn: ROLE } },
      },
      eventTime: '2026-01-12T09:14:02Z',
      awsRegion: REGION,
      requestParameters: null,
      responseElements: null,
      eventID: 'event-1',
      recipientAccountId: ACCOUNT,
      ...more,
    },
    { accounts: [ACCOUNT] },
  );
  assert.ok(alert);
  return alert;
};
/** `ec2:StopInstances` with what was asked and what AWS answered. */
const call = (name: string, requestParameters: unknown, responseElements: unknown = null, more = {}) => {
  const [service, eventName] = name.split(':');
  return alertOf({
    eventSource: `${service}.amazonaws.com`,
    eventName,
    requestParameters,
    responseElements,
    ...more,
  });
};
const labels = (...parts: Parameters<typeof call>) => call(...parts).targets.map(targetLabel);
const keys = (...parts: Parameters<typeof call>) => call(...parts).targets.map(targetKey);
const instances = (count: number) => ({
  instancesSet: { items: Array.from({ length: count }, (_, at) => ({ instanceId: `i-${at}` })) },
});

describe('The target of a call', () => {
  for (const [name, request, label] of [
    ['ec2:AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: {} }, 'security group sg-1'],
    ['ec2:AuthorizeSecurityGroupIngress', { groupName: 'web' }, 'security group web'],
    [
      'ec2:ModifySecurityGroupRules',
      { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1' } },
      'security group sg-1',
    ],
    ['ec2:ModifySnapshotAttribute', { snapshotId: 'snap-1' }, 'snapshot snap-1'],
    ['ec2:ModifyImageAttribute', { imageId: 'ami-1' }, 'image ami-1'],
    ['ec2:DeleteVolume', { volumeId: 'vol-1' }, 'volume vol-1'],
    ['ec2:CreateNetworkAclEntry', { networkAclId: 'acl-1', ruleNumber: 1 }, 'network ACL acl-1'],
    ['ec2:ReplaceRoute', { routeTableId: 'rtb-1', gatewayId: 'igw-1' }, 'route table rtb-1'],
    ['ec2:AttachInternetGateway', { vpcId: 'vpc-1', internetGatewayId: 'igw-1' }, 'internet gateway igw-1'],
    ['ec2:DeleteNatGateway', { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } }, 'NAT gateway nat-1'],
    ['ec2:DeleteCustomerGateway', { customerGatewayId: 'cgw-1' }, 'customer gateway cgw-1'],
    [
      'ec2:CreateTransitGatewayRoute',
      {
        CreateTransitGatewayRouteRequest: {
          TransitGatewayAttachmentId: 'tgw-attach-1',
          TransitGatewayRouteTableId: 'tgw-rtb-1',
        },
      },
      'transit gateway route table tgw-rtb-1',
    ],
    ['ec2:DisableVgwRoutePropagation', { gatewayId: 'vgw-1' }, 'VPN gateway vgw-1'],
    [
      'ec2:ModifyVpnTunnelOptions',
      { ModifyVpnTunnelOptionsRequest: { VpnConnectionId: 'vpn-1' } },
      'VPN connection vpn-1',
    ],
    [
      'ec2:AuthorizeClientVpnIngress',
      { AuthorizeClientVpnIngressRequest: { ClientVpnEndpointId: 'cvpn-1' } },
      'client VPN endpoint cvpn-1',
    ],
    [
      'ec2:DeleteVpcEndpoints',
      { DeleteVpcEndpointsRequest: { VpcEndpointId: { tag: 1, content: 'vpce-1' } } },
      'VPC endpoint vpce-1',
    ],
    [
      'ec2:ModifyInstanceAttribute',
      { instanceId: 'i-1', groupSet: { items: [{ groupId: 'sg-1' }] } },
      'instance i-1',
    ],
    ['iam:CreateAccessKey', { userName: 'mallory' }, 'user mallory'],
    ['iam:UpdateAssumeRolePolicy', { roleName: 'Deploy', policyDocument: '{}' }, 'role Deploy'],
    ['iam:CreatePolicyVersion', { policyArn: `arn:aws:iam::${ACCOUNT}:policy/team/deploy` }, 'policy deploy'],
    [
      'sqs:SetQueueAttributes',
      { queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/orders` },
      'queue orders',
    ],
    ['sns:SetTopicAttributes', { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:orders` }, 'topic orders'],
    ['lambda:AddPermission20150331v2', { functionName: 'orders', statementId: 's' }, 'function orders'],
    ['kms:PutKeyPolicy', { keyId: 'k-1', policyName: 'default' }, 'key k-1'],
    ['secretsmanager:PutResourcePolicy', { secretId: 'orders' }, 'secret orders'],
    ['ecr:SetRepositoryPolicy', { repositoryName: 'shop' }, 'repository shop'],
    ['rds:ModifyDBInstance', { dBInstanceIdentifier: 'orders' }, 'database orders'],
    [
      'rds:ModifyDBClusterSnapshotAttribute',
      { dBClusterSnapshotIdentifier: 'x' },
      'database cluster snapshot x',
    ],
    ['elasticfilesystem:DeleteFileSystem', { fileSystemId: 'fs-1' }, 'file system fs-1'],
    ['glacier:SetVaultAccessPolicy', { vaultName: 'archive', policy: {} }, 'vault archive'],
    ['cloudtrail:StopLogging', { name: 'main' }, 'trail main'],
    [
      'cloudtrail:DeleteEventDataStore',
      { eventDataStore: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/e-1` },
      'event data store e-1',
    ],
    [
      'cloudtrail:DeleteChannel',
      { channel: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:channel/c-1` },
      'channel c-1',
    ],
    [
      'cloudtrail:PutResourcePolicy',
      { resourceArn: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/e-1` },
      'event data store e-1',
    ],
    [
      'codebuild:UpdateProjectVisibility',
      { projectArn: `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/site` },
      'project site',
    ],
    ['ssm:ModifyDocumentPermission', { name: 'Restart', permissionType: 'Share' }, 'document Restart'],
    ['eks:UpdateClusterConfig', { name: 'shop' }, 'cluster shop'],
    ['identitystore:CreateGroupMembership', { groupId: 'g-1', memberId: { userId: 'u-1' } }, 'group g-1'],
    ['ec2:EnableSerialConsoleAccess', {}, `account ${ACCOUNT}`],
    ['guardduty:DeleteDetector', { detectorId: 'd-1' }, 'detector d-1'],
    ['quantum:DeleteWidget', { clientToken: 't', panelId: 'p-1', widgetName: 'w' }, 'widget w'],
    ['quantum:Entangle', { roleArn: 'r', panelName: 'n', panelId: 'p-1' }, 'panel p-1'],
    ['quantum:Entangle', { resourceArn: `arn:aws:quantum:${REGION}:${ACCOUNT}:qubit/7` }, 'qubit 7'],
  ] as const)
    it(`is ${label} for ${name}`, () => {
      const alert = call(name, request);

      assert.equal(targetLabel(alert.targets[0] as never), label);
      assert.equal(english(alert.title), `${name.split(':')[1]} on ${label}`);
    });

  for (const [name, request, answer, label] of [
    ['ec2:RunInstances', { instancesSet: { items: [{ imageId: 'ami-1' }] } }, instances(1), 'instance i-0'],
    [
      'ec2:CreateSecurityGroup',
      { groupName: 'web', vpcId: 'vpc-1' },
      { groupId: 'sg-1' },
      'security group sg-1',
    ],
    [
      'ec2:CreateVolume',
      { snapshotId: 'snap-1' },
      { volumeId: 'vol-1', snapshotId: 'snap-1' },
      'volume vol-1',
    ],
    [
      'ec2:CreateNatGateway',
      { CreateNatGatewayRequest: { SubnetId: 's-1' } },
      { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1' } } },
      'NAT gateway nat-1',
    ],
    ['kms:CreateKey', { policy: '{}' }, { keyMetadata: { keyId: 'k-1' } }, 'key k-1'],
    [
      'iam:CreateAccessKey',
      null,
      { accessKey: { userName: 'mallory', accessKeyId: 'AKIAEXAMPLE' } },
      'user mallory',
    ],
    ['quantum:CreateWidget', { size: 3 }, { widget: { id: 'w-1' } }, 'widget w-1'],
  ] as const)
    it(`is what ${name} made, which only the answer names: ${label}`, () =>
      assert.deepEqual(labels(name, request, answer), [label]));

  it('is the image of machines that were refused, as no id was given out', () =>
    assert.deepEqual(
      labels('ec2:RunInstances', { instancesSet: { items: [{ imageId: 'ami-1' }] } }, null, {
        errorCode: 'UnauthorizedOperation',
      }),
      ['image ami-1'],
    ));

  it('is not what a rule lets in, but what the rule belongs to', () =>
    assert.deepEqual(
      labels('ec2:AuthorizeSecurityGroupIngress', {
        groupName: 'web',
        ipPermissions: { items: [{ groups: { items: [{ groupId: 'sg-2' }] } }] },
      }),
      ['security group web'],
    ));

  it('is everything that the event is named after, in its order', () => {
    assert.deepEqual(labels('iam:AddUserToGroup', { groupName: 'Admins', userName: 'mallory' }), [
      'user mallory',
      'group Admins',
    ]);
    assert.deepEqual(
      labels('iam:AttachRolePolicy', {
        policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        roleName: 'Deploy',
      }),
      ['role Deploy', 'policy AdministratorAccess'],
    );
  });

  it('is each machine once', () =>
    assert.deepEqual(
      labels('ec2:StopInstances', {
        instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }, { instanceId: 'i-1' }] },
      }),
      ['instance i-1', 'instance i-2'],
    ));

  it('is at most twenty, and how many more there were is said', () => {
    const alert = call('ec2:TerminateInstances', instances(51));

    assert.equal(alert.targets.length, 20);
    assert.equal(alert.moreTargets, 31);
    assert.equal(english(alert.title), 'TerminateInstances on instance i-0 and 50 more');
    const isOn = ({ label }: Fact): boolean => english(label) === 'On';
    assert.match(english(alert.facts.find(isOn)?.value ?? ''), /and 31 more$/);
    assert.ok(!call('ec2:TerminateInstances', instances(20)).facts.some(isOn));
  });

  it('is the same resource by name and by ARN', () => {
    assert.deepEqual(
      keys('lambda:AddPermission', { functionName: 'orders' }),
      keys('lambda:AddPermission', {
        functionName: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:orders`,
      }),
    );
    assert.deepEqual(
      keys('iam:DeletePolicy', { policyArn: `arn:aws:iam::${ACCOUNT}:policy/a/b/deploy` }),
      keys('iam:CreatePolicy', { policyName: 'deploy' }),
    );
  });

  it('is another resource in another account, another region or another service', () => {
    const sg = { groupId: 'sg-1' };
    const ids = [
      keys('ec2:DeleteSecurityGroup', sg),
      keys('ec2:DeleteSecurityGroup', sg, null, { awsRegion: 'us-east-1' }),
      keys('eks:DeleteCluster', { name: 'shop' }),
      keys('ecs:DeleteCluster', { clusterName: 'shop' }),
      keys('sns:DeleteTopic', { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:shop` }),
      keys('sns:DeleteTopic', { topicArn: `arn:aws:sns:${REGION}:444455556666:shop` }),
    ].flat();

    assert.equal(new Set(ids).size, ids.length);
  });

  it('is the same in every region where names are global', () =>
    assert.deepEqual(
      keys('iam:DeleteUser', { userName: 'mallory' }),
      keys('iam:DeleteUser', { userName: 'mallory' }, null, { awsRegion: 'us-east-1' }),
    ));

  it('is cut for people, and told apart by its end all the same', () => {
    const long = 'x'.repeat(3_000);
    const [a] = call('iam:DeleteUser', { userName: `${long}a` }).targets;
    const [b] = call('iam:DeleteUser', { userName: `${long}b` }).targets;

    assert.ok(a?.kind === 'resource' && b?.kind === 'resource');
    assert.notEqual(a.id, b.id);
    assert.ok(a.id.length <= 256 && a.label.length <= 120);
  });

  for (const request of [
    { groupId: { a: 1 } },
    { groupId: [] },
    { groupId: null },
    { groupId: '' },
    { instancesSet: { items: 'x' } },
    { instancesSet: null },
  ])
    it(`is never missing, with ${JSON.stringify(request)}`, () =>
      assert.deepEqual(labels('ec2:DeleteSecurityGroup', request), ['role/Deploy']));

  it('is never taken from the text of a policy', () =>
    assert.deepEqual(labels('iam:Probe', { document: { Statement: [{ userName: 'mallory' }] } }), [
      'role/Deploy',
    ]));
});

describe('The target of an S3 call without a bucket', () => {
  it('is the access point', () =>
    assert.deepEqual(call('s3:PutAccessPointPolicy', { name: 'press', accountId: ACCOUNT }).targets, [
      { kind: 'resource', id: `s3/access-point/${ACCOUNT}/${REGION}/press`, label: 'access point press' },
    ]));

  it('is the access point of several regions, wherever it was called', () => {
    const request = { PutMultiRegionAccessPointPolicyRequest: { Details: { Name: 'press', Policy: '{}' } } };

    assert.deepEqual(labels('s3:PutMultiRegionAccessPointPolicy', request), [
      'multi-region access point press',
    ]);
    assert.deepEqual(
      keys('s3:PutMultiRegionAccessPointPolicy', request),
      keys('s3:PutMultiRegionAccessPointPolicy', request, null, { awsRegion: 'us-west-2' }),
    );
  });
});

describe('The target of a sign-in', () => {
  const signIn = (userIdentity: object, more: object = {}) =>
    labels('signin:ConsoleLogin', null, { ConsoleLogin: 'Failure' }, { userIdentity, ...more });

  it('is the user of IAM who was tried', () => {
    assert.deepEqual(signIn({ type: 'IAMUser', accountId: ACCOUNT, userName: 'alex' }), ['user alex']);
    assert.deepEqual(
      keys('signin:ConsoleLogin', null, null, { userIdentity: { type: 'IAMUser', userName: 'alex' } }),
      keys('iam:DeleteUser', { userName: 'alex' }),
    );
  });

  it('is the user of the access portal who was tried', () =>
    assert.deepEqual(
      labels('signin:CredentialVerification', null, null, {
        userIdentity: { type: 'Unknown', accountId: ACCOUNT },
        additionalEventData: { UserName: 'alex@contoso.example' },
      }),
      ['user alex@contoso.example'],
    ));

  it('is the root user of the account', () =>
    assert.deepEqual(signIn({ type: 'Root', accountId: ACCOUNT }), [`root user of account ${ACCOUNT}`]));

  it('is the account where AWS hides what was typed', () =>
    assert.deepEqual(signIn({ type: 'IAMUser', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' }), [
      `account ${ACCOUNT}`,
    ]));
});
