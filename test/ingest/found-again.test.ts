// A public bucket that is found again as it was found before: what became of its case says whether anybody is asked.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import type { BucketTarget } from '../../src/case/target.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { settings } from '../helpers/cases.ts';
import { casesOf, OPEN_ACL, open, PRIVATE, setBucket } from '../helpers/watched-buckets.ts';

const DAY_MS = 86_400_000;
const POLICY = 'aws-s3-bucket-publicly-accessible';

describe('a public bucket that is found again in the same way', () => {
  let test: TestApp;
  let passed = 0;
  const clock = { now: () => Date.now() + passed };
  const start = async (over: Partial<OperatorSettings> = {}): Promise<void> => {
    passed = 0;
    test = await createTestApp(over, { clock });
  };
  afterEach(() => test.close());

  const look = async (): Promise<readonly Case[]> => {
    await test.app.watchBuckets();
    return casesOf(test);
  };
  const asked = async (): Promise<Case> => {
    setBucket(test, 'open', open());
    const [about] = await look();
    assert.ok(about);
    return about;
  };
  const both = async (line: string): Promise<readonly Case[]> => {
    for (const one of [people.yuki, people.ben]) {
      await test.say(one, line);
      await casesOf(test);
    }
    return casesOf(test);
  };
  const states = (cases: readonly Case[]) => cases.map(({ state }) => state).sort();

  it('asks anew at once where it had been made private', async () => {
    await start();
    const { ref } = await asked();
    await test.say(people.yuki, `approve ${ref} make-private`);
    assert.deepEqual(states(await casesOf(test)), ['contained']);
    setBucket(test, 'open', open());

    const after = await look();

    assert.deepEqual(states(after), ['asking', 'contained']);
  });

  it('says nothing by a look from before it was made private', async () => {
    await start();
    const { ref } = await asked();
    const gate = Promise.withResolvers<void>();
    const { storage } = test.world.world;
    const { readAccess } = storage;
    const seen = Promise.withResolvers<void>();
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) => {
        const access = await readAccess(one);
        Object.assign(storage, { readAccess });
        seen.resolve();
        await gate.promise;
        return access;
      },
    });
    const slow = test.app.watchBuckets();
    await seen.promise;
    await test.say(people.yuki, `approve ${ref} make-private`);
    await casesOf(test);

    gate.resolve();
    await slow;

    assert.deepEqual(states(await casesOf(test)), ['contained']);
  });

  it('asks again after the grouping time where the answer was a dry run', async () => {
    await start({ governance: { ...settings.governance, dryRun: true } });
    const { ref } = await asked();
    await test.say(people.yuki, `approve ${ref} make-private`);
    await casesOf(test);

    const soon = await look();
    passed += 2 * DAY_MS;
    const later = await look();

    assert.deepEqual(states(soon), ['contained']);
    assert.deepEqual(states(later), ['asking', 'contained']);
  });

  it('asks again after the grouping time, and not at once, where making it private was undone', async () => {
    await start();
    const { ref } = await asked();
    await test.say(people.yuki, `approve ${ref} make-private`);
    await casesOf(test);
    assert.deepEqual(states(await both(`undo ${ref}`)), ['undone']);

    const soon = await look();
    passed += 2 * DAY_MS;
    const later = await look();

    assert.deepEqual(states(soon), ['undone']);
    assert.deepEqual(states(later), ['asking', 'undone']);
  });

  it('stays silent about what was said to be meant for as long as it is open in the same way', async () => {
    await start();
    const { ref } = await asked();
    assert.deepEqual(states(await both(`dismiss ${ref}`)), ['dismissed']);

    passed += 10 * DAY_MS;
    const same = await look();
    setBucket(test, 'open', { ...open(), acl: OPEN_ACL.acl });
    const other = await look();

    assert.deepEqual(states(same), ['dismissed']);
    assert.deepEqual(states(other), ['asking', 'dismissed']);
  });

  it('asks again once the day is over until which it was expected', async () => {
    await start();
    const { ref } = await asked();
    assert.deepEqual(states(await both(`dismiss ${ref} until tomorrow`)), ['dismissed']);

    const soon = await look();
    passed += 3 * DAY_MS;
    const later = await look();

    assert.deepEqual(states(soon), ['dismissed']);
    assert.deepEqual(states(later), ['asking', 'dismissed']);
  });

  it('asks again once somebody takes back that it was expected', async () => {
    await start();
    const { ref } = await asked();
    await both(`dismiss ${ref} until tomorrow`);
    const [exception] = await test.store.exceptionsInForce(new Date(clock.now()).toISOString());
    assert.ok(exception);
    await test.say(people.yuki, `revoke ${exception.id}`);

    const after = await look();

    assert.ok(states(after).includes('asking'));
  });

  it('is watched once where its policy only watches', async () => {
    const detection = { ...settings.detection, policies: { [POLICY]: { stage: 'monitor' as const } } };
    await start({ detection });
    setBucket(test, 'open', open());

    for (let round = 0; round < 3; round++) {
      await look();
      passed += DAY_MS;
    }

    const [about, ...others] = await casesOf(test);
    assert.deepEqual(others, []);
    assert.equal(about?.state, 'monitored');
    assert.equal(about.seen, 1);
  });

  it('asks nothing more about hidden ones that it blocked the account for', async () => {
    await start();
    for (const name of ['a', 'b']) setBucket(test, name, PRIVATE);
    const { storage } = test.world.world;
    const { readAccess } = storage;
    Object.assign(storage, {
      readAccess: async (one: BucketTarget) => {
        if (one.name === 'a') throw new CountersignError('aws.forbidden', 'no');
        return readAccess(one);
      },
    });
    const [about] = await look();
    assert.ok(about);
    await test.say(people.yuki, `approve ${about.ref} block-account`);
    await both(`approve ${about.ref} block-account`);

    const after = await look();

    assert.deepEqual(states(after), ['contained']);
  });
});
