// What goes back to the alert where nobody has decided: never that somebody said so.
import assert from 'node:assert/strict';
import { type Case, type Decision, SYSTEM } from '../../src/case/case.ts';
import type { Said } from '../../src/case/said.ts';
import { decisionWords, type WriteBack, writeBackSteps } from '../../src/case/verdict.ts';
import { FOR_THE_RECORD } from '../../src/ports/words.ts';
import { aCase } from '../helpers/cases.ts';
import { inLanguage, testWords } from '../helpers/english.ts';

const at = '2026-11-21T10:00:00.000Z';
const about: Case = aCase({ sources: [{ source: 'graph', sourceId: 'alert-1', resolved: false }] });
const written = (...[ending]: [Parameters<typeof writeBackSteps>[1]]): WriteBack =>
  (writeBackSteps(about, ending)[0]?.body ?? assert.fail()) as unknown as WriteBack;
const recorded = (comment: WriteBack['comment']): string =>
  [comment]
    .flat()
    .map((said: Said) => testWords.write(said, FOR_THE_RECORD))
    .join(' ');

describe('What goes back to an alert that nobody answered', () => {
  it('closes it without a classification, and says that nobody said it was expected', () => {
    const decision: Decision = { verb: 'dismiss', by: SYSTEM, at };

    const { verdict, comment } = written({ kind: 'unanswered', says: [], decision });

    assert.deepEqual(verdict, { status: 'resolved' });
    assert.match(
      recorded(comment),
      /^Nobody answered in time, so this was closed at 2026.*Nobody said that it was expected\./,
    );
  });

  it('leaves it in progress where something was contained first', () => {
    const decision: Decision = { verb: 'approve', offer: 'make-private', by: SYSTEM, at };

    const { verdict, comment } = written({ kind: 'contained-first', says: ['It is private.'], decision });

    assert.deepEqual(verdict, { status: 'inProgress' });
    assert.match(
      recorded(comment),
      /^Nobody had answered in time, so Countersign chose "Make it private" at .* It is private\./,
    );
  });

  it('names whoever did decide', () => {
    const by = { kind: 'person', id: 'x', name: 'Morgan Reyes' } as const;
    const words = decisionWords(about, { verb: 'dismiss', by, at });

    assert.equal(
      testWords.write(words, FOR_THE_RECORD),
      `Morgan Reyes said that this was expected at ${at}.`,
    );
    assert.equal(inLanguage('de', words), 'Morgan Reyes hat gesagt, dass das erwartet war (11:00:00 MEZ).');
  });

  it('says of a signature that it is one of several, and to whom it was passed on', () => {
    const by = { kind: 'person', id: 'x', name: 'Morgan Reyes' } as const;
    const sentence = (decision: Omit<Decision, 'by' | 'at'>): string =>
      testWords.write(decisionWords(about, { ...decision, by, at }), FOR_THE_RECORD);

    assert.equal(
      sentence({ verb: 'undo', anyway: true, awaits: 'One more has to agree.' }),
      `Morgan Reyes asked for this to be undone, as one of several, even over what was changed since, at ${at}.`,
    );
    assert.equal(
      sentence({ verb: 'reassign' }),
      `Morgan Reyes said that it is for somebody else to answer at ${at}.`,
    );
  });

  it('is nothing where it was asked as a dry run', () => {
    const tried = aCase({ ...about, question: { ...(about.question ?? assert.fail()), dryRun: true } });

    assert.deepEqual(writeBackSteps(tried, { kind: 'contained', says: [] }), []);
  });
});
