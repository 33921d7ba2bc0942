// Objects, whole accounts and policy status in S3: the calls beside a bucket's own policy, list and block.
import assert from 'node:assert/strict';
import { createS3ObjectStorage } from '../../../src/adapters/aws/object-storage.ts';
import { isCountersignError } from '../../../src/case/errors.ts';
import { ALL_BLOCKS } from '../../../src/case/public-access.ts';
import type { BucketTarget, ObjectTarget } from '../../../src/case/target.ts';
import type { ObjectStorage } from '../../../src/ports/object-storage.ts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import type { BucketSeed } from '../../../src/sandbox/s3/state.ts';
import { english } from '../../helpers/english.ts';
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

const NAME = 'files';
const at = { account: OWNER.id, region: REGION } as const;
const target: BucketTarget = { kind: 'bucket', ...at, name: NAME };
const object: ObjectTarget = { kind: 'object', ...at, bucket: NAME, key: 'a folder/ré+port.txt' };
const own = { canonicalId: OWNER.canonicalId, permission: 'FULL_CONTROL' };
const forPartner = { canonicalId: PARTNER.canonicalId, permission: 'READ' };
const closed = { ownerId: OWNER.canonicalId, grants: [own, forPartner] };

describe('objects and accounts in S3', () => {
  let server: S3Server;
  let storage: ObjectStorage;
  const recorded: string[] = [];
  const start = async (buckets: readonly BucketSeed[], allows: readonly string[] = ['s3:*']) => {
    await server?.close();
    recorded.length = 0;
    server = await startWorld({ buckets, roles: [{ arn: ROLE_ARN, allows, trusts: [BOT_USER.arn] }] });
    storage = createS3ObjectStorage({
      accounts: [{ id: OWNER.id, roleArn: ROLE_ARN }],
      requestLog: { noteRequests: async (ids) => void recorded.push(...ids) },
      region: REGION,
      endpoint: server.url,
      stsEndpoint: `${server.url}/sts`,
      credentials: BOT_USER,
    });
  };
  const withObject = (more: Partial<BucketSeed> = {}) =>
    start([
      bucket(NAME, {
        ownership: 'ObjectWriter',
        objects: { [object.key]: { body: 'x', acl: 'public-read' } },
        ...more,
      }),
    ]);
  const operations = () => server.world.calls.map(({ operation }) => operation);
  const lastCall = () => server.world.calls.at(-1);
  after(() => server.close());

  async function failure(work: Promise<unknown>) {
    const error = await work.then(
      () => assert.fail('nothing was thrown'),
      (thrown: unknown) => thrown,
    );
    assert.ok(isCountersignError(error), String(error));
    return error;
  }

  describe('the access list of an object', () => {
    it('is read and written, whatever the key, under the expected owner and on record', async () => {
      await withObject();

      const before = await storage.readObjectAcl(object);
      const { requestId } = await storage.writeObjectAcl(object, closed);

      assert.equal(before?.grants.length, 2);
      assert.deepEqual(await storage.readObjectAcl(object), closed);
      assert.ok(recorded.includes(requestId));
      for (const { operation, expectedOwner } of server.world.calls)
        if (operation !== 'AssumeRole') assert.equal(expectedOwner, OWNER.id, operation);
    });

    it('is null where ACLs are disabled, though S3 answers with a list, and cannot be written there', async () => {
      await withObject({ ownership: 'BucketOwnerEnforced' });

      const acl = await storage.readObjectAcl(object);
      const error = await failure(storage.writeObjectAcl(object, closed));

      assert.equal(acl, null);
      assert.deepEqual([error.code, error.retryable], ['aws.refused', false]);
      assert.match(english(error.say), /Access lists are disabled/);
    });

    for (const mayList of [true, false])
      it(`is null where there is no such object, ${mayList ? 'and' : 'even if'} our role may ${mayList ? '' : 'not '}list the bucket`, async () => {
        const least = ['s3:GetObjectAcl', 's3:PutObjectAcl', 's3:GetBucketOwnershipControls'];
        await start([bucket(NAME, { ownership: null })], mayList ? ['s3:*'] : least);

        const acl = await storage.readObjectAcl(object);
        const error = await failure(storage.writeObjectAcl(object, closed));

        assert.equal(acl, null);
        assert.deepEqual([error.code, error.retryable], ['aws.no-such-object', false]);
        assert.match(english(error.say), /There is no object .* in the bucket files/);
      });

    it('is not told from a missing permission on the object itself', async () => {
      await start(
        [bucket(NAME, { ownership: null, objects: { [object.key]: 'x' } })],
        ['s3:GetBucketOwnershipControls', 's3:ListBucket'],
      );

      assert.equal((await failure(storage.readObjectAcl(object))).code, 'aws.forbidden');
    });

    it('is refused in the words of the block, where a block keeps public lists out', async () => {
      await withObject({ publicAccessBlock: { ...ALL_BLOCKS, ignorePublicAcls: false } });
      const open = await storage.readObjectAcl(object);
      assert.ok(open);

      const error = await failure(storage.writeObjectAcl(object, open));

      assert.equal(error.code, 'aws.forbidden');
      assert.match(english(error.say), /public access block of the bucket, or of AWS account 123456789012/);
    });
  });

  it('is shown no public grants of an object while a block ignores them', async () => {
    await withObject({ publicAccessBlock: ALL_BLOCKS });

    assert.deepEqual((await storage.readObjectAcl(object))?.grants, [own]);
  });

  describe('the owner of a bucket without ACLs', () => {
    it('is said where the policy names canonical users, and only there', async () => {
      const named = policy(allow(NAME, { CanonicalUser: PARTNER.canonicalId }));
      await start([
        bucket(NAME, { policy: named }),
        bucket('plain', { policy: policy(allow('plain', '*')) }),
      ]);

      const access = await storage.readAccess(target);
      const plain = await storage.readAccess({ ...target, name: 'plain' });

      assert.deepEqual([access.acl, access.ownerId], [null, OWNER.canonicalId]);
      assert.ok(!('ownerId' in plain));
      assert.equal(operations().filter((one) => one === 'GetBucketAcl').length, 1);
    });
  });

  describe('the buckets of an account', () => {
    it('are all listed with their regions, page after page', async () => {
      const names = Array.from({ length: 1003 }, (_, n) => `bucket-${String(n).padStart(4, '0')}`);
      await start([
        ...names.map((name, n) =>
          bucket(name, { region: n % 2 ? 'eu-central-1' : 'eu-west-1', objects: {} }),
        ),
        bucket('theirs', { account: PARTNER.id }),
      ]);

      const found = await storage.listBuckets(OWNER.id);

      assert.deepEqual(
        found.map(({ name }) => name),
        names,
      );
      assert.deepEqual(found[1], {
        kind: 'bucket',
        account: OWNER.id,
        region: 'eu-central-1',
        name: names[1],
      });
      assert.equal(operations().filter((one) => one === 'ListBuckets').length, 2);
    });

    it('are none where there are none, and are forbidden without the permission', async () => {
      await start([]);
      assert.deepEqual(await storage.listBuckets(OWNER.id), []);

      await start([], ['s3:GetBucketPolicy']);
      const error = await failure(storage.listBuckets(OWNER.id));

      assert.equal(error.code, 'aws.forbidden');
    });
  });

  describe('the status of a policy', () => {
    it('is what S3 says of it, and null where there is none', async () => {
      const cases = [
        [policy(allow(NAME, '*')), { public: true }],
        [policy(allow(NAME, { AWS: PARTNER.id })), { public: false }],
        [null, null],
      ] as const;
      for (const [document, expected] of cases) {
        await start([bucket(NAME, { policy: document })]);
        assert.deepEqual(await storage.readPolicyStatus(target), expected);
        assert.equal(lastCall()?.expectedOwner, OWNER.id);
      }
    });
  });

  describe('the block of an account', () => {
    it('is null, is set flag by flag, and is removed, each on record, at the stand-in’s own host', async () => {
      await start([]);
      const some = { ...ALL_BLOCKS, blockPublicPolicy: false };

      const none = await storage.readAccountBlock(OWNER.id);
      const put = await storage.writeAccountBlock(OWNER.id, some);
      const set = await storage.readAccountBlock(OWNER.id);
      const removed = await storage.writeAccountBlock(OWNER.id, null);

      assert.deepEqual([none, set, await storage.readAccountBlock(OWNER.id)], [null, some, null]);
      for (const { requestId } of [put, removed]) assert.ok(recorded.includes(requestId));
      assert.deepEqual(operations(), [
        'AssumeRole',
        'GetAccountPublicAccessBlock',
        'PutAccountPublicAccessBlock',
        'GetAccountPublicAccessBlock',
        'DeleteAccountPublicAccessBlock',
        'GetAccountPublicAccessBlock',
      ]);
    });

    it('is not touched in an account that is not listed', async () => {
      await start([]);

      const error = await failure(storage.writeAccountBlock(PARTNER.id, ALL_BLOCKS));

      assert.equal(error.code, 'aws.not-listed');
      assert.deepEqual(server.world.calls, []);
    });

    it('never retries by itself, and tells what is over soon from what is final', async () => {
      await start([]);
      server.world.faults.add('PutAccountPublicAccessBlock', 1, { kind: 'slow-down', retryAfterSeconds: 7 });
      const throttled = await failure(storage.writeAccountBlock(OWNER.id, ALL_BLOCKS));
      server.world.faults.add('PutAccountPublicAccessBlock', 1, { kind: 'cut', after: true });
      const cut = await failure(storage.writeAccountBlock(OWNER.id, ALL_BLOCKS));
      server.world.faults.add('PutAccountPublicAccessBlock', 1, {
        kind: 'forbidden',
        message:
          'User: arn:aws:sts::123456789012:assumed-role/Countersign/countersign is not authorized to perform: s3:PutAccountPublicAccessBlock',
      });
      const forbidden = await failure(
        storage.writeAccountBlock(OWNER.id, null).then(() => storage.writeAccountBlock(OWNER.id, ALL_BLOCKS)),
      );

      assert.deepEqual([throttled.code, throttled.retryAfterMs], ['aws.throttled', 7000]);
      assert.deepEqual([cut.code, cut.retryable], ['aws.unavailable', true]);
      assert.deepEqual([forbidden.code, forbidden.retryable], ['aws.forbidden', false]);
      assert.equal(operations().filter((one) => one === 'PutAccountPublicAccessBlock').length, 3);
      assert.equal(server.world.faults.pending(), 0);
    });
  });
});
