import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { ALL_BLOCKS, type BucketAccess } from '../../src/case/public-access.ts';
import { type BucketTarget, targetKey } from '../../src/case/target.ts';
import { writeOut } from '../../src/case/written.ts';
import { type WatchReport, watchBuckets } from '../../src/ingest/watch-buckets.ts';
import type { ObjectStorage } from '../../src/ports/object-storage.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { allEnglish, english, testWords } from '../helpers/english.ts';
import { ACCOUNT, bucket, casesOf, OPEN_ACL, open, PRIVATE, setBucket } from '../helpers/watched-buckets.ts';

describe('the watch over buckets', () => {
  let test: TestApp;
  let inner: Pick<ObjectStorage, 'readAccess' | 'listBuckets'> | null;
  beforeEach(async () => {
    inner = null;
    test = await createTestApp();
  });
  afterEach(() => test.close());

  const set = (name: string, access: BucketAccess): void => setBucket(test, name, access);
  const cases = (): Promise<readonly Case[]> => casesOf(test);

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
    assert.match(
      JSON.stringify(writeOut(about?.facts, english)),
      /The bucket policy gives people outside read access/,
    );
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
    assert.deepEqual(allEnglish(about?.outcome ?? []), [
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

  it('leaves a bucket to the case that asks about it already', async () => {
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

  it('does not leave one to a case that is about somebody else who was let in', async () => {
    const first = await test.open('bucket-shared');
    const [target] = first.targets;
    assert.ok(target?.kind === 'bucket');
    test.world.state.buckets.set(targetKey(target), open());

    await test.app.watchBuckets();

    const [found] = await about('aws-s3-bucket-publicly-accessible');
    assert.equal(found?.state, 'asking');
    assert.notEqual(found.ref, first.ref);
  });

  it('closes the case in the end where the bucket became private while it was acted on', async () => {
    set('open', open());
    await test.app.watchBuckets();
    const [one] = await cases();
    assert.ok(one);
    const gate = Promise.withResolvers<void>();
    Object.assign(test.world.world.storage, {
      writeAccountBlock: async () => {
        await gate.promise;
        throw new CountersignError('aws.forbidden', 'no permission');
      },
    });
    await test.say(people.yuki, `approve ${one.ref} block-account`);
    set('open', PRIVATE);
    await test.app.watchBuckets();
    gate.resolve();
    const failed = (await cases())[0];

    await test.app.watchBuckets();

    assert.equal(failed?.state, 'asking');
    assert.equal((await cases())[0]?.state, 'closed');
  });

  it('leaves open what the security team wants to do besides, once the bucket is private by our hand', async () => {
    set('open', open());
    await test.app.watchBuckets();
    const [one] = await cases();
    assert.ok(one);
    await test.say(people.yuki, `approve ${one.ref} make-private`);
    await cases();
    await test.say(
      people.yuki,
      `propose ${one.ref} aws.s3.block-account-public-access aws-account:${ACCOUNT}`,
    );
    const proposed = (await cases())[0];

    await test.app.watchBuckets();
    const later = (await cases())[0];
    await test.app.watchBuckets();

    assert.equal(proposed?.state, 'asking');
    assert.deepEqual([later?.state, (await cases())[0]?.state], ['asking', 'asking']);
  });

  it('lets go of a bucket that is gone, though its name is now of somebody who keeps us out', async () => {
    set('open', open());
    await test.app.watchBuckets();
    await cases();
    test.world.state.buckets.delete(targetKey(bucket('open')));
    Object.assign(test.world.world.storage, {
      readAccess: async () => {
        throw new CountersignError('aws.forbidden', 'Access Denied');
      },
    });

    await test.app.watchBuckets();

    assert.equal((await cases())[0]?.state, 'closed');
  });

  it('is not misled by a slower look that began before a bucket was found private', async () => {
    set('open', open());
    await test.app.watchBuckets();
    await cases();
    const gate = Promise.withResolvers<void>();
    const { storage } = test.world.world;
    const { readAccess } = storage;
    let looks = 0;
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) => {
        const access = await readAccess(one);
        looks += 1;
        if (looks === 1) await gate.promise;
        return access;
      },
    });
    const slower = test.app.watchBuckets();
    while (looks === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    set('open', PRIVATE);
    await test.app.watchBuckets();
    await cases();

    gate.resolve();
    await slower;

    assert.deepEqual(
      (await cases()).map(({ state }) => state),
      ['closed'],
    );
  });

  /** A round in which AWS does not answer about these. */
  const lookInTrouble = async (...names: readonly string[]): Promise<WatchReport> => {
    const { storage } = test.world.world;
    const { readAccess } = storage;
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) => {
        if (names.includes(one.name))
          throw new CountersignError('aws.unavailable', 'timed out', { retryable: true });
        return readAccess(one);
      },
    });
    const report = await test.app.watchBuckets();
    Object.assign(storage, { readAccess });
    return report;
  };

  it('sees the other buckets where AWS does not answer about one, and asks about that one in the third round', async () => {
    set('open', open());
    set('silent', PRIVATE);

    const report = await lookInTrouble('silent');
    await lookInTrouble('silent');
    const early = await about(HIDDEN);
    await lookInTrouble('silent');
    const [one, ...more] = await about(HIDDEN);

    assert.deepEqual(report, { looked: 2, public: 1, unreadable: 1 });
    assert.equal((await about('aws-s3-bucket-publicly-accessible'))[0]?.state, 'asking');
    assert.deepEqual(early, []);
    assert.deepEqual(more, []);
    assert.deepEqual(one?.targets, [bucket('silent')]);
    const facts = JSON.stringify(writeOut(one?.facts, english));
    assert.match(facts, /For several rounds now AWS has asked to slow down, or has not answered/);
    assert.doesNotMatch(facts, /permission is missing/);
  });

  it('speaks of no permission where AWS answers about none of them for some rounds', async () => {
    for (const name of ['a', 'b']) set(name, PRIVATE);

    for (let round = 0; round < 3; round++) await lookInTrouble('a', 'b');

    const [one] = await about(HIDDEN);
    assert.deepEqual(one?.targets, [bucket('a'), bucket('b')]);
    assert.doesNotMatch(JSON.stringify(writeOut(one?.facts, english)), /permission is missing/);
  });

  it('asks about an account whose buckets could not be listed in three rounds, whatever passes by itself', async () => {
    set('a', PRIVATE);
    const { storage } = test.world.world;
    const { listBuckets } = storage;
    Object.assign(storage, {
      listBuckets: async () => {
        throw new CountersignError('aws.throttled', 'slow down', { retryable: true });
      },
    });

    for (let round = 0; round < 3; round++) await test.app.watchBuckets();
    Object.assign(storage, { listBuckets });
    const [one] = await about(HIDDEN);
    await test.app.watchBuckets();

    assert.deepEqual(one?.targets, [{ kind: 'aws-account', account: ACCOUNT }]);
    assert.match(JSON.stringify(writeOut(one?.facts, english)), /For several rounds now AWS has asked/);
    assert.equal((await about(HIDDEN))[0]?.state, 'closed');
  });

  it('takes what its own store refuses for no trouble of AWS', async () => {
    set('open', open());
    const accept = sinon.fake.rejects(new CountersignError('store.unavailable', 'the store is away'));

    await assert.rejects(
      watchBuckets({
        ...{ accounts: [ACCOUNT], store: test.store, words: testWords, clock: { now: Date.now }, accept },
        storage: test.world.world.storage,
        log: { debug() {}, info() {}, warn() {}, error() {} },
      }),
      { code: 'store.unavailable' },
    );

    assert.equal(accept.callCount, 1);
  });

  it('starts counting again where AWS answered in between', async () => {
    for (const name of ['a', 'b']) set(name, PRIVATE);

    for (let round = 0; round < 3; round++) {
      await lookInTrouble('a');
      await test.app.watchBuckets();
    }

    assert.deepEqual(await cases(), []);
  });

  /** Keeps our role out of these buckets, as their policies would; of all, and of their list, with `*`. */
  const hide = (...names: readonly string[]): void => {
    const { storage } = test.world.world;
    inner ??= { readAccess: storage.readAccess, listBuckets: storage.listBuckets };
    const seen = inner;
    const refuse = (what: string) => {
      throw new CountersignError('aws.forbidden', `${what}: AccessDenied: with an explicit deny`);
    };
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) =>
        names.includes(one.name) ? refuse('GetBucketPolicy') : seen.readAccess(one),
      listBuckets: async (account: string) =>
        names.includes('*') ? refuse('ListBuckets') : seen.listBuckets(account),
    });
  };
  const HIDDEN = 'aws-s3-bucket-unreadable';
  const about = async (policy: string): Promise<readonly Case[]> =>
    (await cases()).filter((one) => one.policy.id === policy);

  it('closes nothing on account of a bucket that cannot be looked at', async () => {
    set('open', open());
    set('closed', PRIVATE);
    await test.app.watchBuckets();
    await cases();
    hide('open');

    const report = await test.app.watchBuckets();

    assert.equal(report.unreadable, 1);
    assert.deepEqual(
      (await about('aws-s3-bucket-publicly-accessible')).map(({ state }) => state),
      ['asking'],
    );
  });

  it('forgets nothing of a bucket that cannot be looked at for a while: neither asks again, nor fails to close in the end', async () => {
    const PUBLIC = 'aws-s3-bucket-publicly-accessible';
    set('open', open());
    set('closed', PRIVATE);
    await test.app.watchBuckets();
    hide('open');
    await test.app.watchBuckets();
    hide();
    await test.app.watchBuckets();
    const [again, ...more] = await about(PUBLIC);
    hide('open');
    await test.app.watchBuckets();
    set('open', PRIVATE);
    hide();
    await test.app.watchBuckets();
    const [end] = await about(PUBLIC);

    assert.deepEqual(more, []);
    assert.equal(again?.state, 'asking');
    assert.equal(again?.seen, 1);
    assert.equal(end?.state, 'closed');
  });

  it('asks the security team about buckets that cannot be looked at while others can, in one case an account', async () => {
    for (const name of ['a', 'b', 'c']) set(name, PRIVATE);
    hide('c', 'a');

    for (let round = 0; round < 3; round++) await test.app.watchBuckets();

    const [one, ...others] = await cases();
    assert.deepEqual(others, []);
    assert.equal(one?.policy.id, HIDDEN);
    assert.equal(one?.severity, 'high');
    assert.equal(one?.question?.approver.kind, 'security');
    assert.deepEqual(one?.targets, [bucket('a'), bucket('c')]);
    assert.equal(one?.seen, 1);
    assert.match(JSON.stringify(writeOut(one?.facts, english)), /2 of 3 buckets cannot be looked at/);
    assert.match(JSON.stringify(writeOut(one?.facts, english)), /explicit deny/);
    assert.doesNotMatch(JSON.stringify(writeOut(one?.facts, english)), /permission is missing/);
    assert.deepEqual(
      one?.question?.offers.map(({ key }) => key),
      ['block-account'],
    );
  });

  it('says of what it found by looking that nobody was seen doing it', async () => {
    set('open', open());

    await test.app.watchBuckets();

    const [one] = await cases();
    assert.deepEqual(writeOut(one?.hint, english), {
      kind: 'unknown',
      reason: 'It was found by looking: nobody was seen doing it.',
    });
  });

  it('asks anew about one more that cannot be looked at, and not about one less', async () => {
    for (const name of ['a', 'b', 'c']) set(name, PRIVATE);
    hide('a');
    await test.app.watchBuckets();
    const first = (await about(HIDDEN))[0]?.question?.id;
    hide('a', 'b');
    await test.app.watchBuckets();
    const second = (await about(HIDDEN))[0];
    hide('b');
    await test.app.watchBuckets();
    const third = (await about(HIDDEN))[0];

    assert.notEqual(second?.question?.id, first);
    assert.deepEqual(second?.targets, [bucket('a'), bucket('b')]);
    assert.equal(third?.question?.id, second?.question?.id);
    assert.equal((await about(HIDDEN)).length, 1);
  });

  it('stays silent about hidden ones that were said to be meant, and asks anew about another', async () => {
    for (const name of ['a', 'b', 'c']) set(name, PRIVATE);
    hide('a');
    await test.app.watchBuckets();
    const [one] = await about(HIDDEN);
    assert.ok(one);
    await test.click(people.yuki, { verb: 'dismiss', about: one });
    const again = (await about(HIDDEN))[0];
    assert.ok(again);
    await test.click(people.ben, { verb: 'dismiss', about: again });
    const answered = (await about(HIDDEN))[0];
    await test.app.watchBuckets();
    const after = (await about(HIDDEN))[0];
    hide('a', 'b');
    await test.app.watchBuckets();

    assert.equal(answered?.state, 'dismissed');
    assert.equal(after?.state, 'dismissed');
    assert.equal(
      (await about(HIDDEN)).some(({ state }) => state === 'asking'),
      true,
    );
  });

  it('closes that case once all of them can be looked at again, and no other', async () => {
    set('open', open());
    for (const name of ['a', 'b']) set(name, PRIVATE);
    hide('a', 'b');
    await test.app.watchBuckets();
    await cases();
    hide('b');
    await test.app.watchBuckets();
    const still = (await about(HIDDEN))[0];
    hide();

    await test.app.watchBuckets();

    assert.equal(still?.state, 'asking');
    const [one] = await about(HIDDEN);
    assert.equal(one?.state, 'closed');
    assert.match(allEnglish(one?.outcome ?? []).join(), /can be looked at again/);
    assert.deepEqual(
      (await about('aws-s3-bucket-publicly-accessible')).map(({ state }) => state),
      ['asking'],
    );
  });

  it('does not take the word of the watch for it: the question stays where AWS still refuses', async () => {
    for (const name of ['a', 'b']) set(name, PRIVATE);
    hide('a');
    await test.app.watchBuckets();
    await cases();
    hide();
    const { storage } = test.world.world;
    const { readAccess } = storage;
    let looks = 0;
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) => {
        looks += 1;
        // The round looks at both; whoever looks after that is refused again.
        if (looks > 2) throw new CountersignError('aws.forbidden', 'not allowed');
        return readAccess(one);
      },
    });

    await test.app.watchBuckets();

    const [one] = await about(HIDDEN);
    assert.equal(looks, 3);
    assert.equal(one?.state, 'asking');
  });

  for (const [what, names, says] of [
    ['no bucket can be looked at', ['a', 'b'], /None of the 2 buckets of AWS account 123456789012/],
    ['the buckets cannot be listed', ['*'], /cannot even be listed/],
  ] as const)
    it(`says that a permission is missing where ${what}, and asks once`, async () => {
      for (const name of ['a', 'b']) set(name, PRIVATE);
      hide(...names);

      for (let round = 0; round < 3; round++) await test.app.watchBuckets();

      const [one, ...others] = await cases();
      assert.deepEqual(others, []);
      assert.equal(one?.policy.id, HIDDEN);
      assert.deepEqual(one?.targets, [{ kind: 'aws-account', account: ACCOUNT }]);
      assert.equal(one?.seen, 1);
      assert.match(JSON.stringify(writeOut(one?.facts, english)), says);
      assert.match(JSON.stringify(writeOut(one?.facts, english)), /the permission is missing/);
      hide();
      await test.app.watchBuckets();
      assert.equal((await cases())[0]?.state, 'closed');
    });

  it('does not speak of a permission where all of them keep our role out by their own policies', async () => {
    for (const name of ['a', 'b']) set(name, PRIVATE);
    Object.assign(test.world.world.storage, {
      readAccess: async () => {
        throw new CountersignError('aws.forbidden', 'no, with an explicit deny in a resource-based policy');
      },
    });

    await test.app.watchBuckets();

    const [one] = await cases();
    assert.deepEqual(one?.targets, [bucket('a'), bucket('b')]);
    assert.match(JSON.stringify(writeOut(one?.facts, english)), /own policy denies it to Countersign's role/);
    assert.doesNotMatch(JSON.stringify(writeOut(one?.facts, english)), /the permission is missing/);
  });

  it('asks nothing where AWS only asks to slow down', async () => {
    set('a', PRIVATE);
    Object.assign(test.world.world.storage, {
      listBuckets: async () => {
        throw new CountersignError('aws.throttled', 'slow down', { retryable: true });
      },
    });

    const report = await test.app.watchBuckets();

    assert.equal(report.unreadable, 1);
    assert.deepEqual(await cases(), []);
  });

  it('takes a bucket that was deleted while it looked for gone, and not for hidden', async () => {
    for (const name of ['a', 'b']) set(name, PRIVATE);
    const { storage } = test.world.world;
    const { readAccess } = storage;
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) => {
        if (one.name === 'a') throw new CountersignError('aws.no-such-bucket', 'gone');
        return readAccess(one);
      },
    });

    const report = await test.app.watchBuckets();

    assert.deepEqual(report, { looked: 1, public: 0, unreadable: 0 });
    assert.deepEqual(await cases(), []);
  });

  it('tells a bucket that is called "unreadable" from what cannot be looked at', async () => {
    for (const name of ['a', 'b']) set(name, PRIVATE);
    set('unreadable', open());
    hide('a');

    await test.app.watchBuckets();

    assert.deepEqual((await cases()).map(({ policy }) => policy.id).sort(), [
      'aws-s3-bucket-publicly-accessible',
      HIDDEN,
    ]);
  });
});
