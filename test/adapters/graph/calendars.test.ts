import assert from 'node:assert/strict';
import { createGraphCalendars } from '../../../src/adapters/graph/calendars.ts';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import type { UserId } from '../../../src/case/ids.ts';
import type { Calendars } from '../../../src/ports/calendars.ts';
import { people } from '../../../src/sandbox/people.ts';
import { failureOf, startWorld, type World } from './start.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const WHO = people.morgan.id;
const clock = { now: () => NOW };

/** A mailbox with these settings, whatever they are. */
function calendarOf(body: unknown) {
  const client: GraphClient = {
    baseUrl: 'https://graph.microsoft.com',
    call: async () => ({ status: 200, body, requestId: 'r' }),
  };
  return createGraphCalendars(client, clock).calendarOf(WHO);
}

const hours = (over: object = {}) => ({
  workingHours: {
    daysOfWeek: ['monday', 'friday'],
    startTime: '08:30:00.0000000',
    endTime: '17:00:00.0000000',
    timeZone: { name: 'W. Europe Standard Time' },
    ...over,
  },
});
const scheduled = (start: unknown, end: unknown) => ({
  automaticRepliesSetting: {
    status: 'scheduled',
    scheduledStartDateTime: start,
    scheduledEndDateTime: end,
  },
});
const inUtc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });

describe('calendars through Graph', () => {
  let world: World;
  let calendars: Calendars;
  before(async () => {
    world = await startWorld({ now: () => NOW });
    calendars = createGraphCalendars(world.client, clock);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  describe('of the people of contoso.example', () => {
    it('say when somebody works, where, and in which language', async () => {
      assert.deepEqual(await calendars.calendarOf(people.morgan.id), {
        timeZone: 'Europe/Berlin',
        hours: { days: [1, 2, 3, 4, 5], fromMinute: 510, toMinute: 1020 },
        away: null,
        locale: 'en-GB',
      });
      assert.equal((await calendars.calendarOf(people.yuki.id))?.timeZone, 'Asia/Tokyo');
      assert.equal((await calendars.calendarOf(people.emma.id))?.locale, 'fr-FR');
    });

    it('say who is away, and until when if they said so', async () => {
      const paula = await calendars.calendarOf(people.paula.id);

      assert.deepEqual(paula?.away, { until: '2026-03-05T00:00:00.000Z' });
      assert.deepEqual((await calendars.calendarOf(people.luc.id))?.away, { until: null });
    });

    it('are unknown where the mailbox is on premises', async () => {
      assert.equal(await calendars.calendarOf(people.otto.id), null);
    });

    it('follow what somebody changes', async () => {
      world.graph.setMailbox(people.alex, {
        replies: { status: 'scheduled', startMs: NOW - 1_000, endMs: NOW + 60_000 },
      });
      assert.deepEqual((await calendars.calendarOf(people.alex.id))?.away, {
        until: '2026-03-02T09:01:00.000Z',
      });

      world.graph.setMailbox(people.alex, { replies: { status: 'disabled' } });
      assert.equal((await calendars.calendarOf(people.alex.id))?.away, null);
    });
  });

  describe('that cannot be read', () => {
    const mailbox = /\/mailboxSettings$/;
    const unknown: readonly (readonly [string, number])[] = [
      ['access is denied', 403],
      ['the token is not for this', 401],
      ['there is no mailbox', 404],
      ['Exchange calls it a bad request', 400],
    ];
    for (const [why, status] of unknown)
      it(`are unknown where ${why}`, async () => {
        world.graph.faults.add({
          path: mailbox,
          answer: { kind: 'status', status, code: 'ErrorAccessDenied' },
        });

        assert.equal(await calendars.calendarOf(WHO), null);
      });

    it('are unknown for nobody', async () => {
      assert.equal(await calendars.calendarOf('11111111-1111-4111-8111-111111111111' as UserId), null);
    });

    it('fail where a later try may read them', async () => {
      world.graph.faults.add({ path: mailbox, answer: { kind: 'throttle', retryAfter: '7' } });
      const throttled = await failureOf(calendars.calendarOf(WHO));
      assert.deepEqual(
        [throttled.code, throttled.retryable, throttled.retryAfterMs],
        ['graph.throttled', true, 7_000],
      );

      for (const answer of [{ kind: 'status', status: 503 }, { kind: 'html' }, { kind: 'drop' }] as const) {
        world.graph.faults.add({ path: mailbox, answer });
        const error = await failureOf(calendars.calendarOf(WHO));
        assert.deepEqual([error.code, error.retryable], ['graph.unavailable', true], answer.kind);
      }
    });
  });

  describe('read working hours and', () => {
    const working = async (over: object, mailbox: object = {}) => {
      const calendar = await calendarOf({ ...mailbox, ...hours(over) });
      return calendar && { timeZone: calendar.timeZone, hours: calendar.hours };
    };
    const usual = { days: [1, 5], fromMinute: 510, toMinute: 1020 };

    it('take them in the zone that they were set in, wherever the mailbox is at the moment', async () => {
      assert.deepEqual(await working({}, { timeZone: 'Tokyo Standard Time' }), {
        timeZone: 'Europe/Berlin',
        hours: usual,
      });
    });

    it('keep the finer of two names for one clock', async () => {
      assert.equal((await working({}, { timeZone: 'Europe/Rome' }))?.timeZone, 'Europe/Rome');
      assert.equal((await working({}, { timeZone: 'Europe/London' }))?.timeZone, 'Europe/Berlin');
    });

    it('pick the place of a Windows zone by the region of the language', async () => {
      const austrian = { timeZone: 'W. Europe Standard Time', language: { locale: 'de-AT' } };
      const elsewhere = { timeZone: 'W. Europe Standard Time', language: { locale: 'en-US' } };

      assert.equal((await calendarOf(austrian))?.timeZone, 'Europe/Vienna');
      assert.equal((await calendarOf(elsewhere))?.timeZone, 'Europe/Berlin');
    });

    it("take the mailbox's zone where they name none", async () => {
      const none = { timeZone: 'Europe/Paris' };

      assert.deepEqual(await working({ timeZone: null }, none), { timeZone: 'Europe/Paris', hours: usual });
    });

    it('say nothing where nobody knows their zone', async () => {
      const custom = {
        timeZone: {
          '@odata.type': '#microsoft.graph.customTimeZone',
          bias: 300,
          name: 'Customized Time Zone',
        },
      };

      assert.deepEqual(await working(custom, { timeZone: 'Europe/Paris' }), {
        timeZone: 'Europe/Paris',
        hours: null,
      });
      assert.deepEqual(await working({ timeZone: null }), { timeZone: null, hours: null });
    });

    it('end at midnight where they end at nought', async () => {
      assert.equal((await working({ endTime: '00:00:00' }))?.hours?.toMinute, 1440);
    });

    const odd: readonly (readonly [string, object])[] = [
      ['nobody works on any day', { daysOfWeek: [] }],
      ['the days are no days', { daysOfWeek: ['someday', 7, null] }],
      ['the days are no list', { daysOfWeek: 'monday' }],
      ['they end before they begin', { startTime: '22:00:00', endTime: '06:00:00' }],
      ['they end as they begin', { startTime: '09:00:00', endTime: '09:00:00' }],
      ['a time is none', { startTime: '25:00:00' }],
      ['a time is no text', { endTime: 17 }],
      ['a time is missing', { startTime: null }],
    ];
    for (const [why, over] of odd)
      it(`say nothing where ${why}`, async () => {
        assert.deepEqual(await working(over), { timeZone: null, hours: null });
      });

    it('count a day once, however it is written', async () => {
      const days = (await working({ daysOfWeek: ['Sunday', 'MONDAY', 'monday', 'nonsense'] }))?.hours?.days;

      assert.deepEqual(days, [1, 7]);
    });
  });

  describe('read automatic replies and', () => {
    const awayWith = async (body: object) => (await calendarOf(body))?.away;
    const before = inUtc('2026-03-01T00:00:00.0000000');
    const after = inUtc('2026-03-06T17:30:00.0000000');

    it('say until when they are scheduled', async () => {
      assert.deepEqual(await awayWith(scheduled(before, after)), { until: '2026-03-06T17:30:00.000Z' });
    });

    it('read the times in the zones that stand beside them', async () => {
      const berlin = { dateTime: '2026-03-02T10:00:01.0000000', timeZone: 'W. Europe Standard Time' };
      const paris = { dateTime: '2026-03-02T10:00:00.0000000', timeZone: 'Europe/Paris' };
      const old = { dateTime: '2026-03-02T09:00:01', timeZone: 'tzone://Microsoft/Utc' };

      assert.deepEqual(await awayWith(scheduled(before, berlin)), { until: '2026-03-02T09:00:01.000Z' });
      assert.deepEqual(await awayWith(scheduled(paris, old)), { until: '2026-03-02T09:00:01.000Z' });
      assert.equal(await awayWith(scheduled(berlin, after)), null, 'one second before it begins');
      assert.equal(await awayWith(scheduled(before, paris)), null, 'the moment at which it ends');
    });

    it('are not on where the status says so, whatever the times', async () => {
      const off = scheduled(before, after);
      for (const status of ['disabled', 'unknownFutureValue', '', null, 7])
        assert.equal(
          await awayWith({ automaticRepliesSetting: { ...off.automaticRepliesSetting, status } }),
          null,
        );
    });

    it('are taken for off where a time cannot be read', async () => {
      const times = [
        null,
        'tomorrow',
        inUtc('soon'),
        { dateTime: '2026-03-06T17:30:00', timeZone: 'Atlantis Standard Time' },
        { dateTime: '2026-03-06T17:30:00' },
        { timeZone: 'UTC' },
        [after],
      ];
      for (const end of times) assert.equal(await awayWith(scheduled(before, end)), null);
    });
  });

  it('take nothing from settings that are none', async () => {
    for (const body of [null, [], 'settings', 7]) assert.equal(await calendarOf(body), null);
    const nothing = { timeZone: null, hours: null, away: null, locale: null };
    for (const body of [
      {},
      { timeZone: 7, language: 'de', workingHours: [], automaticRepliesSetting: 'on' },
      { timeZone: 'Atlantis Standard Time', language: { locale: 'not a language!' } },
      { timeZone: 'x'.repeat(100_000), language: { locale: 'x'.repeat(100_000) } },
      { timeZone: '__proto__', language: { locale: '' } },
      { timeZone: '+02:00', language: { locale: null } },
    ])
      assert.deepEqual(await calendarOf(body), nothing, JSON.stringify(body).slice(0, 80));
  });
});
