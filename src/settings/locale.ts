// The tenant's language, as the operator names it: one of those that there are words in.
import { z } from 'zod';
import { chooseLocale, LANGUAGES, languageOf, USUAL_LOCALE } from '../case/languages.ts';

const CHOICES = LANGUAGES.map((language) => USUAL_LOCALE[language]);

/** `de` is taken for the usual locale of its language, and `de_AT` for `de-AT`. */
export const localeSection = () =>
  z
    .string()
    .refine((name) => languageOf(name) !== null && isLocale(name), {
      error: `must be a locale in English, German, French or Spanish: ${CHOICES.join(', ')}, or another of these languages such as de-AT`,
    })
    .transform((name) => chooseLocale([name]))
    .default(USUAL_LOCALE.en);

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name.replaceAll('_', '-')).length === 1;
  } catch {
    return false;
  }
}
