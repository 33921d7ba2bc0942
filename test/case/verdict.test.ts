// What goes back to the alert where nobody has decided: never that somebody said so.
import assert from 'node:assert/strict';
import { type Case, type Decision, SYSTEM } from '../../src/case/case.ts';
import { decisionWords, type WriteBack, writeBackSteps } from '../../src/case/verdict.ts';
import { aCase } from '../helpers/cases.ts';

const at = '2026-11-21T10:00:00.000Z';
const about: Case = aCase({ sources: [{ source: 'graph', sourceId: 'alert-1', resolved: false }] });
const written = (...[ending]: [Parameters<typeof writeBackSteps>[1]]): WriteBack =>
  (writeBackSteps(about, ending)[0]?.body ?? assert.fail()) as unknown as WriteBack;

describe('What goes back to an alert that nobody answered', () => {
  it('closes it without a classification, and says that nobody said it was expected', () => {
    const decision: Decision = { verb: 'dismiss', by: SYSTEM, at };

    const { verdict, comment } = written({ kind: 'unanswered', says: [], decision });

    assert.deepEqual(verdict, { status: 'resolved' });
    assert.match(
      comment,
      /^Nobody answered in time, so this was closed at 2026.*Nobody said that it was expected\./,
    );
  });

  it('leaves it in progress where something was contained first', () => {
    const decision: Decision = { verb: 'approve', offer: 'make-private', by: SYSTEM, at };

    const { verdict, comment } = written({ kind: 'contained-first', says: ['It is private.'], decision });

    assert.deepEqual(verdict, { status: 'inProgress' });
    assert.match(
      comment,
      /^Nobody had answered in time, so Countersign chose "Make it private" at .* It is private\./,
    );
  });

  it('names whoever did decide', () => {
    const by = { kind: 'person', id: 'x', name: 'Morgan Reyes' } as const;

    assert.equal(
      decisionWords(about, { verb: 'dismiss', by, at }),
      `Morgan Reyes said that this was expected at ${at}.`,
    );
  });
});
