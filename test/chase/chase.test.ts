// A question that nobody answers, over a simulated month: reminded, the next one asked as well, timed out, and never lost.
import assert from 'node:assert/strict';
import type { Severity } from '../../src/case/alert.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { Approver } from '../../src/case/question.ts';
import type { NextToAsk } from '../../src/chase/parts.ts';
import { isWorkingTime } from '../../src/chase/working-time.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { MANAGER, SECURITY, STRANGER, SUBJECT } from '../helpers/cases.ts';
import { allEnglish, english, inLanguage } from '../helpers/english.ts';
import type { SentCard } from '../helpers/govern-stage.ts';
import { createLife, DAY, HOUR, type Life, MINUTE, patience, withAsking } from './life.ts';

const START = Date.parse('2026-11-20T09:00:00Z'); // a Friday
const next = (id: typeof STRANGER, name = 'Robin Chen'): NextToAsk => ({
  approver: { kind: 'person', id, name, as: 'manager' },
  rungs: [{ name, id, outcome: 'asked', reason: `${name} is 2 levels above Alex Weber.` }],
  steps: [],
});
/** `hours since the start, reader, how often`. */
const hours = (cards: readonly SentCard[], from = START): readonly string[] =>
  cards
    .toSorted((a, b) => `${a.at} ${a.reader}`.localeCompare(`${b.at} ${b.reader}`))
    .map(({ at, reader, reminder }) => {
      const who = { [MANAGER]: 'manager', [STRANGER]: 'next', [SUBJECT]: 'subject' }[reader] ?? reader;
      return `${Math.round(((Date.parse(at) - from) / HOUR) * 100) / 100} ${who} ${reminder}`;
    });

describe('a question that nobody answers', () => {
  let life: Life;
  afterEach(() => life.close());

  for (const rebooting of [false, true])
    it(`goes up, to the security team, and on once a day for a month${rebooting ? ', though the process ends before every move' : ''}`, async () => {
      const nextToAsk = async ({ question }: Case): Promise<NextToAsk | null> =>
        question?.approver.kind === 'person' ? next(STRANGER) : null;
      life = await createLife({ chase: { nextToAsk } });
      const opened = await life.open('high');

      const about = await life.pass(opened, 30 * DAY, rebooting);

      const cards = hours(life.cards);
      assert.deepEqual(cards.slice(0, 10), [
        ...['0 manager 0', '0.5 manager 1', '1 next 0', '4 security 0'],
        ...[
          '4.5 security 1',
          '5 security 2',
          '8 security 3',
          '12 security 4',
          '20 security 5',
          '36 security 6',
        ],
      ]);
      const last = life.cards.slice(-5).map(({ at }) => Date.parse(at));
      for (const [index, at] of last.entries()) if (index > 0) assert.equal(at - (last[index - 1] ?? 0), DAY);
      assert.ok(life.cards.length < 60, `${life.cards.length} cards`);
      assert.equal(about.state, 'asking');
      assert.match(
        english(about.question?.reason ?? ''),
        /^Nobody answered in time: Morgan Reyes and Robin Chen were asked at 20 Nov 2026, 10:00:00 CET\.$/,
      );
      assert.equal(
        inLanguage('de', about.toSecurity ?? ''),
        'Niemand hat rechtzeitig geantwortet. Gefragt wurden Morgan Reyes und Robin Chen (20. Nov. 2026, 10:00:00 MEZ).',
      );
      assert.equal(about.question?.approver.kind, 'security');
    });

  it('asks whoever is on call as well, where the security team alone has it', async () => {
    life = await createLife({ chase: { nextToAsk: async () => next(STRANGER, 'Sam on call') } });

    const about = await life.pass(
      await life.open('high', {}, { toSecurity: 'It was handed over.' }),
      9 * HOUR,
    );

    assert.deepEqual(hours(life.cards), [
      ...[
        '0 security 0',
        '0.5 security 1',
        '1 next 0',
        '4 next 2',
        '4 security 2',
        '8 next 3',
        '8 security 3',
      ],
    ]);
    assert.equal(about.question?.approver.kind, 'security');
  });

  it('is answered after a month, as on its first day', async () => {
    life = await createLife();
    const about = await life.pass(await life.open('high'), 30 * DAY, true);

    await life.stage.answer(about, { verb: 'approve', offer: 'close' }, 'security');
    const done = await life.pass(about, DAY);

    assert.equal(done.state, 'contained');
    const count = life.cards.length;
    await life.pass(about, 30 * DAY);
    assert.equal(life.cards.length, count, 'nobody is reminded of what is decided');
  });

  it('keeps the first one asked, and says whom it asked besides', async () => {
    life = await createLife({ chase: { nextToAsk: async () => next(STRANGER) } });

    const about = await life.pass(await life.open('high'), 2 * HOUR);

    assert.deepEqual(about.question?.approver, { kind: 'person', id: MANAGER, name: 'Morgan Reyes' });
    assert.deepEqual(
      about.question?.beside?.map((one) => one.kind === 'person' && one.name),
      ['Robin Chen'],
    );
    assert.deepEqual(about.question?.path.at(-1)?.reason, 'Robin Chen is 2 levels above Alex Weber.');
    const kinds = (await life.stage.trail()).map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(-3), [
      'question.reminded',
      'question.reminder-shown',
      'question.asked-besides',
    ]);
  });

  it('asks the security team besides where nobody else is left', async () => {
    life = await createLife();

    const about = await life.pass(await life.open('high'), 2 * HOUR);

    assert.deepEqual(about.question?.beside, [{ kind: 'security' }]);
    assert.deepEqual(hours(life.cards).at(-1), '1 security 0');
  });

  const SELF: readonly (readonly [string, Approver, Partial<Case>])[] = [
    ['the person in question', { kind: 'person', id: SUBJECT, name: 'Alex Weber' }, { named: [] }],
    ['whoever is named in the alert', { kind: 'person', id: STRANGER, name: 'Robin' }, { named: [STRANGER] }],
    ['whoever is asked already', { kind: 'person', id: MANAGER, name: 'Morgan Reyes' }, {}],
  ];
  for (const [who, approver, over] of SELF)
    it(`never asks ${who} besides, whatever the look-up says`, async () => {
      life = await createLife({ chase: { nextToAsk: async () => ({ approver, rungs: [], steps: [] }) } });

      const about = await life.pass(await life.open('high', {}, over), 2 * HOUR);

      assert.deepEqual(about.question?.beside, [{ kind: 'security' }]);
    });

  it('waits while the next one cannot be looked up, and asks the security team in the end', async () => {
    let looks = 0;
    const nextToAsk = async (): Promise<NextToAsk> => {
      looks += 1;
      throw new CountersignError('graph.unavailable', 'down', { retryable: true, retryAfterMs: MINUTE });
    };
    life = await createLife({ chase: { nextToAsk } });
    const opened = await life.open('high');

    const waiting = await life.pass(opened, HOUR + 5 * MINUTE);
    const about = await life.pass(opened, 10 * MINUTE);

    assert.equal(waiting.question?.beside, undefined);
    assert.deepEqual(about.question?.beside, [{ kind: 'security' }]);
    assert.equal(looks, 8);
  });

  it('looks again where somebody else was asked while it looked', async () => {
    let asked = 0;
    const nextToAsk = async (about: Case): Promise<NextToAsk | null> => {
      asked += 1;
      if (asked === 1)
        await life.stage.store.transact(async (tx) => {
          const current = await tx.lockCase(about.id);
          assert.ok(current?.question);
          const beside: readonly Approver[] = [{ kind: 'person', id: SECURITY, name: 'Sam' }];
          await commitTransition(tx, current, {
            event: 'asked-besides',
            at: current.updatedAt,
            patch: { question: { ...current.question, beside } },
            note: { kind: 'test', actor: { kind: 'system', id: 'test', name: 'Test' }, facts: {} },
          });
        });
      return next(STRANGER);
    };
    life = await createLife({ chase: { nextToAsk } });

    const about = await life.pass(await life.open('high'), 2 * HOUR);

    assert.equal(asked, 2);
    assert.deepEqual(
      about.question?.beside?.map((one) => one.kind === 'person' && one.name),
      ['Sam', 'Robin Chen'],
    );
  });

  it('reminds only those who have not signed', async () => {
    const rule = { kind: 'everyone' } as const;
    life = await createLife();
    const about = await life.open('high');
    await life.stage.store.transact(async (tx) => {
      const current = await tx.lockCase(about.id);
      assert.ok(current?.question);
      await commitTransition(tx, current, {
        event: 'signed',
        at: current.updatedAt,
        patch: {
          question: { ...current.question, rule, beside: [{ kind: 'person', id: STRANGER, name: 'Robin' }] },
          decisions: [
            {
              ...{ verb: 'approve', offer: 'close', awaits: 'Everybody has to agree.' },
              ...{ by: { kind: 'person', id: MANAGER, name: 'Morgan Reyes' }, at: current.question.askedAt },
            },
          ],
        },
        note: { kind: 'test', actor: { kind: 'system', id: 'test', name: 'Test' }, facts: {} },
      });
    });

    const late = await life.pass(about, 5 * HOUR);

    assert.deepEqual(hours(life.cards).slice(0, 5), [
      '0 manager 0',
      '0.5 next 1',
      '1 security 0',
      '4 security 0',
      '4.5 security 1',
    ]);
    assert.match(
      english(late.toSecurity ?? ''),
      /^Not everybody answered in time: Robin and the security team were asked/,
    );
  });

  it('catches up with the latest alone after a time when nothing ran', async () => {
    life = await createLife({ chase: { nextToAsk: async () => next(STRANGER) } });
    const opened = await life.open('high');

    life.stage.clock.at += 3 * DAY;
    await life.reboot();
    const about = await life.stage.run(opened);

    assert.deepEqual(hours(life.cards), ['0 manager 0', '72 security 0']);
    assert.equal(about.question?.approver.kind, 'security');
  });

  it('does nothing twice: whoever lost the lease finds the case as it was left', async () => {
    life = await createLife();
    const about = await life.open('high');
    life.stage.clock.at += 30 * MINUTE;
    const [step] = await life.stage.store.takeSteps(1, MINUTE);
    assert.ok(step);
    const chase = life.stage.chase;

    const both = await Promise.allSettled([chase(step), chase(step)]);
    await chase(step).catch((error) => assert.equal(error.code, 'store.lease-lost'));
    await life.stage.run(about);

    assert.ok(both.some(({ status }) => status === 'fulfilled'));
    assert.deepEqual(hours(life.cards), ['0 manager 0', '0.5 manager 1']);
  });

  it('lets be what was answered, or asked anew, or has no clock', async () => {
    life = await createLife();
    const about = await life.open('high');
    const owe = async (key: string): Promise<void> => {
      await life.stage.store.transact((tx) => tx.addStep(about.id, { kind: 'chase', key }));
      await life.stage.run(about);
    };

    await owe('question-of-before');
    const { clock: _, ...clockless } = about.question ?? assert.fail();
    await life.stage.store.transact(async (tx) => {
      const current = (await tx.lockCase(about.id)) ?? assert.fail();
      await tx.saveCase({ ...current, question: clockless, version: current.version + 1 });
    });
    await life.pass(about, 60 * DAY);

    assert.deepEqual(hours(life.cards), ['0 manager 0']);
    assert.equal(await life.stage.store.nextDueInMs(), null);
  });

  it('is never more than a few cards in an hour, however short the patience', async () => {
    const short = { remindMs: MINUTE, escalateMs: MINUTE, timeOutMs: MINUTE };
    life = await createLife({ settings: withAsking(patience('critical', short)) });
    const opened = await life.open('critical');

    await life.pass(opened, DAY);

    const sent = life.cards.map(({ at }) => Date.parse(at));
    for (const from of sent) assert.ok(sent.filter((at) => at >= from && at < from + HOUR).length <= 10);
    assert.ok(sent.filter((at) => at > START + 12 * HOUR).length <= 2);
  });
});

describe('the person in question, asked first', () => {
  let life: Life;
  afterEach(() => life.close());

  it('has an hour; then the manager is asked, not the security team', async () => {
    life = await createLife();
    const opened = await life.open('medium', { subjectFirst: true });

    const about = await life.pass(opened, 2 * HOUR);

    assert.deepEqual(hours(life.cards), ['0 subject 0', '1 manager 0']);
    assert.deepEqual([about.state, about.subjectAsked, about.toSecurity], ['asking', true, null]);
  });
});

describe('low severity', () => {
  const dismissing = withAsking(patience('low', { onTimeOut: 'dismiss' }));
  let life: Life;
  afterEach(() => life.close());

  it('is closed for want of an answer where the settings say so, in plain words', async () => {
    life = await createLife({ settings: dismissing });

    const about = await life.pass(await life.open('low'), 14 * DAY);

    assert.equal(about.state, 'dismissed');
    assert.deepEqual(
      about.decisions.map(({ verb, by }) => [verb, by.kind]),
      [['dismiss', 'system']],
    );
    assert.deepEqual(allEnglish(about.outcome), ['Nothing was changed.']);
    assert.equal((await life.stage.trail()).at(-1)?.kind, 'decision.dismiss');
  });

  for (const severity of ['medium', 'high', 'critical'] satisfies Severity[])
    it(`never closes what is ${severity}, whatever the policy wishes`, async () => {
      life = await createLife({ settings: dismissing });

      const about = await life.pass(await life.open(severity, { onTimeOut: 'dismiss' }), 30 * DAY);

      assert.deepEqual([about.state, about.question?.approver.kind], ['asking', 'security']);
    });

  it('is not closed where nobody was ever shown the question', async () => {
    const isHeldUp = ({ reader }: SentCard): boolean => reader === MANAGER;
    life = await createLife({ settings: dismissing, chase: { isHeldUp } });

    const about = await life.pass(await life.open('low'), 14 * DAY);

    assert.deepEqual([about.state, about.question?.approver.kind], ['asking', 'security']);
  });

  it('is not closed for the silence of a time when nothing ran: whoever was asked is reminded, and has the time', async () => {
    life = await createLife({ settings: dismissing });
    const opened = await life.open('low');
    life.stage.clock.at += 5 * MINUTE;
    await life.stage.run(opened);

    life.stage.clock.at = Date.parse('2026-12-21T02:00:00Z'); // a Monday, at night
    await life.reboot();
    await life.stage.run(opened);
    const asked = await life.pass(opened, 3 * DAY + 20 * HOUR);
    const about = await life.pass(opened, DAY);

    assert.deepEqual([asked.state, asked.question?.approver.kind], ['asking', 'person']);
    // At nine in Berlin.
    assert.deepEqual(hours(life.cards), ['0 manager 0', '743 manager 1']);
    assert.equal(about.state, 'dismissed');
  });

  it('is not closed a moment after the card has come: what was held up is not silence', async () => {
    let isDown = true;
    const isHeldUp = ({ reader }: SentCard): boolean => isDown && reader === MANAGER;
    life = await createLife({ settings: dismissing, chase: { isHeldUp } });
    const opened = await life.open('low');
    const timeOutAt = Date.parse(opened.question?.clock?.timeOutAt ?? '');
    await life.pass(opened, timeOutAt - START - 7 * HOUR);
    isDown = false;

    const asked = await life.pass(opened, 5 * DAY);
    const shown = life.cards.filter(({ reader }) => reader === MANAGER).map(({ at }) => Date.parse(at));
    const about = await life.pass(opened, 4 * DAY);

    assert.ok(Math.min(...shown) > timeOutAt - 7 * HOUR && Math.min(...shown) <= timeOutAt);
    assert.equal(asked.state, 'asking');
    assert.equal(about.state, 'dismissed');
    const closedAt = Date.parse(about.decisions[0]?.at ?? '');
    assert.ok(closedAt - Math.min(...shown) >= 5 * DAY, 'forty hours of work are five days');
  });

  it('goes to the security team where no reminder ever came', async () => {
    const isHeldUp = ({ reader, reminder }: SentCard): boolean => reader === MANAGER && reminder > 0;
    life = await createLife({ settings: dismissing, chase: { isHeldUp } });

    const about = await life.pass(await life.open('low'), 21 * DAY);

    assert.deepEqual([about.state, about.question?.approver.kind], ['asking', 'security']);
    assert.deepEqual(about.decisions, []);
  });

  it('is not closed once the settings have changed', async () => {
    const asking = { ...dismissing };
    life = await createLife({ settings: asking });
    const opened = await life.open('low');
    Object.assign(asking, withAsking({}));
    await life.reboot();

    const about = await life.pass(opened, 14 * DAY);

    assert.deepEqual([about.state, about.question?.approver.kind], ['asking', 'security']);
  });
});

describe('a reminder that can wait', () => {
  const FIRST = Date.parse('2026-10-09T16:45:00Z');
  const office = { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 };
  let life: Life;
  afterEach(() => life.close());

  for (const timeZone of ['Europe/Berlin', 'America/New_York', 'Australia/Sydney'])
    for (const severity of ['low', 'medium'] satisfies Severity[])
      it(`is never sent outside working hours in ${timeZone} (${severity}), through the change of the clocks and outages`, async () => {
        const calendar = { timeZone, hours: office, away: null, locale: null };
        const holidays = { [timeZone]: ['2026-10-12', '2026-10-30'], '*': ['2026-11-02'] };
        life = await createLife({
          startAt: FIRST,
          settings: withAsking({ holidays, workingHours: { ...office, fromMinute: 600 } }),
          chase: { calendar },
        });
        const opened: Case[] = [];

        for (let day = 0; day < 31; day++) {
          if (day % 4 === 0) opened.push(await life.open(severity));
          const about = opened[0] ?? assert.fail();
          await life.pass(about, (day % 5) * 4 * HOUR);
          // Nothing runs, and begins again in the night or in the morning.
          life.stage.clock.at += 7 * HOUR + 20 * MINUTE;
          await life.stage.run(about);
          await life.pass(about, 17 * HOUR - (day % 5) * 4 * HOUR);
        }

        const reminders = life.cards.filter(({ reminder }) => reminder > 0);
        assert.ok(reminders.length >= opened.length, `${reminders.length} reminders`);
        for (const { at } of reminders)
          assert.ok(isWorkingTime(at, { timeZone, hours: office, holidays }), `${at} in ${timeZone}`);
      });
});
