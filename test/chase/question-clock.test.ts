// The clock of a question, and what silence may do: bounded by severity, by the operator's settings, and by what was said already.
import assert from 'node:assert/strict';
import {
  type Asking,
  DEFAULT_ASKING,
  DEFAULT_ASKING_SETTINGS,
  type OnTimeOut,
} from '../../src/case/asking.ts';
import { type Case, type Decision, SYSTEM } from '../../src/case/case.ts';
import { chaseSteps } from '../../src/case/chase-step.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { Approver, Question } from '../../src/case/question.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { type AskedAt, clockOf, createClockFor } from '../../src/chase/question-clock.ts';
import type { Calendar } from '../../src/ports/calendars.ts';
import { aCase, MANAGER, SECURITY, SUBJECT, settings as usual } from '../helpers/cases.ts';

const ASKED_AT = '2026-11-20T09:00:00.000Z'; // a Friday, 10:00 in Berlin
const MINUTE = 60_000;
const manager: Approver = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' };
const subject: Approver = { kind: 'subject', id: SUBJECT, name: 'Alex Weber' };
const security: Approver = { kind: 'security' };
const unasked = aCase();
assert.ok(unasked.question);
const { offers } = unasked.question;

const asked = (over: Partial<AskedAt> = {}): AskedAt => ({
  approver: manager,
  offers,
  askedAt: ASKED_AT,
  ...over,
});
const about = (over: Partial<Case> = {}, asking: Partial<Asking> = {}): Case =>
  aCase({
    state: 'routing',
    question: null,
    ...over,
    policy: { ...unasked.policy, asking: { ...DEFAULT_ASKING, ...asking } },
  });
const containing: OperatorSettings = {
  ...usual,
  asking: { ...DEFAULT_ASKING_SETTINGS, containFirst: ['aws.s3.make-bucket-private'] },
};
const contains: Partial<Asking> = { contain: 'make-private', onTimeOut: 'contain' };
const patient = (over: Partial<Record<string, object>>): OperatorSettings => ({
  ...usual,
  asking: {
    ...DEFAULT_ASKING_SETTINGS,
    patience: Object.fromEntries(
      Object.entries(DEFAULT_ASKING_SETTINGS.patience).map(([severity, one]) => [
        severity,
        { ...one, ...over[severity] },
      ]),
    ) as OperatorSettings['asking']['patience'],
  },
});

describe('the clock of a question', () => {
  it('runs day and night for what is severe', () => {
    const clock = clockOf(
      about({ severity: 'high' }),
      asked({ askedAt: '2026-11-21T02:00:00.000Z' }),
      null,
      usual,
    );

    assert.deepEqual(clock, {
      remindAt: '2026-11-21T02:30:00.000Z',
      escalateAt: '2026-11-21T03:00:00.000Z',
      timeOutAt: '2026-11-21T06:00:00.000Z',
      onTimeOut: 'escalate',
    });
  });

  it("runs in the mailbox's own hours and zone for the rest", () => {
    const calendar: Calendar = {
      timeZone: 'America/New_York',
      hours: { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 12 * 60 },
      away: null,
      locale: null,
    };

    const clock = clockOf(about({ severity: 'medium' }), asked(), calendar, usual);

    // Four hours a day there: 13:00 to 17:00 UTC.
    assert.equal(clock.remindAt, '2026-11-23T13:00:00.000Z');
    assert.equal(clock.escalateAt, '2026-11-24T13:00:00.000Z');
    assert.deepEqual(clock.working, { timeZone: 'America/New_York', hours: calendar.hours });
  });

  for (const [what, calendar] of [
    ['a mailbox that cannot be read', null],
    ['a mailbox that says nothing', { timeZone: null, hours: null, away: null, locale: null }],
    ['a zone that nobody knows', { timeZone: 'Customized Time Zone', hours: null, away: null, locale: null }],
  ] as const)
    it(`runs in the operator's hours and zone for ${what}`, () => {
      const clock = clockOf(about({ severity: 'medium' }), asked(), calendar, usual);

      assert.equal(clock.remindAt, '2026-11-20T13:00:00.000Z');
      assert.equal(clock.escalateAt, '2026-11-23T09:00:00.000Z');
    });

  it('leaves out days off', () => {
    const off = { ...usual, asking: { ...usual.asking, holidays: { 'Europe/Berlin': ['2026-11-23'] } } };

    const { escalateAt } = clockOf(about({ severity: 'medium' }), asked(), null, off);

    assert.equal(escalateAt, '2026-11-24T09:00:00.000Z');
  });

  it('gives the person in question an hour by the clock, whatever the severity', () => {
    const { remindAt, escalateAt, timeOutAt } = clockOf(
      about({ severity: 'low' }),
      asked({ approver: subject, askedAt: '2026-11-21T23:00:00.000Z' }),
      null,
      usual,
    );

    for (const at of [remindAt, escalateAt, timeOutAt]) assert.equal(at, '2026-11-22T00:00:00.000Z');
  });

  it('is looked at first when the first of its moments comes', () => {
    const question: Question = {
      ...unasked.question,
      ...asked(),
      clock: clockOf(about(), asked(), null, usual),
    } as Question;

    assert.deepEqual(chaseSteps(question), [{ kind: 'chase', key: question.id, delayMs: 4 * 60 * MINUTE }]);
    assert.deepEqual(chaseSteps({ ...unasked.question } as Question), []);
  });

  it('reads the mailbox of a person, and asks nobody later because it cannot be read', async () => {
    const read: string[] = [];
    const clockFor = createClockFor({
      calendars: {
        calendarOf: async (user) => {
          read.push(user);
          throw new CountersignError('graph.throttled', 'slow down', { retryable: true });
        },
      },
      settings: usual,
    });

    const clock = await clockFor(about(), asked());
    await clockFor(about(), asked({ approver: security }));

    assert.equal(clock.remindAt, '2026-11-20T13:00:00.000Z');
    assert.deepEqual(read, [MANAGER]);
  });
});

describe('a question that is asked anew of somebody who has not answered', () => {
  const before: Question = {
    ...(unasked.question as Question),
    ...asked(),
    clock: {
      remindAt: '2026-11-20T09:30:00.000Z',
      escalateAt: '2026-11-20T10:00:00.000Z',
      timeOutAt: '2026-11-20T13:00:00.000Z',
      onTimeOut: 'escalate',
    },
  };
  const anew = (
    over: Partial<Case> = {},
    again: Partial<AskedAt> = {},
    given = usual,
    asking: Partial<Asking> = {},
  ) =>
    clockOf(
      about({ severity: 'high', question: before, ...over }, asking),
      asked({ askedAt: '2026-11-20T09:50:00.000Z', ...again }),
      null,
      given,
    );

  it('is not put off by what was done in between', () => {
    assert.deepEqual(anew(), { ...before.clock, remindAt: '2026-11-20T10:00:00.000Z' });
  });

  it('times out at once where its time was over while it was looked up', () => {
    const { timeOutAt } = anew({}, { askedAt: '2026-11-20T14:00:00.000Z' });

    assert.equal(timeOutAt, '2026-11-20T13:00:00.000Z');
  });

  const fresh = '2026-11-20T13:50:00.000Z';
  it('begins anew for somebody else', () => {
    assert.equal(anew({}, { approver: { ...manager, id: SECURITY } as Approver }).timeOutAt, fresh);
    assert.equal(anew({}, { approver: security }).timeOutAt, fresh);
  });

  it('begins anew once somebody has answered', () => {
    const decisions: readonly Decision[] = [
      { verb: 'approve', by: { kind: 'person', id: MANAGER, name: 'Morgan Reyes' }, at: ASKED_AT },
    ];

    assert.equal(anew({ decisions }).timeOutAt, fresh);
  });

  it('is not closed early for want of an answer', () => {
    const dismissing = patient({ low: { onTimeOut: 'dismiss', hours: 'clock', timeOutMs: 240 * MINUTE } });

    assert.equal(anew({ severity: 'low' }, {}, dismissing).timeOutAt, fresh);
  });

  it('is carried out soon, once, where silence had decided and the world had changed before that', () => {
    const decisions: readonly Decision[] = [
      { verb: 'approve', offer: 'make-private', by: SYSTEM, at: '2026-11-20T13:00:00.000Z' },
    ];
    const again = { askedAt: '2026-11-20T13:00:10.000Z' };

    const first = anew({ decisions, voids: 1 }, again, containing, contains);
    const last = anew({ decisions, voids: 3 }, again, containing, contains);

    assert.deepEqual([first.onTimeOut, first.timeOutAt], ['contain', '2026-11-20T13:01:10.000Z']);
    assert.equal(last.onTimeOut, 'escalate');
  });
});

describe('what silence may do', () => {
  const silence = (
    over: Partial<Case>,
    asking: Partial<Asking> = {},
    given: OperatorSettings = usual,
    question: Partial<AskedAt> = {},
  ): OnTimeOut => clockOf(about(over, asking), asked(question), null, given).onTimeOut;
  const dismiss: Partial<Asking> = { onTimeOut: 'dismiss' };
  const decided: Decision = {
    verb: 'approve',
    by: { kind: 'person', id: MANAGER, name: 'M' },
    at: ASKED_AT,
    awaits: 'x',
  };

  it('asks people, where nobody wishes for more', () => {
    assert.equal(silence({ severity: 'low' }), 'escalate');
  });

  it("takes the policy's wish before the operator's", () => {
    assert.equal(
      silence({ severity: 'low' }, { onTimeOut: 'escalate' }, patient({ low: { onTimeOut: 'dismiss' } })),
      'escalate',
    );
    assert.equal(silence({ severity: 'low' }, {}, patient({ low: { onTimeOut: 'dismiss' } })), 'dismiss');
  });

  for (const severity of ['low', 'informational'] as const)
    it(`dismisses what is ${severity}`, () => assert.equal(silence({ severity }, dismiss), 'dismiss'));

  for (const severity of ['medium', 'high', 'critical'] as const)
    it(`never dismisses what is ${severity}`, () => {
      assert.equal(silence({ severity }, dismiss), 'escalate');
      assert.equal(silence({ severity }, {}, patient({ [severity]: { onTimeOut: 'dismiss' } })), 'escalate');
    });

  const KEPT: readonly (readonly [string, Partial<Case>, Partial<AskedAt>?])[] = [
    ['what the security team was handed', { toSecurity: 'Morgan handed this over.' }],
    ['what the security team is asked', {}, { approver: security }],
    ['what somebody signed', { decisions: [decided] }],
    ['what was contained', { containedFirst: { decision: 0, at: ASKED_AT } }],
    [
      'what the person in question says was not them',
      {
        statements: [{ by: { kind: 'person', id: SUBJECT, name: 'Alex' }, at: ASKED_AT, was: 'not-me' }],
      },
    ],
  ];
  for (const [what, over, question] of KEPT)
    it(`never dismisses ${what}`, () => {
      assert.equal(silence({ severity: 'low', ...over }, dismiss, usual, question), 'escalate');
    });

  it('contains first what the operator listed', () => {
    assert.equal(silence({}, contains, containing), 'contain');
    assert.equal(silence({}, contains, containing, { approver: security }), 'contain');
  });

  const [offer] = offers;
  assert.ok(offer?.actions[0]);
  const action = offer.actions[0];
  const REFUSED: readonly (readonly [
    string,
    Partial<Case>,
    Partial<Asking>,
    OperatorSettings,
    Partial<AskedAt>?,
  ])[] = [
    ['what the operator did not list', {}, contains, usual],
    ['without an offer of the policy', {}, { onTimeOut: 'contain', contain: null }, containing],
    ['what was not offered', {}, { onTimeOut: 'contain', contain: 'suspend' }, containing],
    [
      'what cannot be undone',
      {},
      contains,
      containing,
      { offers: [{ ...offer, actions: [{ ...action, undo: { possible: false, says: 'No.' } }] }] },
    ],
    [
      'anything beside what the operator listed',
      {},
      contains,
      containing,
      { offers: [{ ...offer, actions: [action, { ...action, action: 'entra.user.revoke-sessions' }] }] },
    ],
    ['anything for the silence of the person in question', {}, contains, containing, { approver: subject }],
    ['nothing at all', {}, contains, containing, { offers: [{ ...offer, actions: [] }] }],
    [
      'what lets somebody back in',
      {},
      contains,
      containing,
      { offers: [{ ...offer, actions: [{ ...action, nature: 'lets-in' }] }] },
    ],
    ['what takes two people', {}, contains, containing, { twoPeople: 'Alex is an executive.' }],
    [
      'more targets than one person may decide on',
      {},
      contains,
      {
        ...containing,
        asking: { ...containing.asking, quorum: { ...containing.asking.quorum, targets: 1 } },
      },
      {
        offers: [
          {
            ...offer,
            actions: [action, { ...action, target: { kind: 'user', id: MANAGER, name: 'M' } as never }],
          },
        ],
      },
    ],
    [
      'what somebody has signed, who waits for a second person',
      { decisions: [decided] },
      contains,
      containing,
    ],
    ['a second time', { containedFirst: { decision: 0, at: ASKED_AT } }, contains, containing],
    [
      'a second time, where the first did not succeed',
      { decisions: [{ verb: 'approve', offer: 'make-private', by: SYSTEM, at: ASKED_AT }] },
      contains,
      containing,
    ],
  ];
  for (const [what, over, asking, given, question] of REFUSED)
    it(`does not contain first ${what}`, () => {
      assert.equal(silence(over, asking, given, question), 'escalate');
    });
});
