// The languages that every word is there in, and which of them somebody reads. Pure.

export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** English as most of the world writes its dates. */
export const USUAL_LOCALE: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  de: 'de-DE',
  fr: 'fr-FR',
  es: 'es-ES',
};

export const languageOf = (locale: string): Language | null => {
  const language = locale.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((one) => one === language) ?? null;
};

/**
 * The first of them whose language there is, as a locale that Intl knows: what the reader's Teams says, else what the directory
 * says of them, else the tenant's. English where none fits.
 */
export function chooseLocale(wishes: readonly (string | null | undefined)[]): string {
  for (const wish of wishes) {
    const language = wish ? languageOf(wish) : null;
    if (!wish || !language) continue;
    const region = regionOf(wish);
    return region ? `${language}-${region}` : USUAL_LOCALE[language];
  }
  return USUAL_LOCALE.en;
}

/** Nothing else of a locale counts: what anybody can write into an activity must not make ever new ones. */
function regionOf(wish: string): string | undefined {
  try {
    return new Intl.Locale(wish.replaceAll('_', '-')).region;
  } catch {
    return undefined;
  }
}
