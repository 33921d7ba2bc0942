// What words say in English, for expectations. Strict: a message or a filling that is missing fails the test.
import path from 'node:path';
import { createWords } from '../../src/adapters/words/index.ts';
import { type Language, USUAL_LOCALE } from '../../src/case/languages.ts';
import type { Said } from '../../src/case/said.ts';

export const testWords = createWords({ folder: path.join(import.meta.dirname, '../../words'), strict: true });

/** In the zone of contoso.example, on the day of most tests. */
export const inLanguage = (language: Language, said: Said): string =>
  testWords.write(said, {
    locale: USUAL_LOCALE[language],
    timeZone: 'Europe/Berlin',
    now: '2026-11-21T10:00:00.000Z',
  });

export const english = (said: Said): string => inLanguage('en', said);
export const allEnglish = (all: readonly Said[]): readonly string[] => all.map(english);
