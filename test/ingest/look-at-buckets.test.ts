// Looking at every bucket of an account where AWS does not always answer: one bucket hides no other, and nobody waits for ever.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import type { BucketTarget } from '../../src/case/target.ts';
import { type BucketLook, lookAtBuckets } from '../../src/ingest/look-at-buckets.ts';
import { ACCOUNT, bucket, PRIVATE } from '../helpers/watched-buckets.ts';

describe('looking at the buckets of an account', () => {
  let waits: number[] = [];
  let calls: string[] = [];
  const look = async (
    names: readonly string[],
    fail: (name: string, tries: number) => Error | null,
  ): Promise<readonly BucketLook[]> => {
    waits = [];
    calls = [];
    const storage = {
      listBuckets: async () => names.map(bucket),
      readAccountBlock: async () => null,
      readPolicyStatus: async () => null,
      readAccess: async ({ name }: BucketTarget) => {
        calls.push(name);
        const error = fail(name, calls.filter((one) => one === name).length);
        if (error) throw error;
        return PRIVATE;
      },
    };
    const pause = async (ms: number) => void (ms > 0 && waits.push(ms));
    const looks: BucketLook[] = [];
    for await (const one of lookAtBuckets(ACCOUNT, storage, pause)) looks.push(one);
    return looks;
  };
  const shown = (looks: readonly BucketLook[]) => looks.map((one) => [one.bucket.name, one.public]);
  const silent = new CountersignError('aws.unavailable', 'timed out', { retryable: true });

  it('tries one again that AWS did not answer about, after the others', async () => {
    const looks = await look(['a', 'b'], (name, tries) => (name === 'a' && tries === 1 ? silent : null));

    assert.deepEqual(shown(looks), [
      ['b', false],
      ['a', false],
    ]);
    assert.deepEqual(waits, [1_000]);
  });

  it('says that it is not known where AWS never answers, and says that this passes', async () => {
    const looks = await look(['a', 'b'], (name) => (name === 'a' ? silent : null));

    assert.deepEqual(shown(looks), [
      ['b', false],
      ['a', null],
    ]);
    assert.equal(looks[1]?.passing, true);
    assert.equal(calls.filter((name) => name === 'a').length, 3);
  });

  it('waits as long as AWS asks for, and no longer than ten seconds', async () => {
    const slow = (retryAfterMs: number) =>
      new CountersignError('aws.throttled', 'SlowDown', { retryable: true, retryAfterMs });

    await look(['a'], (_, tries) => (tries === 1 ? slow(7_000) : tries === 2 ? slow(3_600_000) : null));

    assert.deepEqual(waits, [7_000, 10_000]);
  });

  it('asks no more about the rest of a round once ten in a row got no answer', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `b${index}`);

    const looks = await look(names, () => silent);

    assert.equal(looks.length, 100);
    assert.ok(looks.every((one) => one.public === null && one.passing));
    assert.equal(calls.length, 30);
  });

  it('takes what it cannot make sense of for one bucket that is not known', async () => {
    const looks = await look(['a', 'b'], (name) => (name === 'a' ? new SyntaxError('not JSON') : null));

    assert.deepEqual(shown(looks), [
      ['a', null],
      ['b', false],
    ]);
  });
});
