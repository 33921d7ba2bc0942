// Lines of several replicas before one service that takes a request a second from all of them together.
import assert from 'node:assert/strict';
import { createPacedLine } from '../../../src/adapters/graph/paced-line.ts';
import { CountersignError } from '../../../src/case/errors.ts';

const EVERY_MS = 1_100;

describe('a line before a service that takes one request a second', () => {
  let time = 0;
  let timers: readonly { readonly at: number; go(): void }[] = [];
  const now = (): number => time;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timers = [...timers, { at: time + ms, go: resolve }];
    });
  /** Time passes only where everybody waits. */
  async function passUntil(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    done.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return;
      const [next, ...others] = timers.toSorted((a, b) => a.at - b.at);
      assert.ok(next, 'somebody waits');
      timers = others;
      time = Math.max(time, next.at);
      next.go();
    }
  }
  let lastAt = Number.NEGATIVE_INFINITY;
  const service = async (): Promise<void> => {
    if (time - lastAt < 1_000)
      throw new CountersignError('graph.throttled', 'too soon', {
        retryable: true,
        retryAfterMs: 2 * EVERY_MS,
      });
    lastAt = time;
  };

  for (const replicas of [1, 2, 3])
    it(`gets everybody's request through, with ${replicas} of them at work at once`, async () => {
      const lines = Array.from({ length: replicas }, () =>
        createPacedLine({ everyMs: EVERY_MS, now, pause }),
      );
      const all = lines.flatMap(({ send }) =>
        Array.from({ length: 12 }, () => send({ urgency: 'look' }, service)),
      );

      const settled = Promise.allSettled(all);
      await passUntil(settled);

      const refused = (await settled).filter(({ status }) => status === 'rejected');
      assert.equal(refused.length, 0);
    });
});
