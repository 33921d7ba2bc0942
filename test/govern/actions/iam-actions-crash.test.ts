// Every action on AWS identities, and every undo, killed at every call that it makes (before it is made, and after it was made but
// its answer lost), then run as the runner does: the world is looked at first, and a second run leaves it as the first one did.
import assert from 'node:assert/strict';
import type { CaseId, RunId } from '../../../src/case/ids.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import type { UndoTask, Verification, World } from '../../../src/govern/action.ts';
import { Crash, createBomb, type When } from '../../helpers/crash.ts';
import { english } from '../../helpers/english.ts';
import { type AwsSite, NOW, REF } from './aws-site.ts';
import { IAM_SAMPLES, type IamSample } from './iam-actions.ts';

const WHENS: readonly When[] = ['before', 'after'];
const NEVER = Number.POSITIVE_INFINITY;

interface Way {
  execute(task: UndoTask, world: World, note: (id: string) => Promise<void>): Promise<void>;
  verify(task: UndoTask, world: World): Promise<Verification>;
}
/** What outlives a crash. */
interface Scene {
  readonly site: AwsSite;
  readonly task: UndoTask;
  readonly noted: string[];
}

/** The clock stands still until the crash, and is an hour on after it. */
function started({ action, target, ...sample }: IamSample): () => Promise<Scene> {
  return async () => {
    const noted: string[] = [];
    const site = sample.site({ now: () => Date.parse(NOW) });
    const before: JsonObject = await action.read(target, site.world);
    const ids = { key: 'run-1' as RunId, caseId: 'case-1' as CaseId, caseRef: REF };
    return { site, noted, task: { ...ids, target, before, after: before } };
  };
}
const later = (world: World): World => ({ ...world, clock: { now: () => Date.parse(NOW) + 3_600_000 } });

async function carryOut(way: Way, { site, task, noted }: Scene, at: number, when: When) {
  const bomb = createBomb(at, when);
  const { identities, accountPolicies } = site.world;
  const mined = {
    ...site.world,
    identities: bomb.wrap(identities),
    accountPolicies: bomb.wrap(accountPolicies),
  };
  const store = bomb.wrap({ note: async (id: string): Promise<void> => void noted.push(id) });
  try {
    await way.execute(task, mined, store.note);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  return bomb;
}

/** The step after a restart. */
async function resume(way: Way, { site, task, noted }: Scene): Promise<Verification> {
  const world = later(site.world);
  const seen = await way.verify(task, world);
  if (seen.kind === 'took-effect') return seen;
  await way.execute(task, world, async (id) => void noted.push(id));
  return way.verify(task, world);
}

/** But for the moment that a revocation names: it is that of the run which wrote it. */
const timeless = (site: AwsSite): string =>
  JSON.stringify(site.picture()).replaceAll(/2026-03-02T1[01]:05:30\.000Z/g, 'the moment');

async function sweep(way: Way, start: () => Promise<Scene>): Promise<void> {
  const whole = await start();
  const { calls } = await carryOut(way, whole, NEVER, 'before');
  assert.ok(calls() >= 2, 'at least one call and its note');
  assert.equal((await way.verify(whole.task, whole.site.world)).kind, 'took-effect');

  for (let at = 1; at <= calls(); at += 1)
    for (const when of WHENS) {
      const scene = await start();
      const bomb = await carryOut(way, scene, at, when);
      assert.ok(bomb.exploded(), `${when} call ${at}`);

      const seen = await resume(way, scene);

      assert.equal(seen.kind, 'took-effect', `${when} call ${at}: ${english(seen.says)}`);
      assert.equal(timeless(scene.site), timeless(whole.site), `${when} call ${at}`);
      const settled = scene.site.picture();
      await way.execute(scene.task, later(later(scene.site.world)), async () => {});
      assert.deepEqual(scene.site.picture(), settled, `run again, ${when} call ${at}`);
    }
}

describe('a crash', () => {
  for (const sample of IAM_SAMPLES) {
    const { name, action, target } = sample;
    const start = started(sample);

    it(`at any call of ${name} ends as planned, and a second run changes nothing`, () =>
      sweep(action, start));

    it(`at any call of the undo of ${name} ends as it was`, async () => {
      const { revert } = action;
      assert.ok(revert);
      const done = async (): Promise<Scene> => {
        const scene = await start();
        await carryOut(action, scene, NEVER, 'before');
        const after = await action.read(target, scene.site.world);
        return { ...scene, noted: [], task: { ...scene.task, after } };
      };
      await sweep(revert, done);

      const original = await start();
      const undone = await done();
      await carryOut(revert, undone, NEVER, 'before');
      // A policy of ours that lay unattached goes with the deny: it denied nothing, and the name is free again.
      if (!name.endsWith('unattached')) assert.deepEqual(undone.site.picture(), original.site.picture());
    });
  }
});
