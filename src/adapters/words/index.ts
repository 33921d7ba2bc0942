// Words from files: words/<language>/<area>.json, ICU messages by key. English where another language fails, and never an exception:
// a card with a clumsy sentence is better than none.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language, languageOf } from '../../case/languages.ts';
import { isEndOfDay, shortTimeText, spanText, timeText } from '../../case/moment-text.ts';
import { type Filled, isPhrase, type Moment, type Phrase, type Said, say } from '../../case/said.ts';
import type { Reader, Words } from '../../ports/words.ts';

/** Every message in each language, and in a few of their regions. */
const MOST_COMPILED = 20_000;

export interface WordsOptions {
  /** Where the files are. */
  readonly folder: string;
  /** Throws instead of falling back: for tests. */
  readonly strict?: boolean;
}

/** Reads every file; throws where one cannot be read. */
export function createWords({ folder, strict = false }: WordsOptions): Words {
  const messages = new Map(LANGUAGES.map((language) => [language, readMessages(folder, language)]));
  const compiled = new Map<string, IntlMessageFormat>();

  function messageOf(key: string, locale: string, language: Language): IntlMessageFormat {
    const id = `${locale} ${key}`;
    const known = compiled.get(id);
    if (known) return known;
    const text = messages.get(language)?.get(key);
    if (text === undefined) throw new Error(`words/${language} has no ${key}`);
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
    compiled.set(id, message);
    return message;
  }

  function fill(phrase: Phrase, reader: Reader, language: Language): string {
    const values = Object.fromEntries(
      Object.entries(phrase.with ?? {}).map(([name, filled]) => [name, written(filled, reader)]),
    );
    const { text } = phrase;
    if (text !== undefined && messages.get('en')?.get(phrase.say) !== text)
      return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
    return String(messageOf(phrase.say, reader.locale, language).format(values));
  }

  function written(filled: Filled, reader: Reader): string | number {
    if (typeof filled === 'string' || typeof filled === 'number') return filled;
    if (isPhrase(filled)) return write(filled, reader);
    if ('time' in filled) return momentText(filled, reader);
    if ('ms' in filled) return spanText(filled.ms, reader.locale);
    if (!Array.isArray(filled)) return '';
    const items = filled.map((one) => write(one, reader));
    return new Intl.ListFormat(reader.locale, { type: 'conjunction' }).format(items);
  }

  /** A day that counts to its end is called by its name, not by its last second. */
  function momentText({ time, precision = 'seconds', dated }: Moment, reader: Reader): string {
    if (reader.iso) return time;
    if (precision !== 'day' && isEndOfDay(time, reader.timeZone))
      return write(
        say('case.end-of-day', { day: timeText(time, reader.locale, reader.timeZone, 'day') }),
        reader,
      );
    if (dated) return timeText(time, reader.locale, reader.timeZone, precision);
    return shortTimeText(time, reader, precision);
  }

  function write(said: Said, reader: Reader): string {
    // Rows may hold what no release of ours has written: that fails no card.
    if (!isPhrase(said)) return typeof said === 'string' ? said : '';
    try {
      return fill(said, reader, languageOf(reader.locale) ?? 'en');
    } catch (error) {
      if (strict) throw error;
      return inEnglish(said, reader);
    }
  }

  function inEnglish(phrase: Phrase, reader: Reader): string {
    try {
      return fill(phrase, { ...reader, locale: 'en-GB' }, 'en');
    } catch {
      return Object.values(phrase.with ?? {})
        .map((filled) => String(written(filled, { ...reader, locale: 'en-GB' })))
        .join(' ');
    }
  }

  return { write };
}

function readMessages(folder: string, language: Language): ReadonlyMap<string, string> {
  const files = readdirSync(path.join(folder, language)).filter((name) => name.endsWith('.json'));
  return new Map(
    files.flatMap((name) => {
      const area = path.basename(name, '.json');
      const all = JSON.parse(readFileSync(path.join(folder, language, name), 'utf8')) as Record<
        string,
        string
      >;
      return Object.entries(all).map(([key, text]) => [`${area}.${key}`, text] as const);
    }),
  );
}
