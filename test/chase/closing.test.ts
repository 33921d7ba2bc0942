// Whether whoever was asked has kept silent: what they had before them, and for how long.
import assert from 'node:assert/strict';
import type { Chased } from '../../src/case/asking.ts';
import type { CardCopy } from '../../src/case/case.ts';
import { closingOf } from '../../src/chase/closing.ts';
import { aCase, MANAGER, QUESTION, STRANGER, settings } from '../helpers/cases.ts';
import { patience, withAsking } from './life.ts';

const HOUR = 3_600_000;
const given = {
  ...settings,
  ...withAsking(patience('low', { remindMs: 2 * HOUR, timeOutMs: 10 * HOUR, hours: 'clock' })),
};
const copy = (over: Partial<CardCopy> = {}): CardCopy => ({
  ...{ id: 'copy' as CardCopy['id'], caseId: aCase().id, questionId: QUESTION, reader: MANAGER },
  ...{ conversation: { id: 'chat', serviceUrl: 'https://teams.example' }, activityId: '1', shownVersion: 1 },
  ...{ since: '2026-11-20T00:00:00.000Z' },
  ...over,
});
const closing = (now: string, copies: readonly CardCopy[], chased: Partial<Chased> = {}) => {
  const { question: asked } = aCase();
  const question = {
    ...(asked ?? assert.fail()),
    approver: { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const,
  };
  const about = aCase({
    severity: 'low',
    question,
    chased: { question: question.id, reminders: 1, timeOuts: 0, ...chased },
  });
  return closingOf(about, question, copies, `2026-11-20T${now}:00.000Z`, given);
};
const at = (time: string): string => `2026-11-20T${time}:00.000Z`;

describe('Silence closes a question', () => {
  it('that was there for as long as was promised, and was reminded of', () => {
    const reminded = { remindedAt: at('02:00') };

    assert.deepEqual(closing('10:00', [copy()], reminded), { kind: 'close' });
    assert.deepEqual(closing('09:59', [copy()], reminded), { kind: 'wait', until: at('10:00') });
  });

  it('no sooner than the time from the reminder to the end is over', () => {
    assert.deepEqual(closing('10:00', [copy()], { remindedAt: at('05:00') }), {
      kind: 'wait',
      until: at('13:00'),
    });
  });

  it('no sooner than the whole time from the card on, though the reminder came with it', () => {
    const late = copy({ since: at('05:00') });

    assert.deepEqual(closing('13:00', [late], { remindedAt: at('05:00') }), {
      kind: 'wait',
      until: at('15:00'),
    });
  });

  it('that no reminder came of only after one more, and otherwise never', () => {
    assert.deepEqual(closing('10:00', [copy()]), { kind: 'remind' });
    assert.deepEqual(closing('12:00', [copy()], { lateAt: at('10:00') }), {
      kind: 'wait',
      until: at('18:00'),
    });
    assert.deepEqual(closing('18:00', [copy()], { lateAt: at('10:00') }), { kind: 'ask' });
  });

  it('of a time that nobody wrote down only after one more reminder', () => {
    const { since: _, ...before } = copy();

    assert.deepEqual(closing('20:00', [before], { remindedAt: at('02:00') }), { kind: 'remind' });
  });

  for (const [what, copies] of [
    ['nobody', []],
    ['somebody else', [copy({ reader: STRANGER })]],
    ['them with a number alone', [copy({ folded: true })]],
    ['them with another question', [copy({ questionId: 'another' as CardCopy['questionId'] })]],
  ] as const)
    it(`never where it reached ${what}`, () => {
      assert.deepEqual(closing('20:00', copies, { remindedAt: at('02:00') }), { kind: 'ask' });
    });
});
