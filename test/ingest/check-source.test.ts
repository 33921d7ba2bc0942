// An alert that is resolved where it came from ends the question, and never hides what was done here.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import type { Run } from '../../src/case/run.ts';
import { checkSource } from '../../src/ingest/check-source.ts';
import { decided, offerOf, onBothDatabases } from '../decide/desk.ts';
import { SECURITY } from '../helpers/cases.ts';
import { allEnglish } from '../helpers/english.ts';

const SOURCES = [{ source: 'graph' as const, sourceId: 'alert-1', resolved: false }];

describe('an alert that is resolved at its source', () => {
  onBothDatabases((desk) => {
    const store = () => desk().stores[0] ?? assert.fail();
    const saved = async (about: Case, over: Partial<Case>): Promise<Case> => {
      const current = await desk().now(about);
      await store().transact((tx) => tx.saveCase({ ...current, ...over, version: current.version + 1 }));
      return desk().now(about);
    };
    /** Asked again after a decision whose run ended like this. */
    async function askedAgain(state: Run['state']): Promise<Case> {
      const offer = offerOf('a.6 one');
      const about = await desk().open([offer], { sources: SOURCES });
      decided(await desk().approve(about, offer.key));
      for (const run of await store().runsOf(about.id))
        await store().transact((tx) =>
          tx.saveRun({
            ...run,
            ...{ state, says: `It is ${state}.`, before: {} },
            ...{ after: state === 'verified' ? {} : null, verifiedAt: new Date(desk().time).toISOString() },
          }),
        );
      for (const step of await store().takeSteps(10, 60_000))
        await store().transact((tx) => tx.finishStep(step));
      return saved(about, { state: 'asking' });
    }
    async function check(about: Case): Promise<Case> {
      await store().transact((tx) => tx.addStep(about.id, { kind: 'check-source', key: 'alert-1' }));
      const [step] = await store().takeSteps(1, 60_000);
      assert.ok(step);
      const clock = { now: () => desk().time };
      await checkSource(step, { store: store(), clock, isResolved: async () => true });
      return desk().now(about);
    }

    it('leaves a case contained where something stands, and undo and proposals stay possible', async () => {
      const about = await check(await askedAgain('verified'));

      assert.equal(about.state, 'contained');
      assert.deepEqual(allEnglish(about.outcome), [
        'The alert was resolved in Microsoft Defender, so there is nothing left to decide here.',
        'What was done before still stands:',
        'It is verified.',
      ]);
      assert.equal(decided(await desk().answer(about, { verb: 'undo' }, SECURITY)).state, 'undoing');
    });

    it('closes a case where nothing does', async () => {
      for (const state of ['failed', 'reverted', 'void'] as const) {
        const about = await check(await askedAgain(state));
        assert.equal(about.state, 'closed', state);
        assert.equal(about.outcome.length, 1);
      }
    });
  });
});
