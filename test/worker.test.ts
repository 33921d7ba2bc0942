import assert from 'node:assert/strict';
import { CountersignError } from '../src/case/errors.ts';
import type { Step } from '../src/case/run.ts';
import { createWorker, type Worker } from '../src/worker.ts';
import { aStep, createLines, createQueue, everyKind } from './helpers/step-queue.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('the worker', () => {
  let worker: Worker | null = null;
  afterEach(async () => {
    await worker?.stop();
    worker = null;
  });
  const start = (options: Parameters<typeof createWorker>[0]): Worker => {
    worker = createWorker(options);
    worker.start();
    return worker;
  };

  it('gives back what failed, with the wait that the failure asked for and how often it was tried', async () => {
    const { due, givenBack, store } = createQueue();
    const seen: (readonly [number, number | undefined])[] = [];
    due.push(aStep('throttled', { attempts: 3 }));
    start({
      store,
      log: createLines().log,
      backOff: (attempts, retryAfterMs) => {
        seen.push([attempts, retryAfterMs]);
        return 77;
      },
      handlers: everyKind(async () => {
        throw new CountersignError('graph.throttled', 'slow down', { retryable: true, retryAfterMs: 9_000 });
      }),
    });
    await turns();

    assert.deepEqual(seen, [[3, 9_000]]);
    assert.deepEqual(givenBack, [{ step: 'throttled', delayMs: 77, error: 'slow down' }]);
  });

  it('gives back what we held back ourselves for its turn, exactly then, and no try older', async () => {
    const given: (readonly [number, boolean | undefined])[] = [];
    const { due, store } = createQueue({
      retryStep: async (_step, delayMs, _error, options) => void given.push([delayMs, options?.counts]),
    });
    due.push(aStep('paced', { attempts: 7 }));
    start({
      store,
      log: createLines().log,
      handlers: everyKind(async () => {
        const held = { retryable: true, paced: true, retryAfterMs: 900 };
        throw new CountersignError('teams.throttled', 'not yet', held);
      }),
    });
    await turns();

    const [[delayMs, counts] = [0, true]] = given;
    assert.ok(delayMs >= 900 && delayMs <= 950, String(delayMs));
    assert.equal(counts, false);
  });

  it('waits at least as long as the other side asked for, when nobody tells it otherwise', async () => {
    const { due, givenBack, store } = createQueue();
    due.push(aStep('throttled'));
    start({
      store,
      log: createLines().log,
      handlers: everyKind(async () => {
        throw new CountersignError('graph.throttled', 'slow down', { retryable: true, retryAfterMs: 9_000 });
      }),
    });
    await turns();

    const [{ delayMs = 0 } = {}] = givenBack;
    assert.ok(delayMs >= 9_000 && delayMs < 13_500, String(delayMs));
  });

  it('gives back what a broken handler threw, whatever that was, and goes on with the others', async () => {
    const { due, givenBack, store } = createQueue();
    const { lines, log } = createLines();
    const done: string[] = [];
    due.push(aStep('broken'), aStep('odd'), aStep('good'));
    start({
      store,
      log,
      backOff: () => 5,
      handlers: everyKind(async (step) => {
        if (step.id === 'broken') throw new TypeError('x is not a function');
        if (step.id === 'odd') throw 'a word';
        done.push(step.id);
      }),
    });
    await turns();

    assert.deepEqual(done, ['good']);
    assert.deepEqual(
      givenBack.map((one) => [one.step, one.error]),
      [
        ['broken', 'x is not a function'],
        ['odd', 'a word'],
      ],
    );
    assert.deepEqual(
      lines.map((one) => one.level),
      ['error', 'error'],
    );
  });

  it('warns of what may pass, and calls the rest an error', async () => {
    const { due, store } = createQueue();
    const { lines, log } = createLines();
    due.push(aStep('passing'), aStep('final'));
    start({
      store,
      log,
      backOff: () => 5,
      handlers: everyKind(async (step) => {
        throw new CountersignError('graph.x', step.id, { retryable: step.id === 'passing' });
      }),
    });
    await turns();

    assert.deepEqual(
      lines.map((one) => [one.level, one.facts.reason, one.facts.attempts]),
      [
        ['warn', 'passing', 1],
        ['error', 'final', 1],
      ],
    );
  });

  it('says nothing and gives nothing back when its lease was lost: somebody else has the step', async () => {
    const { due, givenBack, store } = createQueue();
    const { lines, log } = createLines();
    due.push(aStep('lost'));
    start({
      store,
      log,
      handlers: everyKind(async () => {
        throw new CountersignError('store.lease-lost', 'taken over');
      }),
    });
    await turns();

    assert.deepEqual(givenBack, []);
    assert.deepEqual(lines, []);
  });

  it('lives on when a step cannot even be given back', async () => {
    const { due, store } = createQueue({
      retryStep: async () => {
        throw new CountersignError('store.unavailable', 'the database is away', { retryable: true });
      },
    });
    const { lines, log } = createLines();
    const done: string[] = [];
    due.push(aStep('broken'));
    const running = start({
      store,
      log,
      handlers: everyKind(async (step) => {
        if (step.id === 'broken') throw new Error('no');
        done.push(step.id);
      }),
    });
    await turns();
    due.push(aStep('good'));
    running.wake();
    await turns();

    assert.deepEqual(done, ['good']);
    assert.ok(lines.some((one) => one.facts.reason === 'the database is away'));
  });

  it('lives on when steps cannot be taken', async () => {
    const queue = createQueue();
    let away = true;
    const { lines, log } = createLines();
    const done: string[] = [];
    const running = start({
      store: {
        ...queue.store,
        takeSteps: async (limit, leaseMs) => {
          if (away) throw new CountersignError('store.unavailable', 'away', { retryable: true });
          return queue.store.takeSteps(limit, leaseMs);
        },
      },
      log,
      handlers: everyKind(async (step) => void done.push(step.id)),
    });
    await turns();
    away = false;
    queue.due.push(aStep('good'));
    running.wake();
    await turns();

    assert.deepEqual(done, ['good']);
    assert.equal(lines.length, 1);
  });

  it('never runs more side by side than it may, and takes the next as soon as one has ended', async () => {
    const { due, limits, store } = createQueue();
    const ends: (() => void)[] = [];
    let most = 0;
    let now = 0;
    for (let n = 0; n < 7; n++) due.push(aStep(`s${n}`));
    start({
      store,
      log: createLines().log,
      width: 3,
      handlers: everyKind(async () => {
        most = Math.max(most, ++now);
        await new Promise<void>((resolve) => ends.push(resolve));
        now -= 1;
      }),
    });
    await turns();
    assert.deepEqual([now, limits[0]], [3, 3]);
    for (let n = 0; n < 7; n++) {
      ends.shift()?.();
      await turns();
    }

    assert.equal(most, 3);
    assert.deepEqual([now, due.length], [0, 0]);
  });

  it('takes nothing more once it is told to stop, and stops when what runs has ended', async () => {
    const { due, givenBack, store } = createQueue();
    const done: string[] = [];
    let end = (): void => {};
    due.push(aStep('running'));
    const running = start({
      store,
      log: createLines().log,
      backOff: () => 5,
      handlers: everyKind(async (step) => {
        if (step.id === 'running') await new Promise<void>((resolve) => (end = resolve));
        done.push(step.id);
        throw new Error('and failed at the end');
      }),
    });
    await turns();
    let stopped = false;
    const stopping = running.stop().then(() => {
      stopped = true;
    });
    due.push(aStep('later'));
    running.wake();
    await turns();
    assert.equal(stopped, false);
    end();
    await stopping;
    await turns();

    assert.deepEqual(done, ['running']);
    // Given back before the store closes, not after.
    assert.equal(givenBack.length, 1);
    assert.equal(due.length, 1);
  });

  it('still runs, before it stops, the steps that were being taken when it was told to', async () => {
    const done: string[] = [];
    let hand = (_steps: readonly Step[]): void => {};
    const running = start({
      store: createQueue({ takeSteps: () => new Promise((resolve) => (hand = resolve)) }).store,
      log: createLines().log,
      handlers: everyKind(async (step) => void done.push(step.id)),
    });
    await turns();
    let stopped = false;
    const stopping = running.stop().then(() => {
      stopped = true;
    });
    await turns();
    assert.equal(stopped, false);
    hand([aStep('leased')]);
    await stopping;

    assert.deepEqual(done, ['leased']);
  });

  it('takes nothing more once it is told to stop, even when it was woken just before', async () => {
    let takes = 0;
    let answer = (): void => {};
    const running = start({
      store: createQueue({
        takeSteps: () => {
          takes += 1;
          return new Promise((resolve) => (answer = () => resolve([])));
        },
      }).store,
      log: createLines().log,
      handlers: everyKind(async () => undefined),
    });
    await turns();
    running.wake();
    const stopping = running.stop();
    answer();
    await turns();
    answer();
    await stopping;

    assert.equal(takes, 1);
  });

  it('looks again when it was woken during a look', async () => {
    const { due, store } = createQueue();
    const done: string[] = [];
    let looked = 0;
    let answer = (): void => {};
    const running = start({
      store: {
        ...store,
        // The steps were read before the wake; what is committed after that, this look cannot see.
        async takeSteps(limit, leaseMs) {
          const steps = await store.takeSteps(limit, leaseMs);
          if (++looked === 1) await new Promise<void>((resolve) => (answer = resolve));
          return steps;
        },
        // Nobody says that anything is due: only the wake can bring it on.
        nextDueInMs: async () => null,
      },
      log: createLines().log,
      handlers: everyKind(async (step) => void done.push(step.id)),
    });
    await turns();
    due.push(aStep('late'));
    running.wake();
    answer();
    await turns();

    assert.deepEqual(done, ['late']);
  });

  it('looks again when it was woken while it asked how long to sleep', async () => {
    const { due, store } = createQueue();
    const done: string[] = [];
    let answer = (): void => {};
    let waiting = 0;
    const running = start({
      store: {
        ...store,
        nextDueInMs: async () => {
          if (++waiting === 1) await new Promise<void>((resolve) => (answer = resolve));
          return null;
        },
      },
      log: createLines().log,
      handlers: everyKind(async (step) => void done.push(step.id)),
    });
    await turns();
    due.push(aStep('late'));
    running.wake();
    answer();
    await turns();

    assert.deepEqual(done, ['late']);
  });

  it('comes back by itself when something is due later', async () => {
    const { due, store } = createQueue();
    const done: string[] = [];
    let asked = 0;
    start({
      store: { ...store, nextDueInMs: async () => (++asked === 1 ? 1 : null) },
      log: createLines().log,
      handlers: everyKind(async (step) => void done.push(step.id)),
    });
    await turns();
    due.push(aStep('later'));
    while (done.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));

    assert.deepEqual(done, ['later']);
  });
});
