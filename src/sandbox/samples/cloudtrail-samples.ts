// CloudTrail events of the sandbox's AWS account, each wrapped as EventBridge delivers it.
import { people } from '../people.ts';
import type { Sample } from './samples.ts';
import { seededRequestId, seededUuid } from './seeded.ts';

export const SAMPLE_ACCOUNT = '123456789012';
export const SAMPLE_REGION = 'eu-central-1';

interface CallForm {
  readonly eventName: string;
  readonly eventSource?: string;
  readonly requestParameters: object;
  readonly userIdentity: object;
}

function buildEvent(form: CallForm, now: Date, seed: string): unknown {
  const eventSource = form.eventSource ?? 's3.amazonaws.com';
  const eventTime = `${new Date(now.getTime() - 2_000).toISOString().slice(0, 19)}Z`;
  return {
    version: '0',
    id: seededUuid(seed, 'delivery'),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${eventSource.split('.')[0]}`,
    account: SAMPLE_ACCOUNT,
    time: eventTime,
    region: SAMPLE_REGION,
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventTime,
      awsRegion: SAMPLE_REGION,
      eventID: seededUuid(seed, 'event'),
      requestID: seededRequestId(seed),
      eventType: 'AwsApiCall',
      eventCategory: 'Management',
      managementEvent: true,
      readOnly: false,
      recipientAccountId: SAMPLE_ACCOUNT,
      sourceIPAddress: '192.0.2.44',
      userAgent: 'aws-cli/2.30.0 md/prompt#off',
      responseElements: null,
      ...form,
      eventSource,
    },
  };
}

const call = (title: string, form: CallForm): Sample => ({
  title,
  door: 'cloudtrail',
  build: (now, seed) => buildEvent(form, now, seed),
});

/** An assumed role as CloudTrail writes it: the path stands in the issuer's ARN alone. */
function assumedRole(path: string, role: string, session: string): object {
  const principalId = 'AROAEXAMPLEROLEID0000';
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${session}`,
    arn: `arn:aws:sts::${SAMPLE_ACCOUNT}:assumed-role/${role}/${session}`,
    accountId: SAMPLE_ACCOUNT,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId,
        arn: `arn:aws:iam::${SAMPLE_ACCOUNT}:role/${path}${role}`,
        accountId: SAMPLE_ACCOUNT,
        userName: role,
      },
      attributes: { mfaAuthenticated: 'false' },
    },
  };
}

const ALEX_THROUGH_IDENTITY_CENTER = assumedRole(
  `aws-reserved/sso.amazonaws.com/${SAMPLE_REGION}/`,
  'AWSReservedSSO_Developer_0123456789abcdef',
  people.alex.userPrincipalName,
);

/** An IAM user with an access key. */
const ALEX_WITH_HIS_KEY = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEUSERID0000',
  arn: `arn:aws:iam::${SAMPLE_ACCOUNT}:user/alex`,
  accountId: SAMPLE_ACCOUNT,
  accessKeyId: 'AKIAALEXEXAMPLE00001',
  userName: 'alex',
};

const opensInvoices = (userIdentity: object): CallForm => ({
  eventName: 'PutBucketPolicy',
  userIdentity,
  requestParameters: {
    bucketName: 'contoso-invoices',
    Host: 'contoso-invoices.s3.eu-central-1.amazonaws.com',
    policy: '',
    bucketPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'PublicRead',
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::contoso-invoices/*',
        },
      ],
    },
  },
});

const removesBlock = (userIdentity: object): CallForm => ({
  eventName: 'DeleteBucketPublicAccessBlock',
  userIdentity,
  requestParameters: { bucketName: 'contoso-press-kit', publicAccessBlock: '' },
});

export const CLOUDTRAIL_SAMPLES = {
  'bucket-public': call(
    'Alex Weber opens the bucket contoso-invoices to everyone, by its policy',
    opensInvoices(ALEX_THROUGH_IDENTITY_CENTER),
  ),
  'bucket-public-acl': call('Alex Weber opens the bucket contoso-press-kit to everyone, by its ACL', {
    eventName: 'PutBucketAcl',
    userIdentity: ALEX_THROUGH_IDENTITY_CENTER,
    requestParameters: { bucketName: 'contoso-press-kit', acl: '', 'x-amz-acl': ['public-read'] },
  }),
  'public-access-block-removed': call(
    'Alex Weber removes the public access block of contoso-press-kit',
    removesBlock(ALEX_THROUGH_IDENTITY_CENTER),
  ),
  'trail-stopped': call('Alex Weber stops the recording of AWS activity', {
    eventName: 'StopLogging',
    eventSource: 'cloudtrail.amazonaws.com',
    userIdentity: ALEX_THROUGH_IDENTITY_CENTER,
    requestParameters: {
      name: `arn:aws:cloudtrail:${SAMPLE_REGION}:${SAMPLE_ACCOUNT}:trail/organisation`,
    },
  }),
  'bucket-shared': call('Alex Weber shares the bucket contoso-supplier-drop with a foreign account', {
    eventName: 'PutBucketPolicy',
    userIdentity: ALEX_THROUGH_IDENTITY_CENTER,
    requestParameters: {
      bucketName: 'contoso-supplier-drop',
      Host: 'contoso-supplier-drop.s3.eu-central-1.amazonaws.com',
      policy: '',
      bucketPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'SupplierReads',
            Effect: 'Allow',
            Principal: { AWS: ['arn:aws:iam::444455556666:user/auditor'] },
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::contoso-supplier-drop/*',
          },
        ],
      },
    },
  }),
  'object-public': call('Alex Weber opens one object to everyone: price-list.txt in contoso-supplier-drop', {
    eventName: 'PutObjectAcl',
    userIdentity: ALEX_THROUGH_IDENTITY_CENTER,
    requestParameters: {
      bucketName: 'contoso-supplier-drop',
      key: 'price-list.txt',
      acl: '',
      'x-amz-acl': ['public-read'],
    },
  }),
  'iam-rights': call('Alex Weber makes his IAM user an administrator, with an access key', {
    eventName: 'AttachUserPolicy',
    eventSource: 'iam.amazonaws.com',
    userIdentity: ALEX_WITH_HIS_KEY,
    requestParameters: { userName: 'alex', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  }),
  'pipeline-role': call('A session of the role DataPipeline opens a port: the security team is asked', {
    eventName: 'AuthorizeSecurityGroupIngress',
    eventSource: 'ec2.amazonaws.com',
    userIdentity: assumedRole('', 'DataPipeline', 'nightly'),
    requestParameters: {
      groupId: 'sg-0a1b2c3d4e5f60718',
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            ipRanges: { items: [{ cidrIp: '198.51.100.0/24' }] },
          },
        ],
      },
    },
  }),
  'unknown-session': call(
    'A role session that calls itself Morgan Reyes, which proves nothing: the security team is asked',
    opensInvoices(assumedRole('', 'Deploy', people.morgan.userPrincipalName)),
  ),
  root: call(
    'The root user removes a public access block: the security team is asked',
    removesBlock({
      type: 'Root',
      principalId: SAMPLE_ACCOUNT,
      arn: `arn:aws:iam::${SAMPLE_ACCOUNT}:root`,
      accountId: SAMPLE_ACCOUNT,
    }),
  ),
} as const satisfies Readonly<Record<string, Sample>>;
