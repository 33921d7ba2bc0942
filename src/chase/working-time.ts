// Time as somebody who works at certain hours lives it: nights, weekends and days off do not count. Pure.
import { DateTime, IANAZone } from 'luxon';
import type { WorkingHours } from '../case/asking.ts';

export interface WorkingTime {
  /** IANA. */
  readonly timeZone: string;
  readonly hours: WorkingHours;
  /** ISO dates by IANA zone, `*` for every one. */
  readonly holidays: Readonly<Record<string, readonly string[]>>;
}

const DAY_MS = 86_400_000;
const MINUTES_OF_A_DAY = 24 * 60;
/** Hours and days off that leave nobody any time in so many days say nothing. */
const BARREN_DAYS = 60;
/** A patience of 30 days lasts this long at about an hour a day; nobody waits longer. */
const MOST_DAYS = 1_000;

/**
 * When so many milliseconds of working time have passed since `startIso`: always a moment at which the person works, ISO 8601 in
 * UTC. Clock time where they have no working time in the next 60 days.
 */
export function addWorkingTime(startIso: string, ms: number, working: WorkingTime): string {
  const start = Date.parse(startIso);
  const first = DateTime.fromMillis(start, { zone: working.timeZone }).startOf('day');
  let left = ms;
  let worked = false;
  for (let index = 0; index < MOST_DAYS; index++) {
    if (!worked && index > BARREN_DAYS) return isoOf(start + ms);
    const day = first.plus({ days: index });
    if (!isWorkingDay(day, working)) continue;
    const from = Math.max(start, momentOf(day, working.hours.fromMinute));
    const length = momentOf(day, working.hours.toMinute) - from;
    if (length <= 0) continue;
    worked = true;
    if (left < length) return isoOf(from + left);
    left -= length;
  }
  return isoOf(start + MOST_DAYS * DAY_MS);
}

/** Whether the person works at that moment; always, where they have no working time in the next 60 days. */
export const isWorkingTime = (iso: string, working: WorkingTime): boolean =>
  Date.parse(addWorkingTime(iso, 0, working)) === Date.parse(iso);

/** Mailboxes hold names of zones that nobody else knows. */
export const isTimeZone = (name: string | null | undefined): name is string =>
  typeof name === 'string' && IANAZone.isValidZone(name);

function isWorkingDay(day: DateTime, { timeZone, hours, holidays }: WorkingTime): boolean {
  const date = day.toFormat('yyyy-MM-dd');
  return (
    hours.days.includes(day.weekday) &&
    ![...(holidays[timeZone] ?? []), ...(holidays['*'] ?? [])].includes(date)
  );
}

/** By the wall clock of that day, which may be an hour shorter or longer than others. */
function momentOf(day: DateTime, minute: number): number {
  if (minute === 0) return day.toMillis();
  if (minute === MINUTES_OF_A_DAY) return day.plus({ days: 1 }).startOf('day').toMillis();
  return day.set({ hour: Math.floor(minute / 60), minute: minute % 60 }).toMillis();
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
