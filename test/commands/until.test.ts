import assert from 'node:assert/strict';
import { LANGUAGES } from '../../src/case/languages.ts';
import { readUntil, splitAtUntil, type Writer } from '../../src/commands/until.ts';
import { english, inLanguage } from '../helpers/english.ts';

/** A Friday, four in the afternoon in Berlin. */
const BERLIN: Writer = { now: Date.parse('2026-11-20T15:00:00Z'), timeZone: 'Europe/Berlin' };
const at = (iso: string, timeZone = 'Europe/Berlin'): Writer => ({ now: Date.parse(iso), timeZone });

const untilOf = (words: string, writer = BERLIN): string => {
  const read = readUntil(words, writer);
  return read.kind === 'until' ? read.until : read.kind;
};

describe('the words after "until"', () => {
  const read: readonly (readonly [words: string, until: string])[] = [
    ['until 2026-12-01', '2026-12-01T22:59:59.999Z'],
    ['until 2026-12-01 17:00', '2026-12-01T16:00:00.000Z'],
    ['until 2026-12-01T17:00:00+02:00', '2026-12-01T15:00:00.000Z'],
    ['until tomorrow', '2026-11-21T22:59:59.999Z'],
    ['until tomorrow 17:00', '2026-11-21T16:00:00.000Z'],
    ['until tomorrow morning', '2026-11-21T05:00:00.000Z'],
    ['until this evening', '2026-11-20T19:00:00.000Z'],
    ['until today', '2026-11-20T22:59:59.999Z'],
    ['until 14:00', '2026-11-21T13:00:00.000Z'],
    ['until in 2 hours', '2026-11-20T17:00:00.000Z'],
    ['until in 3 days', '2026-11-23T22:59:59.999Z'],
    ['until monday', '2026-11-23T22:59:59.999Z'],
    ['till next friday', '2026-11-27T22:59:59.999Z'],
    ['UNTIL THE 5TH OF DECEMBER', '2026-12-05T22:59:59.999Z'],
    ['bis Montag', '2026-11-23T22:59:59.999Z'],
    ['bis zum 5. Dezember', '2026-12-05T22:59:59.999Z'],
    ['bis 01.12.2026', '2026-12-01T22:59:59.999Z'],
    ['bis 1.12.', '2026-12-01T22:59:59.999Z'],
    ['bis 1.1.', '2027-01-01T22:59:59.999Z'],
    ['bis morgen 17 Uhr', '2026-11-21T16:00:00.000Z'],
    ["jusqu'à lundi", '2026-11-23T22:59:59.999Z'],
    ['jusqu’au 5 décembre', '2026-12-05T22:59:59.999Z'],
    ["jusqu'à demain 17h30", '2026-11-21T16:30:00.000Z'],
    ['hasta el lunes', '2026-11-23T22:59:59.999Z'],
    ['hasta el 5 de diciembre', '2026-12-05T22:59:59.999Z'],
    ['hasta mañana 17:00', '2026-11-21T16:00:00.000Z'],
    ['until Montag', '2026-11-23T22:59:59.999Z'],
  ];
  for (const [words, until] of read)
    it(`say when: ${words}`, () => {
      assert.deepEqual(readUntil(words, BERLIN), { kind: 'until', until, rest: '' });
    });

  const own: readonly string[] = [
    'until friday',
    'until this friday',
    'bis Freitag',
    'bis diesen Freitag',
    "jusqu'à vendredi",
    'hasta el viernes',
  ];
  for (const words of own)
    it(`mean the same day, in the morning as in the afternoon: ${words}`, () => {
      assert.equal(untilOf(words, at('2026-11-20T06:00:00Z')), '2026-11-20T22:59:59.999Z');
      assert.equal(untilOf(words, at('2026-11-20T20:00:00Z')), '2026-11-20T22:59:59.999Z');
      assert.equal(untilOf(words, at('2026-11-21T06:00:00Z')), '2026-11-27T22:59:59.999Z');
    });

  it("end with the day of the writer's own calendar, not of the server's", () => {
    const evening = '2026-11-20T23:30:00Z';

    assert.equal(untilOf('until today', at(evening, 'Europe/London')), '2026-11-20T23:59:59.999Z');
    assert.equal(untilOf('until today', at(evening, 'Asia/Tokyo')), '2026-11-21T14:59:59.999Z');
    assert.equal(untilOf('until monday 09:00', at(evening, 'America/New_York')), '2026-11-23T14:00:00.000Z');
    assert.equal(untilOf('until today', at(evening, 'Atlantis/Capital')), '2026-11-20T23:59:59.999Z');
  });

  it('keep to the wall clock where it is put forward or back before then', () => {
    assert.equal(untilOf('until 2026-03-30 09:00', at('2026-03-27T12:00:00Z')), '2026-03-30T07:00:00.000Z');
    assert.equal(untilOf('until 2026-10-26', at('2026-10-23T12:00:00Z')), '2026-10-26T22:59:59.999Z');
  });

  it('take the day before the month, but for who writes American English', () => {
    assert.equal(untilOf('until 3/4/2027'), '2027-04-03T21:59:59.999Z');
    assert.equal(untilOf('until 3/4/2027', { ...BERLIN, locale: 'en-GB' }), '2027-04-03T21:59:59.999Z');
    assert.equal(untilOf('until 3/4/2027', { ...BERLIN, locale: 'en-US' }), '2027-03-04T22:59:59.999Z');
  });

  it('are followed by whatever else there is to say', () => {
    const rests: readonly (readonly [string, string])[] = [
      ['until monday all agreed', 'all agreed'],
      ['until monday, all agreed.', 'all agreed.'],
      ['until 2026-12-01 - Priya knows', 'Priya knows'],
      ['bis 1.12. alles abgesprochen', 'alles abgesprochen'],
      ['until monday 2 people agreed', '2 people agreed'],
      ['until monday may be too short', 'may be too short'],
      [`until monday ${'x'.repeat(5_000)}`, 'x'.repeat(5_000)],
    ];
    for (const [words, rest] of rests) {
      const found = readUntil(words, BERLIN);
      assert.equal(found.kind === 'until' && found.rest, rest);
    }
  });

  const none = ['', 'all agreed', 'fine until we know more', 'untilfriday', 'bisschen', 'untils friday'];
  for (const words of none)
    it(`are absent from "${words}"`, () => {
      assert.deepEqual(readUntil(words, BERLIN), { kind: 'absent' });
    });

  const refused: readonly (readonly [words: string, why: RegExp])[] = [
    ['until', /cannot read a date/],
    ['until further notice', /cannot read a date/],
    ['until so we agreed', /cannot read a date/],
    ['bis so weit alles gut', /cannot read a date/],
    ['until 30 february', /cannot read a date/],
    ['bis 31.2.', /cannot read a date/],
    ['until 99999-01-01', /cannot read a date/],
    ['until last friday', /cannot read a date/],
    ['until monday to friday', /more than one day/],
    ['until 2020-01-01', /not in the future/],
    ['until yesterday', /not in the future/],
    ['until now', /not in the future/],
    ['until 2026-11-20 16:00', /not in the future/],
  ];
  for (const [words, why] of refused)
    it(`are refused, with an example of how to write them: ${words}`, () => {
      const answer = readUntil(words, BERLIN);

      assert.ok(answer.kind === 'refused', JSON.stringify(answer));
      assert.match(english(answer.say), why);
      for (const language of LANGUAGES) assert.match(inLanguage(language, answer.say), /until 2026-12-01/);
    });

  it('take a moment that is one second away', () => {
    assert.equal(untilOf('until 2026-11-20 16:00:01'), '2026-11-20T15:00:01.000Z');
  });

  it('are never read to their end where they are longer than any date', () => {
    for (const hostile of ['1/', 'friday ', '9:', "jusqu'", ' - ', 'a.m. '])
      assert.notEqual(readUntil(`until ${hostile.repeat(20_000)}`, BERLIN).kind, 'absent');
  });
});

describe('a line with "until" in it', () => {
  it('is parted at the last one', () => {
    assert.deepEqual(splitAtUntil('to Priya Nair until friday'), {
      before: 'to Priya Nair',
      from: 'until friday',
    });
    assert.deepEqual(splitAtUntil('to Bis Weber bis Freitag'), {
      before: 'to Bis Weber',
      from: 'bis Freitag',
    });
    assert.deepEqual(splitAtUntil("to priya jusqu'à vendredi"), {
      before: 'to priya',
      from: "jusqu'à vendredi",
    });
    assert.equal(splitAtUntil('to Ann Untilman'), null);
  });
});
