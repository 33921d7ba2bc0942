// Until when: the date behind "until", "bis", "jusqu'à" or "hasta", as the writer's own calendar and clock have it. Pure.
import { casual as readGerman } from 'chrono-node/de';
import { GB as readBritish, casual as readEnglish } from 'chrono-node/en';
import { casual as readSpanish } from 'chrono-node/es';
import { casual as readFrench } from 'chrono-node/fr';
import { DateTime } from 'luxon';
import { type Phrase, type Said, say } from '../case/said.ts';

export interface Writer {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** IANA; UTC where nobody knows it by that name. */
  readonly timeZone: string;
  /** BCP 47: whether 3/4 is in March or in April. */
  readonly locale?: string | undefined;
}

export type Until =
  /** The words are about something else. */
  | { readonly kind: 'absent' }
  /** ISO 8601 in UTC, always later than `now`. `rest`: the words behind the date. */
  | { readonly kind: 'until'; readonly until: string; readonly rest: string }
  | { readonly kind: 'refused'; readonly say: Said };

type Language = 'en' | 'de' | 'fr' | 'es';
type Parser = typeof readEnglish;
type Found = ReturnType<Parser['parse']>[number];

const LANGUAGES: readonly Language[] = ['en', 'de', 'fr', 'es'];
const MARKERS: Readonly<Record<Language, string>> = {
  en: 'until|till|til',
  de: 'bis',
  fr: "jusqu(?:[e ]|['’] ?)(?:à|a|au|aux|en)?",
  es: 'hasta',
};
/** Between the marker and the date, in each language; chrono reads most of them as the end of something else. */
const ARTICLES = /^(?:(?:the|on|zum|den|dem|am|le|el)\s+)+/iu;
/** No date takes more. What follows may be as long as a comment is. */
const LONGEST_DATE = 100;
const PART_OF_DAY = /^casualReference\/(?:morning|noon|afternoon|evening|night|midnight|tonight)$/;
const ONE_WEEKDAY = /^(?:(?:this|diese[nr]?|ce|este)\s+)?[^\s]+$/iu;
const BACKWARDS = /\b(?:last|past|letzte[nrs]?|vorige[nrs]?|vergangene[nrs]?)\b|derni(?:er|ère)|passée?/iu;

const refused = (why: Phrase): Until => ({ kind: 'refused', say: say('commands.until-how', { why }) });

const NO_DATE = say('commands.until-no-date');

/** Reads words that begin with "until". A date without a time means the end of that day. */
export function readUntil(words: string, writer: Writer): Until {
  const spoken = markedAt(words.trim());
  if (!spoken) return { kind: 'absent' };
  const found = findDate(spoken.words.replace(ARTICLES, ''), spoken.language, writer);
  if (!found) return refused(NO_DATE);
  const { result, text } = found;
  if (result.end) return refused(say('commands.until-several'));
  const until = momentOf(result, writer);
  if (!until.isValid || BACKWARDS.test(result.text)) return refused(NO_DATE);
  if (until.toMillis() <= writer.now) return refused(say('commands.until-over'));
  const rest = text.slice(result.text.length).replace(/^[\s,;:.–-]+/u, '');
  return { kind: 'until', until: new Date(until.toMillis()).toISOString(), rest };
}

/** The words before the last "until", and from it on; null without one. */
export function splitAtUntil(words: string): { readonly before: string; readonly from: string } | null {
  const marker = new RegExp(`(?<=\\s|^)(?:${Object.values(MARKERS).join('|')})(?=\\s)`, 'giu');
  const last = [...words.matchAll(marker)].at(-1);
  return last ? { before: words.slice(0, last.index).trim(), from: words.slice(last.index) } : null;
}

const zoneOf = (timeZone: string): string => (DateTime.local({ zone: timeZone }).isValid ? timeZone : 'UTC');

function markedAt(words: string): { readonly language: Language; readonly words: string } | null {
  for (const language of LANGUAGES) {
    const marker = new RegExp(`^(?:${MARKERS[language]})(?:\\s+|$)`, 'iu').exec(words);
    if (marker) return { language, words: words.slice(marker[0].length) };
  }
  return null;
}

/** In the language of the marker, else in any other: "until Freitag" is one date, too. */
function findDate(
  words: string,
  marked: Language,
  writer: Writer,
): { readonly result: Found; readonly text: string } | null {
  const text = withYear(words, writer);
  for (const language of [marked, ...LANGUAGES.filter((one) => one !== marked)]) {
    const [result] = parserOf(language, writer).parse(text.slice(0, LONGEST_DATE), referenceOf(writer), {
      forwardDate: true,
    });
    if (result?.index === 0 && isMeant(result.text, language === marked)) return { result, text };
  }
  return null;
}

/** Two letters are a weekday to German ("so", "do") and a word to everybody. */
const isMeant = (text: string, ownLanguage: boolean): boolean =>
  (ownLanguage ? /\d|\p{L}{3}/u : /\d|\p{L}{4}/u).test(text);

function parserOf(language: Language, { locale }: Writer): Parser {
  if (language === 'de') return readGerman;
  if (language === 'fr') return readFrench;
  if (language === 'es') return readSpanish;
  return locale?.toLowerCase() === 'en-us' ? readEnglish : readBritish;
}

const referenceOf = ({ now, timeZone }: Writer) => ({
  instant: new Date(now),
  timezone: DateTime.fromMillis(now, { zone: zoneOf(timeZone) }).offset,
});

/** "1.12." is what many write for the next first of December; chrono wants the year. */
function withYear(words: string, { now, timeZone }: Writer): string {
  const [short, day, month] = /^(\d{1,2})\.\s?(\d{1,2})\.(?!\d)/.exec(words) ?? [];
  if (!short) return words;
  const today = DateTime.fromMillis(now, { zone: zoneOf(timeZone) }).startOf('day');
  const date = today.set({ month: Number(month), day: Number(day) });
  const next = date < today ? date.plus({ years: 1 }) : date;
  return next.day === Number(day) ? next.toISODate() + words.slice(short.length) : words;
}

/** By the wall clock of the writer, whose offset may change before then. */
function momentOf(found: Found, { now, timeZone }: Writer): DateTime {
  const zone = zoneOf(timeZone);
  const { start } = found;
  if (start.isCertain('timezoneOffset')) return DateTime.fromJSDate(start.date(), { zone });
  const day = DateTime.fromObject(
    { year: start.get('year') ?? 0, month: start.get('month') ?? 0, day: start.get('day') ?? 0 },
    { zone },
  );
  if (start.isCertain('hour') || [...found.tags()].some((tag) => PART_OF_DAY.test(tag)))
    return day.set({
      hour: start.get('hour') ?? 0,
      minute: start.get('minute') ?? 0,
      second: start.get('second') ?? 0,
    });
  // On a Friday afternoon chrono takes "friday" for the next one, in the morning for today.
  const today = DateTime.fromMillis(now, { zone }).startOf('day');
  const isItsOwnDay =
    start.isCertain('weekday') && ONE_WEEKDAY.test(found.text) && +day === +today.plus({ weeks: 1 });
  return (isItsOwnDay ? today : day).endOf('day');
}
