// What was accepted and cannot be looked at is not called undone: it counts as standing, and whoever undoes it is shown what is there.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { claim } from '../../src/decide/claim.ts';
import { actor, SECURITY, settings as usual } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

const forbidden = () => new CountersignError('aws.forbidden', 'AccessDenied', { say: 'AWS refused this.' });
const down = () => new CountersignError('aws.unavailable', 'no answer in time', { retryable: true });

describe('a change that was accepted and cannot be looked at', () => {
  let made: MadeUp;
  let stage: Stage;
  const start = async (over: Partial<MadeUp['action']> = {}): Promise<void> => {
    made = madeUpAction(over);
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: { one: [['test.thing.close', thing('invoices')]] },
      recheckMs: 0,
      settings: structuredClone(usual),
    });
  };
  beforeEach(() => start());
  afterEach(() => stage.close());
  /** The change is made; from then on nothing can be looked at, until it is answered that it can. */
  const blindAfterwards = (error: () => CountersignError): (() => void) => {
    const { read, verify, execute } = made.action;
    let isBlind = false;
    const see =
      <Args extends readonly unknown[], Seen>(look: (...args: Args) => Promise<Seen>) =>
      async (...args: Args): Promise<Seen> => {
        if (isBlind) throw error();
        return look(...args);
      };
    Object.assign(made.action, {
      read: see(read),
      verify: see(verify),
      execute: async (...args: Parameters<typeof execute>) => {
        await execute(...args);
        isBlind = true;
      },
    });
    return () => {
      isBlind = false;
    };
  };
  const unseen = async (error: () => CountersignError): Promise<Case> => {
    const about = await stage.open({ severity: 'medium' });
    const see = blindAfterwards(error);
    await stage.approve(about, 'one');
    let asked = await stage.run(about);
    for (let minute = 0; minute < 120 && asked.state === 'executing'; minute++)
      asked = await stage.later(about, 60_000);
    see();
    return asked;
  };
  const theRun = async (about: Case) => (await stage.runs(about))[0] ?? assert.fail();
  const dismiss = async (about: Case): Promise<Case> => {
    await stage.answer(about, { verb: 'dismiss' }, 'security');
    return stage.run(about);
  };

  for (const [what, error] of [
    ['is forbidden', forbidden],
    ['is not answered', down],
  ] as const) {
    it(`may have been done where a look ${what}, and no case that closes says otherwise`, async () => {
      const asked = await unseen(error);
      const { state, requestIds, after } = await theRun(asked);
      assert.deepEqual([state, requestIds, after], ['kept', ['request-1'], null]);
      assert.match(
        english(asked.toSecurity ?? ''),
        /It may have been done, or part of it\. Undo looks first/,
      );

      const closed = await dismiss(asked);

      assert.equal(closed.state, 'dismissed');
      assert.equal(english(closed.outcome[0] ?? ''), 'What was done before still stands:');
      assert.doesNotMatch(allEnglish(closed.outcome).join(' '), /othing was changed/);
    });

    it(`is shown as it is by whoever undoes it where a look ${what}, and put back over exactly that`, async () => {
      const closed = await dismiss(await unseen(error));
      await stage.undo(closed);
      const shown = await stage.run(closed);

      assert.equal(shown.state, 'contained');
      assert.deepEqual(allEnglish(shown.undoConflicts?.[0]?.says ?? []), [
        'invoices: Value. Before: open; left by us: not known; now: closed.',
      ]);
      assert.equal((await theRun(shown)).state, 'kept');
      await stage.undo(shown, true);
      assert.equal((await stage.run(shown)).state, 'undone');
      assert.equal(made.things.get('invoices'), 'open');
    });
  }

  it('is undone by itself where all is as before by then', async () => {
    const asked = await unseen(forbidden);
    made.things.set('invoices', 'open');
    await stage.undo(await dismiss(asked));
    const undone = await stage.run(asked);

    assert.equal(undone.state, 'undone');
    assert.deepEqual(made.calls, ['invoices']);
  });

  it('still may have been done after an undo that was not begun', async () => {
    const closed = await dismiss(await unseen(forbidden));
    await stage.undo(closed);
    Object.assign(stage.parts.world.settings.governance, { dryRun: true });
    await stage.run(closed);

    assert.equal((await theRun(closed)).state, 'kept');
  });

  it('is said to have perhaps been done where there is no way back', async () => {
    Reflect.deleteProperty(made.action, 'revert');
    const asked = await unseen(forbidden);
    assert.match(english(asked.toSecurity ?? ''), /may have been done all the same, and cannot be undone/);
    const closed = await dismiss(asked);

    assert.match(allEnglish(closed.outcome).join(' '), /still stands:.* may have been done all the same/);
    const undo = await claim(
      closed.id,
      { verb: 'undo', questionId: null },
      actor(SECURITY, 'Sam'),
      stage.deciding,
    );
    assert.equal(undo.kind, 'refused');
  });

  it('has failed where it was seen that nothing was changed', async () => {
    const about = await stage.open({ severity: 'medium' });
    await stage.approve(about, 'one');
    Object.assign(made.action, {
      execute: async (_task: unknown, _world: unknown, note: (id: string) => Promise<void>) => {
        await note('request-1');
        throw forbidden();
      },
    });
    const asked = await stage.run(about);

    assert.equal((await theRun(asked)).state, 'failed');
    assert.deepEqual(allEnglish((await dismiss(asked)).outcome), ['Nothing was changed.']);
  });
});

describe('a change that is still being looked at', () => {
  it('is named by the case that is closed meanwhile, until it is known what became of it', async () => {
    const [made, other] = [madeUpAction(), madeUpAction({ id: 'test.thing.lock', strength: 4 })];
    const stage = await createGovernStage({
      actions: [erased(made.action), erased(other.action)],
      offers: {
        both: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.lock', thing('letters')],
        ],
      },
    });
    try {
      const about = await stage.open({ severity: 'medium' });
      await stage.approve(about, 'both');
      other.errors.push(forbidden());
      const asked = await stage.run(about);
      assert.deepEqual(
        (await stage.runs(about)).map(({ state }) => state),
        ['executed', 'failed'],
      );

      await stage.answer(asked, { verb: 'dismiss' }, 'security');
      const closed = await stage.run(about);
      assert.deepEqual(allEnglish(closed.outcome), [
        'What was done before still stands:',
        'invoices: It was begun, and what becomes of it is still being looked at.',
      ]);

      const settled = await stage.later(about, 5_000);
      assert.match(allEnglish(settled.outcome).join(' '), /still stands: Took effect at .* It is closed\.$/);
    } finally {
      await stage.close();
    }
  });
});
