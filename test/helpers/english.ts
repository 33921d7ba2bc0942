// What words say in English, for expectations. Strict: a message or a filling that is missing fails the test.
import path from 'node:path';
import { createWords } from '../../src/adapters/words/index.ts';
import { type Language, USUAL_LOCALE } from '../../src/case/languages.ts';
import type { Said } from '../../src/case/said.ts';

export const testWords = createWords({ folder: path.join(import.meta.dirname, '../../words'), strict: true });

/** As a card is written: in the zone of contoso.example, on the day of most tests. */
export const writerIn =
  (language: Language, now = '2026-11-21T10:00:00.000Z', timeZone = 'Europe/Berlin') =>
  (said: Said): string =>
    testWords.write(said, { locale: USUAL_LOCALE[language], timeZone, now });

export const inLanguage = (language: Language, said: Said): string => writerIn(language)(said);

export const english = (said: Said): string => inLanguage('en', said);
export const allEnglish = (all: readonly Said[]): readonly string[] => all.map(english);
