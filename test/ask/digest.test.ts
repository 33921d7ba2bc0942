// A flood of questions to one reader is one card: what is asked, what it shows, and how often it is sent and edited.
import assert from 'node:assert/strict';
import { askStep } from '../../src/case/ask-step.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { QuestionId } from '../../src/case/ids.ts';
import { isoTime } from '../../src/ports/clock.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { type Desk, decided, onBothDatabases } from '../decide/desk.ts';
import { actor, MANAGER, SECURITY, STRANGER, settings } from '../helpers/cases.ts';
import { createDigestStage, type DigestStage, drawn, linesOf, unavailable } from './digest-stage.ts';

const MINUTE = 60_000;

describe('a flood of questions to one reader', () => {
  onBothDatabases((desk: () => Desk) => {
    let stage: DigestStage;
    beforeEach(() => {
      stage = createDigestStage(desk);
    });
    const store = () => desk().stores[0] ?? assert.fail();
    const latest = async () =>
      (await store().transact((tx) => tx.digests.latestOf(MANAGER))) ?? assert.fail();
    const copiesOf = async (cases: readonly Case[]) =>
      (await Promise.all(cases.map(({ id }) => store().copiesOf(id)))).flat();
    const change = (about: Case): Promise<Case> =>
      store().transact(async (tx) => {
        const current = (await tx.lockCase(about.id)) ?? assert.fail();
        const note = { kind: 'subject.stated', actor: SYSTEM, facts: {} };
        const patch = { seen: current.seen + 1 };
        return commitTransition(tx, current, {
          event: 'signed',
          at: isoTime({ now: () => desk().time }),
          patch,
          note,
        });
      });

    it('is five cards and one list of the other thirty-five, with two replicas at it', async () => {
      const cases = await stage.flood(40);

      await stage.pass(MINUTE);

      const lines = (await copiesOf(cases)).filter((copy) => copy.digest);
      assert.equal(stage.sends(), 6);
      assert.equal(lines.length, 35);
      assert.equal(new Set(lines.map(({ activityId }) => activityId)).size, 1);
      assert.equal(stage.digest().card.data.headline, '35 questions for you');
      assert.ok(stage.edits() <= 3, `${stage.edits()} edits`);
    });

    it('asks as many as the settings allow by cards of their own', async () => {
      await stage.flood(settings.asking.digest.after);
      await stage.pass(MINUTE);

      assert.equal(stage.sends(), 5);
      assert.deepEqual(stage.digests(), []);
    });

    it('shows undecided ones first and the most severe of them on top, and says how many there are besides', async () => {
      await stage.flood(5);
      await stage.pass(1_000);
      const cases = await stage.flood(12, (index) => ({ severity: index === 11 ? 'critical' : 'low' }));
      await stage.pass(MINUTE);

      const { card } = stage.digest();
      assert.equal(linesOf(card).length, 8);
      assert.equal(linesOf(card)[0]?.ref, cases[11]?.ref);
      assert.match(String(card.data.further), /^And 4 more: they move up/);
    });

    it('edits the list a few times for a hundred changes, and ends with the truth', async () => {
      const cases = (await stage.flood(15)).slice();
      await stage.pass(MINUTE);
      const lines = (await copiesOf(cases)).filter((copy) => copy.digest).map(({ caseId }) => caseId);
      const before = stage.edits();

      for (let round = 0; round < 10; round++) {
        await Promise.all(cases.filter(({ id }) => lines.includes(id)).map(change));
        await stage.work();
        desk().time += 100;
      }
      await stage.pass(MINUTE);

      assert.ok(stage.edits() - before <= 4, `${stage.edits() - before} edits`);
      for (const copy of (await copiesOf(cases)).filter(({ digest }) => digest))
        assert.equal(copy.shownVersion, 12);
      assert.match(JSON.stringify(linesOf(stage.digest().card)), /11 times/);
    });

    it('goes on after a restart where it stood, and puts no question twice', async () => {
      const cases = await stage.flood(20);
      await stage.work();
      await desk().restart();

      await stage.pass(MINUTE);

      assert.equal(stage.sends(), 6);
      assert.equal((await copiesOf(cases)).length, 20);
    });

    it('leaves a second list where the answer to the first was lost; pressed, that one is kept true and the other points to it', async () => {
      const cases = await stage.flood(5);
      await stage.pass(1_000);
      cases.concat(await stage.flood(4));
      stage.loses.push(unavailable());
      await stage.pass(MINUTE);
      const [[lost, card] = assert.fail(), [kept] = assert.fail()] = stage.digests();
      assert.equal(stage.sends(), 7);

      const [line] = linesOf(card);
      const about = (await store().findCase(line?.ref ?? '')) ?? assert.fail();
      await stage.click(card, 'dismiss', about, { activityId: lost });
      await stage.pass(MINUTE);

      assert.match(String(stage.cards.get(kept)?.card.data.headline), /moved further down/);
      assert.equal(stage.digest().activityId, lost);
      assert.equal(stage.digest().card.data.headline, '3 questions for you');
    });

    it('asks the next question by a card of its own once the flood is over', async () => {
      await stage.flood(8);
      await stage.pass(settings.asking.digest.withinMs + MINUTE);
      await stage.flood(1);
      await stage.pass(MINUTE);

      assert.equal(stage.sends(), 7);
      assert.equal(stage.digest().card.data.headline, '3 questions for you');
    });

    it('sends the list anew where a new flood joins it, because an edit notifies nobody', async () => {
      await stage.flood(8);
      await stage.pass(settings.asking.digest.withinMs + MINUTE);
      await stage.flood(7);
      await stage.pass(MINUTE);

      assert.equal(stage.sends(), 6 + 5 + 1);
      assert.equal(stage.digest().card.data.headline, '5 questions for you');
      assert.equal(stage.digests().length, 2);
    });

    it('begins another list once all of the first is settled', async () => {
      await stage.flood(7);
      await stage.pass(1_000);
      await stage.pass(5_000);
      const { card } = stage.digest();
      await stage.click(card, 'digest-dismiss-all');
      await stage.flood(2);
      await stage.pass(MINUTE);

      const headlines = stage.digests().map(([, { data }]) => data.headline);
      assert.deepEqual(headlines, ['Nothing here waits for you any more', '2 questions for you']);
    });

    it('brings the list down for what cannot wait', async () => {
      await stage.flood(8);
      await stage.pass(2 * MINUTE);
      await stage.flood(1, () => ({ severity: 'critical' }));
      await stage.pass(MINUTE);

      assert.equal(stage.digests().length, 2);
      assert.equal(stage.sends(), 7);
    });

    describe('whose earlier card does not take that it has moved', () => {
      const HOUR = 60 * MINUTE;
      /** The earlier card, and the new one. */
      const moveDown = async (error: CountersignError) => {
        await stage.flood(8);
        await stage.pass(2 * MINUTE);
        const { activityId: earlier } = stage.digest();
        const held = { error, tries: 0 };
        stage.stuck.set(earlier, held);
        const [urgent] = await stage.flood(1, () => ({ severity: 'critical' }));
        return { earlier, held, urgent: urgent ?? assert.fail() };
      };
      const slow = (retryAfterMs?: number) =>
        new CountersignError('teams.throttled', 'Too many.', {
          ...{ retryable: true, ...(retryAfterMs && { retryAfterMs }) },
        });
      const isMoved = (activityId: string) =>
        /moved further down/.test(String(stage.cards.get(activityId)?.card.data.headline));

      it('is tried ever more rarely, and the good card is not edited for it', async () => {
        const { held } = await moveDown(slow());
        await stage.pass(MINUTE);
        const before = stage.edits() - held.tries;

        await stage.pass(HOUR);

        assert.ok(held.tries > 5 && held.tries < 12, `${held.tries} tries`);
        assert.equal(stage.edits() - held.tries, before);
      });

      it('is tried no sooner than Teams asks for', async () => {
        const { held } = await moveDown(slow(10 * MINUTE));

        await stage.pass(9 * MINUTE);
        assert.equal(held.tries, 1);
        await stage.pass(2 * MINUTE);
        assert.equal(held.tries, 2);
      });

      it('is pointed down once Teams takes it, also after a restart, though nothing else happens', async () => {
        const { earlier, held } = await moveDown(slow());
        await stage.pass(MINUTE);
        await desk().restart();
        stage.stuck.clear();

        await stage.pass(3 * MINUTE);

        assert.ok(held.tries > 0);
        assert.ok(isMoved(earlier));
        assert.deepEqual((await latest()).moved, []);
      });

      it('is left alone where no later try will do', async () => {
        const { held } = await moveDown(new CountersignError('teams.refused', 'Too old to edit.'));

        await stage.pass(HOUR);

        assert.equal(held.tries, 1);
        assert.deepEqual((await latest()).moved, []);
      });

      it('is not tried for ever', async () => {
        const { held } = await moveDown(slow());

        await stage.pass(48 * HOUR);

        assert.equal(held.tries, 24);
        assert.equal(await store().nextDueInMs(), null);
      });

      it('holds up no line', async () => {
        const { urgent } = await moveDown(slow());

        await stage.pass(5_000);

        const [copy] = (await copiesOf([urgent])).filter(({ digest }) => digest);
        assert.ok(copy && copy.activityId === (await latest()).place?.activityId);
      });

      it('is the list again where it was pressed while it was being told', async () => {
        const { earlier } = await moveDown(slow());
        await stage.pass(10_000);
        const list = await latest();
        stage.stuck.clear();
        stage.during = async () => {
          stage.during = undefined;
          await stage.doors(store()).digests.adopt(list, actor(MANAGER), earlier);
        };

        await stage.pass(3 * MINUTE);

        assert.equal(stage.during, undefined);
        assert.equal((await latest()).place?.activityId, earlier);
        assert.equal(stage.digest().activityId, earlier);
      });
    });

    it('reminds of all its lines by one card, not of each by one', async () => {
      const cases = await stage.flood(15);
      await stage.pass(4 * 60 * MINUTE);
      const lines = new Set(
        (await copiesOf(cases)).filter((copy) => copy.digest).map(({ caseId }) => caseId),
      );
      const before = stage.sends();

      for (const about of cases.filter(({ id }) => lines.has(id))) await stage.remind(about, 1);
      await stage.pass(MINUTE);

      assert.equal(stage.sends() - before, 1);
      assert.equal(stage.digest().card.data.headline, '10 questions for you');
    });

    describe('that nobody answers', () => {
      const HOUR = 60 * MINUTE;
      const DAY = 24 * HOUR;
      /** Each of the questions with a card of its own, an hour apart. */
      const slowly = async (count: number, over?: (index: number) => Partial<Case>) => {
        const cases: Case[] = [];
        for (let index = 0; index < count; index++) {
          cases.push(...(await stage.flood(1, () => over?.(index) ?? {})));
          await stage.pass(HOUR);
        }
        return cases;
      };
      const remindOf = async (cases: readonly Case[], reminder: number) => {
        for (const about of cases) {
          await stage.remind(about, reminder);
          await stage.pass(20 * MINUTE);
        }
      };
      const shownOn = (card: CardContent) => JSON.stringify([card.data.lines, card.data.further]);

      it('becomes one list that names every open question, once reminders would make too many cards of a day', async () => {
        const cases = await slowly(12);
        const before = stage.sends();

        await remindOf(cases, 1);

        assert.ok(stage.sends() - before <= 4, `${stage.sends() - before} cards`);
        const { card } = stage.digest();
        assert.equal(card.data.headline, '12 questions for you');
        for (const { ref } of cases) assert.ok(shownOn(card).includes(ref), ref);
      });

      it('brings one card a day from then on, however many there are', async () => {
        const cases = await slowly(12);
        await remindOf(cases, 1);

        for (let day = 2; day < 7; day++) {
          await stage.pass(DAY - 12 * 20 * MINUTE);
          const before = stage.sends();
          await remindOf(cases, day);
          assert.equal(stage.sends() - before, 1, `on day ${day}`);
        }
        assert.equal(stage.digest().card.data.headline, '12 questions for you');
      });

      it('stays a card each where there are few', async () => {
        const cases = await slowly(2);
        const before = stage.sends();

        await remindOf(cases, 1);

        assert.equal(stage.sends() - before, 2);
        assert.deepEqual(stage.digests(), []);
      });

      it('counts a reminder once, however often its sending is tried', async () => {
        const [one, two] = await slowly(2);
        assert.ok(one && two);
        for (let times = 0; times < 10; times++)
          stage.refuses.push(new CountersignError('teams.throttled', 'Too many.', { retryable: true }));

        await remindOf([one, two], 1);

        assert.equal(stage.sends(), 4);
        assert.deepEqual(stage.digests(), []);
      });

      it('lists what comes later as well, and leaves out what was answered', async () => {
        const cases = await slowly(12);
        await remindOf(cases, 1);
        const [first] = cases;
        decided(await desk().answer(first ?? assert.fail(), { verb: 'dismiss' }));
        const [late] = await slowly(1);
        await remindOf([late ?? assert.fail()], 1);

        const { card } = stage.digest();
        assert.equal(card.data.headline, '12 questions for you');
        assert.ok(late && shownOn(card).includes(late.ref));
      });

      it('leaves the cards that were sent before as good as they were', async () => {
        const cases = await slowly(12);
        await remindOf(cases, 1);

        const own = (await copiesOf(cases)).filter(({ digest }) => !digest);
        assert.ok(own.length >= 12, `${own.length} cards`);
      });
    });

    it('keeps a case that is asked anew on its line, and brings the list down for it', async () => {
      await stage.flood(5);
      await stage.pass(1_000);
      const [one] = await stage.flood(1);
      assert.ok(one);
      await stage.pass(2 * MINUTE);
      decided(await desk().answer(one, { verb: 'escalate' }));
      const again = await store().transact(async (tx) => {
        const current = (await tx.lockCase(one.id)) ?? assert.fail();
        const question = { ...(one.question ?? assert.fail()), id: 'asked anew' as QuestionId };
        return commitTransition(tx, current, {
          event: 'asked',
          at: isoTime({ now: () => desk().time }),
          patch: { question },
          steps: [askStep(question.id, MANAGER)],
          note: { kind: 'question.asked', actor: SYSTEM, facts: {} },
        });
      });
      await stage.pass(MINUTE);

      assert.equal(stage.sends(), 7);
      const { card } = stage.digest();
      assert.equal(card.data.headline, '1 question for you');
      assert.equal(linesOf(card).length, 1);
      const copies = (await copiesOf([again])).filter(({ digest }) => digest);
      assert.deepEqual(
        copies.map(({ questionId }) => questionId),
        ['asked anew'],
      );
    });

    it('says what has become of a line that was answered, handed over or asked anew elsewhere', async () => {
      await stage.flood(5);
      await stage.pass(1_000);
      const [one, two, three] = await stage.flood(4);
      assert.ok(one && two && three);
      await stage.pass(MINUTE);

      decided(await desk().answer(one, { verb: 'dismiss' }));
      decided(await desk().answer(two, { verb: 'escalate' }));
      decided(await desk().answer(three, { verb: 'approve', offer: 'mend.3' }, SECURITY));
      await stage.pass(MINUTE);

      const { card } = stage.digest();
      const outcomeOf = (about: Case) => linesOf(card).find(({ ref }) => ref === about.ref)?.outcome;
      assert.equal(card.data.headline, '1 question for you');
      assert.match(outcomeOf(one) ?? '', /^Expected, says/);
      assert.match(outcomeOf(two) ?? '', /handed this to the security team/);
      assert.match(outcomeOf(three) ?? '', /chose "Do mend\.3"\. Working on it\./);
    });

    it('moves every question on where its reader can no longer be reached', async () => {
      await stage.flood(5);
      await stage.pass(1_000);
      const cases = await stage.flood(3);
      for (let times = 0; times < 4; times++)
        stage.refuses.push(new CountersignError('teams.unreachable', 'blocked'));
      await stage.pass(MINUTE);

      for (const about of cases) assert.equal((await desk().now(about)).state, 'routing');
      assert.deepEqual(stage.digests(), []);
    });

    it('moves a question on where the list is found to be gone, and its reader with it', async () => {
      await stage.flood(5);
      await stage.pass(1_000);
      const [one] = await stage.flood(2);
      assert.ok(one);
      await stage.pass(MINUTE);
      stage.cards.delete(stage.digest().activityId);
      for (let times = 0; times < 8; times++)
        stage.refuses.push(new CountersignError('teams.unreachable', 'blocked'));

      await change(one);
      await stage.pass(MINUTE);

      assert.equal((await desk().now(one)).state, 'routing');
    });

    it('keeps no card true that was passed on to where others read along', async () => {
      await stage.flood(7);
      await stage.pass(MINUTE);
      const { activityId, card } = stage.digest();
      const list = (await store().transact((tx) => tx.digests.latestOf(MANAGER))) ?? assert.fail();
      const { adopt } = stage.doors(store()).digests;

      const conversation = { id: '19:others@thread.tacv2', serviceUrl: 'https://teams.example' };
      await adopt(list, { ...actor(MANAGER), conversation }, 'elsewhere');

      assert.equal(card.data.digest, list.id);
      const after = await store().transact((tx) => tx.digests.find(list.id));
      assert.equal(after?.place?.activityId, activityId);
    });

    it('stays within what Teams takes, whatever the names', async () => {
      const nasty = `[x](https://evil.example)${'🦜"\\*'.repeat(400)}`;
      await stage.flood(30, () => ({
        severity: 'low',
        subject: { id: STRANGER, name: nasty, userPrincipalName: 'x@contoso.example' },
        targets: [{ kind: 'bucket', account: '123456789012', region: 'eu-central-1', name: nasty }],
        question: {
          ...{
            approver: { kind: 'person', id: MANAGER, name: nasty },
            path: [],
            reason: nasty,
            withheld: [],
          },
          id: 'x' as never,
          askedAt: '2026-11-21T10:00:00.000Z',
          offers: [
            {
              ...{ key: 'k'.repeat(60), label: nasty, left: [] },
              actions: [
                {
                  ...{ action: 'a', title: nasty, says: [nasty], undo: { possible: true, says: nasty } },
                  target: { kind: 'bucket', account: '123456789012', region: 'eu-central-1', name: nasty },
                },
              ],
            },
          ],
        },
      }));
      await stage.pass(MINUTE);

      const bytes = Buffer.byteLength(JSON.stringify(drawn(stage.digest().card)));
      assert.equal(linesOf(stage.digest().card).length, 8);
      assert.ok(bytes <= 28 * 1024, `${bytes} bytes`);
      const list = (await store().transact((tx) => tx.digests.latestOf(MANAGER))) ?? assert.fail();
      const worst = await stage.doors(store()).digests.draw(list, { notice: nasty });
      assert.ok(Buffer.byteLength(JSON.stringify(drawn(worst))) <= 28 * 1024);
    });
  });
});
