// What was begun and not brought to its end stands in part: it can be undone, and whoever begins again goes on from the first state.
// What could not be looked at again is not called undone either.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { say } from '../../src/case/said.ts';
import { ACT_ATTEMPTS, act } from '../../src/govern/run-action.ts';
import errorWords from '../../words/en/errors.json' with { type: 'json' };
import { allEnglish, english } from '../helpers/english.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, type Thing, thing } from '../helpers/made-up-action.ts';

const forbidden = () => new CountersignError('aws.forbidden', 'AccessDenied', { say: 'AWS refused this.' });
const throttled = () => new CountersignError('aws.throttled', 'SlowDown', { retryable: true });

describe('a change that is half done', () => {
  let made: MadeUp;
  let stage: Stage;
  beforeEach(async () => {
    made = madeUpAction();
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: { one: [['test.thing.close', thing('invoices')]] },
      recheckMs: 0,
    });
  });
  afterEach(() => stage.close());
  /** The first of two writes goes through, and the second one fails so. */
  const failHalfWay = (error: CountersignError): void => {
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
        throw error;
      },
    });
  };
  const halfDone = async (): Promise<Case> => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    failHalfWay(forbidden());
    return stage.run(about);
  };
  const dismissed = async (about: Case): Promise<Case> => {
    await stage.answer(about, { verb: 'dismiss' }, 'security');
    return stage.run(about);
  };
  const statesOf = async (about: Case) => (await stage.runs(about)).map((run) => run.state);

  it('stays undoable and says so, without saying that nothing was changed', async () => {
    const asked = await halfDone();

    assert.equal(asked.question?.approver.kind, 'security');
    assert.deepEqual(await statesOf(asked), ['kept']);
    assert.match(english(asked.toSecurity ?? ''), /At least part of it was done, and undo puts that back\./);
    assert.doesNotMatch(allEnglish(asked.outcome).join(' '), /othing was changed/);
    const [run] = await stage.runs(asked);
    assert.deepEqual([run?.before, run?.after], [{ value: 'open' }, { value: 'half' }]);
  });

  it('is denied by no port, and not by a store that fails in the middle of it', async () => {
    const denying = Object.entries(errorWords).filter(([, text]) => /nothing was changed/i.test(text));
    const about = await stage.open();
    await stage.approve(about, 'one');
    failHalfWay(new CountersignError('store.refused', 'ECONNRESET', { say: say('errors.store-later') }));
    await stage.run(about);

    assert.deepEqual(
      denying.map(([key]) => key),
      ['store-later'],
    );
    assert.equal(
      english((await stage.runs(about))[0]?.says ?? ''),
      'Something went wrong on our side. The security team can see the details. Trying it again is safe, but it is likely to be refused again until somebody has looked into it. At least part of it was done, and undo puts that back.',
    );
  });

  it('has failed, as ever, where nothing of it was done', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.errors.push(forbidden());
    const asked = await stage.run(about);

    assert.deepEqual(await statesOf(about), ['failed']);
    assert.doesNotMatch(english(asked.toSecurity ?? ''), /part of it/);
  });

  it('is gone on with when it is pressed again, and undo then goes back to the first state, once', async () => {
    const asked = await halfDone();
    await stage.approve(asked, 'one', 'security');
    const done = await stage.run(asked);
    assert.equal(done.state, 'contained');
    assert.deepEqual(await statesOf(asked), ['failed', 'verified']);
    await stage.undo(done);
    const undone = await stage.run(asked);

    assert.equal(undone.state, 'undone');
    assert.equal(made.things.get('invoices'), 'open');
    assert.deepEqual(made.calls, ['invoices', '-invoices']);
  });

  it('keeps its first state where what goes on with it is turned away first', async () => {
    const asked = await halfDone();
    await stage.approve(asked, 'one', 'security');
    made.errors.push(throttled());
    await stage.run(asked);
    const done = await stage.later(asked, 1_000);
    assert.equal(done.state, 'contained');
    await stage.undo(done);
    await stage.run(asked);

    assert.equal(made.things.get('invoices'), 'open');
  });

  it('is not taken for the first state where somebody else has changed it since: that is shown', async () => {
    const asked = await halfDone();
    made.things.set('invoices', 'ajar');
    await stage.approve(asked, 'one', 'security');
    const anew = await stage.run(asked);
    await stage.approve(anew, 'one', 'security');
    const done = await stage.run(asked);
    await stage.undo(done);
    const left = await stage.run(asked);

    assert.equal(made.things.get('invoices'), 'ajar');
    assert.equal(left.state, 'contained');
    assert.equal(left.undoConflicts?.length, 1);
  });

  for (const [what, done] of [
    ['nothing of it had been written', 'open'],
    ['it had been written, and only the answer was lost', 'half'],
  ] as const)
    it(`stops where somebody else changes it before it goes on, and undo shows that: ${what}`, async () => {
      const { execute } = made.action;
      const about = await stage.open();
      await stage.approve(about, 'one');
      Object.assign(made.action, {
        execute: async () => {
          made.things.set('invoices', done);
          Object.assign(made.action, { execute });
          throw new CountersignError('aws.unavailable', 'no answer in time', { retryable: true });
        },
      });
      await stage.run(about);
      made.things.set('invoices', 'ajar');
      const asked = await stage.later(about, 1_000);

      assert.deepEqual(made.calls, []);
      assert.match(
        english(asked.toSecurity ?? ''),
        /It changed while it was half done, by somebody else or by a request of ours/,
      );
      assert.match(english(asked.toSecurity ?? ''), /It may have been done, or part of it/);
      await stage.undo(await dismissed(asked));
      const shown = await stage.run(about);
      assert.match(allEnglish(shown.undoConflicts?.[0]?.says ?? []).join(' '), /now: ajar/);
      assert.equal(made.things.get('invoices'), 'ajar');
    });

  it('goes on where only the answer was lost of what is half done', async () => {
    const { execute } = made.action;
    const about = await stage.open();
    await stage.approve(about, 'one');
    Object.assign(made.action, {
      execute: async () => {
        made.things.set('invoices', 'half');
        Object.assign(made.action, { execute });
        throw new CountersignError('aws.unavailable', 'no answer in time', { retryable: true });
      },
    });
    await stage.run(about);
    const done = await stage.later(about, 1_000);

    assert.equal(done.state, 'contained');
    assert.deepEqual((await stage.runs(about))[0]?.before, { value: 'open' });
  });

  it('stops where somebody else changes it while it is held up, and undo does not go over that', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    failHalfWay(throttled());
    await stage.run(about);
    made.things.set('invoices', 'ajar');
    const asked = await stage.later(about, 1_000);

    assert.deepEqual(made.calls, []);
    assert.match(
      english(asked.toSecurity ?? ''),
      /It changed while it was half done, by somebody else or by a request of ours/,
    );
    assert.deepEqual((await stage.runs(about))[0]?.after, { value: 'half' });
  });
});

describe('a change that cannot be looked at again', () => {
  let made: MadeUp;
  let stage: Stage;
  const kinds: string[] = [];
  beforeEach(async () => {
    kinds.length = 0;
    made = madeUpAction();
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: { one: [['test.thing.close', thing('invoices')]] },
    });
  });
  afterEach(() => stage.close());
  const blind = (error: unknown, times = 1): void => {
    const { verify } = made.action;
    let left = times;
    Object.assign(made.action, {
      verify: async (...args: Parameters<typeof verify>) => {
        if (left-- > 0) throw error;
        return verify(...args);
      },
    });
  };
  const seenOnce = async (): Promise<Case> => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    return stage.run(about);
  };
  const elapse = async (ms: number): Promise<void> => {
    stage.clock.at += ms;
    for (let step = await stage.step(); step; step = await stage.step()) kinds.push(step.kind);
  };

  it('is proven by the look that there was, says so, tells the security team, and can be undone', async () => {
    const about = await seenOnce();
    blind(forbidden());
    await elapse(5_000);
    const done = await stage.store.readCase(about.id);
    assert.ok(done);

    assert.equal(done.state, 'contained');
    assert.match(
      allEnglish(done.outcome).join(' '),
      /^Took effect at .* It could not be looked at again: AWS refused/,
    );
    assert.equal(done.troubles?.[0]?.code, 'aws.forbidden');
    assert.ok(kinds.includes('tell'));
    await stage.undo(done);
    await stage.run(about);
    assert.equal((await stage.later(about, 5_000)).state, 'undone');
  });

  it('does not hold any more where it is gone', async () => {
    const about = await seenOnce();
    blind(new CountersignError('aws.no-such-bucket', 'NoSuchBucket', { say: 'It is gone.' }));
    await elapse(5_000);

    assert.equal((await stage.store.readCase(about.id))?.state, 'asking');
  });

  it('stays proven where only its follow-up cannot look', async () => {
    const later = { afterMs: 60_000, says: 'Not yet everywhere.' };
    made.followUps.push(later, later);
    const about = await seenOnce();
    await elapse(5_000);
    blind(forbidden());
    await elapse(60_000);
    const still = await stage.store.readCase(about.id);
    assert.ok(still);

    assert.equal(still.state, 'contained');
    assert.equal((await stage.runs(about))[0]?.state, 'verified');
    assert.match(allEnglish(still.outcome).join(' '), /checked twice.* It could not be looked at again/);
    assert.ok(!allEnglish(still.outcome).includes(later.says));
    assert.ok(kinds.includes('tell'));
    await stage.undo(still);
    await stage.run(about);
    const undone = await stage.later(about, 5_000);
    assert.equal(undone.state, 'undone');
    assert.doesNotMatch(allEnglish(undone.outcome).join(' '), /looked at again/);
  });

  it('is a person’s after ten tries where what went wrong is nothing that we know, and its target is free', async () => {
    const { read } = made.action;
    const about = await stage.open();
    await stage.approve(about, 'one');
    Object.assign(made.action, {
      read: async (): Promise<Thing> => {
        throw new TypeError('undefined is not a function');
      },
    });
    const [step] = await stage.store.takeSteps(1, 60_000);
    assert.ok(step);
    await assert.rejects(act({ ...step, attempts: ACT_ATTEMPTS - 2 }, stage.parts), TypeError);
    await act({ ...step, attempts: ACT_ATTEMPTS - 1 }, stage.parts);
    Object.assign(made.action, { read });
    const asked = await stage.run(about);

    assert.equal(asked.question?.approver.kind, 'security');
    assert.equal(asked.troubles?.[0]?.code, 'govern.unexpected');
    assert.match(english(asked.toSecurity ?? ''), /Something unexpected went wrong in Countersign itself\./);
  });
});
