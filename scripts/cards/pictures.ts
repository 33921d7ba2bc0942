// Which pictures there are of the sample cards: each in every language, and in English in the dark as well.
import type { Theme } from '../../src/adapters/cards-preview/host-config.ts';
import { LANGUAGES, type Language } from '../../src/case/languages.ts';
import { samplesIn } from './samples.ts';

export interface Picture {
  /** Within docs/images/cards. */
  readonly file: string;
  /** Of the sample. */
  readonly name: string;
  readonly language: Language;
  readonly theme: Theme;
}

export const PICTURES: readonly Picture[] = Object.keys(samplesIn('en')).flatMap((name) => [
  ...LANGUAGES.map((language) => ({
    ...{ file: `${language}/${name}.png`, name, language },
    theme: 'light' as const,
  })),
  { file: `dark/${name}.png`, name, language: 'en', theme: 'dark' },
]);
