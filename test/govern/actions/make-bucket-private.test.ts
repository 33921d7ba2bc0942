import assert from 'node:assert/strict';
import { CountersignError } from '../../../src/case/errors.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import { ALL_BLOCKS, ALL_USERS, type BucketAccess } from '../../../src/case/public-access.ts';
import { makeBucketPrivate } from '../../../src/govern/actions/make-bucket-private.ts';
import { settings } from '../../helpers/cases.ts';
import { createBucket, statement, BUCKET as target, taskOf, undoTaskOf } from './s3-fixture.ts';

const own = { canonicalId: 'a'.repeat(64), permission: 'FULL_CONTROL' };
const open = { uri: ALL_USERS, permission: 'READ' };
const partner = statement({ AWS: '444455556666' }, 'Partner');
const deny: JsonObject = { ...statement('*', 'NoDelete'), Effect: 'Deny' };
const PUBLIC: BucketAccess = {
  acl: { ownerId: own.canonicalId, grants: [own, open] },
  policy: { Version: '2012-10-17', Statement: [statement('*', 'Open'), partner, deny] },
  publicAccessBlock: null,
};
const PRIVATE: BucketAccess = {
  acl: { ownerId: own.canonicalId, grants: [own] },
  policy: { Version: '2012-10-17', Statement: [partner, deny] },
  publicAccessBlock: ALL_BLOCKS,
};

describe('make the bucket private', () => {
  describe('the plan', () => {
    const says = (access: BucketAccess) => {
      const plan = makeBucketPrivate.plan(target, access, settings);
      return plan.kind === 'offered' ? plan.says : plan.reason;
    };

    it('says with numbers what goes and what stays, and that undo puts everything back', () => {
      const plan = makeBucketPrivate.plan(target, PUBLIC, settings);

      assert.deepEqual(plan, {
        kind: 'offered',
        says: [
          'Removes public read from the bucket policy (1 statement); 2 other policy statements stay.',
          "Removes 1 public grant from the bucket's access list.",
          'Turns on all four public access blocks.',
          'The owner, and everybody whom another rule names, keep their access.',
        ],
        basis: {
          statements: [statement('*', 'Open')],
          grants: [open],
          publicAccessBlock: null,
        },
        undo: {
          possible: true,
          says: 'Undo puts the policy, the access list and the blocks back exactly as they were.',
        },
      });
    });

    it('says that the policy is deleted when nothing stays, and that ACLs are disabled where they are', () => {
      const access = {
        ...PUBLIC,
        acl: null,
        policy: { Statement: [statement('*', 'a'), statement('*', 'b')] },
      };

      assert.deepEqual(says(access).slice(0, 2), [
        'Removes public read from the bucket policy (2 statements); nothing else is in the policy, so it is deleted.',
        'ACLs are disabled on this bucket; nothing to remove there.',
      ]);
    });

    it('says nothing of a policy that is not there', () => {
      assert.equal(
        says({ ...PUBLIC, policy: null })[0],
        "Removes 1 public grant from the bucket's access list.",
      );
    });

    it('is refused for a bucket that is private with all four blocks on, and offered while one is off', () => {
      assert.match(String(says(PRIVATE)), /already private/);
      for (const flag of Object.keys(ALL_BLOCKS)) {
        const publicAccessBlock = { ...ALL_BLOCKS, [flag]: false };
        assert.ok(Array.isArray(says({ ...PRIVATE, publicAccessBlock })), flag);
      }
    });
  });

  describe('carrying it out', () => {
    it('writes the remaining policy, then the ACL, then the blocks, and notes each request', async () => {
      const bucket = createBucket(PUBLIC);

      await makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['policy', 'acl', 'blocks']);
      assert.deepEqual(bucket.notes, ['R1', 'R2', 'R3']);
      assert.deepEqual(bucket.access(), PRIVATE);
    });

    it('writes only the blocks where nothing else would change', async () => {
      const start = { ...PRIVATE, publicAccessBlock: null };
      const bucket = createBucket(start);

      await makeBucketPrivate.execute(taskOf(target, start), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['blocks']);
    });

    it('deletes a policy of which nothing remains, and never writes an ACL where ACLs are disabled', async () => {
      const start = { acl: null, policy: { Statement: statement('*', 'Open') }, publicAccessBlock: null };
      const bucket = createBucket(start);

      await makeBucketPrivate.execute(taskOf(target, start), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete policy', 'blocks']);
    });

    it('puts nothing back that somebody took away in the meantime', async () => {
      const bucket = createBucket({ ...PUBLIC, policy: null });

      await makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      assert.equal(bucket.access().policy, null);
    });

    it('sets the blocks even when S3 does not accept the remaining policy, and reports the refusal', async () => {
      const refusal = new CountersignError('aws.refused', 'MalformedPolicy: Invalid principal in policy');
      const bucket = createBucket(PUBLIC, refusal);

      const run = makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      await assert.rejects(run, refusal);
      assert.deepEqual(bucket.writes, ['acl', 'blocks']);
    });

    it('stops at any other failure', async () => {
      const failure = new CountersignError('aws.throttled', 'SlowDown', { retryable: true });
      const bucket = createBucket(PUBLIC, failure);

      const run = makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      await assert.rejects(run, failure);
      assert.deepEqual(bucket.writes, []);
    });
  });

  describe('the proof', () => {
    const verify = (access: BucketAccess) =>
      makeBucketPrivate.verify(taskOf(target, PUBLIC), createBucket(access).world);

    it('is read back from the world', async () => {
      const verified = await verify(PRIVATE);

      assert.equal(verified.kind, 'took-effect');
      assert.match(verified.says, /policy, access list and all four public access blocks/);
    });

    it('fails on any one part, and names it', async () => {
      const parts = [
        await verify({ ...PRIVATE, policy: PUBLIC.policy }),
        await verify({ ...PRIVATE, acl: PUBLIC.acl }),
        await verify({ ...PRIVATE, publicAccessBlock: { ...ALL_BLOCKS, restrictPublicBuckets: false } }),
      ];

      assert.deepEqual(parts, [
        { kind: 'not-done', says: 'The bucket policy still has 1 public statement.' },
        { kind: 'not-done', says: "The bucket's access list still has 1 public grant." },
        { kind: 'not-done', says: 'Not all four public access blocks are on.' },
      ]);
    });
  });

  describe('undo', () => {
    const { revert } = makeBucketPrivate;
    assert.ok(revert);

    it('takes the blocks off first, then puts ACL and policy back, exactly', async () => {
      const bucket = createBucket(PRIVATE);

      await revert.execute(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete blocks', 'acl', 'policy']);
      assert.deepEqual(bucket.notes, ['R1', 'R2', 'R3']);
      assert.deepEqual(bucket.access(), PUBLIC);
      assert.equal(
        (await revert.verify(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world)).kind,
        'took-effect',
      );
    });

    it('writes no ACL where ACLs are disabled, and no policy that is already back', async () => {
      const before = { ...PRIVATE, acl: null, publicAccessBlock: { ...ALL_BLOCKS, blockPublicAcls: false } };
      const bucket = createBucket({ ...before, publicAccessBlock: ALL_BLOCKS });

      await revert.execute(undoTaskOf(target, before, bucket.access()), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['blocks']);
    });

    it('writes no ACL where there was none to put back, even if ACLs were enabled since', async () => {
      const bucket = createBucket(PRIVATE);

      await revert.execute(undoTaskOf(target, { ...PUBLIC, acl: null }, PRIVATE), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete blocks', 'policy']);
    });

    it('is not done while one part is not as it was', async () => {
      const bucket = createBucket({ ...PUBLIC, acl: PRIVATE.acl });

      assert.equal((await revert.verify(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world)).kind, 'not-done');
    });

    it('puts back a public policy that a block against new ones stood beside, and that block last', async () => {
      const before = { ...PUBLIC, publicAccessBlock: { ...ALL_BLOCKS, restrictPublicBuckets: false } };
      const bucket = createBucket(PRIVATE);

      await revert.execute(undoTaskOf(target, before, PRIVATE), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['blocks', 'acl', 'policy', 'blocks']);
      assert.deepEqual(bucket.access(), before);
    });

    it('changes nothing where ACLs were disabled since and others were granted something', async () => {
      const before: BucketAccess = { ...PUBLIC, acl: { ownerId: own.canonicalId, grants: [own, open] } };
      const bucket = createBucket({ ...PRIVATE, acl: null });

      const undone = revert.execute(undoTaskOf(target, before, PRIVATE), bucket.world, bucket.note);

      await assert.rejects(undone, { code: 'aws.refused', say: /disabled .* since.*Nothing was changed/ });
      assert.deepEqual(bucket.writes, []);
    });

    it('finds no difference in a world that is as we left it, in whatever order its keys come', () => {
      const reordered = JSON.parse(JSON.stringify(PRIVATE), (_key, value) =>
        value && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).reverse())
          : value,
      ) as BucketAccess;

      assert.deepEqual(revert.differences(PUBLIC, PRIVATE, reordered), []);
    });

    it('finds no difference in a policy that AWS gives back in other words', () => {
      const root = statement({ AWS: ['arn:aws:iam::444455556666:root'] }, 'Partner', {
        Action: ['s3:GetObject'],
      });
      const now = { ...PRIVATE, policy: { Version: '2012-10-17', Statement: [root, deny] } };

      assert.deepEqual(revert.differences(PUBLIC, PRIVATE, now), []);
    });

    it('says of each part that was changed since what it was, what we left and what it is, in a few words', () => {
      const now: BucketAccess = {
        acl: { ownerId: own.canonicalId, grants: [own, open, { ...open, permission: 'WRITE' }] },
        policy: { Version: '2012-10-17', Statement: [statement('*', 'OpenAgain'), partner, deny] },
        publicAccessBlock: { ...ALL_BLOCKS, ignorePublicAcls: false, blockPublicAcls: false },
      };

      const found = revert.differences(PUBLIC, PRIVATE, now);

      const withoutVersions = JSON.parse(JSON.stringify(found).replace(/, version [0-9a-f]{6}/g, ''));
      assert.deepEqual(withoutVersions, [
        {
          part: 'Bucket policy',
          before: '3 statements (Open, Partner, NoDelete), 1 of them public',
          left: '2 statements (Partner, NoDelete)',
          now: '3 statements (OpenAgain, Partner, NoDelete), 1 of them public',
        },
        {
          part: 'Access list',
          before: '2 grants, 1 of them public',
          left: '1 grant',
          now: '3 grants, 2 of them public',
        },
        {
          part: 'Public access blocks',
          before: 'not set',
          left: 'all four on',
          now: '2 of 4 on (blockPublicPolicy, restrictPublicBuckets)',
        },
      ]);
    });

    it('tells two policies apart that read the same', () => {
      const other = { ...partner, Action: 's3:PutObject' };
      const now = { ...PRIVATE, policy: { Version: '2012-10-17', Statement: [other, deny] } };

      const [found] = revert.differences(PUBLIC, PRIVATE, now);

      assert.match(found?.now ?? '', /^2 statements \(Partner, NoDelete\), version [0-9a-f]{6}$/);
      assert.notEqual(found?.now, found?.left);
    });
  });
});
