// One bucket, object or account for each S3 action, in the stand-in S3, reached through the real adapter.
import assert from 'node:assert/strict';
import { createS3ObjectStorage } from '../../../src/adapters/aws/object-storage.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import { ALL_BLOCKS, ALL_USERS } from '../../../src/case/public-access.ts';
import type { Target } from '../../../src/case/target.ts';
import type { GovernanceAction, World } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import type { ObjectStorage } from '../../../src/ports/object-storage.ts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import type { BucketSeed } from '../../../src/sandbox/s3/state.ts';
import { settings } from '../../helpers/cases.ts';
import {
  allow,
  BOT_USER,
  bucket,
  OWNER,
  PARTNER,
  policy,
  REGION,
  ROLE_ARN,
  startWorld,
} from '../../sandbox/s3/world-fixture.ts';

export const NAME = 'files';
export const own = { canonicalId: OWNER.canonicalId, permission: 'FULL_CONTROL' };
export const open = { uri: ALL_USERS, permission: 'READ' };
export const forPartner = { canonicalId: PARTNER.canonicalId, permission: 'READ' };
export const auditors = allow(NAME, { AWS: `arn:aws:iam::${OWNER.id}:role/auditors` }, { Sid: 'Auditors' });
export const at = { account: OWNER.id, region: REGION } as const;

export interface Scene {
  readonly action: string;
  readonly what: string;
  readonly target: Target;
  readonly buckets: readonly BucketSeed[];
}

const OPEN_POLICY: JsonObject = policy(allow(NAME, '*', { Sid: 'Open' }), auditors);

export const SCENES: readonly Scene[] = [
  {
    action: 'aws.s3.make-bucket-private',
    what: 'a bucket that is public by policy and by access list',
    target: { kind: 'bucket', ...at, name: NAME },
    buckets: [bucket(NAME, { ownership: 'ObjectWriter', acl: [own, open, forPartner], policy: OPEN_POLICY })],
  },
  {
    action: 'aws.s3.make-bucket-private',
    what: 'a bucket without ACLs whose block only guards against new public policies',
    target: { kind: 'bucket', ...at, name: NAME },
    buckets: [
      bucket(NAME, {
        policy: OPEN_POLICY,
        publicAccessBlock: { ...ALL_BLOCKS, restrictPublicBuckets: false },
      }),
    ],
  },
  {
    action: 'aws.s3.remove-collaborator',
    what: 'a canonical id in policy and access list',
    target: { kind: 'collaborator', ...at, bucket: NAME, principal: PARTNER.canonicalId },
    buckets: [
      bucket(NAME, {
        ownership: 'BucketOwnerPreferred',
        acl: [own, forPartner],
        policy: policy(auditors, allow(NAME, { CanonicalUser: PARTNER.canonicalId }, { Sid: 'Partner' })),
      }),
    ],
  },
  {
    action: 'aws.s3.remove-collaborator',
    what: 'an account that is all that the policy names',
    target: { kind: 'collaborator', ...at, bucket: NAME, principal: PARTNER.id },
    buckets: [bucket(NAME, { policy: policy(allow(NAME, { AWS: [`arn:aws:iam::${PARTNER.id}:root`] })) })],
  },
  {
    action: 'aws.s3.block-account-public-access',
    what: 'an account with a public bucket',
    target: { kind: 'aws-account', account: OWNER.id },
    buckets: [bucket(NAME, { policy: OPEN_POLICY }), bucket('quiet')],
  },
  {
    action: 'aws.s3.make-object-private',
    what: 'an object that is public by its own access list',
    target: { kind: 'object', ...at, bucket: NAME, key: 'report.txt' },
    buckets: [
      bucket(NAME, {
        ownership: 'ObjectWriter',
        objects: { 'report.txt': { body: 'open', acl: 'public-read' }, 'secret.txt': 'closed' },
      }),
    ],
  },
];

export const S3_ACTIONS = [...ACTIONS.values()].filter(({ id }) => id.startsWith('aws.s3.'));

export interface Stage {
  readonly server: S3Server;
  readonly storage: ObjectStorage;
  readonly world: World;
}

/** `allows`: the permissions of our role. */
export async function setStage(
  buckets: readonly BucketSeed[],
  allows: readonly string[] = ['s3:*'],
): Promise<Stage> {
  const server = await startWorld({
    buckets,
    roles: [{ arn: ROLE_ARN, allows, trusts: [BOT_USER.arn] }],
  });
  const storage = createS3ObjectStorage({
    accounts: [{ id: OWNER.id, roleArn: ROLE_ARN }],
    requestLog: { noteRequests: async () => {} },
    region: REGION,
    endpoint: server.url,
    stsEndpoint: `${server.url}/sts`,
    credentials: BOT_USER,
  });
  return { server, storage, world: { storage, settings } as unknown as World };
}

export function actionOf(id: string): GovernanceAction {
  const action = ACTIONS.get(id);
  assert.ok(action, id);
  return action;
}
