// What is tried again passes every guard again, and starts from the world as it is by then.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import type { Target } from '../../src/case/target.ts';
import type { Plan } from '../../src/govern/action.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import type { DirectoryUser } from '../../src/ports/directory.ts';
import { SUBJECT, settings as usual } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { createFakeWorld, type FakeWorld, SUSPECT } from '../helpers/fake-world.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, type Thing, thing } from '../helpers/made-up-action.ts';

const SID = 'S-1-5-21-1';
const throttled = () =>
  new CountersignError('aws.throttled', 'SlowDown', { say: 'AWS asks us to slow down.', retryable: true });
const noAnswer = () =>
  new CountersignError('aws.unavailable', 'no answer in time', { say: 'No answer.', retryable: true });

describe('a change that is tried again', () => {
  let made: MadeUp;
  let stage: Stage;
  let current: OperatorSettings;
  const start = async (over: Partial<MadeUp['action']> = {}): Promise<void> => {
    current = structuredClone(usual);
    made = madeUpAction(over);
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: { one: [['test.thing.close', thing('invoices')]] },
      recheckMs: 0,
      settings: current,
    });
    // The very object that the runner reads: what a test changes in it comes into force at once.
    current = stage.parts.world.settings;
  };
  beforeEach(() => start());
  afterEach(() => stage.close());
  const heldUp = async (by: CountersignError) => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.errors.push(by);
    await stage.run(about);
    return about;
  };
  const set = (over: Partial<OperatorSettings>) => void Object.assign(current, over);
  const bound = () =>
    set({ detection: { ...usual.detection, bounds: { ...usual.detection.bounds, actions: [] } } });
  const dryRun = () => set({ governance: { ...usual.governance, dryRun: true } });

  for (const [what, error] of [
    ['was turned away', throttled],
    ['was not answered', noAnswer],
  ] as const) {
    it(`is not made out of bounds where its first call ${what}`, async () => {
      const about = await heldUp(error());
      bound();
      const asked = await stage.later(about, 1_000);

      assert.deepEqual(made.calls, []);
      assert.match(english(asked.toSecurity ?? ''), /settings do not allow this action/);
    });

    it(`is a dry run where one began after its first call ${what}`, async () => {
      const about = await heldUp(error());
      dryRun();
      const done = await stage.later(about, 1_000);

      assert.deepEqual(made.calls, []);
      assert.deepEqual(allEnglish(done.outcome), ['Dry run: nothing was changed.']);
    });

    it(`is asked again where it is another one after its first call ${what}`, async () => {
      const about = await heldUp(error());
      made.words = 'Somebody else gets in as well.';
      const asked = await stage.later(about, 1_000);

      assert.deepEqual(made.calls, []);
      assert.match(
        allEnglish(asked.outcome).join(' '),
        /has changed since: invoices: Somebody else gets in as well/,
      );
    });
  }

  it('takes its snapshot anew, so that undo puts back what was there when it was made', async () => {
    const about = await heldUp(throttled());
    made.things.set('invoices', 'ajar');
    await stage.later(about, 1_000);
    const [run] = await stage.runs(about);

    assert.equal(run?.state, 'void');
    assert.deepEqual(made.calls, []);
    const again = await stage.store.readCase(about.id);
    assert.ok(again);
    await stage.approve(again, 'one');
    const done = await stage.run(about);
    await stage.undo(done);
    await stage.run(about);
    assert.equal(made.things.get('invoices'), 'ajar');
  });

  describe('and is half done', () => {
    /** Two writes, the second of which is held up once. */
    const halfDone = async () => {
      const whole = made.action.execute;
      Object.assign(made.action, {
        execute: async (
          { target }: { target: { name: string } },
          _: unknown,
          note: (id: string) => Promise<void>,
        ) => {
          made.things.set(target.name, 'half');
          await note('request-half');
          Object.assign(made.action, { execute: whole });
          throw throttled();
        },
      });
      const about = await stage.open();
      await stage.approve(about, 'one');
      await stage.run(about);
      made.calls.length = 0;
      return about;
    };

    it('goes on by itself', async () => {
      const about = await halfDone();
      const done = await stage.later(about, 1_000);

      assert.equal(done.state, 'contained');
      assert.deepEqual((await stage.runs(about))[0]?.before, { value: 'open' });
    });

    for (const [what, change] of [
      ['out of bounds', bound],
      ['in a dry run', dryRun],
    ] as const)
      it(`stops ${what}`, async () => {
        const about = await halfDone();
        change();
        const asked = await stage.later(about, 1_000);

        assert.deepEqual(made.calls, []);
        assert.equal(asked.state, 'asking');
        assert.equal(asked.question?.approver.kind, 'security');
      });

    it('stops where more would be changed than what was shown', async () => {
      await stage.close();
      const names = ['a'];
      await start({
        plan: (_target: Target, { value }: Thing): Plan => ({
          kind: 'offered',
          says: [`Closes ${value}.`],
          basis: { statements: [...names] },
          undo: { possible: true, says: 'Undo opens it again.' },
        }),
      });
      const about = await halfDone();
      names.push('b');
      const asked = await stage.later(about, 1_000);

      assert.deepEqual(made.calls, []);
      assert.match(english(asked.toSecurity ?? ''), /More would be changed by now than what was shown/);
    });
  });

  /** The call to Entra is held up once. */
  const suspending = async (set = (known: DirectoryUser): DirectoryUser => known) => {
    await stage.close();
    const world = createFakeWorld();
    world.state.users.set(SUSPECT.id, set(world.state.users.get(SUSPECT.id) ?? assert.fail()));
    world.state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: true });
    const { directory } = world.world;
    let down = 1;
    stage = await createGovernStage({
      actions: [ACTIONS.get('entra.user.suspend') ?? assert.fail()],
      offers: {
        one: [['entra.user.suspend', { kind: 'user', id: SUSPECT.id as UserId, label: 'Alex' }]],
      },
      recheckMs: 0,
      settings: structuredClone(usual),
      world: {
        ...world.world,
        directory: {
          ...directory,
          async setEnabled(...args) {
            if (down-- > 0) throw new CountersignError('graph.unavailable', 'no answer', { retryable: true });
            return directory.setEnabled(...args);
          },
        },
      },
    });
    const about = await stage.open();
    await stage.approve(about, 'one');
    await stage.run(about);
    return { about, world };
  };

  for (const [what, protect] of [
    [
      'by the settings',
      (_world: FakeWorld, own: OperatorSettings) =>
        void Object.assign(own, { protectedUsers: [SUBJECT, SUSPECT.id] }),
    ],
    ['by a role', (world: FakeWorld) => void world.state.administrators.add(SUSPECT.id)],
  ] as const) {
    it(`leaves alone who is protected ${what} since its first call was held up`, async () => {
      const { about, world } = await suspending();
      protect(world, stage.parts.world.settings);
      await stage.later(about, 1_000);

      assert.equal(world.state.users.get(SUSPECT.id)?.enabled, true);
      assert.notEqual((await stage.runs(about))[0]?.state, 'verified');
    });

    it(`goes no further with who is protected ${what} since the first of its two calls was made`, async () => {
      const { about, world } = await suspending((known) => ({
        ...known,
        ...{ synced: true, securityIdentifier: SID },
      }));
      assert.equal(world.state.onPremises.get(SID)?.enabled, false);
      protect(world, stage.parts.world.settings);
      const asked = await stage.later(about, 1_000);

      assert.equal(world.state.users.get(SUSPECT.id)?.enabled, true);
      assert.equal(asked.question?.approver.kind, 'security');
      assert.deepEqual(
        (await stage.runs(about)).map((run) => run.state),
        ['kept'],
      );
    });
  }
});
