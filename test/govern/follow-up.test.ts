// What is true but not yet everywhere is looked at again: true by then, later still, or a person's again. It outlives restarts.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

const HOUR_MS = 3_600_000;
const LATER = { afterMs: HOUR_MS, says: 'Not yet everywhere: sessions end within the hour.' };

describe('a follow-up', () => {
  let made: MadeUp;
  let stage: Stage;
  let directory: string;
  const boot = async (): Promise<void> => {
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: {
        one: [['test.thing.close', thing('invoices')]],
        both: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.close', thing('logs')],
        ],
      },
      recheckMs: 0,
      directory,
    });
  };
  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-follow-'));
    made = madeUpAction();
    await boot();
  });
  afterEach(async () => {
    await stage.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const contained = async (): Promise<Case> => {
    // The first look, and the second one, which is the one that counts.
    made.followUps.push(LATER, LATER);
    const about = await stage.open();
    await stage.approve(about, 'one');
    return stage.run(about);
  };

  it('stands on the card until it is true, and then gives way to the proof', async () => {
    const about = await contained();
    assert.equal(about.state, 'contained');
    assert.equal(about.outcome.length, 2);
    assert.match(english(about.outcome[0] ?? ''), /checked twice\. It is closed\.$/);
    assert.equal(about.outcome[1], LATER.says);

    assert.equal((await stage.later(about, HOUR_MS - 1)).version, about.version);
    const done = await stage.later(about, 1);
    assert.equal(done.state, 'contained');
    assert.deepEqual(allEnglish(done.outcome), ['It is closed.']);
    assert.equal(await stage.store.nextDueInMs(), null);
  });

  it('is put off where it is still not true everywhere', async () => {
    const about = await contained();
    made.followUps.push({ afterMs: 60_000, says: 'Some are left.' });
    const later = await stage.later(about, HOUR_MS);
    assert.deepEqual(allEnglish(later.outcome), ['It is closed.', 'Some are left.']);
    assert.deepEqual(allEnglish((await stage.later(about, 60_000)).outcome), ['It is closed.']);
  });

  it('works months later, after restarts', async () => {
    const about = await contained();
    const { at } = stage.clock;
    await stage.close();
    await boot();
    stage.clock.at = at + 90 * 24 * HOUR_MS;

    assert.deepEqual(allEnglish((await stage.run(about)).outcome), ['It is closed.']);
  });

  it('gives the case back to the security team where it no longer holds', async () => {
    const about = await contained();
    made.things.set('invoices', 'open');
    const asked = await stage.later(about, HOUR_MS);

    assert.equal(asked.state, 'asking');
    assert.equal(asked.question?.approver.kind, 'security');
    assert.match(english(asked.toSecurity ?? ''), /It does not hold: It is open\./);
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      ['failed'],
    );
    assert.equal(asked.troubles?.[0]?.code, 'govern.relapsed');
    // The thing can be closed again at once.
    await stage.approve(asked, 'one', 'security');
    assert.equal((await stage.run(about)).state, 'contained');
  });

  it('leaves what still holds in part to the undo, which shows it before it puts it back', async () => {
    const about = await contained();
    made.things.set('invoices', 'ajar');
    const asked = await stage.later(about, HOUR_MS);

    const [run] = await stage.runs(about);
    assert.deepEqual([run?.state, run?.after], ['kept', { value: 'closed' }]);
    assert.match(english(asked.toSecurity ?? ''), /It does not hold: It is open\. Part of it still stands/);
    await stage.answer(asked, { verb: 'dismiss' }, 'security');
    const closed = await stage.run(about);
    assert.doesNotMatch(allEnglish(closed.outcome).join(' '), /othing was changed/);
    await stage.undo(closed);
    const shown = await stage.run(about);
    assert.match(allEnglish(shown.undoConflicts?.[0]?.says ?? []).join(' '), /now: ajar/);
    await stage.undo(shown, true);
    assert.equal((await stage.run(about)).state, 'undone');
    assert.equal(made.things.get('invoices'), 'open');
  });

  it('is looked at again while the vendor takes its time, or does not answer', async () => {
    const about = await contained();
    made.looks.push({ kind: 'not-yet', says: 'Not yet.', retryInMs: 1_000 });
    await stage.later(about, HOUR_MS);
    const verify = made.action.verify;
    let down = 2;
    Object.assign(made.action, {
      verify: async (...args: Parameters<typeof verify>) => {
        if (down-- > 0)
          throw new CountersignError('graph.unavailable', 'no answer in time', { retryable: true });
        return verify(...args);
      },
    });
    const paused = await stage.later(about, 1_000);
    assert.ok(allEnglish(paused.outcome).includes('Microsoft does not answer. It goes on by itself.'));
    await stage.later(about, 1_000);
    const done = await stage.later(about, 1_000);

    assert.deepEqual(allEnglish(done.outcome), ['It is closed.']);
  });

  it('that does not find it ten times gives the case to the security team', async () => {
    const about = await contained();
    made.looks.push(
      ...Array.from(
        { length: 30 },
        () => ({ kind: 'not-yet', says: 'It is open.', retryInMs: 1_000 }) as const,
      ),
    );
    stage.clock.at += HOUR_MS - 1_000;
    let current = about;
    for (let look = 1; look < 10; look++) current = await stage.later(about, 1_000);
    assert.equal(current.state, 'contained');
    const asked = await stage.later(about, 1_000);

    assert.equal(made.looks.length, 20);
    assert.equal(asked.question?.approver.kind, 'security');
    assert.equal(asked.troubles?.[0]?.code, 'govern.relapsed');
  });

  it('that cannot look is no proof that it does not hold: it stays contained, and the security team is told', async () => {
    const about = await contained();
    const forbidden = new CountersignError('aws.forbidden', 'AccessDenied', { say: 'It is not allowed.' });
    Object.assign(made.action, { verify: () => Promise.reject(forbidden) });
    stage.clock.at += HOUR_MS;
    await stage.step();
    const told = await stage.step();

    const left = await stage.store.readCase(about.id);
    const [run] = await stage.runs(about);
    assert.equal(told?.kind, 'tell');
    assert.equal(left?.state, 'contained');
    assert.deepEqual([run?.state, run?.after], ['verified', { value: 'closed' }]);
    assert.match(english(run?.later ?? ''), /It is not allowed\./);
    assert.equal(left?.troubles?.[0]?.code, 'aws.forbidden');
  });

  it('that finds the thing itself gone gives the case to the security team', async () => {
    const about = await contained();
    const gone = new CountersignError('aws.no-such-bucket', 'NoSuchBucket', {
      say: 'There is no such bucket.',
    });
    made.things.set('invoices', 'open');
    Object.assign(made.action, { verify: () => Promise.reject(gone) });
    const asked = await stage.later(about, HOUR_MS);

    assert.equal(asked.question?.approver.kind, 'security');
    assert.match(english(asked.toSecurity ?? ''), /It does not hold: There is no such bucket\./);
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      ['failed'],
    );
  });

  it('takes the proof off the card where it no longer holds', async () => {
    const about = await contained();
    made.things.set('invoices', 'open');
    const asked = await stage.later(about, HOUR_MS);

    const words = allEnglish(asked.outcome).join(' ');
    assert.match(words, /It does not hold: It is open\./);
    assert.doesNotMatch(words, /Took effect|sessions end within the hour/);
  });

  it('begins a decision of its own where it no longer holds: what was signed before counts for nothing', async () => {
    const about = await contained();
    made.things.set('invoices', 'open');
    const asked = await stage.later(about, HOUR_MS);

    assert.equal(asked.decisions.length, 1);
    assert.equal(asked.decidedBefore, 1);
  });

  it('tells whoever is at the case already, and asks nothing anew', async () => {
    made.followUps.push(LATER, LATER);
    const about = await stage.open();
    await stage.approve(about, 'both');
    await stage.step();
    made.errors.push(new CountersignError('aws.forbidden', 'AccessDenied', { say: 'It is not allowed.' }));
    const asked = await stage.run(about);
    assert.equal(asked.question?.approver.kind, 'security');
    made.things.set('invoices', 'open');
    const told = await stage.later(about, HOUR_MS);

    assert.deepEqual([told.state, told.question?.id], ['asking', asked.question?.id]);
    assert.deepEqual(told.toSecurity, asked.toSecurity);
    assert.match(allEnglish(told.outcome).join(' '), /invoices: .*It does not hold: It is open\./);
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      ['failed', 'failed'],
    );
  });

  it('is none of anybody’s business once it was undone', async () => {
    const about = await contained();
    await stage.undo(about);
    const undone = await stage.run(about);
    assert.equal(undone.state, 'undone');
    const later = await stage.later(about, HOUR_MS);

    assert.equal(later.version, undone.version);
    assert.equal(await stage.store.nextDueInMs(), null);
  });

  it('is nobody’s business either once its undo found it gone, and its line is over', async () => {
    const about = await contained();
    made.things.set('invoices', 'deleted');
    Object.assign(made.action.revert ?? {}, { gone: () => 'There is no thing invoices.' });
    await stage.undo(about);
    const over = await stage.run(about);
    assert.ok(!allEnglish(over.outcome).includes(LATER.says), allEnglish(over.outcome).join('\n'));
    const later = await stage.later(about, HOUR_MS);

    assert.equal(later.version, over.version);
    assert.equal(await stage.store.nextDueInMs(), null);
  });

  it('takes its line with it when it is undone', async () => {
    const about = await contained();
    assert.ok(allEnglish(about.outcome).includes(LATER.says));
    await stage.undo(about);
    const undone = await stage.run(about);

    assert.equal(undone.state, 'undone');
    assert.ok(!allEnglish(undone.outcome).includes(LATER.says), allEnglish(undone.outcome).join('\n'));
  });

  const throttled = () =>
    new CountersignError('aws.throttled', 'SlowDown', { retryable: true, retryAfterMs: 5_000 });

  it('waits for an undo that is held up, and goes on where that leaves things as they are', async () => {
    const about = await contained();
    stage.clock.at += HOUR_MS - 2_000;
    made.errors.push(
      throttled(),
      new CountersignError('aws.forbidden', 'AccessDenied', { say: 'Not allowed.' }),
    );
    await stage.undo(about);
    await stage.run(about);
    // The follow-up is due ahead of the next try.
    stage.clock.at += 2_000;
    const [kept] = (await stage.runs(about)).map((run) => run.state);
    assert.equal(kept, 'reverting');
    await stage.run(about);
    const left = await stage.later(about, 3_000);
    assert.equal(left.state, 'contained');
    assert.ok(allEnglish(left.outcome).includes(LATER.says));
    const done = await stage.later(about, 60_000);

    assert.ok(!allEnglish(done.outcome).includes(LATER.says), allEnglish(done.outcome).join('\n'));
    assert.equal(await stage.store.nextDueInMs(), null);
  });

  for (const [what, state] of [
    ['finds it true', 'closed'],
    ['finds it gone', 'open'],
  ] as const)
    it(`that ${what} leaves the run alone where undo was pressed while it looked`, async () => {
      const about = await contained();
      made.things.set('invoices', state);
      const { verify } = made.action;
      let isPressed = false;
      Object.assign(made.action, {
        verify: async (...args: Parameters<typeof verify>) => {
          if (!isPressed) await stage.undo(about);
          isPressed = true;
          return verify(...args);
        },
      });
      stage.clock.at += HOUR_MS;
      assert.equal((await stage.step())?.kind, 'follow-up');

      assert.equal((await stage.store.readCase(about.id))?.state, 'undoing');
      assert.deepEqual(
        (await stage.runs(about)).map((run) => [run.state, run.later]),
        [['verified', LATER.says]],
      );
      assert.equal((await stage.run(about)).state, 'undone');
      assert.equal((await stage.later(about, HOUR_MS)).state, 'undone');
    });

  it('that finds it gone while it is being undone leaves the run to the undo, which comes to its end', async () => {
    const about = await contained();
    stage.clock.at += HOUR_MS;
    made.things.set('invoices', 'open');
    await stage.undo(about);
    const kinds: string[] = [];
    for (let step = await stage.step(); step; step = await stage.step()) kinds.push(step.kind);

    assert.equal((await stage.store.readCase(about.id))?.state, 'undone');
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      ['reverted'],
    );
  });
});
