// What an earlier decision did and still stands is hidden by no later one: on the card, in the undo, and at the alert's source.
import assert from 'node:assert/strict';
import { drawCase } from '../../src/ask/view.ts';
import type { Case } from '../../src/case/case.ts';
import type { Run } from '../../src/case/run.ts';
import { writeOut } from '../../src/case/written.ts';
import { takesFor } from '../../src/decide/takes.ts';
import { isoTime } from '../../src/ports/clock.ts';
import { MANAGER, SECURITY, TENANT } from '../helpers/cases.ts';
import { english, testWords } from '../helpers/english.ts';
import { decided, offerOf, onBothDatabases, refusal } from './desk.ts';

const GRAPH = [{ source: 'graph' as const, sourceId: 'alert-1', resolved: false }];
const DAY_MS = 86_400_000;

describe('what stands from an earlier decision', () => {
  onBothDatabases((desk) => {
    const store = () => desk().stores[0] ?? assert.fail();
    const card = async (about: Case, reader: string = SECURITY) => {
      const { settings, parts } = desk();
      const { clock, canUndo, undoLetsIn } = parts();
      const inTime = (run: Run) =>
        canUndo(run) && Date.parse(run.verifiedAt ?? '') + settings.governance.undoWindowMs >= clock.now();
      const current = await desk().now(about);
      const { data } = await drawCase(
        current,
        reader,
        {},
        {
          ...{
            store: store(),
            clock,
            settings,
            tenantId: TENANT,
            canUndo: inTime,
            undoLetsIn,
            takes: takesFor,
          },
          words: testWords,
          readerOf: async () => ({ locale: 'en-GB', timeZone: 'Europe/Berlin', now: isoTime(clock) }),
        },
      );
      return data as {
        heading: string;
        lines: readonly { text: string }[];
        undoSays: readonly { text: string }[];
        canUndo: boolean;
        canUndoAnyway: boolean;
        canCorrect: boolean;
      };
    };
    const linesOf = (about: { lines: readonly { text: string }[] }) => about.lines.map(({ text }) => text);
    /** As the runner ends it, with its proof as a line. */
    const end = async (about: Case, state: Run['state'], says: string, at = -1): Promise<Case> => {
      const run = (await store().runsOf(about.id)).at(at) ?? assert.fail();
      const current = await desk().now(about);
      await store().transact(async (tx) => {
        const verifiedAt = new Date(desk().time).toISOString();
        const proven = state === 'verified' || state === 'kept';
        await tx.saveRun({ ...run, state, says, before: {}, after: proven ? {} : null, verifiedAt });
        await tx.saveCase({ ...current, version: current.version + 1, outcome: [...current.outcome, says] });
      });
      return desk().now(about);
    };
    const into = async (about: Case, state: Case['state'], over: Partial<Case> = {}): Promise<Case> => {
      const current = await desk().now(about);
      await store().transact((tx) =>
        tx.saveCase({ ...current, ...over, state, version: current.version + 1 }),
      );
      return desk().now(about);
    };
    const offers = [offerOf('a.6 one'), offerOf('b.8 two')];
    /** The bucket was closed by a first decision, and the question goes on. */
    const begun = async (over: Partial<Case> = {}): Promise<Case> => {
      const about = await desk().open(offers, over);
      decided(await desk().approve(about, 'a.6'));
      await end(about, 'verified', 'One is closed.');
      return into(about, 'asking');
    };

    it('stays on the card through a second decision, and its undo is named beside the second one', async () => {
      const about = await begun();
      assert.deepEqual(decided(await desk().approve(about, 'b.8', SECURITY)).outcome, ['One is closed.']);
      await end(about, 'verified', 'Two is closed.');
      await into(about, 'contained');

      const drawn = await card(about);
      const lines = linesOf(drawn).join('\n');
      assert.match(lines, /One is closed\.\nTwo is closed\./);
      const undo = drawn.undoSays.map(({ text }) => text);
      assert.deepEqual(undo.slice(0, 2), ['one: Undo puts it back.', 'two: Undo puts it back.']);
    });

    it('keeps what is still to come true of it', async () => {
      const about = await begun();
      const [run] = await store().runsOf(about.id);
      assert.ok(run);
      await store().transact((tx) => tx.saveRun({ ...run, later: 'Not yet everywhere: wait an hour.' }));

      assert.deepEqual(decided(await desk().approve(about, 'b.8', SECURITY)).outcome, [
        'One is closed.',
        'Not yet everywhere: wait an hour.',
      ]);
    });

    it('is named without its name where one thing alone is taken back', async () => {
      const about = await begun();
      await into(about, 'contained');

      const { undoSays } = await card(about);
      assert.equal(undoSays[0]?.text, 'Undo puts it back.');
    });

    /** What is to be written to the alert: one step of a case is handed out at a time. */
    const writeBackOf = async () => {
      for (;;) {
        const [step] = await store().takeSteps(1, 60_000);
        assert.ok(step, 'nothing is written back');
        if (step.kind === 'write-back') return step.body;
        await store().transact((tx) => tx.finishStep(step));
      }
    };

    it('is what a case says that is closed as expected over it, and the comment at the alert as well', async () => {
      const about = await begun({ sources: GRAPH });
      const closed = decided(await desk().answer(about, { verb: 'dismiss' }));

      assert.deepEqual(closed.outcome, ['What was done before still stands:', 'One is closed.']);
      const comment = JSON.stringify(writeOut(await writeBackOf(), english));
      assert.match(comment, /What was done before still stands:","One is closed\./);
      const undoing = decided(await desk().answer(closed, { verb: 'undo' }));
      assert.deepEqual(undoing.outcome, ['One is closed.'], 'it is about to be undone');
    });

    it('is nothing where it was so already, only planned, or only told somebody', async () => {
      const told = offerOf('tell.0 one');
      const informs = {
        ...told,
        actions: told.actions.map((one) => ({ ...one, nature: 'informs' as const })),
      };
      const about = await desk().open([informs]);
      decided(await desk().approve(about, informs.key));
      await end(about, 'verified', 'Alex was asked.');
      await into(about, 'asking');

      assert.deepEqual(decided(await desk().answer(about, { verb: 'dismiss' })).outcome, [
        'Nothing was changed.',
      ]);
    });

    it('is not called a dry run because an earlier decision was one, and the other way round', async () => {
      const about = await desk().open(offers);
      decided(await desk().approve(about, 'a.6'));
      await end(about, 'dry-run', 'Dry run: nothing was changed.');
      await into(about, 'contained');
      assert.equal((await card(about)).heading, 'Dry run');

      await into(about, 'asking');
      decided(await desk().approve(about, 'b.8', SECURITY));
      await end(about, 'verified', 'Two is closed.');
      await into(about, 'contained');
      assert.equal((await card(about)).heading, 'Done');
    });

    it('is called partly done where a part failed, and partly undone where a part could not be put back', async () => {
      const both = offerOf('a.6 one', 'b.5 two');
      const about = await desk().open([both]);
      decided(await desk().approve(about, both.key));
      await end(about, 'verified', 'One is closed.', 0);
      await end(about, 'failed', 'Two was refused.', 1);
      await into(about, 'contained');
      assert.equal((await card(about)).heading, 'Partly done');

      await end(about, 'kept', 'Half of two is closed.', 1);
      assert.equal((await card(about)).heading, 'Partly done');

      await end(about, 'verified', 'Two is closed.', 1);
      decided(await desk().answer(about, { verb: 'undo' }));
      await end(about, 'reverted', 'It was put back.', 0);
      await into(about, 'contained');
      assert.equal((await card(about)).heading, 'Partly undone');
      await end(about, 'kept', 'Half of two was put back.', 1);
      assert.equal((await card(about)).heading, 'Partly undone');
    });

    it('is not called undone where something of it stands that has no way back', async () => {
      const both = offerOf('a.6 one', 'b.5 two');
      const about = await desk().open([both]);
      decided(await desk().approve(about, both.key));
      await end(about, 'verified', 'One is closed.', 0);
      await end(about, 'verified', 'They were signed out.', 1);
      await into(about, 'contained');
      decided(await desk().answer(about, { verb: 'undo' }));
      await end(about, 'reverted', 'It was put back.', 0);

      await into(about, 'undone');
      assert.equal((await card(about)).heading, 'Partly undone');
      await end(about, 'reverted', 'It was put back.', 1);
      assert.equal((await card(about)).heading, 'Undone');
    });

    it('is not called done, nor undone, where it was gone by the time it was to be put back', async () => {
      const about = await begun();
      await into(about, 'contained');
      decided(await desk().answer(about, { verb: 'undo' }));
      const [run] = await store().runsOf(about.id);
      assert.ok(run);
      await store().transact((tx) => tx.saveRun({ ...run, gone: true }));

      await into(about, 'undone');
      assert.equal((await card(about)).heading, 'Nothing was left to undo');
    });

    it('offers no Undo in a dry run that has begun since, says that it stands, and can be taken back', async () => {
      const about = await desk().open([offerOf('a.6 one')]);
      decided(await desk().approve(about, 'a.6'));
      await end(about, 'verified', 'One is closed.');
      await into(about, 'contained');
      const before = await card(about);
      assert.deepEqual([before.canUndo, before.canCorrect], [true, false]);

      const { settings } = desk();
      desk().settings = { ...settings, governance: { ...settings.governance, dryRun: true } };
      const stands =
        /What was done stands: it was done for real, and while this is a dry run nothing is undone\./;

      const after = await card(about);
      assert.deepEqual([after.canUndo, after.canCorrect, after.undoSays], [false, true, []]);
      assert.match(linesOf(after).join('\n'), stands);
      const refused = refusal(await desk().answer(about, { verb: 'undo' }));
      assert.equal(refused.code, 'decide.dry-run');
      assert.match(refused.say, stands);
      assert.equal(decided(await desk().answer(about, { verb: 'correct' })).state, 'routing');
    });

    it('is not offered to be undone over what changed since once its time is over', async () => {
      const about = await begun();
      const [run] = await store().runsOf(about.id);
      assert.ok(run);
      const undoConflicts = [{ run: run.id, over: 'digest', says: ['It was changed since.'] }];
      await into(about, 'contained', { undoConflicts });
      assert.equal((await card(about)).canUndoAnyway, true);

      desk().time += 30 * DAY_MS + 1;
      assert.equal((await card(about)).canUndoAnyway, false);
    });

    it('has no line of what was not touched that belongs to another question', async () => {
      const left = ['The bucket two is not in this account.'];
      const about = await desk().open([{ ...offerOf('a.6 one'), left }]);
      decided(await desk().approve(about, 'a.6'));
      await end(about, 'verified', 'One is closed.');
      const { question } = await desk().now(about);
      assert.ok(question);
      const anew = [{ ...offerOf('a.6 one'), left: ['The bucket is already private.'] }];
      await into(about, 'contained', { question: { ...question, offers: anew } });

      const lines = linesOf(await card(about, MANAGER)).join('\n');
      assert.match(lines, /Not touched: The bucket two is not in this account\./);
      assert.doesNotMatch(lines, /already private/);
    });
  });
});
