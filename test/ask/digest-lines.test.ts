import assert from 'node:assert/strict';
import { isOpenFor } from '../../src/ask/digest-lines.ts';
import type { Decision } from '../../src/case/case.ts';
import { aCase, MANAGER, QUESTION } from '../helpers/cases.ts';

describe('a line of a list', () => {
  const by = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
  const signed: Decision = { verb: 'dismiss', by, at: '2026-11-21T10:00:00.000Z', awaits: 'It takes two.' };
  const withdrawn: Decision = { verb: 'correct', by, at: '2026-11-21T10:01:00.000Z' };

  it('is no longer for whoever has signed, until they take it back', () => {
    const isOpen = (decisions: readonly Decision[]) =>
      isOpenFor(aCase({ severity: 'high', decisions }), QUESTION, MANAGER);

    assert.equal(isOpen([]), true);
    assert.equal(isOpen([signed]), false);
    assert.equal(isOpen([signed, withdrawn]), true);
  });
});
