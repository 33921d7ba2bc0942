import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { ALL_BLOCKS, ALL_USERS, type BucketAccess } from '../../src/case/public-access.ts';
import { type BucketTarget, targetKey } from '../../src/case/target.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

const ACCOUNT = '123456789012';
const bucket = (name: string): BucketTarget => ({
  kind: 'bucket',
  account: ACCOUNT,
  region: 'eu-central-1',
  name,
});
const PRIVATE: BucketAccess = { acl: null, policy: null, publicAccessBlock: null };
const open = (sid = 'Open'): BucketAccess => ({
  ...PRIVATE,
  policy: {
    Version: '2012-10-17',
    Statement: [
      { Sid: sid, Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::open/*' },
    ],
  },
});
const OPEN_ACL: BucketAccess = {
  ...PRIVATE,
  acl: { ownerId: 'owner', grants: [{ permission: 'READ', uri: ALL_USERS }] },
};

describe('the watch over buckets', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await createTestApp();
  });
  afterEach(() => test.close());

  const set = (name: string, access: BucketAccess): void => {
    test.world.state.buckets.set(targetKey(bucket(name)), access);
  };
  const cases = async (): Promise<readonly Case[]> => {
    while ((await test.store.nextDueInMs()) !== null) await new Promise((resolve) => setTimeout(resolve, 1));
    return test.store.listCases();
  };

  it('asks the security team about a bucket that is public, and says why', async () => {
    set('open', open());
    set('closed', PRIVATE);

    const report = await test.app.watchBuckets();

    const [about, ...others] = await cases();
    assert.deepEqual(report, { looked: 2, public: 1, unreadable: 0 });
    assert.deepEqual(others, []);
    assert.equal(about?.policy.title, 'S3 bucket publicly accessible');
    assert.equal(about?.state, 'asking');
    assert.equal(about?.question?.approver.kind, 'security');
    assert.deepEqual(about?.targets, [bucket('open')]);
    assert.match(JSON.stringify(about?.facts), /The bucket policy gives people outside read access/);
    assert.ok(about?.question?.offers.some(({ key }) => key === 'make-private'));
  });

  it('asks once, however often it looks', async () => {
    set('open', open());

    for (let round = 0; round < 3; round++) await test.app.watchBuckets();

    const [about, ...others] = await cases();
    assert.deepEqual(others, []);
    assert.equal(about?.seen, 1);
  });

  it('does not ask where a block of the account disarms what is open', async () => {
    set('open', open());
    set('listed', OPEN_ACL);
    test.world.state.accountBlocks.set(ACCOUNT, ALL_BLOCKS);

    await test.app.watchBuckets();

    assert.deepEqual(await cases(), []);
  });

  it('closes the case once the bucket no longer is public', async () => {
    set('open', open());
    await test.app.watchBuckets();
    await cases();
    set('open', PRIVATE);

    await test.app.watchBuckets();

    const [about] = await cases();
    assert.equal(about?.state, 'closed');
    assert.deepEqual(about?.outcome, [
      'The bucket is no longer public, so there is nothing left to decide here.',
    ]);
  });

  it('closes the case once the bucket is gone', async () => {
    set('open', open());
    await test.app.watchBuckets();
    await cases();
    test.world.state.buckets.delete(targetKey(bucket('open')));
    const { storage } = test.world.world;
    Object.assign(storage, {
      readAccess: async () => {
        throw new CountersignError('aws.no-such-bucket', 'gone');
      },
    });

    await test.app.watchBuckets();

    assert.equal((await cases())[0]?.state, 'closed');
  });

  it('asks anew about one that was private in between', async () => {
    set('open', open());
    await test.app.watchBuckets();
    await cases();
    set('open', PRIVATE);
    await test.app.watchBuckets();
    await cases();
    set('open', open());

    await test.app.watchBuckets();

    assert.deepEqual((await cases()).map(({ state }) => state).sort(), ['asking', 'closed']);
  });

  it('stays silent about one that was said to be meant, for as long as it is open in the same way', async () => {
    set('open', open());
    await test.app.watchBuckets();
    const [about] = await cases();
    assert.ok(about);
    await test.click(people.yuki, { verb: 'dismiss', about });
    await cases();

    await test.app.watchBuckets();
    const after = await cases();
    set('open', { ...open(), ...{ acl: OPEN_ACL.acl } });
    await test.app.watchBuckets();
    const changed = await cases();

    assert.equal(after.filter(({ state }) => state === 'asking').length <= 1, true);
    assert.equal(
      changed.some(({ state }) => state === 'asking'),
      true,
    );
  });

  it('leaves a bucket to the case that is about it already', async () => {
    const first = await test.open('bucket-public');
    const [target] = first.targets;
    assert.ok(target?.kind === 'bucket');
    test.world.state.buckets.set(targetKey(target), open());

    await test.app.watchBuckets();

    assert.deepEqual(
      (await cases()).map(({ ref }) => ref),
      [first.ref],
    );
  });

  it('closes nothing on account of a bucket that cannot be looked at', async () => {
    set('open', open());
    await test.app.watchBuckets();
    await cases();
    const { storage } = test.world.world;
    Object.assign(storage, {
      readAccess: async () => {
        throw new CountersignError('aws.forbidden', 'not allowed');
      },
    });

    const report = await test.app.watchBuckets();

    assert.equal(report.unreadable, 1);
    assert.equal((await cases())[0]?.state, 'asking');
  });
});
