// In whose language the samples are drawn: somebody at Contoso, on the day of the sample case. Strict: a message or a filling that is
// missing fails, where the app would fall back to English.
import path from 'node:path';
import { createWords } from '../../src/adapters/words/index.ts';
import { type Language, USUAL_LOCALE } from '../../src/case/languages.ts';
import type { Said } from '../../src/case/said.ts';

export type Write = (said: Said) => string;

export const NOW = '2026-11-21T09:45:00.000Z';
export const ZONE = 'Europe/Berlin';

const words = createWords({ folder: path.join(import.meta.dirname, '../../words'), strict: true });

export const writerIn =
  (language: Language): Write =>
  (said) =>
    words.write(said, { locale: USUAL_LOCALE[language], timeZone: ZONE, now: NOW });
