// Undo: each target for itself, newest first, proven twice; what somebody else had a hand in is shown and left to the security role.
import assert from 'node:assert/strict';
import { type Case, SYSTEM } from '../../../src/case/case.ts';
import { CountersignError } from '../../../src/case/errors.ts';
import type { RunId } from '../../../src/case/ids.ts';
import { stands } from '../../../src/case/standing.ts';
import type { Opened } from '../../../src/govern/action.ts';
import { mayGoOver } from '../../../src/govern/undo/conflicts.ts';
import { canUndo } from '../../../src/govern/undo/window.ts';
import { aCase, settings } from '../../helpers/cases.ts';
import { allEnglish, inLanguage } from '../../helpers/english.ts';
import { createGovernStage, type Stage, type StageOptions } from '../../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../../helpers/made-up-action.ts';

describe('an undo', () => {
  let made: MadeUp;
  let stage: Stage;
  const start = async (options: Partial<StageOptions> = {}, over: Partial<MadeUp['action']> = {}) => {
    made = madeUpAction(over);
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: {
        one: [['test.thing.close', thing('invoices')]],
        three: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.close', thing('logs')],
          ['test.thing.close', thing('press')],
        ],
      },
      recheckMs: 0,
      ...options,
    });
  };
  beforeEach(() => start());
  afterEach(() => stage.close());
  const contained = async (offer = 'three'): Promise<Case> => {
    const about = await stage.open();
    await stage.approve(about, offer);
    const done = await stage.run(about);
    assert.equal(done.state, 'contained');
    made.calls.length = 0;
    return done;
  };
  const statesOf = async (about: Case) => (await stage.runs(about)).map((run) => run.state);
  const lineOf = (about: Case, name: string) =>
    allEnglish(about.outcome).findLast((line) => line.startsWith(`${name}: `)) ?? '';

  it('goes backwards through all of it, and is proven by two looks', async () => {
    const about = await contained();
    await stage.undo(about);
    const undone = await stage.run(about);

    assert.equal(undone.state, 'undone');
    assert.deepEqual(made.calls, ['-press', '-logs', '-invoices']);
    assert.deepEqual(await statesOf(about), ['reverted', 'reverted', 'reverted']);
    assert.match(lineOf(undone, 'logs'), /^logs: Undone at .* CET, checked twice\. It is open again\.$/);
    assert.doesNotMatch(
      allEnglish(undone.outcome).join(' '),
      /Took effect/,
      'the proof of what is undone is over',
    );
  });

  it('is not called undone before the second look', async () => {
    await stage.close();
    await start({ recheckMs: 5_000 });
    const about = await stage.open();
    await stage.approve(about, 'one');
    await stage.run(about);
    await stage.later(about, 5_000);
    await stage.undo(about);

    assert.equal((await stage.run(about)).state, 'undoing');
    assert.equal((await stage.later(about, 4_999)).state, 'undoing');
    assert.equal((await stage.later(about, 1)).state, 'undone');
  });

  it('puts it back again where the second look does not find it', async () => {
    await stage.close();
    await start({ recheckMs: 5_000 });
    const about = await stage.open();
    await stage.approve(about, 'one');
    await stage.run(about);
    await stage.later(about, 5_000);
    await stage.undo(about);
    await stage.run(about);
    made.things.set('invoices', 'closed');
    await stage.later(about, 5_000);
    const undone = await stage.later(about, 5_000);

    assert.equal(undone.state, 'undone');
    assert.deepEqual(made.calls, ['invoices', '-invoices', '-invoices']);
  });

  it('waits for a vendor that takes its time, says so, and does not repeat the call', async () => {
    const about = await contained('one');
    const wait = { kind: 'not-yet', says: 'The sync has not run.', retryInMs: 1_000 } as const;
    made.undoLooks.push(wait, wait);
    await stage.undo(about);
    const waiting = await stage.run(about);
    assert.equal(waiting.state, 'undoing');
    assert.ok(allEnglish(waiting.outcome).includes('Not yet: The sync has not run.'));
    assert.equal((await stage.later(about, 1_000)).version, waiting.version);
    const undone = await stage.later(about, 1_000);

    assert.equal(undone.state, 'undone');
    assert.deepEqual(made.calls, ['-invoices']);
    assert.ok(!allEnglish(undone.outcome).join(' ').includes('Not yet'));
  });

  it('says only the latest of what it waits for', async () => {
    const about = await contained('one');
    made.undoLooks.push({ kind: 'not-yet', says: 'The sync has not run.', retryInMs: 1_000 });
    made.undoLooks.push({ kind: 'not-yet', says: 'The sync is running.', retryInMs: 1_000 });
    await stage.undo(about);
    await stage.run(about);
    const waiting = await stage.later(about, 1_000);

    assert.deepEqual(
      allEnglish(waiting.outcome).filter((line) => line.startsWith('Not yet')),
      ['Not yet: The sync is running.'],
    );
  });

  it('leaves alone what changed since, undoes the rest, and reports target by target', async () => {
    const about = await contained();
    made.things.set('logs', 'ajar');
    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(after.state, 'contained');
    assert.deepEqual(made.calls, ['-press', '-invoices']);
    assert.equal(made.things.get('logs'), 'ajar');
    assert.match(lineOf(after, 'invoices'), /Undone at/);
    assert.match(lineOf(after, 'logs'), /^logs: left alone, it changed since/);
    assert.ok(
      after.outcome.some((line) =>
        /^logs\u00a0: non modifié, car cela a changé/.test(inLanguage('fr', line)),
      ),
    );
    assert.deepEqual(await statesOf(about), ['reverted', 'verified', 'reverted']);
    assert.deepEqual(
      after.undoConflicts?.map((one) => allEnglish(one.says)),
      [['logs: Value. Before: open; left by us: closed; now: ajar.']],
    );
    assert.equal((await stage.trail()).filter((one) => one.kind === 'run.revert-failed').length, 1);
  });

  it('shows the security team what could not be undone, whatever kept it', async () => {
    const about = await contained('one');
    made.errors.push(new CountersignError('aws.forbidden', 'AccessDenied', { say: 'Not allowed.' }));
    await stage.undo(about);
    const kinds: string[] = [];
    for (let step = await stage.step(); step; step = await stage.step()) kinds.push(step.kind);

    assert.deepEqual(kinds, ['revert', 'tell']);
  });

  it('shows the security team what was left alone', async () => {
    const about = await contained('one');
    made.things.set('invoices', 'ajar');
    await stage.undo(about);
    const kinds: string[] = [];
    for (let step = await stage.step(); step; step = await stage.step()) kinds.push(step.kind);

    assert.deepEqual(kinds, ['revert', 'tell']);
  });

  it('puts back over what changed where the security role saw exactly that, and wants it anyway', async () => {
    const about = await contained();
    made.things.set('logs', 'ajar');
    await stage.undo(about);
    const shown = await stage.run(about);
    await stage.undo(shown, true);
    const undone = await stage.run(about);

    assert.equal(undone.state, 'undone');
    assert.equal(made.things.get('logs'), 'open');
    assert.deepEqual(undone.undoConflicts, []);
    assert.doesNotMatch(allEnglish(undone.outcome).join('\n'), /left alone/);
  });

  it('does not go over a state that nobody was shown, and shows that one', async () => {
    const about = await contained();
    made.things.set('logs', 'ajar');
    await stage.undo(about);
    const shown = await stage.run(about);
    made.things.set('logs', 'gone');
    await stage.undo(shown, true);
    const again = await stage.run(about);

    assert.equal(again.state, 'contained');
    assert.equal(made.things.get('logs'), 'gone');
    assert.deepEqual(
      again.undoConflicts?.flatMap((one) => allEnglish(one.says)),
      ['logs: Value. Before: open; left by us: closed; now: gone.'],
    );
    await stage.undo(again, true);
    assert.equal((await stage.run(about)).state, 'undone');
  });

  it('does not go over anything without "anyway", however often it is asked for', async () => {
    const about = await contained('one');
    made.things.set('invoices', 'ajar');
    for (let round = 0; round < 3; round++) {
      await stage.undo(about);
      const after = await stage.run(about);
      assert.equal(after.state, 'contained');
      assert.equal(allEnglish(after.outcome).filter((line) => line.includes('left alone')).length, 1);
    }
    assert.deepEqual(made.calls, []);
  });

  /** What is put back opens something to others. */
  async function startOpening(opened: Opened): Promise<void> {
    const { revert } = made.action;
    assert.ok(revert);
    await stage.close();
    await start({}, { revert: { ...revert, opens: () => opened } });
  }

  it('opens nothing that was closed before, until the security role has seen it', async () => {
    await startOpening({ targets: [], fresh: 'Undo opens the archive as well.' });
    const about = await contained('one');
    await stage.undo(about);
    const kept = await stage.run(about);
    const shown = allEnglish((kept.undoConflicts ?? []).flatMap((conflict) => conflict.says));

    await stage.undo(kept, true);
    const undone = await stage.run(kept);

    assert.deepEqual([kept.state, shown], ['contained', ['Undo opens the archive as well.']]);
    assert.equal(undone.state, 'undone');
  });

  const openingTargets = (): Opened => ({ targets: aCase().targets, fresh: null });

  it('opens again what was open before', async () => {
    await startOpening(openingTargets());
    const about = await contained('one');

    await stage.undo(about);

    assert.equal((await stage.run(about)).state, 'undone');
  });

  it('leaves closed what another case is about by now, and names that case', async () => {
    await startOpening(openingTargets());
    const about = await contained('one');
    const other = await stage.open();

    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(after.state, 'contained');
    assert.match(
      allEnglish(after.undoConflicts?.[0]?.says ?? []).join(' '),
      new RegExp(`case ${other.ref} relies on it`),
    );
  });

  it('leaves alone what another case relies on, and names that case', async () => {
    const about = await contained('one');
    made.things.set('invoices', 'open');
    const other = await stage.open();
    await stage.approve(other, 'one');
    assert.equal((await stage.run(other)).state, 'contained');
    made.calls.length = 0;
    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(after.state, 'contained');
    assert.deepEqual(made.calls, []);
    assert.match(
      allEnglish(after.undoConflicts?.[0]?.says ?? []).join(' '),
      new RegExp(`case ${other.ref} relies on it`),
    );
    await stage.undo(after, true);
    assert.equal((await stage.run(about)).state, 'undone');
  });

  it('takes for undone what somebody has put back already', async () => {
    const about = await contained('one');
    made.things.set('invoices', 'open');
    await stage.undo(about);
    const undone = await stage.run(about);

    assert.equal(undone.state, 'undone');
    assert.deepEqual(made.calls, []);
  });

  it('goes on with the others where one cannot be undone, and that one stays undoable', async () => {
    const about = await contained();
    made.errors.push(
      new CountersignError('aws.forbidden', 'AccessDenied', { say: 'Not allowed.', requestId: 'r' }),
    );
    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(after.state, 'contained');
    assert.deepEqual(made.calls, ['-logs', '-invoices']);
    assert.match(lineOf(after, 'press'), /^press: not undone: Not allowed\. Trying it again is safe/);
    assert.match(lineOf(after, 'press'), /What was changed stands\.$/);
    assert.deepEqual(await statesOf(about), ['reverted', 'reverted', 'verified']);
    assert.equal(after.troubles?.[0]?.requestId, 'r');
    await stage.undo(after);
    const undone = await stage.run(about);
    assert.equal(undone.state, 'undone');
    assert.doesNotMatch(allEnglish(undone.outcome).join('\n'), /not undone/);
  });

  it('keeps for a person what is half put back', async () => {
    const about = await contained('one');
    // The first of two calls went through, the second one was refused for good.
    const { revert } = made.action;
    assert.ok(revert);
    Object.assign(revert, {
      execute: async (
        { target }: { target: { name: string } },
        _world: unknown,
        note: (id: string) => Promise<void>,
      ) => {
        made.things.set(target.name, 'half');
        await note('request-half');
        throw new CountersignError('aws.refused', 'MalformedPolicy', { say: 'AWS did not accept it.' });
      },
    });
    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(after.state, 'contained');
    assert.deepEqual(await statesOf(about), ['kept']);
    assert.match(lineOf(after, 'invoices'), /half put back\. Undo goes on from there/);
    const [run] = await stage.runs(about);
    assert.ok(run?.requestIds.includes('request-half'));
  });

  describe('that stopped half way', () => {
    const halfWay = async (): Promise<Case> => {
      const about = await contained('one');
      assert.ok(allEnglish(about.outcome).some((line) => /Took effect at/.test(line)));
      const { revert } = made.action;
      assert.ok(revert);
      const whole = revert.execute;
      Object.assign(revert, {
        execute: async ({ target }: { target: { name: string } }) => {
          made.things.set(target.name, 'half');
          Object.assign(revert, { execute: whole });
          throw new CountersignError('aws.refused', 'MalformedPolicy', { say: 'AWS did not accept it.' });
        },
      });
      // A thing of one part: half is neither of the two, so the parts are told apart here.
      Object.assign(revert, {
        differences: (before: { value: string }, left: { value: string }, now: { value: string }) =>
          now.value === 'half'
            ? [{ part: left === before ? 'Second' : 'First', before: '', left: '', now: '' }]
            : left.value === now.value
              ? []
              : ['First', 'Second'].map((part) => ({
                  ...{ part, before: before.value, left: left.value, now: now.value },
                })),
      });
      await stage.undo(about);
      const after = await stage.run(about);
      assert.deepEqual(await statesOf(about), ['kept']);
      return after;
    };

    it('does not leave the old proof on the card, and says that undo goes on', async () => {
      const after = await halfWay();

      assert.doesNotMatch(allEnglish(after.outcome).join(' '), /Took effect at|It is closed/);
    });

    it('goes on from there when it is pressed again', async () => {
      const after = await halfWay();
      await stage.undo(after);
      const undone = await stage.run(after);

      assert.equal(undone.state, 'undone');
      assert.equal(made.things.get('invoices'), 'open');
      assert.doesNotMatch(allEnglish(undone.outcome).join(' '), /not undone/);
    });

    it('looks before it repeats anything', async () => {
      const after = await halfWay();
      made.undoLooks.push(
        { kind: 'took-effect', says: 'It is open.' },
        { kind: 'took-effect', says: 'It is open.' },
      );
      made.calls.length = 0;
      await stage.undo(after);
      const undone = await stage.run(after);

      assert.equal(undone.state, 'undone');
      assert.deepEqual(made.calls, []);
    });

    it('has no deadline any more: nobody else could finish it', async () => {
      const after = await halfWay();
      stage.clock.at += 2 * settings.governance.undoWindowMs;
      await stage.undo(after);

      assert.equal((await stage.run(after)).state, 'undone');
    });

    it('goes over nothing that somebody else has set since', async () => {
      const after = await halfWay();
      made.things.set('invoices', 'ajar');
      await stage.undo(after);
      const left = await stage.run(after);

      assert.deepEqual(await statesOf(after), ['kept']);
      assert.equal(left.undoConflicts?.length, 1);
      assert.equal(made.things.get('invoices'), 'ajar');
    });
  });

  it('writes nothing while something outside is in the way, says so, tells the security team, and stays possible', async () => {
    const about = await contained('one');
    const { revert } = made.action;
    assert.ok(revert);
    let obstacle: string | null = 'The lock of the whole house is on.';
    Object.assign(revert, { obstacle: () => obstacle });
    await stage.undo(about);
    const kinds: string[] = [];
    for (let step = await stage.step(); step; step = await stage.step()) kinds.push(step.kind);
    const after = await stage.run(about);

    assert.deepEqual(kinds, ['revert', 'tell']);
    assert.deepEqual(made.calls, []);
    assert.equal(after.state, 'contained');
    assert.deepEqual(await statesOf(about), ['verified']);
    assert.equal(lineOf(after, 'invoices'), 'invoices: left alone. The lock of the whole house is on.');
    assert.ok(allEnglish(after.outcome).some((line) => /Took effect at/.test(line)));

    obstacle = null;
    await stage.undo(after);
    assert.equal((await stage.run(about)).state, 'undone');
  });

  describe('of what is gone', () => {
    const gone = 'There is no thing invoices.';
    const lacking = () => new CountersignError('aws.no-such-bucket', 'NoSuchBucket', { say: gone });
    const isOver = async (about: Case): Promise<void> => {
      await stage.undo(about);
      const after = await stage.run(about);

      assert.equal(after.state, 'undone');
      assert.match(lineOf(after, 'invoices'), /^invoices: left alone\. There is no thing invoices\./);
      assert.doesNotMatch(lineOf(after, 'invoices'), /stands|half put back|[Tt]rying it again/);
      const runs = await stage.runs(about);
      assert.deepEqual(runs.filter(stands), []);
      assert.deepEqual(runs.filter(stage.deciding.canUndo), []);
      await assert.rejects(stage.undo(after), /as far as there was anything left to undo/);
      await assert.rejects(stage.undo(after, true), /as far as there was anything left to undo/);
    };

    it('is over, as the action sees it before anything is written', async () => {
      const about = await contained('one');
      Object.assign(made.action.revert ?? {}, { gone: () => gone });

      await isOver(about);
      assert.deepEqual(made.calls, []);
    });

    it('is over where it cannot even be read', async () => {
      const about = await contained('one');
      Object.assign(made.action, { read: () => Promise.reject(lacking()) });

      await isOver(about);
    });

    it('is over where it went between the look and the write', async () => {
      const about = await contained('one');
      made.errors.push(lacking());
      let looks = 0;
      Object.assign(made.action.revert ?? {}, { gone: () => (looks++ === 0 ? null : gone) });

      await isOver(about);
    });

    it('is not over where its target is there, whatever the vendor says: it stands, and can be tried again', async () => {
      const about = await contained('one');
      made.errors.push(lacking());
      await stage.undo(about);
      const after = await stage.run(about);

      assert.equal(
        lineOf(after, 'invoices'),
        'invoices: not undone: There is no thing invoices. What was changed stands.',
      );
      await stage.undo(after);
      assert.equal((await stage.run(about)).state, 'undone');
    });

    it('leaves nothing open where the rest was put back', async () => {
      const about = await contained();
      Object.assign(made.action.revert ?? {}, {
        gone: ({ name }: { name: string }) => (name === 'invoices' ? gone : null),
      });
      await stage.undo(about);

      assert.equal((await stage.run(about)).state, 'undone');
    });
  });

  it('is not possible any more once the window is over', async () => {
    const about = await contained('one');
    stage.clock.at += settings.governance.undoWindowMs;
    await stage.undo(about);
    assert.equal((await stage.run(about)).state, 'undone');

    const late = await contained('one').catch(() => null);
    assert.ok(late);
    stage.clock.at += settings.governance.undoWindowMs + 1;
    await assert.rejects(stage.undo(late), /time is over/);
  });

  it('is not offered a moment longer than the settings say', async () => {
    const about = await contained('one');
    const [run] = await stage.runs(about);
    assert.ok(run);
    const { undoWindowMs } = settings.governance;
    const actions = new Map([[made.action.id, erased(made.action)]]);
    const end = Date.parse(run.verifiedAt ?? '') + undoWindowMs;

    assert.equal(canUndo(run, actions, { now: end, undoWindowMs }), true);
    assert.equal(canUndo(run, actions, { now: end + 1, undoWindowMs }), false);
    assert.equal(canUndo({ ...run, after: null }, actions, { now: end, undoWindowMs }), false);
    const noWayBack = { says: [], undo: false } as const;
    assert.equal(canUndo({ ...run, shown: noWayBack }, actions, { now: end, undoWindowMs }), false);
    assert.equal(canUndo({ ...run, state: 'kept' }, actions, { now: end + 1, undoWindowMs }), true);
    const blind = new Map([[made.action.id, erased({ ...made.action, effect: 'blind' })]]);
    assert.equal(canUndo({ ...run, state: 'kept' }, blind, { now: end, undoWindowMs }), false);
    assert.equal(canUndo(run, new Map(), { now: end, undoWindowMs }), false);
  });

  it('goes over nothing but the very state that was shown, whatever words it has', () => {
    const says = ['Value. Before: open; left by us: closed; now: ajar.'];
    const shown = { run: 'run-1' as RunId, over: 'digest-1', says };
    const decision = { verb: 'undo', by: SYSTEM, at: '2026-11-21T10:00:00.000Z', anyway: true } as const;
    const about = aCase({ undoConflicts: [shown], decisions: [decision] });

    assert.equal(mayGoOver(about, shown), true);
    assert.equal(mayGoOver(about, { ...shown, over: 'digest-2' }), false);
    assert.equal(mayGoOver(about, { ...shown, run: 'run-2' as RunId }), false);
    assert.equal(mayGoOver(about, { ...shown, says: [...says, 'Case X relies on it.'] }), false);
    const { anyway, ...plain } = decision;
    assert.equal(anyway, true);
    assert.equal(mayGoOver({ ...about, decisions: [plain] }, shown), false);
    assert.equal(mayGoOver({ ...about, decisions: [decision, plain] }, shown), false);
  });

  it('does nothing in a dry run that began after it was asked for', async () => {
    const about = await contained('one');
    await stage.undo(about);
    Object.assign(stage.parts.world.settings.governance, { dryRun: true });
    try {
      const after = await stage.run(about);
      assert.equal(after.state, 'contained');
      assert.deepEqual(made.calls, []);
    } finally {
      Object.assign(stage.parts.world.settings.governance, { dryRun: false });
    }
  });

  const throttled = () => new CountersignError('aws.throttled', 'SlowDown', { retryable: true });

  for (const state of ['failed', 'void', 'reverted'] as const)
    it(`passes over what is ${state} by the time its turn comes, and comes to its end`, async () => {
      const about = await contained();
      await stage.undo(about);
      await stage.step();
      const [, logs] = await stage.runs(about);
      assert.ok(logs);
      await stage.store.transact((tx) => tx.saveRun({ ...logs, state }));
      const ended = await stage.run(about);

      assert.equal(ended.state, 'undone');
      assert.deepEqual(await statesOf(about), ['reverted', state, 'reverted']);
      assert.deepEqual(made.calls, ['-press', '-invoices']);
    });

  it('comes to its end, and lets go, where the only thing to put back no longer stands', async () => {
    const about = await contained('one');
    await stage.undo(about);
    const [run] = await stage.runs(about);
    assert.ok(run);
    await stage.store.transact((tx) => tx.saveRun({ ...run, state: 'failed' }));

    assert.equal((await stage.run(about)).state, 'contained');
    const other = await stage.open();
    made.things.set('invoices', 'open');
    const again = await stage.open();
    await stage.approve(again, 'one');
    assert.equal((await stage.run(again)).state, 'contained');
    assert.equal(other.state, 'asking');
  });

  it('leaves alone what somebody sets while it is held up, and shows that', async () => {
    const about = await contained('one');
    made.errors.push(throttled());
    await stage.undo(about);
    await stage.run(about);
    made.things.set('invoices', 'ajar');
    const left = await stage.later(about, 1_000);

    assert.equal(made.things.get('invoices'), 'ajar');
    assert.equal(left.state, 'contained');
    assert.equal(left.undoConflicts?.length, 1);
    assert.deepEqual(await statesOf(about), ['verified']);
    await stage.undo(left, true);
    assert.equal((await stage.run(about)).state, 'undone');
  });

  it('tells the action how often it was tried, so that waiting for the vendor has an end', async () => {
    const tries: unknown[] = [];
    const { revert } = madeUpAction().action;
    assert.ok(revert);
    await stage.close();
    await start(
      {},
      {
        revert: {
          ...revert,
          async execute(task) {
            tries.push(task.tries);
            throw tries.length < 3 ? throttled() : new CountersignError('aws.forbidden', 'no');
          },
        },
      },
    );
    const about = await contained('one');
    await stage.undo(about);
    await stage.run(about);

    await stage.later(about, 60_000);
    await stage.later(about, 60_000);

    assert.deepEqual(tries, [0, 1, 2]);
    assert.deepEqual(await statesOf(about), ['verified']);
  });

  it('puts nothing back in a dry run, or out of bounds, that came while it was held up', async () => {
    for (const over of [
      { governance: { ...settings.governance, dryRun: true } },
      { detection: { ...settings.detection, bounds: { ...settings.detection.bounds, actions: [] } } },
    ]) {
      const about = await contained('one');
      made.errors.push(throttled());
      await stage.undo(about);
      await stage.run(about);
      const usual = { ...stage.parts.world.settings };
      Object.assign(stage.parts.world.settings, over);
      const left = await stage.later(about, 1_000);
      Object.assign(stage.parts.world.settings, usual);

      assert.deepEqual(made.calls, []);
      assert.equal(left.state, 'contained');
      assert.deepEqual(await statesOf(about), ['verified']);
      await stage.undo(left);
      assert.equal((await stage.run(about)).state, 'undone');
    }
  });

  it('that was pressed in time goes all the way, however long it is held up', async () => {
    const about = await contained();
    stage.clock.at += settings.governance.undoWindowMs;
    made.errors.push(throttled());
    await stage.undo(about);
    await stage.run(about);
    const undone = await stage.later(about, 60_000);

    assert.equal(undone.state, 'undone');
    assert.deepEqual(made.calls, ['-press', '-logs', '-invoices']);
  });

  it('says of what it came too late for that it stays', async () => {
    const about = await contained();
    const [invoices] = await stage.runs(about);
    assert.ok(invoices);
    const verifiedAt = '2025-01-01T00:00:00.000Z';
    await stage.store.transact((tx) => tx.saveRun({ ...invoices, verifiedAt }));
    await stage.undo(about);
    const after = await stage.run(about);

    assert.deepEqual(made.calls, ['-press', '-logs']);
    assert.equal(lineOf(after, 'invoices'), 'invoices: not undone: its time for that was over.');
  });
});
