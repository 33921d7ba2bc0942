// Every S3 action, and its undo, killed at every call to the outside: before the call, and after it with the answer lost.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/case/json.ts';
import type { GovernanceAction, World } from '../../../src/govern/action.ts';
import type { S3State } from '../../../src/sandbox/s3/state.ts';
import { type Bomb, Crash, createBomb, type When } from '../../helpers/crash.ts';
import { taskOf, undoTaskOf } from './s3-fixture.ts';
import { actionOf, S3_ACTIONS, SCENES, type Scene, type Stage, setStage } from './s3-scenes.ts';

interface Life {
  execute(world: World, note: (requestId: string) => Promise<void>): Promise<void>;
  verify(world: World): Promise<{ readonly kind: string }>;
}

/** As the runner does: carried out and looked at; after a crash looked at first, and carried out again where it is not so. */
async function live({ execute, verify }: Life, { storage, world }: Stage, bomb: Bomb): Promise<number> {
  const store = bomb.wrap({ note: async (_id: string) => {} });
  const bombed = { ...world, storage: bomb.wrap(storage) };
  try {
    await execute(bombed, store.note);
    await verify(bombed);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  const calls = bomb.calls();
  if (bomb.exploded() && (await verify(world)).kind !== 'took-effect') await execute(world, async () => {});
  assert.equal((await verify(world)).kind, 'took-effect');
  return calls;
}

const doing = (action: GovernanceAction, { target }: Scene, before: JsonObject): Life => ({
  execute: (world, note) => action.execute(taskOf(target, before), world, note),
  verify: (world) => action.verify(taskOf(target, before), world),
});

function undoing(action: GovernanceAction, { target }: Scene, before: JsonObject, after: JsonObject): Life {
  const { revert } = action;
  assert.ok(revert);
  const task = undoTaskOf(target, before, after);
  return {
    execute: (world, note) => revert.execute(task, world, note),
    verify: (world) => revert.verify(task, world),
  };
}

/** What the stand-in held before, after, and once it was put back; and how many calls doing and undoing took. */
async function play(scene: Scene, doBomb: Bomb, undoBomb: Bomb) {
  const action = actionOf(scene.action);
  const stage = await setStage(scene.buckets);
  /** Without times: each play begins at another one. */
  const state = (): S3State =>
    JSON.parse(JSON.stringify(stage.server.world.state()).replace(/"\d{4}-\d\d-\d\dT[^"]+"/g, '"then"'));
  try {
    const before = await action.read(scene.target, stage.world);
    assert.equal(action.plan(scene.target, before, stage.world.settings).kind, 'offered');
    const initial = state();
    const toDo = await live(doing(action, scene, before), stage, doBomb);
    const done = state();
    const after = await action.read(scene.target, stage.world);
    assert.deepEqual(action.revert?.differences(before, after, after), []);
    const toUndo = await live(undoing(action, scene, before, after), stage, undoBomb);
    return { initial, done, undone: state(), toDo, toUndo };
  } finally {
    await stage.server.close();
  }
}

const never = (): Bomb => createBomb(Number.POSITIVE_INFINITY, 'before');

describe('an S3 action that is killed', () => {
  it('is tried for every one that there is', () => {
    assert.deepEqual(
      S3_ACTIONS.map(({ id }) => id).sort(),
      [...new Set(SCENES.map(({ action }) => action))].sort(),
    );
  });

  for (const scene of SCENES)
    describe(`${scene.action}, ${scene.what}`, () => {
      it('changes something, and its undo puts everything back', async () => {
        const { initial, done, undone, toDo, toUndo } = await play(scene, never(), never());

        assert.notDeepEqual(done, initial);
        assert.deepEqual(undone, initial);
        assert.ok(toDo >= 3 && toUndo >= 3);
      });

      for (const when of ['before', 'after'] as const satisfies readonly When[])
        it(`ends as planned when it dies ${when} any of its calls`, async () => {
          const whole = await play(scene, never(), never());

          for (let call = 1; call <= whole.toDo; call += 1) {
            const { done, undone } = await play(scene, createBomb(call, when), never());
            assert.deepEqual(done, whole.done, `call ${call}`);
            assert.deepEqual(undone, whole.initial, `call ${call}`);
          }
        });

      for (const when of ['before', 'after'] as const satisfies readonly When[])
        it(`is put back exactly when its undo dies ${when} any of its calls`, async () => {
          const whole = await play(scene, never(), never());

          for (let call = 1; call <= whole.toUndo; call += 1) {
            const { undone } = await play(scene, never(), createBomb(call, when));
            assert.deepEqual(undone, whole.initial, `call ${call}`);
          }
        });
    });
});
