// Writes out words in the reader's language, with their dates and numbers.
import type { Said } from '../case/said.ts';

/** Who reads, as far as it matters to words. */
export interface Reader {
  /** BCP 47, of a language that there is (`chooseLocale`). */
  readonly locale: string;
  /** IANA; UTC where it is unknown to Intl. */
  readonly timeZone: string;
  /** ISO 8601: what is of the same day is written without its date. */
  readonly now: string;
  /** Moments as ISO 8601, in UTC: what no single person reads is compared with other records. */
  readonly iso?: true;
}

/** The trail, the governance log, the command line and what goes to a SIEM are in English, wherever they are read. */
export const FOR_THE_RECORD: Reader = { locale: 'en-GB', timeZone: 'UTC', now: '', iso: true };

export interface Words {
  /** One line of plain text, not escaped. Never throws: what cannot be written in the reader's language is written in English. */
  write(said: Said, reader: Reader): string;
}
