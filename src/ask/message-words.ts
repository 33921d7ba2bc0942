// Words from outside inside a message: plain, on one line, with its moments as the reader's clock has them.
import { type Clock, isoTime } from '../ports/clock.ts';
import { plainText } from './plain-text.ts';
import { timed } from './time-text.ts';

const MOST = 1_500;

/** `timeZone`: of those who do not say in which one they are. */
export const createWords =
  (clock: Clock, { timeZone: otherwise }: { readonly timeZone: string }) =>
  (text: string, { timeZone = otherwise }: { readonly timeZone?: string }): string =>
    plainText(timed(text, { timeZone, now: isoTime(clock) }), MOST);
