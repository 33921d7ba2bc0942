import assert from 'node:assert/strict';
import { type AccessRequest, decideAccess } from '../../../src/sandbox/s3/access.ts';
import type { Caller } from '../../../src/sandbox/s3/callers.ts';
import { createBucketState, objectState } from '../../../src/sandbox/s3/state.ts';
import { allow, bucket, OWNER, OWNER_USER, PARTNER, PARTNER_USER, policy } from './world-fixture.ts';

const callerOf = (user: typeof OWNER_USER, account: Caller['account'], allows = user.allows): Caller => ({
  arn: user.arn,
  account,
  allows,
});
const owner = callerOf(OWNER_USER, OWNER);
const partner = callerOf(PARTNER_USER, PARTNER);
const root = { ...owner, arn: `arn:aws:iam::${OWNER.id}:root` };

function isAllowed(
  caller: Caller | null,
  seed: Parameters<typeof bucket>[1],
  more: Partial<AccessRequest> = {},
): boolean {
  const state = createBucketState(bucket('files', seed), [OWNER, PARTNER], 0);
  const request = {
    caller,
    action: 's3:GetObject',
    bucket: state,
    ownerId: OWNER.canonicalId,
    key: 'report.txt',
  };
  return decideAccess({ ...request, sourceIp: '127.0.0.1', ...more }).allowed;
}

describe('access to the stand-in S3', () => {
  const open = { policy: policy(allow('files', '*')) };

  it('asks another account’s identity policy too, even for a public bucket', () => {
    assert.equal(isAllowed(partner, open), true);
    assert.equal(isAllowed(callerOf(PARTNER_USER, PARTNER, ['s3:ListBucket']), open), false);
    assert.equal(isAllowed(null, open), true);
  });

  it('lets a user of the owner’s account in by name without an identity policy, but not by account', () => {
    const bare = callerOf(OWNER_USER, OWNER, []);

    assert.equal(isAllowed(bare, { policy: policy(allow('files', { AWS: OWNER_USER.arn })) }), true);
    assert.equal(isAllowed(bare, { policy: policy(allow('files', { AWS: OWNER.id })) }), false);
  });

  it('lets the bucket policy reach only objects of the bucket’s owner, where ACLs are enabled', () => {
    const object = objectState(Buffer.from('x'), PARTNER.canonicalId, [], 0, 'text/plain');

    assert.equal(isAllowed(null, { ...open, ownership: 'ObjectWriter' }, { object }), false);
    assert.equal(isAllowed(null, { ...open, ownership: 'BucketOwnerEnforced' }, { object }), true);
  });

  it('always lets the root of the owner’s account at the policy, and at nothing else that is denied', () => {
    const deny = { policy: policy(allow('files', '*', { Effect: 'Deny', Action: 's3:*' })) };
    const onBucket = { action: 's3:DeleteBucketPolicy' };

    assert.equal(isAllowed({ ...root, allows: ['*'] }, deny, onBucket), true);
    assert.equal(isAllowed({ ...root, allows: ['*'] }, deny), false);
    assert.equal(isAllowed(owner, deny, onBucket), false);
  });

  it('ignores a bucket ACL that was left behind when ACLs were disabled', () => {
    const list = { action: 's3:ListBucket' };

    assert.equal(isAllowed(null, { acl: 'public-read', ownership: 'ObjectWriter' }, list), true);
    assert.equal(isAllowed(null, { acl: 'public-read', ownership: 'BucketOwnerEnforced' }, list), false);
  });
});
