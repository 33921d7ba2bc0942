// Every action on users, and every undo, killed at every call that it makes (before it is made, and after it was made but its answer
// lost), then run again as the runner does: the world ends as decided, is proven, and nothing is told twice.
import assert from 'node:assert/strict';
import type { RunId } from '../../../src/case/ids.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import type { GovernanceAction, UndoTask, Verification, World } from '../../../src/govern/action.ts';
import { Crash, createBomb, type When } from '../../helpers/crash.ts';
import { CASE, type Scene } from './scene.ts';
import { SAMPLES, type Sample } from './user-actions.ts';

const AGAIN = 3;
const WHENS: readonly When[] = ['before', 'after'];

/** The two directions of an action. */
interface Way {
  execute(task: UndoTask, world: World, note: (id: string) => Promise<void>): Promise<void>;
  verify(task: UndoTask, world: World): Promise<Verification>;
}

/** What outlives a crash: the state that was committed, and what was acknowledged. */
interface OnRecord {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly noted: string[];
}

/** The world with a bomb at every port of it. */
function mined(world: World, bomb: ReturnType<typeof createBomb>): World {
  const { directory, groups, risk, consents, onPremises, notices } = world;
  return {
    ...world,
    directory: bomb.wrap(directory),
    groups: bomb.wrap(groups),
    risk: bomb.wrap(risk),
    consents: bomb.wrap(consents),
    onPremises: bomb.wrap(onPremises),
    notices: bomb.wrap(notices),
  };
}

/** As a task stands in the runner when it is handed to the action. */
const taskOf = ({ target }: Sample, { before, after, noted }: OnRecord): UndoTask => ({
  key: 'run-1' as RunId,
  caseId: CASE,
  caseRef: 'K7M2PQRS',
  target,
  before,
  after,
  requestIds: [...noted],
  checks: [],
});

/** The step after a restart: the world is looked at first; what may not have been done is done (again). */
async function resume(sample: Sample, way: Way, record: OnRecord, { world }: Scene): Promise<Verification> {
  for (let time = 0; time < AGAIN; time += 1) {
    const seen = await way.verify(taskOf(sample, record), world);
    if (seen.kind === 'took-effect') return seen;
    await way.execute(taskOf(sample, record), world, async (id) => void record.noted.push(id));
  }
  return way.verify(taskOf(sample, record), world);
}

const forth = ({ execute, verify }: GovernanceAction): Way => ({ execute, verify });

/** Carries it out once, with the bomb at one call. Calls of `execute` and of the note count: the note is a call to the store. */
async function carryOut(sample: Sample, way: Way, record: OnRecord, scene: Scene, at: number, when: When) {
  const bomb = createBomb(at, when);
  const store = bomb.wrap({ note: async (id: string): Promise<void> => void record.noted.push(id) });
  try {
    await way.execute(taskOf(sample, record), mined(scene.world, bomb), store.note);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  return bomb;
}

async function started(sample: Sample): Promise<{ readonly scene: Scene; readonly record: OnRecord }> {
  const scene = sample.scene();
  const before = await sample.action.read(sample.target, scene.world);
  return { scene, record: { before, after: before, noted: [] } };
}

/** What a run that nothing disturbs makes of the world. */
async function undisturbed(sample: Sample) {
  const { scene, record } = await started(sample);
  const { calls } = await carryOut(
    sample,
    forth(sample.action),
    record,
    scene,
    Number.POSITIVE_INFINITY,
    'before',
  );
  return { picture: scene.picture(), calls: calls() };
}

/** Done, on record, and about to be undone. */
async function done(sample: Sample) {
  const { scene, record } = await started(sample);
  const original = scene.picture();
  await carryOut(sample, forth(sample.action), record, scene, Number.POSITIVE_INFINITY, 'before');
  const after = await sample.action.read(sample.target, scene.world);
  return { scene, original, record: { ...record, after, noted: [] } };
}

/** What AD was told about a password cannot be taken back, and the plan says so. */
const isUndoable = ({ name, action }: Sample): boolean =>
  action.revert !== undefined && name !== 'entra.user.force-password-change in Active Directory';
/** Undo dismisses the risk: what Entra held before does not come back, and the plan says so. */
const comesBack = ({ action }: Sample): boolean => action.id !== 'entra.user.confirm-compromised';

describe('a crash', () => {
  for (const sample of SAMPLES) {
    it(`at any call of ${sample.name} leaves nothing undone and nothing told twice`, async () => {
      const { picture, calls } = await undisturbed(sample);
      assert.ok(calls >= 2, 'at least one call and its note');
      for (let at = 1; at <= calls; at += 1)
        for (const when of WHENS) {
          const { scene, record } = await started(sample);
          const bomb = await carryOut(sample, forth(sample.action), record, scene, at, when);
          assert.ok(bomb.exploded(), `${when} call ${at}`);

          const seen = await resume(sample, forth(sample.action), record, scene);

          assert.equal(seen.kind, 'took-effect', `${when} call ${at}: ${seen.says}`);
          assert.deepEqual(scene.picture(), picture, `${when} call ${at}`);
        }
    });

    if (!isUndoable(sample)) continue;
    it(`at any call of the undo of ${sample.name} leaves nothing half put back`, async () => {
      const revert = sample.action.revert;
      assert.ok(revert);
      const whole = await done(sample);
      const bomb = await carryOut(
        sample,
        revert,
        whole.record,
        whole.scene,
        Number.POSITIVE_INFINITY,
        'before',
      );
      assert.ok(bomb.calls() >= 2);
      if (comesBack(sample)) assert.deepEqual(whole.scene.picture(), whole.original);
      for (let at = 1; at <= bomb.calls(); at += 1)
        for (const when of WHENS) {
          const { scene, record } = await done(sample);
          await carryOut(sample, revert, record, scene, at, when);

          const seen = await resume(sample, revert, record, scene);

          assert.equal(seen.kind, 'took-effect', `${when} call ${at}: ${seen.says}`);
          assert.deepEqual(scene.picture(), whole.scene.picture(), `${when} call ${at}`);
        }
    });
  }
});
