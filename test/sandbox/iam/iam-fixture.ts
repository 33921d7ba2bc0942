// A made-up organisation for the IAM tests: an account with people, programs and roles that AWS owns, a partner whom we do not
// look after, and the account that runs the organisation. STS and S3 are the stand-in S3's.
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsIdentitiesOptions } from '../../../src/adapters/aws/identities.ts';
import { createIamServer, type IamServer } from '../../../src/sandbox/iam/server.ts';
import type { IamSeed } from '../../../src/sandbox/iam/state.ts';
import { createIamWorld, type IamWorldOptions } from '../../../src/sandbox/iam/world.ts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import {
  BOT_USER,
  bucket,
  OWNER,
  OWNER_USER,
  PARTNER,
  PARTNER_USER,
  REGION,
  startWorld,
} from '../s3/world-fixture.ts';

export const MANAGEMENT = { id: '111122223333', canonicalId: 'c'.repeat(64) };
export const ROLE_ARN = `arn:aws:iam::${OWNER.id}:role/service/countersign`;
export const PARTNER_ROLE_ARN = `arn:aws:iam::${PARTNER.id}:role/countersign`;
export const MANAGEMENT_ROLE_ARN = `arn:aws:iam::${MANAGEMENT.id}:role/policies`;
/** What Countersign may run as, instead of as a user. */
export const BASE_ROLE_ARN = `arn:aws:iam::${OWNER.id}:role/service/base`;
const BASE_SESSION = `arn:aws:sts::${OWNER.id}:assumed-role/base/instance`;
export const PIPELINE_ARN = `arn:aws:iam::${OWNER.id}:role/pipeline`;

export const SSO_ROLE = 'AWSReservedSSO_Developer_0123456789abcdef';
export const SSO_ROLE_ARN = `arn:aws:iam::${OWNER.id}:role/aws-reserved/sso.amazonaws.com/eu-central-1/${SSO_ROLE}`;

export const ALEX_KEY = 'AKIAALEXALEXALEX0001';
export const ALEX = {
  arn: `arn:aws:iam::${OWNER.id}:user/people/alex`,
  accessKeyId: ALEX_KEY,
  secretAccessKey: 'alex-secret',
  allows: ['s3:*'],
};
export const IAM_ACTIONS = [
  'iam:GetUser',
  'iam:GetRole',
  'iam:ListAccessKeys',
  'iam:UpdateAccessKey',
  ...['Get', 'Put', 'Delete'].flatMap((verb) => [`iam:${verb}UserPolicy`, `iam:${verb}RolePolicy`]),
];
export const POLICY_ACTIONS = [
  'organizations:DescribeOrganization',
  'organizations:ListPolicies',
  'organizations:ListPoliciesForTarget',
  'organizations:DescribePolicy',
  'organizations:CreatePolicy',
  'organizations:AttachPolicy',
  'organizations:DetachPolicy',
  'organizations:DeletePolicy',
];

const SEED: IamSeed = {
  users: [
    {
      account: OWNER.id,
      name: 'alex',
      path: '/people/',
      keys: [
        { id: ALEX_KEY, active: true },
        { id: 'AKIAALEXALEXALEX0002', active: false },
      ],
    },
    { account: OWNER.id, name: 'no-keys' },
    { account: PARTNER.id, name: 'pat', keys: [{ id: 'AKIAPATPATPATPAT0001', active: true }] },
  ],
  roles: [
    { account: OWNER.id, name: 'pipeline' },
    { account: OWNER.id, name: 'countersign', path: '/service/' },
    { account: OWNER.id, name: 'base', path: '/service/' },
    {
      account: OWNER.id,
      name: SSO_ROLE,
      path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
    },
  ],
};

export interface IamGround {
  readonly s3: S3Server;
  readonly iam: IamServer;
  /** Everything that an adapter needs to reach IAM here; `recorded` fills with request ids. */
  readonly options: AwsIdentitiesOptions;
  readonly recorded: string[];
  close(): Promise<void>;
}

export interface GroundOptions extends Partial<IamWorldOptions> {
  readonly allows?: readonly string[];
  readonly managementAllows?: readonly string[];
}

export async function startGround(options: GroundOptions = {}): Promise<IamGround> {
  const world = createIamWorld({
    seed: SEED,
    organisation: { id: 'o-contoso0001', management: MANAGEMENT.id, members: [OWNER.id] },
    ...options,
  });
  const s3 = await startWorld({
    accounts: [OWNER, PARTNER, MANAGEMENT],
    users: [OWNER_USER, PARTNER_USER, BOT_USER, ALEX],
    roles: [
      { arn: ROLE_ARN, allows: options.allows ?? IAM_ACTIONS, trusts: [BOT_USER.arn, BASE_SESSION] },
      { arn: BASE_ROLE_ARN, allows: [], trusts: [BOT_USER.arn] },
      { arn: PARTNER_ROLE_ARN, allows: IAM_ACTIONS, trusts: [BOT_USER.arn] },
      {
        arn: MANAGEMENT_ROLE_ARN,
        allows: options.managementAllows ?? POLICY_ACTIONS,
        trusts: [BOT_USER.arn],
      },
      { arn: PIPELINE_ARN, allows: ['s3:*'], trusts: [ALEX.arn] },
      { arn: SSO_ROLE_ARN, allows: ['s3:*'], trusts: [ALEX.arn] },
    ],
    buckets: [bucket('files')],
    identities: world.gate,
  });
  const iam = await createIamServer({ world, callers: s3.world.callers });
  const recorded: string[] = [];
  return {
    s3,
    iam,
    recorded,
    options: {
      accounts: [{ id: OWNER.id, roleArn: ROLE_ARN }],
      region: REGION,
      endpoint: iam.iamUrl,
      stsEndpoint: `${s3.url}/sts`,
      credentials: BOT_USER,
      requestLog: {
        noteRequests: async (ids) => {
          // As a commit: not in the same turn.
          await new Promise(setImmediate);
          recorded.push(...ids);
        },
      },
    },
    async close() {
      await Promise.all([iam.close(), s3.close()]);
    },
  };
}

/** Keys of a session of the role, as whoever it trusts gets them. */
export async function sessionOf(ground: IamGround, roleArn: string, user = BOT_USER, name = 'instance') {
  const sts = new STSClient({
    endpoint: `${ground.s3.url}/sts`,
    region: REGION,
    maxAttempts: 1,
    credentials: user,
  });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: name }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}
