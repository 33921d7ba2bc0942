// What a card says of what was done because nobody had answered: never that somebody decided it.
import assert from 'node:assert/strict';
import { caseCard } from '../../src/ask/card-data.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import { aCase } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const at = '2026-11-21T09:42:00.000Z';
const wordsOf = (about: Case): string =>
  JSON.stringify(
    caseCard(about, {
      ...{ timeZone: 'Europe/Berlin', now: '2026-11-21T09:45:00.000Z', longestMs: 0 },
      ...{ mayAnswer: false, mayUndo: false, write: english },
    }),
  );

describe('A card of a question that nobody answered', () => {
  it('says that it was closed for that, and that nobody called it expected', () => {
    const words = wordsOf(aCase({ state: 'dismissed', decisions: [{ verb: 'dismiss', by: SYSTEM, at }] }));

    assert.match(words, /Closed: nobody answered/);
    assert.match(
      words,
      /Nobody answered in time, so Countersign closed this at .*Nobody said that it was expected\./,
    );
    assert.doesNotMatch(words, /Closed as expected|said this was expected/);
  });

  it('says what Countersign chose in the meantime', () => {
    const words = wordsOf(
      aCase({ state: 'executing', decisions: [{ verb: 'approve', offer: 'make-private', by: SYSTEM, at }] }),
    );

    assert.match(words, /Nobody had answered in time, so Countersign chose/);
  });

  it('names whoever did say that it was expected', () => {
    const by = { kind: 'person', id: 'x', name: 'Morgan Reyes' } as const;
    const words = wordsOf(aCase({ state: 'dismissed', decisions: [{ verb: 'dismiss', by, at }] }));

    assert.match(words, /Closed as expected/);
    assert.match(words, /Morgan Reyes said this was expected/);
  });
});
