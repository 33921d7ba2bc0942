// The contract for what a case owes the world: due, leased, finished exactly once.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { CaseId } from '../../../../src/case/ids.ts';
import type { Step } from '../../../../src/case/run.ts';
import type { NewStep } from '../../../../src/ports/case-store.ts';
import { sampleCase } from '../samples.ts';
import type { StoreWorld } from './world.ts';

const LEASE_MS = 600_000;

export function describeSteps(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });
  const finish = (step: Step) => store.transact((tx) => tx.finishStep(step));
  const add = (caseId: CaseId, ...steps: readonly NewStep[]) =>
    store.transact(async (tx) => {
      for (const step of steps) await tx.addStep(caseId, step);
    });
  async function openCase(...steps: readonly NewStep[]): Promise<CaseId> {
    const created = sampleCase();
    await store.transact((tx) => tx.insertCase(created));
    await add(created.id, ...steps);
    return created.id;
  }
  async function takeOne(leaseMs = LEASE_MS): Promise<Step> {
    const [step, ...more] = await store.takeSteps(10, leaseMs);
    assert.ok(step, 'a step is due');
    assert.deepEqual(more, []);
    return step;
  }
  /** Its holder died: the lease has run out by the database's clock, and another worker has the step. */
  async function takeOver(): Promise<Step> {
    for (;;) {
      const [step] = await store.takeSteps(1, LEASE_MS);
      if (step) return step;
    }
  }

  it('hands out what is due, with its body, and nothing else', async () => {
    const caseId = await openCase({ kind: 'ask', key: 'k', body: { question: ['\0'] } });
    await openCase({ kind: 'route', key: '', delayMs: 1 });

    const step = await takeOne();

    assert.deepEqual(
      { ...step, id: '' },
      { id: '', caseId, kind: 'ask', key: 'k', attempts: 0, leaseToken: 1, body: { question: ['\0'] } },
    );
    assert.deepEqual(await store.takeSteps(10, LEASE_MS), []);
    world().time += 1;
    assert.equal((await takeOne()).kind, 'route');
  });

  it('hands out the longest due first, and no more than asked for', async () => {
    await openCase({ kind: 'act', key: '', delayMs: 30 });
    await openCase({ kind: 'ask', key: '', delayMs: 10 });
    await openCase({ kind: 'route', key: '', delayMs: 20 });
    world().time += 100;

    const taken = await store.takeSteps(2, LEASE_MS);

    assert.deepEqual(
      taken.map((step) => step.kind),
      ['ask', 'route'],
    );
  });

  it('works on one step of a case at a time, the longest due first', async () => {
    await openCase(
      { kind: 'refresh', key: '2', delayMs: 5 },
      { kind: 'ask', key: '1' },
      { kind: 'refresh', key: '3', delayMs: 7 },
    );
    world().time += 10;

    const first = await takeOne();
    assert.deepEqual(await store.takeSteps(10, LEASE_MS), []);
    await finish(first);
    const second = await takeOne();

    assert.deepEqual([first.key, second.key], ['1', '2']);
  });

  it('forgets a finished step', async () => {
    await openCase({ kind: 'route', key: '' });

    const step = await takeOne();
    await finish(step);

    assert.equal(await store.nextDueInMs(), null);
    await assert.rejects(finish(step), { code: 'store.lease-lost' });
  });

  it('does not finish a step in a transaction that fails', async () => {
    await openCase({ kind: 'route', key: '' });
    const step = await takeOne();

    const failing = store.transact(async (tx) => {
      await tx.finishStep(step);
      throw new Error('too late');
    });

    await assert.rejects(failing, /too late/);
    await finish(step);
  });

  it('passes a step on once its lease has run out, and tells the old holder', async () => {
    await openCase({ kind: 'act', key: '' });
    const lost = await takeOne(1);

    const held = await takeOver();

    assert.equal(held.id, lost.id);
    assert.ok(held.leaseToken > lost.leaseToken);
    await assert.rejects(finish(lost), { code: 'store.lease-lost' });
    await assert.rejects(
      store.transact((tx) => tx.assertLease(lost)),
      { code: 'store.lease-lost' },
    );
    await store.retryStep(lost, 0, 'from the grave');
    await store.transact((tx) => tx.assertLease(held));
    assert.deepEqual(await store.takeSteps(10, LEASE_MS), [], 'the new holder keeps it');
    await finish(held);
  });

  it('gives a step back later and one attempt older', async () => {
    await openCase({ kind: 'act', key: '' });

    await store.retryStep(await takeOne(), 5_000, `Graph is throttling\0 ${'x'.repeat(5_000)}`);

    assert.deepEqual(await store.takeSteps(10, LEASE_MS), []);
    assert.equal(await store.nextDueInMs(), 5_000);
    world().time += 5_000;
    assert.equal((await takeOne()).attempts, 1);
  });

  it('keeps one step for each case, kind and key, and makes it due again when it is asked for again', async () => {
    const caseId = await openCase({ kind: 'ask', key: 'a', delayMs: 9_000, body: 1 });
    await add(caseId, { kind: 'ask', key: 'a', delayMs: 0, body: 2 });

    const step = await takeOne();
    assert.equal(step.body, 2);
    await finish(step);

    assert.equal(await store.nextDueInMs(), null);
  });

  it('starts to count attempts anew when a step is asked for again', async () => {
    const caseId = await openCase({ kind: 'refresh', key: '' });
    await store.retryStep(await takeOne(), 60_000, 'Teams is away');

    await add(caseId, { kind: 'refresh', key: '' });

    assert.equal((await takeOne()).attempts, 0);
  });

  it('leaves a step as it is when asked to add it only if absent', async () => {
    const caseId = await openCase({ kind: 'ask', key: 'a', delayMs: 9_000, body: 1 });
    await store.transact((tx) => tx.addStep(caseId, { kind: 'ask', key: 'a', body: 2 }, { ifAbsent: true }));
    await store.transact((tx) =>
      tx.addStep(caseId, { kind: 'ask', key: 'b', delayMs: 9_500 }, { ifAbsent: true }),
    );

    assert.equal(await store.nextDueInMs(), 9_000);
    world().time += 9_000;
    assert.equal((await takeOne()).body, 1);
  });

  it('runs a step once more when it is asked for while somebody works on it', async () => {
    const caseId = await openCase({ kind: 'refresh', key: '', body: 'old' });
    const first = await takeOne();

    await add(caseId, { kind: 'refresh', key: '', body: 'new' });
    assert.deepEqual(await store.takeSteps(10, LEASE_MS), [], 'the lease is kept');
    await finish(first);
    const second = await takeOne();
    await finish(second);

    assert.equal(first.id, second.id);
    assert.equal(second.body, 'new');
    assert.equal(await store.nextDueInMs(), null);
  });

  it('runs a step later when its own work asks for that', async () => {
    const caseId = await openCase({ kind: 'verify', key: '' });
    const first = await takeOne();

    await store.transact(async (tx) => {
      await tx.addStep(caseId, { kind: 'verify', key: '', delayMs: 2_000 });
      await tx.finishStep(first);
    });

    assert.equal(await store.nextDueInMs(), 2_000);
  });

  it('does not lose an order that came in after the lease ran out and before the holder finished', async () => {
    const caseId = await openCase({ kind: 'refresh', key: '', body: 'old' });
    const first = await takeOne(1);
    while ((await store.nextDueInMs()) !== 0);

    await add(caseId, { kind: 'refresh', key: '', body: 'new' });
    await finish(first);

    assert.equal((await takeOne()).body, 'new');
  });

  it('is satisfied with the run of a successor who took the step with the new order', async () => {
    const caseId = await openCase({ kind: 'refresh', key: '', body: 'old' });
    await takeOne(1);
    await add(caseId, { kind: 'refresh', key: '', body: 'new' });

    const successor = await takeOver();
    await finish(successor);

    assert.equal(successor.body, 'new');
    assert.equal(await store.nextDueInMs(), null);
  });

  it('is satisfied with one more run when the work itself was given back', async () => {
    const caseId = await openCase({ kind: 'refresh', key: '' });
    const first = await takeOne();
    await add(caseId, { kind: 'refresh', key: '' });

    await store.retryStep(first, 60_000, 'Teams is away');
    await finish(await takeOne());

    assert.equal(await store.nextDueInMs(), null);
  });

  it('takes a cancelled step from whoever works on it', async () => {
    const caseId = await openCase(
      { kind: 'ask', key: 'a' },
      { kind: 'ask', key: 'b' },
      { kind: 'route', key: '', delayMs: 50 },
    );
    const running = await takeOne();

    await store.transact((tx) => tx.cancelSteps(caseId, ['ask', 'act']));
    await store.transact((tx) => tx.cancelSteps(caseId, []));

    await assert.rejects(finish(running), { code: 'store.lease-lost' });
    await assert.rejects(
      store.transact((tx) => tx.assertLease(running)),
      { code: 'store.lease-lost' },
    );
    assert.equal(await store.nextDueInMs(), 50);
  });

  it('does not take a step that was cancelled and added again for the one before', async () => {
    const caseId = await openCase({ kind: 'ask', key: '' });
    const before = await takeOne();
    await store.transact((tx) => tx.cancelSteps(caseId, ['ask']));
    await add(caseId, { kind: 'ask', key: '' });
    const now = await takeOne();

    await assert.rejects(finish(before), { code: 'store.lease-lost' });
    await finish(now);
  });

  it('says when the next step is due, counting what waits behind a lease', async () => {
    assert.equal(await store.nextDueInMs(), null);
    const caseId = await openCase({ kind: 'act', key: '', delayMs: -50 });
    assert.equal(await store.nextDueInMs(), 0);
    await takeOne(60_000);
    await add(caseId, { kind: 'refresh', key: '' });
    const wait = (await store.nextDueInMs()) ?? 0;
    await openCase({ kind: 'route', key: '', delayMs: 700 });

    assert.ok(wait > 700 && wait <= 60_000, `${wait} is until the lease ends`);
    assert.equal(await store.nextDueInMs(), 700);
  });
}
