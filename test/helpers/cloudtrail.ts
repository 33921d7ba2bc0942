// CloudTrail events of a made-up account, as EventBridge delivers them: for tests that need many.
import { createHash } from 'node:crypto';
import { people } from '../../src/sandbox/people.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const ROLE = 'AWSReservedSSO_Developer_0123456789abcdef';

/** A role of Identity Center, which names its user. */
const userOf = (caller: string): object => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEROLEID0000:${caller}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${ROLE}/${caller}`,
  accountId: ACCOUNT,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEROLEID0000',
      arn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${REGION}/${ROLE}`,
      accountId: ACCOUNT,
      userName: ROLE,
    },
  },
});

/** One and the same event for the same number, time and caller: when it comes again, it is known. */
export const deletion = (
  number: number,
  atMs: number,
  caller: string = people.alex.userPrincipalName,
): object =>
  delivered(`${number} ${atMs} ${caller}`, atMs, userOf(caller), {
    eventName: 'DeleteDBSnapshot',
    eventSource: 'rds.amazonaws.com',
    requestParameters: { dBSnapshotIdentifier: `backup-${number}` },
  });

/** By Alex, or by the root user, who is nobody in particular. */
export const bucketDeletion = (number: number, atMs: number, who: 'alex' | 'root' = 'alex'): object =>
  delivered(`${number} ${atMs} ${who}`, atMs, who === 'alex' ? userOf(people.alex.userPrincipalName) : ROOT, {
    eventName: 'DeleteBucket',
    eventSource: 's3.amazonaws.com',
    requestParameters: { bucketName: `contoso-archive-${number}` },
  });

const ROOT = {
  type: 'Root',
  principalId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  accountId: ACCOUNT,
};

/** So many, numbered from 1 on, a minute apart. */
export const deletions = (count: number, fromMs: number): readonly object[] =>
  Array.from({ length: count }, (_, place) => deletion(place + 1, fromMs + place * 60_000));

/** Each tries another user name, all from one address. */
export const failedSignIn = (number: number, atMs: number): object =>
  delivered(
    `sign-in ${number}`,
    atMs,
    { type: 'IAMUser', accountId: ACCOUNT, accessKeyId: '', userName: `user-${number}` },
    {
      eventName: 'ConsoleLogin',
      eventSource: 'signin.amazonaws.com',
      eventType: 'AwsConsoleSignIn',
      requestParameters: null,
      errorMessage: 'Failed authentication',
      responseElements: { ConsoleLogin: 'Failure' },
    },
  );

/** By Alex, by Bob, an IAM user whom nobody knows, or by whoever holds a role. */
export const CALLERS = {
  alex: userOf(people.alex.userPrincipalName),
  bob: {
    type: 'IAMUser',
    accountId: ACCOUNT,
    userName: 'bob',
    arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
  },
  role: {
    type: 'AssumedRole',
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/whoever`,
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/Deploy`, accountId: ACCOUNT },
    },
  },
};

let calls = 0;
/** A call on a bucket; every one is an event of its own. */
export const bucketCall = (
  eventName: string,
  bucketName: string,
  {
    atMs,
    by = 'alex',
    asks = {},
    refused = false,
  }: {
    readonly atMs: number;
    readonly by?: keyof typeof CALLERS;
    readonly asks?: object;
    readonly refused?: boolean;
  },
): object =>
  delivered(`call ${++calls}`, atMs, CALLERS[by], {
    eventName,
    eventSource: 's3.amazonaws.com',
    requestParameters: { bucketName, ...asks },
    ...(refused && { errorCode: 'AccessDenied', errorMessage: 'Access Denied' }),
  });

function delivered(seed: string, atMs: number, userIdentity: object, call: object): object {
  const digest = createHash('sha256').update(seed).digest('hex');
  const eventID = `${digest.slice(0, 8)}-0000-4000-8000-${digest.slice(8, 20)}`;
  const eventTime = new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    version: '0',
    id: eventID,
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.rds',
    account: ACCOUNT,
    time: eventTime,
    region: REGION,
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventTime,
      awsRegion: REGION,
      eventID,
      requestID: `${digest.slice(20, 28)}-0000-4000-8000-${digest.slice(28, 40)}`,
      eventType: 'AwsApiCall',
      eventCategory: 'Management',
      managementEvent: true,
      readOnly: false,
      recipientAccountId: ACCOUNT,
      sourceIPAddress: '192.0.2.44',
      userAgent: 'aws-cli/2.30.0 md/prompt#off',
      responseElements: null,
      userIdentity,
      ...call,
    },
  };
}
