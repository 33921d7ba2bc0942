// When "expected until" ends: a card's input gives a day of the person's own calendar, which counts to its end; a line gives a
// moment. Pure.
import { type Said, say } from '../case/said.ts';

export type UntilRead =
  | { readonly kind: 'read'; readonly until: string }
  | { readonly kind: 'refused'; readonly say: Said };

export interface UntilRules {
  /** IANA, where the client said so: not to be relied on. */
  readonly timeZone: string | undefined;
  readonly defaultZone: string;
  readonly nowMs: number;
  readonly longestMs: number;
}

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** ISO 8601 in UTC: the moment, or the last one of the day; never over already, never further ahead than the settings allow. */
export function readUntil(text: string, rules: UntilRules): UntilRead {
  const { nowMs, longestMs } = rules;
  const end = MOMENT.test(text) ? Date.parse(text) : endOfDay(text, rules);
  if (end === null || Number.isNaN(end)) return refused(say('decide.until.no-date'));
  if (end <= nowMs) return refused(say('decide.until.over'));
  // The last day that is allowed ends within it.
  if (end > nowMs + longestMs + DAY_MS)
    return refused(say('decide.until.too-late', { span: { ms: longestMs } }));
  return { kind: 'read', until: new Date(Math.min(end, nowMs + longestMs)).toISOString() };
}

const refused = (words: Said): UntilRead => ({ kind: 'refused', say: words });

function endOfDay(text: string, { timeZone, defaultZone }: UntilRules): number | null {
  const [, year = '', month = '', day = ''] = DATE.exec(text.trim()) ?? [];
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (!year || Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text.trim())
    return null;
  const next = midnight + DAY_MS;
  const offset = offsetIn(timeZone) ?? offsetIn(defaultZone) ?? (() => 0);
  // Once more at the moment that was found: the clocks may change on that very day.
  return next - offset(next - offset(next)) - 1;
}

/** What the zone is ahead of UTC at a moment, in milliseconds; null where there is no such zone. */
function offsetIn(timeZone: string | undefined): ((at: number) => number) | null {
  if (timeZone === undefined) return null;
  try {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    });
    return (at) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1_000) * 1_000;
  } catch {
    return null;
  }
}
