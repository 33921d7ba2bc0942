// Buckets of the made-up world, for tests of the watch over them.
import type { Case } from '../../src/case/case.ts';
import { ALL_USERS, type BucketAccess } from '../../src/case/public-access.ts';
import { type BucketTarget, targetKey } from '../../src/case/target.ts';
import type { TestApp } from './app.ts';
import { isIdle } from './idle.ts';

export const ACCOUNT = '123456789012';
export const bucket = (name: string): BucketTarget => ({
  kind: 'bucket',
  account: ACCOUNT,
  region: 'eu-central-1',
  name,
});

export const PRIVATE: BucketAccess = { acl: null, policy: null, publicAccessBlock: null };
export const open = (sid = 'Open'): BucketAccess => ({
  ...PRIVATE,
  policy: {
    Version: '2012-10-17',
    Statement: [
      { Sid: sid, Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::open/*' },
    ],
  },
});
export const OPEN_ACL: BucketAccess = {
  ...PRIVATE,
  acl: { ownerId: 'owner', grants: [{ permission: 'READ', uri: ALL_USERS }] },
};

export function setBucket(test: TestApp, name: string, access: BucketAccess): void {
  test.world.state.buckets.set(targetKey(bucket(name)), access);
}

/** Once nothing is owed any more. */
export async function casesOf(test: TestApp): Promise<readonly Case[]> {
  while (!isIdle(await test.store.nextDueInMs())) await new Promise((resolve) => setTimeout(resolve, 1));
  return test.store.listCases();
}
