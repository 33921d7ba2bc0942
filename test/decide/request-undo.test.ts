// What an undo is refused for at the claim, and what is left to the undo step.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import type { RunId } from '../../src/case/ids.ts';
import { MANAGER, SECURITY } from '../helpers/cases.ts';
import { decided, offerOf, onBothDatabases, refusal } from './desk.ts';

const DAY_MS = 86_400_000;

describe('the claim of an undo', () => {
  onBothDatabases((desk) => {
    async function contained(...actions: readonly string[]): Promise<Case> {
      const about = await desk().open([offerOf(...actions)]);
      decided(await desk().approve(about, offerOf(...actions).key));
      const [store] = desk().stores;
      const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
      assert.ok(store && step);
      await desk().run(step, store);
      return desk().now(about);
    }
    const undo = (about: Case, over = {}, who = MANAGER) =>
      desk().answer(about, { verb: 'undo', ...over }, who);
    const conflicted = async (about: Case): Promise<Case> => {
      const conflict = { run: 'run-1' as RunId, over: 'digest', says: ['The policy was changed since.'] };
      const next = { ...about, version: about.version + 1, undoConflicts: [conflict] };
      await desk().stores[0]?.transact((tx) => tx.saveCase(next));
      return next;
    };

    it('begins with what was done last', async () => {
      const about = await contained('a.9 one', 'b.1 two');

      assert.equal(decided(await undo(about)).state, 'undoing');
      const [step] = (await desk().stores[0]?.takeSteps(1, 60_000)) ?? [];
      const runs = await desk().stores[0]?.runsOf(about.id);
      assert.deepEqual([step?.kind, step?.key], ['revert', runs?.at(-1)?.id]);
    });

    it('leaves it to the undo step that another case relies on the target, so that it is shown', async () => {
      const about = await contained('a.5');
      await contained('b.5');

      assert.equal(decided(await undo(about)).state, 'undoing');
    });

    it('is refused in words once its time is over', async () => {
      const about = await contained('a.5');
      desk().time += 30 * DAY_MS + 1;

      assert.deepEqual(refusal(await undo(about)), {
        code: 'decide.undo-too-late',
        say: 'What was done could be undone for 30 days. That time is over, so nothing was changed.',
      });
      desk().time -= 1;
      assert.equal(decided(await undo(about)).state, 'undoing');
    });

    it('waits for the answer where a question is open again, and says so', async () => {
      const about = await contained('a.5');
      const asking = { ...about, state: 'asking', version: about.version + 1 } as const;
      await desk().stores[0]?.transact((tx) => tx.saveCase(asking));

      const { code, say } = refusal(await undo(asking));
      assert.equal(code, 'decide.question-first');
      assert.match(say, /Answer it first .* can be undone after that/);
      const closed = decided(await desk().answer(asking, { verb: 'dismiss' }));
      assert.equal(decided(await undo(closed)).state, 'undoing');
    });

    it('is refused in words where nothing can be put back, and in a dry run of the policy', async () => {
      const about = await contained('a.5');
      const never = { canUndo: () => false };
      const refused = await desk().answer(about, { verb: 'undo' }, MANAGER, never);
      assert.equal(refusal(refused).code, 'decide.nothing-to-undo');

      const { settings } = desk();
      const policies = { [about.policy.id]: { dryRun: true } };
      desk().settings = { ...settings, detection: { ...settings.detection, policies } };
      assert.equal(refusal(await undo(about)).code, 'decide.dry-run');
    });

    it('goes over what was changed since for the security role alone, and only once that was shown', async () => {
      const about = await contained('a.5');
      const anyway = { anyway: true } as const;
      assert.equal(refusal(await undo(about, anyway, SECURITY)).code, 'decide.no-conflict');
      const shown = await conflicted(about);

      assert.equal(refusal(await undo(shown, anyway, MANAGER)).code, 'decide.security-only');
      const undoing = decided(await undo(shown, anyway, SECURITY));
      assert.equal(undoing.decisions.at(-1)?.anyway, true);
      assert.deepEqual(undoing.undoConflicts, shown.undoConflicts, 'the undo step needs to know over what');
      const [last] = ((await desk().stores[0]?.entriesOf(about.id)) ?? []).slice(-1);
      assert.equal(last?.facts.anyway, true);
    });

    it('is a plain one without it, for whoever was asked', async () => {
      const shown = await conflicted(await contained('a.5'));

      const undoing = decided(await undo(shown));
      assert.equal(undoing.decisions.at(-1)?.anyway, undefined);
    });
  });
});
