// A kill between every two steps of a case, then a restart on the same store: nothing lost, nothing done twice.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds, systemClock } from '../../src/adapters/system.ts';
import { createApp } from '../../src/app.ts';
import { checkChain } from '../../src/audit/check-chain.ts';
import type { Case } from '../../src/case/case.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import type { ChatActor } from '../../src/ports/chat.ts';
import { TENANT_ID } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { type BackOff, backOffMs, createWorker } from '../../src/worker.ts';
import { settings } from '../helpers/cases.ts';
import { type Bomb, Crash, createBomb, type When } from '../helpers/crash.ts';
import { testWords } from '../helpers/english.ts';
import { createFakeWorld, type FakeWorld, MANAGER } from '../helpers/fake-world.ts';
import { isIdle } from '../helpers/idle.ts';

/** As in production, without the jitter: waits would only differ from run to run. */
const backOff: BackOff = (attempts, retryAfterMs) => backOffMs(attempts, retryAfterMs, () => 0);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const { catalogue } = requireCatalogue({ knownActions: [...ACTIONS.keys()] });
const actor: ChatActor = {
  tenantId: TENANT_ID,
  id: MANAGER.id,
  name: MANAGER.displayName,
  conversation: { id: `chat-${MANAGER.id}`, serviceUrl: 'https://teams.example' },
};

interface Stage {
  readonly directory: string;
  readonly world: FakeWorld;
  readonly body: unknown;
  readonly door: 'graph' | 'cloudtrail';
  /** What the manager does, and where it ends. */
  readonly script: readonly { readonly line: (ref: string) => string; readonly ends: Case['state'] }[];
}

/** Runs the whole script as far as it gets; people and senders repeat what was not answered, as they do. */
async function play(stage: Stage, bomb: Bomb): Promise<void> {
  const store = await openStore({
    words: testWords,
    directory: stage.directory,
    clock: systemClock,
    alone: true,
  });
  const { world } = stage;
  let worker: ReturnType<typeof createWorker> | null = null;
  try {
    const wrapped = bomb.wrap<Store>(store, ['transact', 'takeSteps', 'retryStep']);
    const app = createApp({
      tenantId: TENANT_ID,
      settings,
      catalogue,
      actions: ACTIONS,
      store: wrapped,
      trail: store,
      alerts: bomb.wrap(world.alerts),
      world: Object.fromEntries(
        Object.entries(world.world).map(([name, port]) => [name, bomb.wrap<object>(port)]),
      ) as unknown as FakeWorld['world'],
      calendars: bomb.wrap(world.calendars),
      mailer: bomb.wrap(world.mailer),
      installer: bomb.wrap(world.installer),
      messenger: bomb.wrap(world.messenger),
      defaultServiceUrl: 'https://teams.example',
      words: testWords,
      clock: systemClock,
      ids: randomIds,
      log: silent,
      recheckMs: 0,
      wake: () => worker?.wake(),
    });
    worker = createWorker({ store: wrapped, handlers: app.steps, log: silent, backOff });
    worker.start();
    const accept = stage.door === 'graph' ? app.acceptGraph : app.acceptCloudTrail;
    const [receipt] = await accept(stage.body);
    const ref = receipt?.case;
    assert.ok(ref);
    const settled = async (): Promise<Case> => {
      for (;;) {
        if (bomb.exploded()) throw new Crash('crashed');
        const found = await store.findCase(ref);
        assert.ok(found);
        const idle = isIdle(await store.nextDueInMs());
        if (idle && ['asking', 'contained', 'undone', 'dismissed'].includes(found.state)) return found;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    let about = await settled();
    const states = ['asking', ...stage.script.map((one) => one.ends)];
    for (let next = states.indexOf(about.state); next < stage.script.length; next++) {
      const line: string = stage.script[next]?.line(ref) ?? '';
      await app.chat.said(line, actor);
      about = await settled();
      assert.equal(about.state, stage.script[next]?.ends, line);
    }
  } finally {
    await worker?.stop();
    await store.close();
  }
}

async function crashEverywhere(
  make: () => Stage,
  check: (stage: Stage, about: Case, entries: AuditEntry[]) => void,
) {
  for (const when of ['before', 'after'] as const satisfies readonly When[])
    for (let at = 1, exploded = true; exploded; at++) {
      const stage = make();
      const bomb = createBomb(at, when);
      const label = `crashed ${when} call ${at}`;
      try {
        await play(stage, bomb).catch((error: unknown) => {
          if (!bomb.exploded()) throw error;
        });
        exploded = bomb.exploded();
        if (exploded) {
          await play(stage, createBomb(Number.POSITIVE_INFINITY, 'before'));
        }
        const store = await openStore({ words: testWords, directory: stage.directory, clock: systemClock });
        const [about, ...others] = await store.listCases();
        assert.ok(about, label);
        assert.deepEqual(others, [], `${label}: a second case`);
        for (const copy of await store.copiesOf(about.id))
          assert.equal(copy.shownVersion, about.version, label);
        assert.ok(isIdle(await store.nextDueInMs()), `${label}: something is still owed`);
        const entries: AuditEntry[] = [];
        for await (const entry of store.entries()) entries.push(entry);
        assert.deepEqual(checkChain(entries, new Map()).problems, [], label);
        await store.close();
        try {
          check(stage, about, entries);
        } catch (error) {
          if (error instanceof Error) error.message = `${label}: ${error.message}`;
          throw error;
        }
      } finally {
        rmSync(stage.directory, { recursive: true, force: true });
      }
    }
}

const stageOf = (sample: string, script: Stage['script']): Stage => {
  const world = createFakeWorld();
  const body = SAMPLES[sample]?.build(new Date(), randomUUID());
  const door = SAMPLES[sample]?.door ?? 'graph';
  if (door === 'graph') world.addAlert(body as JsonObject);
  return { directory: mkdtempSync(path.join(tmpdir(), 'countersign-crash-')), world, body, door, script };
};

const kinds = (entries: readonly AuditEntry[], kind: string): number =>
  entries.filter((entry) => entry.kind === kind).length;

describe('a crash between any two steps', function () {
  this.timeout(180_000);

  it('never does a change twice, nor loses one, from the event to the undo', async () => {
    await crashEverywhere(
      () =>
        stageOf('bucket-public', [
          { line: (ref) => `approve ${ref} contain`, ends: 'contained' },
          { line: (ref) => `undo ${ref}`, ends: 'undone' },
        ]),
      ({ world }, about, entries) => {
        assert.equal(about.state, 'undone');
        // Signing out does not converge to anything: once, or somebody is thrown out again an hour later.
        assert.equal(world.done.revoke, 1);
        // Writes to a bucket converge: one may be repeated where its answer was lost, and the end is the beginning.
        assert.ok((world.done.policy ?? 0) <= 3 && (world.done.block ?? 0) <= 3, JSON.stringify(world.done));
        assert.deepEqual(world.bucket(), createFakeWorld().bucket());
        assert.equal(kinds(entries, 'case.opened'), 1);
        assert.equal(kinds(entries, 'question.asked'), 1);
        assert.equal(kinds(entries, 'decision.approve'), 1);
        assert.equal(kinds(entries, 'decision.undo'), 1);
        assert.equal(kinds(entries, 'run.verified'), 2);
        assert.equal(kinds(entries, 'run.reverted'), 1);
        // A lost answer may leave a second copy of the card, never a third.
        assert.ok((world.done.card ?? 0) <= 2, `${world.done.card} cards`);
      },
    );
  });

  it('never writes a verdict back twice, nor loses it', async () => {
    await crashEverywhere(
      () => stageOf('mass-download', [{ line: (ref) => `dismiss ${ref}`, ends: 'dismissed' }]),
      ({ world }, about, entries) => {
        assert.equal(about.state, 'dismissed');
        assert.equal(world.comments.length, 1, world.comments.join('\n'));
        assert.equal(kinds(entries, 'decision.dismiss'), 1);
        assert.equal(kinds(entries, 'alert.written-back'), 1);
        assert.equal(world.done.revoke, undefined);
      },
    );
  });
});
