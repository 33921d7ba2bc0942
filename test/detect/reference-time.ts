// Reference: parts of a date and time, read as they are written.
import type { Json } from '../../src/case/json.ts';

const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'];
export const isTimePart = (modifier: string): boolean => TIME_PARTS.includes(modifier);

/** Null for what is no date and time. */
export function timePart(part: string, value: Json): number | null {
  if (typeof value !== 'string') return null;
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i.exec(value);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59) return null;
  return { year, month, day, hour, minute, week: isoWeek(date) }[part] ?? null;
}

/** The week that holds the date's Thursday, counted from the first Thursday of its year. */
function isoWeek(date: Date): number {
  const thursday = new Date(date);
  while (thursday.getUTCDay() !== 4)
    thursday.setUTCDate(thursday.getUTCDate() + (date.getUTCDay() === 0 || date.getUTCDay() > 4 ? -1 : 1));
  let week = 1;
  const earlier = new Date(thursday);
  for (;;) {
    earlier.setUTCDate(earlier.getUTCDate() - 7);
    if (earlier.getUTCFullYear() !== thursday.getUTCFullYear()) return week;
    week++;
  }
}
