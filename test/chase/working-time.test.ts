// Working time: nights, weekends, days off and the days on which the clocks change.
import assert from 'node:assert/strict';
import { addWorkingTime, isTimeZone, isWorkingTime, type WorkingTime } from '../../src/chase/working-time.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const office: WorkingTime = {
  timeZone: 'Europe/Berlin',
  hours: { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 },
  holidays: {},
};
const always = { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 24 * 60 };
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Cairo'];

/** Numbers that are the same every time, and look like no pattern. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
const isoOf = (ms: number): string => new Date(ms).toISOString();

describe('working time', () => {
  const CASES: readonly (readonly [string, string, number, string, Partial<WorkingTime>?])[] = [
    ['within a day', '2026-11-20T09:00:00.000Z', 2 * HOUR, '2026-11-20T11:00:00.000Z'],
    ['over night', '2026-11-19T15:00:00.000Z', 4 * HOUR, '2026-11-20T11:00:00.000Z'],
    ['over a weekend', '2026-11-20T15:00:00.000Z', 2 * HOUR, '2026-11-23T09:00:00.000Z'],
    ['from before work', '2026-11-20T03:00:00.000Z', HOUR, '2026-11-20T09:00:00.000Z'],
    ['from a Sunday', '2026-11-22T12:00:00.000Z', HOUR, '2026-11-23T09:00:00.000Z'],
    [
      'to the end of a day, which is the next one',
      '2026-11-19T15:00:00.000Z',
      HOUR,
      '2026-11-20T08:00:00.000Z',
    ],
    ['nothing, within work', '2026-11-20T09:10:11.123Z', 0, '2026-11-20T09:10:11.123Z'],
    ['nothing, after work', '2026-11-20T19:00:00.000Z', 0, '2026-11-23T08:00:00.000Z'],
    [
      'over the night in which clocks go back',
      '2026-10-23T14:00:00.000Z',
      2 * HOUR,
      '2026-10-26T09:00:00.000Z',
    ],
    [
      'over the night in which they go forward',
      '2026-03-27T15:00:00.000Z',
      2 * HOUR,
      '2026-03-30T08:00:00.000Z',
    ],
    [
      'over a day off of the zone',
      '2026-11-19T15:00:00.000Z',
      2 * HOUR,
      '2026-11-23T09:00:00.000Z',
      { holidays: { 'Europe/Berlin': ['2026-11-20'], 'America/New_York': ['2026-11-23'] } },
    ],
    [
      'over a day off for all',
      '2026-11-19T15:00:00.000Z',
      2 * HOUR,
      '2026-11-23T09:00:00.000Z',
      { holidays: { '*': ['2026-11-20'] } },
    ],
    [
      'where a short day is 23 hours long',
      '2026-03-28T23:00:00.000Z',
      24 * HOUR,
      '2026-03-29T23:00:00.000Z',
      { hours: always },
    ],
  ];
  for (const [what, start, ms, expected, over] of CASES)
    it(`counts ${what}`, () => {
      assert.equal(addWorkingTime(start, ms, { ...office, ...over }), expected);
    });

  it('is clock time for whoever works at no time in the next 60 days', () => {
    const never = { ...office, hours: { ...office.hours, days: [] } };
    const daysOff = Array.from({ length: 70 }, (_, day) => isoOf(Date.parse('2026-11-20') + day * 24 * HOUR));
    const away = { ...office, holidays: { '*': daysOff.map((day) => day.slice(0, 10)) } };

    for (const working of [never, away]) {
      assert.equal(addWorkingTime('2026-11-20T03:00:00.000Z', HOUR, working), '2026-11-20T04:00:00.000Z');
      assert.equal(isWorkingTime('2026-11-22T03:00:00.000Z', working), true);
    }
  });

  it('waits for somebody who is back within 60 days', () => {
    const daysOff = Array.from({ length: 40 }, (_, day) => isoOf(Date.parse('2026-11-20') + day * 24 * HOUR));
    const back = { ...office, holidays: { '*': daysOff.map((day) => day.slice(0, 10)) } };

    assert.equal(addWorkingTime('2026-11-20T09:00:00.000Z', HOUR, back), '2026-12-30T09:00:00.000Z');
  });

  it('never goes backwards, adds up, and always ends within working hours', () => {
    const next = numbers(7);
    for (let round = 0; round < 300; round++) {
      const fromMinute = Math.floor(next() * 20) * 60;
      const working: WorkingTime = {
        timeZone: ZONES[Math.floor(next() * ZONES.length)] ?? 'UTC',
        hours: {
          days: [1, 2, 3, 4, 5, 6, 7].filter((day) => day === 3 || next() < 0.6),
          fromMinute,
          toMinute: fromMinute + 60 + Math.floor(next() * (24 * 60 - fromMinute - 59)),
        },
        holidays: { '*': ['2026-10-28', '2026-03-25'] },
      };
      const start = isoOf(Date.parse('2026-03-01') + Math.floor(next() * 250 * 24 * HOUR));
      const one = Math.floor(next() * 30 * HOUR);
      const two = Math.floor(next() * 30 * HOUR);

      const first = addWorkingTime(start, one, working);
      const both = addWorkingTime(start, one + two, working);

      assert.ok(start <= first && first <= both, `${start} ${first} ${both}`);
      assert.equal(addWorkingTime(first, two, working), both, JSON.stringify({ working, start, one, two }));
      assert.ok(isWorkingTime(both, working));
      assert.ok(Date.parse(both) - Date.parse(start) >= one + two);
      const later = addWorkingTime(isoOf(Date.parse(start) + 10 * MINUTE), one, working);
      assert.ok(first <= later, 'whoever starts later is not done earlier');
    }
  });

  it('equals clock time for whoever works around the clock, in every zone and whatever the clocks do', () => {
    const next = numbers(11);
    for (let round = 0; round < 200; round++) {
      const timeZone = ZONES[round % ZONES.length] ?? 'UTC';
      const start = Date.parse('2026-01-01') + Math.floor(next() * 365 * 24 * HOUR);
      const ms = Math.floor(next() * 60 * 24 * HOUR);

      const end = addWorkingTime(isoOf(start), ms, { timeZone, hours: always, holidays: {} });

      assert.equal(end, isoOf(start + ms), `${timeZone} ${isoOf(start)} + ${ms}`);
    }
  });

  it('knows the names of zones from those that nobody knows', () => {
    assert.equal(isTimeZone('Europe/Berlin'), true);
    for (const name of ['Customized Time Zone', '', null, undefined]) assert.equal(isTimeZone(name), false);
  });
});
