import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createWords } from '../../../src/adapters/words/index.ts';
import { chooseLocale, LANGUAGES } from '../../../src/case/languages.ts';
import type { Phrase, Said } from '../../../src/case/said.ts';
import type { Words } from '../../../src/ports/words.ts';

const MESSAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    things: '{n, plural, one {# thing} other {# things}} of {who}',
    done: 'Done at {when}: {what}',
    within: 'within {span}',
    all: 'On {list}',
    only: 'Only {who}',
  },
  de: {
    things: '{n, plural, one {# Ding} other {# Dinge}} von {who}',
    done: 'Erledigt um {when}: {what}',
    within: 'binnen {span}',
    all: 'Auf {list}',
  },
};
/** Keys of a made-up file. */
const phrase = (key: string, filling?: Phrase['with']): Phrase =>
  ({ say: `made.${key}`, ...(filling && { with: filling }) }) as unknown as Phrase;

describe('words', () => {
  const NOW = '2026-11-21T12:00:00.000Z';
  const german = { locale: 'de-DE', timeZone: 'Europe/Berlin', now: NOW };
  const english = { locale: 'en-GB', timeZone: 'Europe/London', now: NOW };
  let folder: string;
  let words: Words;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-words-'));
    for (const language of LANGUAGES) {
      mkdirSync(path.join(folder, language));
      writeFileSync(path.join(folder, language, 'made.json'), JSON.stringify(MESSAGES[language] ?? {}));
    }
    words = createWords({ folder });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are written in the language of the reader, with their numbers', () => {
    const said = phrase('things', { n: 1234, who: 'Alex' });

    assert.equal(words.write(said, german), '1.234 Dinge von Alex');
    assert.equal(words.write(said, english), '1,234 things of Alex');
    assert.equal(words.write(phrase('things', { n: 1, who: 'Alex' }), german), '1 Ding von Alex');
  });

  it('are written with the moments of their zone, and without the date on their own day', () => {
    const said = phrase('done', {
      when: { time: '2026-11-21T09:42:07.000Z' },
      what: phrase('within', { span: { ms: 3_600_000 } }),
    });

    assert.equal(words.write(said, german), 'Erledigt um 10:42:07 MEZ: binnen 1 Stunde');
    assert.equal(words.write(said, english), 'Done at 09:42:07 GMT: within 1 hour');
    assert.match(
      words.write(said, { ...german, now: '2026-11-25T12:00:00.000Z' }),
      /^Erledigt um 21\. Nov\. 2026, 10:42:07 MEZ/,
    );
  });

  it('list things as people do', () => {
    const said = phrase('all', { list: ['a', 'b', 'c'] });

    assert.equal(words.write(said, german), 'Auf a, b und c');
  });

  it('take text as text, whatever it looks like', () => {
    const hostile = "{n} {who, select, other {x}} '{' <b>";

    assert.equal(words.write(phrase('only', { who: hostile }), english), `Only ${hostile}`);
    assert.equal(words.write(hostile, german), hostile);
  });

  it('are written in English where the language fails, and never fail', () => {
    assert.equal(words.write(phrase('only', { who: 'Alex' }), german), 'Only Alex');
    assert.equal(words.write(phrase('things', { who: 'Alex' }), german), 'Alex');
    assert.equal(words.write(phrase('missing'), german), '');
    assert.match(words.write(phrase('done', { when: { time: 'soon' }, what: 'x' }), english), /\?/);
    assert.equal(words.write(phrase('only', { who: 'x' }), { ...english, timeZone: 'Moon/Sea' }), 'Only x');
  });

  it('say nothing for what is no words at all, and never fail over it', () => {
    const stray = { from: 'another release' };

    assert.equal(words.write(stray as unknown as Said, english), '');
    assert.equal(words.write(phrase('only', { who: stray as unknown as string }), english), 'Only ');
  });

  it('fail in tests, so that nothing is missing', () => {
    assert.throws(() => createWords({ folder, strict: true }).write(phrase('only', { who: 'x' }), german));
  });
});

describe('the language of a reader', () => {
  const cases: readonly (readonly [wishes: readonly (string | null)[], locale: string])[] = [
    [['de-AT', 'fr-FR', 'en-US'], 'de-AT'],
    [[null, 'fr', 'en-US'], 'fr-FR'],
    [['it-IT', null, 'es-MX'], 'es-MX'],
    [['it-IT', 'pt-BR', null], 'en-GB'],
    [['de_CH'], 'de-CH'],
    [['DE'], 'de-DE'],
    [['en-'], 'en-GB'],
    [['german'], 'en-GB'],
    [['de-AT-u-nu-arab-x-whatever'], 'de-AT'],
    [['es-419'], 'es-419'],
  ];
  for (const [wishes, locale] of cases)
    it(`is ${locale} for ${JSON.stringify(wishes)}`, () => {
      assert.equal(chooseLocale(wishes), locale);
    });
});
