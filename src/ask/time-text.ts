// Times as the reader reads them: in their own zone, which is named.
import { withTimes } from '../case/times.ts';
import type { CardView } from './card-view.ts';

type Precision = 'minutes' | 'seconds';

/** "21 Nov 2026, 10:42 CET". An unknown zone falls back to UTC rather than failing a card. */
export function timeText(iso: string, timeZone: string, precision: Precision = 'minutes'): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  return formatterFor(timeZone, precision).format(at);
}

/** The marked moments of a text, to the second: "10:42:07 CET". */
export const timed = (text: string, { timeZone, now }: Pick<CardView, 'timeZone' | 'now'>): string =>
  withTimes(text, (iso) => endOfDay(iso, timeZone) ?? shortTimeText(iso, timeZone, now, 'seconds'));

/** A day that counts to its end is called by its name, not by its last second. */
function endOfDay(iso: string, timeZone: string): string | null {
  const [day, clock = ''] = timeText(iso, timeZone, 'seconds').split(', ');
  return clock.startsWith('23:59:59') ? `the end of ${day}` : null;
}

/** "10:42 CET" on the reader's same day, else with the date. */
export function shortTimeText(
  iso: string,
  timeZone: string,
  now: string,
  precision: Precision = 'minutes',
): string {
  const full = timeText(iso, timeZone, precision);
  const today = timeText(now, timeZone).split(', ')[0];
  return full.startsWith(`${today}, `) ? full.slice(`${today}, `.length) : full;
}

/** The day as a date input takes it: `2026-12-01`, on the reader's calendar. */
export function dayText(iso: string, timeZone: string): string {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const at = new Date(iso);
  try {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: 'UTC' }).format(at);
  }
}

function formatterFor(timeZone: string, precision: Precision): Intl.DateTimeFormat {
  const options = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(precision === 'seconds' && { second: '2-digit' as const }),
    timeZoneName: 'short',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}
