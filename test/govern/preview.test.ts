// What was shown is made again before the first change: whoever decided, decided on that and on nothing else.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import { asItStandsSentence } from '../../src/case/voids.ts';
import { claim } from '../../src/decide/claim.ts';
import { differenceOf } from '../../src/govern/preview.ts';
import { aCase, actor, MANAGER, settings } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { createGovernStage, type Stage, type StageOptions } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

describe('a preview that is made again', () => {
  let made: MadeUp;
  let stage: Stage;
  const start = async (options: Partial<StageOptions> = {}): Promise<void> => {
    made = madeUpAction();
    stage = await createGovernStage({
      actions: [erased(made.action)],
      recheckMs: 0,
      offers: {
        one: [['test.thing.close', thing('invoices')]],
        both: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.close', thing('logs')],
        ],
      },
      ...options,
    });
  };
  beforeEach(() => start());
  afterEach(() => stage.close());
  const statesOf = async (about: Awaited<ReturnType<Stage['open']>>) =>
    (await stage.runs(about)).map((run) => run.state);

  it('changes what was approved where nothing has changed', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    const done = await stage.run(about);

    assert.equal(done.state, 'contained');
    assert.deepEqual(made.calls, ['invoices', 'logs']);
  });

  for (const [what, change] of [
    ['the sentence is another one', () => void Object.assign(made, { words: 'It is larger than it was.' })],
    ['the basis is another one', () => void made.things.set('invoices', 'ajar')],
    ['it is no longer offered', () => void Object.assign(made, { refuses: 'It is protected now.' })],
    ['a later part of the decision is another one', () => void made.things.set('logs', 'ajar')],
  ] as const)
    it(`voids the whole decision when ${what}: nothing is done, and it is asked again with a fresh plan`, async () => {
      const about = await stage.open({ groupKey: 'policy|alex' });
      await stage.approve(about, 'both');
      change();
      const asked = await stage.run(about);

      assert.equal(asked.state, 'asking');
      assert.deepEqual(made.calls, []);
      assert.deepEqual(await statesOf(about), ['void', 'void']);
      assert.notEqual(asked.question?.id, about.question?.id);
      assert.equal(asked.question?.approver.kind, 'person');
      assert.match(
        allEnglish(asked.outcome).join(' '),
        /^What you approved has changed since: .*So nothing was done, and it is asked again\.$/,
      );
      assert.equal(asked.groupKey, 'policy|alex');
      // Nobody is kept waiting by what was not done.
      const other = await stage.open();
      made.refuses = null;
      made.words = null;
      await stage.run(other);
      const kinds = (await stage.trail()).map((entry) => entry.kind);
      assert.equal(kinds.filter((kind) => kind === 'run.voided').length, 1);
      assert.equal(kinds.filter((kind) => kind === 'run.executing').length, 0);
    });

  it('says what is new, and gives the targets back', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.words = 'Two more statements are public.';
    const asked = await stage.run(about);

    assert.ok(
      allEnglish(asked.outcome).includes(
        'What you approved has changed since: invoices: Two more statements are public.',
      ),
      allEnglish(asked.outcome).join('\n'),
    );
    const other = await stage.open();
    await stage.approve(other, 'one');
    assert.equal((await stage.run(other)).state, 'contained');
  });

  it('lets later matches of the group join again once it is void', async () => {
    const about = await stage.open({ groupKey: 'policy|alex' });
    await stage.approve(about, 'one');
    assert.equal(await stage.store.transact((tx) => tx.findOpenCase('policy|alex')), null);
    made.words = 'Something else.';
    await stage.run(about);

    assert.equal((await stage.store.transact((tx) => tx.findOpenCase('policy|alex')))?.id, about.id);
  });

  it('leaves the group to the case that was opened meanwhile', async () => {
    const about = await stage.open({ groupKey: 'policy|alex' });
    await stage.approve(about, 'one');
    const twin = await stage.open({ groupKey: 'policy|alex' });
    made.words = 'Something else.';
    const asked = await stage.run(about);

    assert.equal(asked.state, 'asking');
    assert.equal((await stage.store.transact((tx) => tx.findOpenCase('policy|alex')))?.id, twin.id);
  });

  it('takes what is so already for done, and puts nothing back of it', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    made.things.set('invoices', 'closed');
    const done = await stage.run(about);

    assert.equal(done.state, 'contained');
    assert.deepEqual(made.calls, ['logs']);
    assert.match(allEnglish(done.outcome).join('\n'), /invoices: It was already so: It is closed\./);
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.after === null),
      [true, false],
    );
  });

  it('does not take what an earlier part of the decision did for a change by somebody else', async () => {
    const second = madeUpAction({ id: 'test.thing.seal', strength: 1 }, 'sealed');
    await stage.close();
    made = madeUpAction();
    const shared = { ...second.action, read: made.action.read };
    stage = await createGovernStage({
      actions: [
        erased(made.action),
        erased({ ...shared, execute: made.action.execute, verify: made.action.verify }),
      ],
      offers: {
        both: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.seal', thing('invoices')],
        ],
      },
      recheckMs: 0,
    });
    const about = await stage.open();
    await stage.approve(about, 'both');

    assert.equal((await stage.run(about)).state, 'contained');
  });

  it('voids only what has not begun, and says what was done and what not', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    await stage.step();
    assert.deepEqual(made.calls, ['invoices']);
    made.things.set('logs', 'ajar');
    const asked = await stage.run(about);

    assert.equal(asked.state, 'asking');
    assert.deepEqual(made.calls, ['invoices']);
    assert.deepEqual(await statesOf(about), ['verified', 'void']);
    // "Done" only where it was proven before the look that voided the rest: until then it might have failed.
    const words = allEnglish(asked.outcome).join(' ');
    const provenFirst = words.indexOf('Took effect') < words.indexOf('What you approved has changed');
    assert.match(
      words,
      provenFirst
        ? /Done: invoices\. Not done, and asked again: logs\./
        : /Begun before that: invoices\. Not done, and asked again: logs\./,
    );
    assert.match(allEnglish(asked.outcome).join(' '), /invoices: Took effect at .*, checked twice/);
  });

  it('calls what was done before done only where it is proven', async () => {
    const heldUp = async () => {
      const about = await stage.open();
      await stage.approve(about, 'both');
      await stage.step();
      made.errors.push(new CountersignError('aws.throttled', 'SlowDown', { retryable: true }));
      await stage.run(about);
      made.things.set('logs', 'ajar');
      return allEnglish((await stage.later(about, 1_000)).outcome).join(' ');
    };
    const proven = await heldUp();
    await stage.close();
    await start({ recheckMs: 5_000 });
    const begun = await heldUp();

    assert.match(proven, /Done: invoices\. Not done, and asked again: logs\./);
    assert.doesNotMatch(proven, /Begun before that/);
    assert.match(begun, /Begun before that: invoices\. Not done, and asked again: logs\./);
    assert.doesNotMatch(begun, /Done:/);
  });

  it('leaves with the security team what was theirs, for the reason that they were given', async () => {
    const about = await stage.open({ toSecurity: 'Nobody else can be asked.' });
    for (const round of [1, 2, 3]) {
      await stage.approve(about, 'one', 'security');
      made.words = `Seen ${round} times.`;
      const asked = await stage.run(about);

      assert.equal(asked.question?.approver.kind, 'security');
      assert.equal(asked.toSecurity, 'Nobody else can be asked.');
    }
  });

  it('hands a target that changes with every look to the security team after three times', async () => {
    const about = await stage.open();
    let current = about;
    for (const round of [1, 2, 3]) {
      assert.equal(current.question?.approver.kind, 'person', `round ${round}`);
      await stage.approve(current, 'one');
      made.words = `Seen ${round} times.`;
      current = await stage.run(about);
    }

    assert.equal(current.question?.approver.kind, 'security');
    assert.match(english(current.toSecurity ?? ''), /changed 3 times in a row/);
    assert.deepEqual(made.calls, []);
  });

  it('does what the security team then chooses as things stand, as long as it is offered at all', async () => {
    const about = await stage.open();
    let current = about;
    for (const round of [1, 2, 3]) {
      await stage.approve(current, 'one');
      made.words = `Seen ${round} times.`;
      current = await stage.run(about);
    }
    assert.equal(
      english(asItStandsSentence(current) ?? ''),
      'It has changed 3 times before it could be done: what you choose now is done as things stand then, even where that is no longer what is shown here.',
    );
    await stage.approve(current, 'one', 'security');
    made.refuses = 'It is protected now.';
    current = await stage.run(about);
    assert.equal(current.state, 'asking');
    assert.deepEqual(made.calls, []);
    made.refuses = null;
    made.words = 'Seen again.';
    current = await stage.open();
    await stage.approve(current, 'one');
    made.words = 'And again.';
    assert.equal((await stage.run(current)).question?.approver.kind, 'person');
  });

  it('is done by the security team after three times, whatever changes once more, and is on record as it was done', async () => {
    const about = await stage.open();
    let current = about;
    for (const round of [1, 2, 3]) {
      await stage.approve(current, 'one');
      made.words = `Seen ${round} times.`;
      current = await stage.run(about);
    }
    await stage.approve(current, 'one', 'security');
    made.words = 'Seen once more.';
    const done = await stage.run(about);

    assert.equal(done.state, 'contained');
    assert.deepEqual(made.calls, ['invoices']);
    assert.deepEqual((await stage.runs(about)).at(-1)?.shown?.says, [
      'Closes what is open.',
      'Seen once more.',
      'Undo opens it again.',
    ]);
    // From then on it is as with every other decision.
    assert.equal(done.voids, 0);
  });

  it('says to nobody but the security team that it is done as things stand', () => {
    const { question } = aCase();
    assert.ok(question);
    const asked = { ...question, approver: { kind: 'security' } as const };

    assert.equal(asItStandsSentence({ voids: 9, question }), null);
    assert.equal(asItStandsSentence({ voids: 2, question: asked }), null);
    assert.match(english(asItStandsSentence({ voids: 3, question: asked }) ?? ''), /as things stand/);
  });

  it('starts to count anew once something was done', async () => {
    const about = await stage.open();
    for (const words of ['a', 'b']) {
      await stage.approve(about, 'one');
      made.words = words;
      await stage.run(about);
    }
    await stage.approve(about, 'one');
    const done = await stage.run(about);

    assert.equal(done.state, 'contained');
  });

  it('counts nothing that was taken back before it began', async () => {
    const about = await stage.open();
    for (const round of [1, 2, 3]) {
      await stage.approve(about, 'one');
      const back = await stage.answer(about, { verb: 'correct' });
      assert.equal(back.voids, 0, `round ${round}`);
      await stage.run(about);
    }
    await stage.approve(about, 'one');
    made.words = 'Seen for the first time.';

    assert.equal((await stage.run(about)).voids, 1);
  });

  it('starts to count anew once it was expected, and that was taken back', async () => {
    const about = await stage.open();
    for (const round of [1, 2, 3]) {
      await stage.approve(about, 'one');
      made.words = `Seen ${round} times.`;
      assert.equal((await stage.run(about)).voids, round);
    }
    const expected = await stage.answer(about, { verb: 'dismiss' }, 'security');
    assert.equal(expected.voids, 0);
    await stage.answer(about, { verb: 'correct' }, 'security');
    await stage.run(about);
    await stage.answer(about, { verb: 'escalate' });
    await stage.run(about);

    await stage.approve(about, 'one', 'security');
    made.words = 'Deletes everything.';
    assert.equal((await stage.run(about)).state, 'asking');
    assert.deepEqual(made.calls, []);
  });

  describe('of a second run on the same thing', () => {
    /**
     * Closes the thing, then takes everybody off it; `names`: who is on it once it is closed. `first`: somebody else has closed it
     * before, and changes who is on it after that was seen.
     */
    const stageWith = async (names: readonly string[], first: 'open' | 'closed' = 'open') => {
      await stage.close();
      let on: readonly string[] = ['alice', 'bob'];
      const closing = madeUpAction();
      const strip = madeUpAction({
        id: 'test.thing.strip',
        strength: 1,
        plan: () => ({
          kind: 'offered',
          says: [`Takes ${on.length} off.`],
          basis: { on },
          undo: { possible: true, says: 'Undo puts them back.' },
        }),
        execute: async (_task, _world, note) => {
          on = [];
          await note('request');
        },
        verify: async () =>
          on.length === 0
            ? { kind: 'took-effect', says: 'Nobody is on it.' }
            : { kind: 'not-done', says: 'Somebody is on it.' },
      });
      const close = {
        ...closing.action,
        execute: async (...of: Parameters<typeof closing.action.execute>) => {
          await closing.action.execute(...of);
          on = names;
        },
      };
      await start({
        actions: [erased(close), erased(strip.action)],
        offers: {
          both: [
            ['test.thing.close', thing('invoices')],
            ['test.thing.strip', thing('invoices')],
          ],
        },
      });
      const about = await stage.open();
      await stage.approve(about, 'both');
      if (first === 'closed') {
        closing.things.set('invoices', first);
        await stage.step();
        on = names;
      }
      return { about, end: await stage.run(about), on: () => on };
    };

    it('takes what is less for what the first has done', async () => {
      const { end, on } = await stageWith(['bob']);

      assert.deepEqual([end.state, on()], ['contained', []]);
    });

    it('voids it where an earlier part was so already: that does not excuse a change by somebody else', async () => {
      const { about, end, on } = await stageWith(['bob'], 'closed');

      assert.equal(end.state, 'asking');
      assert.deepEqual(await statesOf(about), ['verified', 'void']);
      assert.deepEqual(on(), ['bob']);
    });

    it('voids it where it would do more than was shown, whoever changed that', async () => {
      const { about, end, on } = await stageWith(['alice', 'bob', 'payroll']);

      assert.equal(end.state, 'asking');
      assert.deepEqual(await statesOf(about), ['verified', 'void']);
      assert.deepEqual(on(), ['alice', 'bob', 'payroll']);
      assert.match(allEnglish(end.outcome).join(' '), /More would be changed by now than what was shown/);
    });
  });

  it('is the same in a dry run', async () => {
    await stage.close();
    await start({ settings: { governance: { ...settings.governance, dryRun: true } } });
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.words = 'Something else.';

    assert.equal((await stage.run(about)).state, 'asking');
    await stage.approve(about, 'one');
    const done = await stage.run(about);
    assert.equal(done.state, 'contained');
    assert.deepEqual(allEnglish(done.outcome).slice(-1), ['Dry run: nothing was changed.']);
    assert.deepEqual(made.calls, []);
  });

  it('carries out nothing that was answered in a dry run, not even where nothing said so when it was asked', async () => {
    const about = await stage.open();
    assert.equal(about.question?.dryRun, undefined);
    const dry = { ...stage.deciding.settings, governance: { ...settings.governance, dryRun: true } };
    const answer = { verb: 'approve', questionId: null, offer: 'one' } as const;
    await claim(about.id, answer, actor(MANAGER, 'Morgan Reyes'), { ...stage.deciding, settings: dry });
    const asked = await stage.run(about);

    assert.equal(asked.state, 'asking');
    assert.deepEqual(made.calls, []);
    assert.deepEqual(await statesOf(about), ['void']);
    assert.match(allEnglish(asked.outcome)[0] ?? '', /dry run/);
  });

  it('skips runs from before anything was kept of what they showed', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    const [run] = await stage.runs(about);
    assert.ok(run);
    const { shown, ...old } = run;
    assert.ok(shown);
    await stage.store.transact((tx) => tx.saveRun(old));
    made.words = 'Something else.';

    assert.equal((await stage.run(about)).state, 'contained');
    assert.deepEqual(made.calls, ['invoices']);
  });

  describe('compared', () => {
    const shown = {
      says: ['Closes it.', 'Undo opens it again.'],
      basis: { a: 1, b: 2 },
    };
    const plan = {
      kind: 'offered' as const,
      says: ['Closes it.'],
      undo: { possible: true, says: 'Undo opens it again.' },
      basis: { b: 2, a: 1 },
    };

    it('does not mind for how long undo is possible by now, nor the order of keys', () =>
      assert.equal(differenceOf(shown, plan), null));
    it('minds what undo would do', () =>
      assert.match(
        english(
          differenceOf(shown, { ...plan, undo: { possible: false, says: 'It cannot be undone.' } }) ?? '',
        ),
        /cannot be undone/,
      ));
    it('minds what the sentences stand for, even where they are the same', () =>
      assert.match(
        english(differenceOf(shown, { ...plan, basis: { a: 1, b: 3 } }) ?? ''),
        /no longer the same/,
      ));
    it('minds a sentence that is gone', () =>
      assert.match(
        english(differenceOf({ ...shown, says: ['And more.', ...shown.says] }, plan) ?? ''),
        /less/,
      ));
  });
});
