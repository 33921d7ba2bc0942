// What is less, or more, than it looks: a first signature, and an undo over what was changed since. Nobody may read it as a plain one.
import assert from 'node:assert/strict';
import { governanceLog } from '../../src/audit/governance-log.ts';
import { ocsfEvent } from '../../src/audit/ocsf.ts';
import type { Case } from '../../src/case/case.ts';
import type { RunId } from '../../src/case/ids.ts';
import { decisionWords } from '../../src/case/verdict.ts';
import { decided, offerOf, onBothDatabases } from '../decide/desk.ts';
import { MANAGER, SECURITY } from '../helpers/cases.ts';
import { english, testWords } from '../helpers/english.ts';

describe('an override in the governance log', () => {
  onBothDatabases((desk) => {
    const latest = async (about: Case) => {
      const entries = (await desk().stores[0]?.entriesOf(about.id)) ?? [];
      const record = governanceLog(about, [], entries, testWords).findLast(
        ({ event }) => event === 'decided',
      );
      assert.ok(record);
      assert.equal(ocsfEvent(record, about.severity).message, record.says.join(' '));
      return record.says;
    };
    const wordsOf = (about: Case): string => {
      const decision = about.decisions.at(-1);
      assert.ok(decision);
      return english(decisionWords(about, decision));
    };

    it('says of the first of two signatures that it is one, and why a second is needed', async () => {
      const offer = offerOf('let.1');
      const letsIn = {
        ...offer,
        actions: offer.actions.map((one) => ({ ...one, nature: 'lets-in' as const })),
      };
      const about = await desk().open([letsIn]);
      const asked = decided(await desk().approve(about, 'let.1', MANAGER));
      assert.deepEqual(await latest(about), [
        'approve let.1',
        `a signature, which decides nothing by itself: ${asked.decisions[0]?.awaits}`,
      ]);
      assert.match(wordsOf(asked), /chose "Do let\.1", as one of several, at/);

      await desk().askAgain(about);
      const confirmed = decided(await desk().approve(about, 'let.1', SECURITY));
      assert.deepEqual(await latest(about), ['approve let.1']);
      assert.doesNotMatch(wordsOf(confirmed), /one of several/);
    });

    it('says so of "expected" as well, where the severity takes two', async () => {
      const about = await desk().open([offerOf('a.5')], { severity: 'high' });
      decided(await desk().answer(about, { verb: 'dismiss' }, MANAGER));
      assert.deepEqual(await latest(about), [
        'dismiss',
        'a signature, which decides nothing by itself: One more person has to agree. From high severity that takes two people.',
      ]);

      await desk().askAgain(about);
      decided(await desk().answer(about, { verb: 'dismiss' }, SECURITY));
      assert.deepEqual(await latest(about), ['dismiss']);
    });

    it('tells an undo over what was changed since from a plain one, at the alert too', async () => {
      const offer = offerOf('a.5');
      const about = await desk().open([offer]);
      decided(await desk().approve(about, offer.key));
      const [store] = desk().stores;
      const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
      assert.ok(store && step);
      await desk().run(step, store);
      const done = await desk().now(about);
      const undoConflicts = [{ run: 'run-1' as RunId, over: 'digest', says: ['It was changed since.'] }];
      await store.transact((tx) => tx.saveCase({ ...done, undoConflicts, version: done.version + 1 }));

      const undoing = decided(await desk().answer(done, { verb: 'undo', anyway: true }, SECURITY));
      assert.deepEqual(await latest(about), ['undo anyway']);
      assert.match(wordsOf(undoing), /undone, even over what was changed since, at/);
    });
  });
});
