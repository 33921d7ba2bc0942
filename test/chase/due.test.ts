// What is to be done next about a question, from its clock and what is on record.
import assert from 'node:assert/strict';
import type { QuestionClock } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { Approver, Question } from '../../src/case/question.ts';
import { nextMove } from '../../src/chase/due.ts';
import { aCase, MANAGER, QUESTION, SUBJECT, settings } from '../helpers/cases.ts';

const clock: QuestionClock = {
  remindAt: '2026-11-21T10:00:00.000Z',
  escalateAt: '2026-11-21T11:00:00.000Z',
  timeOutAt: '2026-11-21T12:00:00.000Z',
  onTimeOut: 'escalate',
};
const manager: Approver = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' };
const asked = (over: Partial<Question> = {}): Question => ({
  ...(aCase().question ?? assert.fail()),
  clock,
  ...over,
});
const next = (question: Question, now: string, over: Partial<Case> = {}) =>
  nextMove(aCase({ question, ...over }), question, now, settings);

describe('The next move', () => {
  it('is the first to come, and the latest that is due', () => {
    const question = asked({ approver: manager });

    assert.deepEqual(next(question, '2026-11-21T09:59:59.999Z'), { kind: 'remind', at: clock.remindAt });
    assert.deepEqual(next(question, clock.remindAt)?.kind, 'remind');
    assert.deepEqual(next(question, clock.escalateAt)?.kind, 'escalate');
    assert.deepEqual(next(question, clock.timeOutAt)?.kind, 'time-out');
  });

  it('is never to remind the person in question, or to ask anybody besides them', () => {
    const question = asked({ approver: { kind: 'subject', id: SUBJECT, name: 'Alex Weber' } });

    assert.deepEqual(next(question, clock.escalateAt), { kind: 'time-out', at: clock.timeOutAt });
  });

  it('counts what was done for another question as nothing', () => {
    const question = asked({ approver: manager });
    const done = { remindedAt: clock.remindAt, reminders: 1, timeOuts: 0 };
    const now = '2026-11-21T10:30:00.000Z';
    const of = (id: string) => ({ chased: { question: id as typeof QUESTION, ...done } });

    assert.equal(next(question, now, of(QUESTION))?.kind, 'escalate');
    assert.equal(next(question, now, of('question-of-before'))?.kind, 'remind');
  });

  describe('that is late, at night', () => {
    const working = {
      timeZone: 'Europe/Berlin',
      hours: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 },
    };
    const night = '2026-11-24T01:00:00.000Z';
    const morning = '2026-11-24T08:00:00.000Z';
    const late = (approver: Approver, onTimeOut: QuestionClock['onTimeOut'] = 'escalate') =>
      next(asked({ approver, clock: { ...clock, onTimeOut, working } }), night);

    it('hands over to the security team at once: they are on call', () => {
      assert.deepEqual(late(manager), { kind: 'time-out', at: clock.timeOutAt });
    });

    it('reminds nobody before their morning', () => {
      assert.equal(late(manager, 'dismiss')?.at, morning);
      assert.equal(late({ kind: 'security' })?.at, morning);
      const timeOutAt = '2026-11-27T12:00:00.000Z';
      const question = asked({
        approver: manager,
        clock: { ...clock, escalateAt: timeOutAt, timeOutAt, working },
      });
      assert.deepEqual(next(question, night), { kind: 'remind', at: morning });
    });
  });

  it('is nothing for a question without a clock', () => {
    const { clock: _, ...question } = asked();

    assert.equal(next(question, clock.timeOutAt), null);
  });
});
