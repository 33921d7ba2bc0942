// Words inside a message: in the language of whoever reads it, and plain, on one line, where others' text may be among them.
import { chooseLocale } from '../case/languages.ts';
import type { Said } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { Words } from '../ports/words.ts';
import { plainText } from './plain-text.ts';

const MOST = 1_500;

/** Whose language and zone are known as far as they are. */
interface Somebody {
  readonly locale?: string;
  readonly timeZone?: string;
}

export interface MessageWords {
  /** As it is. */
  write(said: Said, reader: Somebody): string;
  /** Escaped; `hide` takes out what its reader may not see. */
  words(said: Said, reader: Somebody, hide?: (text: string) => string): string;
}

export function createMessageWords(
  words: Words,
  clock: Clock,
  settings: Pick<OperatorSettings, 'locale' | 'timeZone'>,
): MessageWords {
  const write = (said: Said, { locale, timeZone }: Somebody): string =>
    words.write(said, {
      locale: chooseLocale([locale, settings.locale]),
      timeZone: timeZone ?? settings.timeZone,
      now: isoTime(clock),
    });
  return {
    write,
    words: (said, reader, hide = (text) => text) => plainText(hide(write(said, reader)), MOST),
  };
}
