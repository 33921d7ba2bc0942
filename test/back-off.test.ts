import assert from 'node:assert/strict';
import { backOffMs } from '../src/worker.ts';

describe('the back-off', () => {
  it('is parked for no more than an hour (and its jitter), whatever the other side asks for', () => {
    assert.equal(
      backOffMs(0, Number.MAX_SAFE_INTEGER, () => 0),
      3_600_000,
    );
  });

  it('doubles from one second to five minutes', () => {
    const waits = [0, 1, 2, 3, 7, 8, 9, 10, 1_000].map((attempts) => backOffMs(attempts, undefined, () => 0));
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 128_000, 256_000, 300_000, 300_000, 300_000]);
  });

  it('adds up to half of it again, so that what failed together does not come back together', () => {
    assert.equal(
      backOffMs(2, undefined, () => 0.5),
      5_000,
    );
    assert.ok(backOffMs(2, undefined, () => 0.999) < 6_000);
    assert.ok(backOffMs(2, undefined, () => 0.999) > 5_900);
  });

  it('never waits for less than what the other side asked for', () => {
    for (const random of [0, 0.5, 0.999])
      for (const attempts of [0, 5, 20])
        for (const asked of [1, 30_000, 3_600_000])
          assert.ok(backOffMs(attempts, asked, () => random) >= asked);
    assert.equal(
      backOffMs(0, 30_000, () => 0),
      30_000,
    );
  });

  it('is not shortened by a request to come back at once', () => {
    assert.equal(
      backOffMs(3, 0, () => 0),
      8_000,
    );
  });
});
