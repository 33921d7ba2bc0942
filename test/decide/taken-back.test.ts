// "That was a mistake", in every state; and what was contained before anybody had answered, kept or let go. With the runner behind it.
import assert from 'node:assert/strict';
import { type Case, SYSTEM, type Verb } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { JsonObject } from '../../src/case/json.ts';
import type { Step } from '../../src/case/run.ts';
import { writeOut } from '../../src/case/written.ts';
import { containFirst } from '../../src/chase/contain-first.ts';
import { approve } from '../../src/decide/approve.ts';
import { type Claim, claim } from '../../src/decide/claim.ts';
import { act } from '../../src/govern/run-action.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { actor, MANAGER, SECURITY, STRANGER, settings } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';
import { decided, refusal } from './desk.ts';

const DAY_MS = 86_400_000;
const SOURCES = [{ source: 'graph' as const, sourceId: 'alert-1', resolved: false }];
const SECOND = '00000000-0000-4000-8000-000000000033' as UserId;

describe('an answer that is taken back, and containment before any', () => {
  let stage: Stage;
  let close: MadeUp;
  let lock: MadeUp;
  beforeEach(async () => {
    close = madeUpAction();
    lock = madeUpAction({
      id: 'test.thing.lock',
      plan: () => ({
        kind: 'offered',
        says: ['Locks it.'],
        basis: {},
        undo: { possible: false, says: 'Nobody can unlock it.' },
      }),
    });
    stage = await createGovernStage({
      actions: [erased(close.action), erased(lock.action)],
      offers: {
        shut: [[close.action.id, thing('a')]],
        both: [
          [close.action.id, thing('a')],
          [close.action.id, thing('b')],
        ],
        other: [[close.action.id, thing('b')]],
        lock: [[lock.action.id, thing('c')]],
        mixed: [
          [close.action.id, thing('a')],
          [lock.action.id, thing('c')],
        ],
      },
      settings: { security: { ...settings.security, members: [SECURITY, SECOND] } },
    });
  });
  afterEach(() => stage.close());

  const answer = (about: Case, verb: Verb, who: UserId = MANAGER, over: object = {}): Promise<Claim> =>
    claim(about.id, { verb, questionId: null, ...over }, actor(who, who), stage.deciding);
  const now = async (about: Case): Promise<Case> =>
    (await stage.store.readCase(about.id)) ?? assert.fail('no such case');
  /** Everything that is due, and what was written back to the alert. */
  const runOn = async (
    about: Case,
  ): Promise<{ readonly after: Case; readonly written: readonly JsonObject[] }> => {
    const written: JsonObject[] = [];
    for (;;) {
      const step: Step | null = await stage.step();
      if (!step) return { after: await now(about), written };
      if (step.kind === 'write-back') written.push(step.body as JsonObject);
      // What nobody waits for any more.
      stage.clock.at += 5_000;
    }
  };
  const verdictOf = (body: JsonObject | undefined): JsonObject => (body?.verdict ?? {}) as JsonObject;

  describe('while nothing of it has begun', () => {
    it('is as if it had not been given: nothing is done, and the same people are asked again', async () => {
      const about = await stage.approve(await stage.open({ sources: SOURCES }), 'both');

      const back = decided(await answer(about, 'correct'));

      assert.equal(back.state, 'routing');
      assert.ok((await stage.runs(about)).every(({ state }) => state === 'void'));
      const { after, written } = await runOn(about);
      assert.deepEqual(close.calls, []);
      assert.equal(after.state, 'asking');
      assert.deepEqual(after.question?.approver, { kind: 'person', id: MANAGER, name: 'Morgan Reyes' });
      assert.equal(after.decidedBefore, 2);
      assert.equal(after.groupKey, `group-${about.id}`);
      assert.match(
        english(after.outcome[0] ?? ''),
        /says that the answer was a mistake, so it is asked again/,
      );
      assert.deepEqual(verdictOf(written.at(-1)), { status: 'inProgress' });
      const again = await runOn(await stage.approve(after, 'shut'));
      assert.equal(again.after.state, 'contained');
      assert.deepEqual(close.calls, ['a']);
    });

    it('stops a worker that holds its step and has not begun', async () => {
      const about = await stage.approve(await stage.open(), 'shut');
      const [step] = await stage.store.takeSteps(1, 60_000);
      assert.equal(step?.kind, 'act');

      decided(await answer(about, 'correct'));

      await assert.rejects(act(step, stage.parts), { code: 'store.lease-lost' });
      assert.deepEqual(close.calls, []);
    });

    it('leaves the line, so that whoever waits goes on', async () => {
      const first = await stage.approve(await stage.open(), 'shut');
      const second = await stage.approve(await stage.open(), 'both', 'security');
      assert.equal(await stage.store.transact((tx) => tx.holdsTargets(second.id)), false);

      decided(await answer(first, 'correct'));

      assert.equal(await stage.store.transact((tx) => tx.holdsTargets(second.id)), true);
      const third = await stage.approve(await stage.open(), 'other');
      decided(await answer(third, 'correct'));
      assert.equal((await runOn(second)).after.state, 'contained');
      assert.deepEqual(close.calls, ['a', 'b']);
    });
  });

  it('is refused once something of it has begun, and says to undo it', async () => {
    const about = await stage.approve(await stage.open(), 'both');
    for (;;) {
      const step = await stage.step();
      if (step?.kind === 'act') break;
    }

    assert.equal(refusal(await answer(about, 'correct')).code, 'decide.begun');
    const { after } = await runOn(about);
    assert.equal(after.state, 'contained');
    const contained = refusal(await answer(after, 'correct'));
    assert.equal(contained.code, 'decide.nothing-to-correct');
    assert.match(contained.say, /Press Undo first/);
  });

  it('can be taken back once undo was tried, and something was in the way', async () => {
    const { after: done } = await runOn(await stage.approve(await stage.open(), 'shut'));
    Object.assign(close.action.revert ?? {}, { obstacle: () => 'The lock of the whole house is on.' });
    decided(await answer(done, 'undo'));
    const { after } = await runOn(done);
    assert.equal(after.state, 'contained');

    const back = decided(await answer(after, 'correct'));

    assert.equal(back.state, 'routing');
    assert.equal((await runOn(back)).after.state, 'asking');
  });

  it('is over where what was changed is gone by the time of undo', async () => {
    const { after: done } = await runOn(await stage.approve(await stage.open(), 'shut'));
    Object.assign(close.action.revert ?? {}, { gone: () => 'There is no such thing.' });

    decided(await answer(done, 'undo'));

    assert.equal((await runOn(done)).after.state, 'undone');
  });

  describe('where nothing of it can be undone', () => {
    const locked = async (over: Partial<Case> = {}): Promise<Case> => {
      const { after } = await runOn(await stage.approve(await stage.open(over), 'lock'));
      assert.equal(after.state, 'contained');
      return after;
    };

    it('can be taken back: what stands is said, the same people are asked again, and it can be answered', async () => {
      const about = await locked({ sources: SOURCES });
      assert.equal(refusal(await answer(about, 'undo')).code, 'decide.nothing-to-undo');

      const back = decided(await answer(about, 'correct'));

      assert.equal(back.state, 'routing');
      assert.match(
        back.outcome.join(' '),
        /the answer was a mistake, so it is asked again. What was done before still stands: .*It is closed\.$/,
      );
      const { after, written } = await runOn(back);
      assert.equal(after.state, 'asking');
      assert.deepEqual(after.question?.approver, { kind: 'person', id: MANAGER, name: 'Morgan Reyes' });
      assert.equal(after.groupKey, `group-${about.id}`);
      assert.deepEqual(verdictOf(written.at(-1)), { status: 'inProgress' });
      const other = await stage.approve(await stage.open(), 'lock');
      assert.equal((await runOn(other)).after.state, 'contained', 'it holds its target no more');
      const again = await runOn(await stage.approve(after, 'shut'));
      assert.equal(again.after.state, 'contained');
      assert.deepEqual([lock.calls, close.calls], [['c', 'c'], ['a']]);
      assert.equal((await runOn(await stage.undo(again.after))).after.state, 'undone');
    });

    it('is for whoever gave it, and for the security team, within the time that an undo has', async () => {
      const about = await locked();

      assert.equal(refusal(await answer(about, 'correct', STRANGER)).code, 'decide.not-asked');
      stage.clock.at += 30 * DAY_MS;
      assert.equal(refusal(await answer(about, 'correct')).code, 'decide.correct-too-late');
      stage.clock.at -= DAY_MS;
      assert.equal(decided(await answer(about, 'correct', SECURITY)).state, 'routing');
    });

    it('is not where a part of it can', async () => {
      const { after } = await runOn(await stage.approve(await stage.open(), 'mixed'));

      assert.match(refusal(await answer(after, 'correct')).say, /Press Undo first/);
    });

    it('names no Undo once it has begun', async () => {
      const about = await stage.approve(await stage.open(), 'lock');
      for (;;) if ((await stage.step())?.kind === 'act') break;

      const begun = refusal(await answer(about, 'correct'));

      assert.equal(begun.code, 'decide.begun');
      assert.doesNotMatch(begun.say, /Undo/);
      assert.match(begun.say, /That was a mistake/);
    });
  });

  it('can be taken back once it was undone', async () => {
    const { after: done } = await runOn(await stage.approve(await stage.open(), 'shut'));
    const { after: undone } = await runOn(await stage.undo(done));
    assert.equal(undone.state, 'undone');

    assert.equal(refusal(await answer(undone, 'correct', MANAGER)).code, 'decide.not-your-answer');
    const back = decided(await answer(undone, 'correct', SECURITY));

    assert.equal(back.state, 'routing');
    assert.equal((await runOn(back)).after.state, 'asking');
  });

  it('of "expected until" takes the exception with it, and puts the alert in progress again', async () => {
    const about = await stage.open({ sources: SOURCES });
    const until = '2026-12-01T00:00:00.000Z';
    const closed = decided(await answer(about, 'dismiss', MANAGER, { until }));
    const at = new Date(stage.clock.now()).toISOString();
    assert.equal((await stage.store.exceptionsInForce(at)).length, 1);
    await runOn(closed);

    decided(await answer(closed, 'correct'));

    assert.deepEqual(await stage.store.exceptionsInForce(at), []);
    const { after, written } = await runOn(closed);
    assert.equal(after.state, 'asking');
    assert.deepEqual(verdictOf(written.at(-1)), { status: 'inProgress' });
  });

  it('counts none of the signatures that it had', async () => {
    const about = await stage.open({ severity: 'high' });
    await runOn(decided(await answer(about, 'dismiss')));
    const { after } = await runOn(decided(await answer(about, 'dismiss', SECURITY)));
    assert.equal(after.state, 'dismissed');

    const { after: open } = await runOn(decided(await answer(after, 'correct', MANAGER)));

    assert.equal(open.state, 'asking');
    assert.deepEqual(
      open.question?.approver.kind,
      'person',
      'the second signature alone had gone to security',
    );
    assert.ok(decided(await answer(open, 'dismiss', SECURITY)).decisions.at(-1)?.awaits);
  });

  it('is for whoever gave it, one of two too, and for the security team', async () => {
    const about = await stage.open();
    decided(await answer(about, 'dismiss', SECURITY));

    assert.equal(refusal(await answer(about, 'correct', MANAGER)).code, 'decide.not-your-answer');
    assert.equal(refusal(await answer(about, 'correct', STRANGER)).code, 'decide.not-asked');
    assert.equal(decided(await answer(about, 'correct', SECOND)).state, 'routing');
  });

  it('can be taken back for as long as something can be undone', async () => {
    const about = await stage.open();
    decided(await answer(about, 'dismiss'));
    stage.clock.at += 30 * DAY_MS + 1;

    assert.equal(refusal(await answer(about, 'correct')).code, 'decide.correct-too-late');
    stage.clock.at -= 1;
    assert.equal(decided(await answer(about, 'correct')).state, 'routing');
  });

  for (const [state, over] of [
    ['asking', {}],
    ['routing', {}],
    ['undoing', {}],
    ['closed', {}],
  ] as const)
    it(`is nothing that a case which is ${state} has`, async () => {
      const about = await stage.open();
      const moved = { ...about, ...over, state, version: about.version + 1 };
      await stage.store.transact((tx) => tx.saveCase(moved));

      assert.equal(refusal(await answer(about, 'correct')).code, 'decide.nothing-to-correct');
    });

  describe('what was contained before anybody had answered', () => {
    /** As silence does it, and the question goes on. */
    async function contained(over: Partial<Case> = {}, offer = 'shut'): Promise<Case> {
      const after = await contain(await stage.open({ sources: SOURCES, ...over }), offer);
      assert.equal(after.containedFirst?.decision, 0);
      assert.deepEqual(close.calls, offer === 'both' ? ['a', 'b'] : ['a']);
      return after;
    }

    async function contain(about: Case, offer: string): Promise<Case> {
      const { question } = about;
      const chosen = question?.offers.find(({ key }) => key === offer);
      assert.ok(question && chosen);
      await stage.store.transact(async (tx) => {
        const current = (await tx.lockCase(about.id)) ?? about;
        const at = new Date(stage.clock.now()).toISOString();
        const change = await containFirst(tx, current, question, chosen, at, {
          ...{ store: stage.store, clock: stage.clock, settings, nextToAsk: async () => null },
          approve: (inside, one, decision) => approve(inside, one, decision, stage.deciding),
        });
        await commitTransition(tx, current, change);
      });
      const { after } = await runOn(about);
      assert.equal(after.state, 'asking');
      assert.equal(after.decisions.at(-1)?.by.id, SYSTEM.id);
      return after;
    }

    const askedAgain = async (about: Case): Promise<Case> => {
      const asking = { ...about, state: 'asking' as const, version: about.version + 1 };
      await stage.store.transact((tx) => tx.saveCase(asking));
      return asking;
    };

    it('is let go where it was expected, and the alert says that it was', async () => {
      const about = await contained({}, 'both');

      const released = decided(await answer(about, 'dismiss'));

      assert.equal(released.state, 'undoing');
      const { after, written } = await runOn(about);
      assert.equal(after.state, 'undone');
      assert.deepEqual(close.calls, ['a', 'b', '-b', '-a']);
      assert.equal(written.length, 1);
      assert.equal(verdictOf(written[0]).classification, 'informationalExpectedActivity');
      assert.match(JSON.stringify(writeOut(written[0]?.comment, english)), /said that this was expected/);
    });

    it('is let go by two people where the severity is high, and stays until then', async () => {
      const about = await contained({ severity: 'high' });

      const { after } = await runOn(decided(await answer(about, 'dismiss')));
      assert.equal(after.state, 'asking');
      assert.deepEqual(close.calls, ['a']);
      assert.equal((await runOn(decided(await answer(about, 'dismiss', SECURITY)))).after.state, 'undone');
      assert.deepEqual(close.calls, ['a', '-a']);
    });

    it('leaves an exception behind where it is expected until a date', async () => {
      const about = await contained();
      decided(await answer(about, 'dismiss', MANAGER, { until: '2026-12-01T00:00:00.000Z' }));

      const at = new Date(stage.clock.now()).toISOString();
      assert.equal((await stage.store.exceptionsInForce(at)).length, 1);
    });

    it('stays where that is the answer, counts as contained at the alert, and can be undone', async () => {
      const about = await contained();

      const kept = decided(await answer(about, 'keep'));

      assert.equal(kept.state, 'contained');
      const { after, written } = await runOn(about);
      assert.equal(verdictOf(written.at(-1)).classification, 'truePositive');
      assert.ok(allEnglish(after.outcome).some((line) => line.includes('It is closed.')));
      assert.equal((await runOn(await stage.undo(after))).after.state, 'undone');
      assert.deepEqual(close.calls, ['a', '-a']);
    });

    it('is not undone past the question, which says how it is let go', async () => {
      const refused = refusal(await answer(await contained(), 'undo'));

      assert.equal(refused.code, 'decide.question-first');
      assert.match(refused.say, /"expected" also puts back what was contained/);
    });

    it('is all that "expected" puts back: what people decided besides stands', async () => {
      const about = await contained();
      const { after: both } = await runOn(await stage.approve(about, 'other', 'security'));
      assert.equal(both.state, 'contained');
      await runOn(decided(await answer(await askedAgain(both), 'dismiss')));

      assert.deepEqual(close.calls, ['a', 'b', '-a']);
    });

    it('is all of it as well where people had decided something before', async () => {
      const { after: done } = await runOn(await stage.approve(await stage.open(), 'other'));
      const about = await contain(await askedAgain(done), 'shut');
      assert.equal(about.containedFirst?.decision, 1);

      const { after } = await runOn(decided(await answer(about, 'dismiss')));

      assert.deepEqual(close.calls, ['b', 'a', '-a']);
      assert.equal(after.state, 'contained', 'what they decided stands');
    });

    it('is said to stand where it can be put back no more', async () => {
      const about = await contained();
      stage.clock.at += 31 * DAY_MS;

      const closed = decided(await answer(about, 'dismiss'));

      assert.equal(closed.state, 'dismissed');
      assert.match(closed.outcome.join(' '), /still stands: .*It is closed/);
    });

    it('is nothing to keep where nothing was', async () => {
      assert.equal(refusal(await answer(await stage.open(), 'keep')).code, 'decide.not-contained');
    });
  });
});
