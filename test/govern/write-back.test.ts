// What is written to the alert where it came from: nobody in particular reads it there, so it is in the tenant's language.
import assert from 'node:assert/strict';
import type { Json } from '../../src/case/json.ts';
import type { Step } from '../../src/case/run.ts';
import { say } from '../../src/case/said.ts';
import { type WriteBackParts, writeBack } from '../../src/govern/write-back.ts';
import { aCase, settings } from '../helpers/cases.ts';
import { testWords } from '../helpers/english.ts';

const MARK = '[Countersign AB12CD34.7]';
const verdict = { status: 'resolved' };

describe('the comment on an alert', () => {
  const commentFrom = async (comment: Json, locale: string, known: readonly Json[] = [], dryRun = false) => {
    const comments: string[] = [];
    const parts = {
      store: {
        readCase: async () => aCase(),
        transact: (work: (tx: unknown) => Promise<unknown>) =>
          work({ assertLease: async () => {}, audit: async () => {}, finishStep: async () => {} }),
      },
      alerts: {
        read: async () => ({ comments: known }),
        setVerdict: async () => void (dryRun && comments.push('a verdict')),
        comment: async (_id: string, text: string) => void comments.push(text),
      },
      log: {},
      words: testWords,
      settings: { ...settings, locale, governance: { ...settings.governance, dryRun } },
    } as unknown as WriteBackParts;
    const body = { sourceId: 'alert-1', verdict, comment, mark: MARK };
    await writeBack({ body, attempts: 0 } as unknown as Step, parts);
    return comments;
  };
  const proof = say('govern.took-effect', { when: { time: '2026-11-21T10:00:00.000Z' }, says: 'Closed.' });

  it('is in the language of the tenant, with moments that other records have as well', async () => {
    assert.deepEqual(await commentFrom(['It was me.', proof], 'en-GB'), [
      `It was me. Took effect at 2026-11-21T10:00:00.000Z, checked twice. Closed. ${MARK}`,
    ]);
    assert.deepEqual(await commentFrom(['It was me.', proof], 'de-DE'), [
      `It was me. Wirksam seit 2026-11-21T10:00:00.000Z, zweimal geprüft. Closed. ${MARK}`,
    ]);
  });

  it('ends with its mark however long it is, and is not written twice', async () => {
    const [comment = ''] = await commentFrom(['x'.repeat(2_000)], 'en-GB');

    assert.equal(comment.length, 900 + 1 + MARK.length);
    assert.ok(comment.endsWith(MARK));
    assert.deepEqual(await commentFrom([proof], 'en-GB', [{ comment }]), []);
  });

  it('is left out, with the verdict, where this is a dry run by then', async () => {
    assert.deepEqual(await commentFrom([proof], 'en-GB', [], true), []);
  });

  it('is as it was noted where that was before there were languages', async () => {
    assert.deepEqual(await commentFrom(`Done. ${MARK}`, 'de-DE'), [`Done. ${MARK}`]);
  });
});
