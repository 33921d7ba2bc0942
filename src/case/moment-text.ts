// Times and lengths of time as the reader reads them: in their own language and zone, which is named. Pure.
import type { Moment } from './said.ts';

type Precision = NonNullable<Moment['precision']>;

/** "21 Nov 2026, 10:42 CET". An unknown zone or locale falls back rather than failing a card. */
export function timeText(
  iso: string,
  locale: string,
  timeZone: string,
  precision: Precision = 'minutes',
): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '?' : formatterFor(locale, timeZone, precision).format(at);
}

/** The same without the date on the reader's same day: "10:42 CET". */
export function shortTimeText(
  iso: string,
  { locale, timeZone, now }: { readonly locale: string; readonly timeZone: string; readonly now: string },
  precision: Precision = 'minutes',
): string {
  const day = (at: string): string => timeText(at, locale, timeZone, 'day');
  if (precision === 'day' || day(iso) !== day(now)) return timeText(iso, locale, timeZone, precision);
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '?' : formatterFor(locale, timeZone, precision, false).format(at);
}

/** The last second of a day as that zone counts days. */
export const isEndOfDay = (iso: string, timeZone: string): boolean =>
  /\b23:59:59\b/.test(timeText(iso, 'en-GB', timeZone, 'seconds'));

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "10 minutes", "90 minutes", "1 hour": in the largest unit that leaves no rest. */
export function spanText(ms: number, locale: string): string {
  const [unit, size] = UNITS.find(([, one]) => ms >= one && ms % one === 0) ?? ['millisecond', 1];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(ms / size);
}

function formatterFor(
  locale: string,
  timeZone: string,
  precision: Precision,
  withDay = true,
): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    ...(withDay && { day: 'numeric', month: 'short', year: 'numeric' }),
    ...(precision !== 'day' && { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
    ...(precision === 'seconds' && { second: '2-digit' }),
  };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}
