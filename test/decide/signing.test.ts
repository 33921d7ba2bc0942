// Signatures on real stores: any number of people at once, the question that stays, who is asked for the rest, and undo.
import assert from 'node:assert/strict';
import { signatureLines } from '../../src/ask/asking-lines.ts';
import type { AnswerRule } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { RunId, UserId } from '../../src/case/ids.ts';
import type { Approver } from '../../src/case/question.ts';
import type { Step } from '../../src/case/run.ts';
import { decidersOf, outdatedSignaturesOf, signaturesOf } from '../../src/case/signed.ts';
import type { Answer } from '../../src/ports/answer.ts';
import { aCase, MANAGER, SECURITY } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { bucket, decided, offerOf, onBothDatabases, refusal } from './desk.ts';

const people = Array.from(
  { length: 10 },
  (_, index) => `00000000-0000-4000-8000-0000000001${String(index).padStart(2, '0')}` as UserId,
);
const [A, B, C] = people as [UserId, UserId, UserId];
const person = (id: UserId): Approver => ({ kind: 'person', id, name: id });

describe('signatures', () => {
  onBothDatabases((desk) => {
    const open = (of: readonly UserId[], rule: AnswerRule, over: Partial<Case> = {}): Promise<Case> => {
      const { question } = aCase();
      assert.ok(question);
      const [approver = person(MANAGER), ...beside] = of.map(person);
      const offers = [offerOf('a.5'), offerOf('b.5')];
      return desk().open(offers, { question: { ...question, offers, approver, beside, rule }, ...over });
    };
    const runs = async (about: Case) => (await desk().stores[0]?.runsOf(about.id)) ?? [];
    const due = async (): Promise<readonly Step[]> => {
      const [store] = desk().stores;
      const all: Step[] = [];
      for (;;) {
        const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
        if (!step || !store) return all;
        all.push(step);
        await store.transact((tx) => tx.finishStep(step));
      }
    };
    const trail = async (about: Case) => (await desk().stores[0]?.entriesOf(about.id)) ?? [];

    it('leave the question with those who were asked until enough have said the same; then it is done, once', async () => {
      const about = await open([A, B, C], { kind: 'everyone' });

      const first = decided(await desk().approve(about, 'a.5', A));
      assert.deepEqual([first.state, first.question?.id], ['asking', about.question?.id]);
      assert.equal(
        first.decisions[0]?.awaits,
        '2 more people have to agree. Everybody who was asked has to agree.',
      );
      assert.deepEqual(await runs(about), []);
      assert.equal(refusal(await desk().approve(about, 'a.5', A)).code, 'decide.same-person');
      assert.equal(decided(await desk().approve(about, 'a.5', B)).state, 'asking');
      const done = decided(await desk().approve(about, 'a.5', C));

      assert.equal(done.state, 'executing');
      assert.deepEqual(
        done.decisions.map(({ awaits }) => awaits !== undefined),
        [true, true, false],
      );
      assert.equal((await runs(about)).length, 1);
      assert.equal((await runs(about))[0]?.decision, 2);
      const facts = (await trail(about)).map((entry) => [entry.facts.event, entry.facts.awaits ?? false]);
      const events = facts.filter(([event]) => event !== undefined);
      assert.deepEqual(events.slice(-3), [
        ['signed', true],
        ['signed', true],
        ['approved', false],
      ]);
    });

    for (const count of [2, 3, 10])
      it(`of ${count} people at once are all counted, and what they decide is done once`, async () => {
        const asked = people.slice(0, count);
        const about = await open(asked, { kind: 'everyone' });

        const claims = await Promise.all(asked.map((who) => desk().approve(about, 'a.5', who)));

        const states = claims.map((claim) => decided(claim).state);
        assert.equal(states.filter((state) => state === 'executing').length, 1);
        const after = await desk().now(about);
        assert.deepEqual(new Set(after.decisions.map(({ by }) => by.id)), new Set(asked));
        assert.equal(after.decisions.filter(({ awaits }) => awaits === undefined).length, 1);
        assert.equal((await runs(about)).length, 1);
      });

    for (const [what, change] of [
      ['what it says', { says: ['Does a.5, and forty more things.'] }],
      ['what it stands for', { basis: { of: 'something else' } }],
      ['what it is done to', { target: bucket('contoso-payroll') }],
    ] as const)
      it(`count no more once ${what} has changed, and the reader is told whose`, async () => {
        const about = await open([A, B, C], { kind: 'quorum', of: 2 });
        decided(await desk().approve(about, 'a.5', A));
        const { store } = desk().parts();
        const stored = await store.readCase(about.id);
        assert.ok(stored?.question);
        const offers = stored.question.offers.map((offer) => ({
          ...offer,
          actions: offer.actions.map((one) => ({ ...one, ...change })),
        }));
        const question = { ...stored.question, offers };
        await store.transact((tx) => tx.saveCase({ ...stored, version: stored.version + 1, question }));

        const second = decided(await desk().approve(about, 'a.5', B));

        assert.equal(second.state, 'asking');
        assert.deepEqual(await runs(about), []);
        const now = (await store.readCase(about.id)) ?? assert.fail();
        assert.deepEqual(
          [signaturesOf(now), outdatedSignaturesOf(now)].map((some) => some.map(({ by }) => by.id)),
          [[B], [A]],
        );
        const words = signatureLines(now, { now: second.updatedAt, mayAnswer: true }).map(english);
        assert.match(
          words[0] ?? '',
          new RegExp(`^What ${A} .* agreed to has changed since: it no longer counts`),
        );
        const done = decided(await desk().approve(about, 'a.5', C));
        assert.equal(done.state, 'executing');
        assert.deepEqual(decidersOf((await store.readCase(about.id)) ?? assert.fail()), [C, B]);
      });

    it('of ten people at once under a quorum of three decide by three, and tell the rest who', async () => {
      const about = await open(people, { kind: 'quorum', of: 3 });

      const claims = await Promise.all(people.map((who) => desk().approve(about, 'a.5', who)));

      assert.equal(claims.filter(({ kind }) => kind === 'decided').length, 3);
      for (const late of claims.filter(({ kind }) => kind === 'refused'))
        assert.match(refusal(late).say, /^Already decided by /);
      assert.equal((await runs(about)).length, 1);
    });

    it('of one person pressing ten times at once are one', async () => {
      const about = await open([A, B], { kind: 'everyone' });

      const claims = await Promise.all(people.map(() => desk().approve(about, 'a.5', A)));

      assert.equal(claims.filter(({ kind }) => kind === 'decided').length, 1);
      assert.equal((await desk().now(about)).decisions.length, 1);
      assert.deepEqual(await runs(about), []);
    });

    it('that differ, given at once, are handed over or agreed on, and never decide by halves', async () => {
      for (let turn = 0; turn < 5; turn++) {
        const about = await open([A, B], { kind: 'quorum', of: 2 });
        const answers: readonly (readonly [Partial<Answer>, UserId])[] = [
          [{ offer: 'a.5' }, A],
          [{ verb: 'dismiss' }, B],
        ];
        await Promise.all(answers.map(([answer, who]) => desk().answer(about, answer, who)));

        const after = await desk().now(about);
        assert.equal(after.state, 'routing');
        assert.match(after.toSecurity ?? '', /They do not agree, so the security team decides\.$/);
        for (const who of [A, B]) assert.ok(after.toSecurity?.includes(who));
        assert.deepEqual(await runs(about), []);
        await desk().askAgain(about);
        assert.equal(decided(await desk().approve(about, 'a.5', SECURITY)).state, 'executing');
      }
    });

    it('ask the security team as well, in a card of their own, where too few were asked', async () => {
      const about = await open([A, B], { kind: 'quorum', of: 3 });
      await due();

      const first = decided(await desk().approve(about, 'a.5', A));

      assert.equal(first.state, 'asking');
      assert.deepEqual(first.question?.beside, [person(B), { kind: 'security' }]);
      const asks = (await due()).filter(({ kind }) => kind === 'ask');
      assert.deepEqual(
        asks.map(({ key }) => key),
        [`${about.question?.id} security 0`],
      );
      assert.equal(decided(await desk().approve(about, 'a.5', B)).state, 'asking');
      assert.equal(decided(await desk().approve(about, 'a.5', SECURITY)).state, 'executing');
    });

    it('of somebody who has come under question since count no more', async () => {
      const about = await open([A, B, C], { kind: 'quorum', of: 2 });
      decided(await desk().approve(about, 'a.5', A));
      await desk().open([offerOf('c.5')], { subject: { id: A, name: 'A', userPrincipalName: 'a@x' } });

      assert.equal(decided(await desk().approve(about, 'a.5', B)).state, 'asking');
      assert.equal(decided(await desk().approve(about, 'a.5', C)).state, 'executing');
    });

    it('are the same by every verb that can take several', async () => {
      const first = await open([A, B], { kind: 'everyone' });
      assert.equal(decided(await desk().answer(first, { verb: 'dismiss' }, A)).state, 'asking');
      assert.equal(decided(await desk().answer(first, { verb: 'dismiss' }, B)).state, 'dismissed');
      const second = await open([A, B], { kind: 'everyone' });
      assert.equal(decided(await desk().answer(second, { verb: 'escalate' }, A)).state, 'routing');
      const contained = { decision: 0, at: '2026-11-21T09:00:00.000Z' };
      const third = await open([A, B], { kind: 'everyone' }, { containedFirst: contained });
      assert.equal(decided(await desk().answer(third, { verb: 'keep' }, A)).state, 'asking');
      assert.equal(decided(await desk().answer(third, { verb: 'keep' }, B)).state, 'contained');
    });

    describe('that are taken back', () => {
      const back = (about: Case, who: UserId, over: Partial<Answer> = {}) =>
        desk().answer(about, { verb: 'correct', ...over }, who);

      it('count no more, and leave what others have signed', async () => {
        const about = await open([A, B, C], { kind: 'quorum', of: 3 });
        decided(await desk().approve(about, 'a.5', A));
        decided(await desk().approve(about, 'a.5', B));

        assert.equal(
          decided(await back(about, A, { questionId: about.question?.id ?? null })).state,
          'asking',
        );

        assert.equal(decided(await desk().approve(about, 'a.5', C)).state, 'asking');
        assert.equal(decided(await desk().approve(about, 'a.5', A)).state, 'executing');
      });

      it('are taken back as well where the security team has the question by now, which reads it', async () => {
        const about = await open([A], { kind: 'first' }, { severity: 'high' });
        decided(await desk().answer(about, { verb: 'dismiss' }, A));
        await desk().askAgain(about);

        const withdrawn = decided(await back(about, A, { questionId: about.question?.id ?? null }));

        assert.match(withdrawn.question?.reason ?? '', / took back what they had answered\.$/);
        assert.equal(decided(await desk().answer(about, { verb: 'dismiss' }, SECURITY)).state, 'asking');
      });

      it('are nothing that somebody has who signed nothing, and are not taken back twice', async () => {
        const about = await open([A, B], { kind: 'everyone' });
        assert.equal(refusal(await back(about, B)).code, 'decide.nothing-to-correct');
        decided(await desk().approve(about, 'a.5', A));
        assert.match(refusal(await back(about, B)).say, /no answer of yours waits/);
        decided(await back(about, A));

        assert.equal((await back(about, A)).kind, 'refused');
      });

      it('are those of an undo as well', async () => {
        const about = await desk().open([offerOf('a.5')], { severity: 'high' });
        decided(await desk().approve(about, 'a.5'));
        const [store] = desk().stores;
        const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
        assert.ok(store && step);
        await desk().run(step, store);
        decided(await desk().answer(about, { verb: 'undo' }, MANAGER));

        assert.equal(decided(await back(about, MANAGER)).state, 'contained');
        assert.equal(decided(await desk().answer(about, { verb: 'undo' }, SECURITY)).state, 'contained');
      });
    });

    describe('for "expected until"', () => {
      const expect = (about: Case, who: UserId, until?: string) =>
        desk().answer(about, { verb: 'dismiss', ...(until && { until }) }, who);
      const inForce = async () => {
        const [store] = desk().stores;
        return (await store?.exceptionsInForce('2026-11-21T10:00:00.000Z')) ?? [];
      };

      it('keep the earliest of the dates', async () => {
        const about = await open([A, B], { kind: 'everyone' });
        decided(await expect(about, A, '2026-12-01T00:00:00.000Z'));
        assert.deepEqual(await inForce(), [], 'one of two');
        decided(await expect(about, B, '2026-12-24T00:00:00.000Z'));

        assert.deepEqual(
          (await inForce()).map(({ until }) => until),
          ['2026-12-01T00:00:00.000Z'],
        );
      });

      it('leave none where one of them named no date', async () => {
        for (const dates of [
          ['2026-12-01T00:00:00.000Z', undefined],
          [undefined, '2026-12-01T00:00:00.000Z'],
        ] as const) {
          const about = await open([A, B], { kind: 'everyone' });
          decided(await expect(about, A, dates[0]));
          assert.equal(decided(await expect(about, B, dates[1])).state, 'dismissed');
        }
        assert.deepEqual(await inForce(), []);
      });
    });

    describe('for an undo of high severity', () => {
      const contained = async (severity: Case['severity'] = 'high'): Promise<Case> => {
        const about = await desk().open([offerOf('a.5')], { severity });
        decided(await desk().approve(about, 'a.5'));
        const [store] = desk().stores;
        const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
        assert.ok(store && step);
        await desk().run(step, store);
        return desk().now(about);
      };
      const undo = (about: Case, who: UserId, over: Partial<Answer> = {}) =>
        desk().answer(about, { verb: 'undo', ...over }, who);

      it('are two, of different people: the first changes nothing and shows it to the security team', async () => {
        const about = await contained();
        await due();

        const first = decided(await undo(about, MANAGER));

        assert.equal(first.state, 'contained');
        assert.deepEqual(
          (await due()).filter(({ kind }) => kind === 'tell' || kind === 'revert').map(({ kind }) => kind),
          ['tell'],
        );
        assert.equal(refusal(await undo(about, MANAGER)).code, 'decide.same-person');
        const second = decided(await undo(about, SECURITY));
        assert.equal(second.state, 'undoing');
        assert.ok((await due()).some(({ kind }) => kind === 'revert'));
      });

      it('are one where the severity is lower', async () => {
        assert.equal(decided(await undo(await contained('medium'), MANAGER)).state, 'undoing');
      });

      it('are two however low it is, where more than what was done would be taken off somebody', async () => {
        const about = await contained('low');
        const undoneBy = (who: UserId) =>
          desk().answer(about, { verb: 'undo' }, who, { undoLetsIn: () => true });

        const first = decided(await undoneBy(MANAGER));

        assert.equal(first.state, 'contained');
        assert.match(
          english(first.decisions.at(-1)?.awaits ?? ''),
          /One more person .* always takes two people\.$/,
        );
        assert.equal(decided(await undoneBy(SECURITY)).state, 'undoing');
      });

      it('are two for "expected" as well, where that puts such a thing back', async () => {
        const about = await contained('low');
        const [run] = (await desk().stores[0]?.runsOf(about.id)) ?? [];
        const asking: Case = {
          ...about,
          version: about.version + 1,
          state: 'asking',
          containedFirst: { decision: run?.decision ?? 0, at: about.updatedAt },
        };
        await desk().stores[0]?.transact((tx) => tx.saveCase(asking));
        const expected = (who: UserId, letsIn: boolean) =>
          desk().answer(asking, { verb: 'dismiss' }, who, { undoLetsIn: () => letsIn });

        const first = decided(await expected(MANAGER, true));
        assert.notEqual(first.state, 'undoing');
        assert.match(
          english(first.decisions.at(-1)?.awaits ?? ''),
          /One more person .* always takes two people\.$/,
        );
      });

      it('are counted both where they are given at once', async () => {
        const about = await contained();

        const both = await Promise.all([MANAGER, SECURITY].map((who) => undo(about, who)));

        assert.deepEqual(both.map((claim) => decided(claim).state).toSorted(), ['contained', 'undoing']);
      });

      it('count from the last change of state on', async () => {
        const about = await contained();
        const signed = decided(await undo(about, MANAGER));
        const asking = { ...signed, version: signed.version + 1, state: 'asking' as const };
        await desk().stores[0]?.transact((tx) => tx.saveCase(asking));
        decided(await desk().answer(asking, { verb: 'escalate' }, MANAGER));
        const back = { ...(await desk().now(about)), state: 'contained' as const };
        await desk().stores[0]?.transact((tx) => tx.saveCase({ ...back, version: back.version + 1 }));

        assert.equal(decided(await undo(about, SECURITY)).state, 'contained');
        assert.equal(decided(await undo(about, MANAGER)).state, 'undoing');
      });

      it('lapse after a week, and are given anew', async () => {
        const about = await contained();
        decided(await undo(about, MANAGER));
        desk().time += 7 * 86_400_000 + 1;

        assert.equal(decided(await undo(about, SECURITY)).state, 'contained');
        assert.equal(decided(await undo(about, MANAGER)).state, 'undoing');
      });

      it('are of exactly what would be undone as it was shown, and of nothing else', async () => {
        const about = await contained();
        decided(await undo(about, MANAGER));
        const [store] = desk().stores;
        const [run] = await runs(about);
        assert.ok(store && run);
        await store.transact((tx) =>
          tx.saveRun({ ...run, id: '00000000-0000-4000-8000-0000000000aa' as RunId, position: 7 }),
        );

        assert.equal(decided(await undo(about, SECURITY)).state, 'contained');
        const signed = await desk().now(about);
        const undoConflicts = [{ run: run.id, over: 'digest', says: ['The policy was changed since.'] }];
        await store.transact((tx) => tx.saveCase({ ...signed, version: signed.version + 1, undoConflicts }));
        assert.equal(decided(await undo(about, MANAGER)).state, 'contained');
        assert.equal(decided(await undo(about, SECURITY)).state, 'undoing');
      });

      it('are not asked for what cannot be undone anyway', async () => {
        const about = await contained();
        const never = await desk().answer(about, { verb: 'undo' }, MANAGER, { canUndo: () => false });

        assert.equal(refusal(never).code, 'decide.nothing-to-undo');
      });
    });
  });
});
