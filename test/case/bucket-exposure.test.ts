import assert from 'node:assert/strict';
import { exposureOf } from '../../src/case/bucket-exposure.ts';
import {
  ALL_BLOCKS,
  ALL_USERS,
  type BucketAccess,
  type PublicAccessBlock,
} from '../../src/case/public-access.ts';
import { says } from '../../src/case/said.ts';
import { allEnglish } from '../helpers/english.ts';

const own = { canonicalId: 'a'.repeat(64), permission: 'FULL_CONTROL' };
const listed: BucketAccess = {
  acl: { ownerId: own.canonicalId, grants: [own] },
  policy: null,
  publicAccessBlock: null,
};
const only = (flag: keyof PublicAccessBlock): PublicAccessBlock => ({
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
  [flag]: true,
});

describe('how public a bucket is', () => {
  it('is "objects can be public" where access lists count and no block ignores them: not public, and said', () => {
    const seen = exposureOf(listed, null, null);

    assert.deepEqual([seen.public, seen.objects], [false, 'can be public']);
    assert.match(allEnglish(seen.reasons).join(' '), /single objects can be public/);
  });

  for (const [what, access, accountBlock] of [
    ['access lists are disabled', { ...listed, acl: null }, null],
    ['the bucket ignores them', { ...listed, publicAccessBlock: only('ignorePublicAcls') }, null],
    ['the account ignores them', listed, ALL_BLOCKS],
  ] as const)
    it(`is not that where ${what}`, () => {
      const seen = exposureOf(access, accountBlock, null);

      assert.deepEqual(
        [seen.public, seen.objects, seen.reasons.filter((one) => says(one, 's3.why.objects'))],
        [false, 'cannot be public', []],
      );
    });

  it('is still that where a block only refuses new public lists', () => {
    const access = { ...listed, publicAccessBlock: only('blockPublicAcls') };

    assert.equal(exposureOf(access, null, null).objects, 'can be public');
  });

  describe('where S3 alone calls its policy public', () => {
    const Statement = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 's3:GetObject' };
    const policy = { Version: '2012-10-17', Statement: [Statement] };
    const restricts = only('restrictPublicBuckets');
    const seen = (ofBucket: PublicAccessBlock | null, ofAccount: PublicAccessBlock | null) =>
      exposureOf({ acl: null, policy, publicAccessBlock: ofBucket }, ofAccount, { public: true });

    it('is what S3 says', () => {
      const { reasons, ...is } = seen(null, null);

      assert.equal(is.public, true);
      assert.equal(reasons.filter((one) => says(one, 's3.why.called-public')).length, 1);
    });

    it('is not open under RestrictPublicBuckets of bucket or account', () => {
      for (const { reasons, ...is } of [seen(restricts, null), seen(null, restricts)]) {
        assert.equal(is.public, false);
        assert.deepEqual(
          reasons.filter((one) => says(one, 's3.why.called-public')),
          [],
        );
      }
    });
  });

  it('is public first where the bucket itself is', () => {
    const grants = [own, { uri: ALL_USERS, permission: 'READ' }];
    const seen = exposureOf({ ...listed, acl: { ownerId: own.canonicalId, grants } }, null, null);

    assert.deepEqual([seen.public, seen.objects], [true, 'can be public']);
    assert.equal(seen.reasons.length, 1);
  });
});
