// Numbers, and numbers that are taken out of dates and times: `lt` to `gte`, `minute` to `year`.
import type { ValueTest } from './fields.ts';
import type { Modifiers } from './modifiers.ts';

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** Compares numbers, and texts that are decimal numbers; everything else is false. */
export function compileNumber(wanted: number, { order, timePart }: Modifiers): ValueTest {
  const compare = comparison(order, wanted);
  if (timePart === null) {
    return (found) => {
      const number = numberOf(found);
      return number !== null && compare(number);
    };
  }
  return (found) => {
    const number = timePartOf(timePart, found);
    return number !== null && compare(number);
  };
}

function comparison(order: Modifiers['order'], wanted: number): (found: number) => boolean {
  if (order === 'lt') return (found) => found < wanted;
  if (order === 'lte') return (found) => found <= wanted;
  if (order === 'gt') return (found) => found > wanted;
  if (order === 'gte') return (found) => found >= wanted;
  return (found) => found === wanted;
}

function numberOf(found: unknown): number | null {
  if (typeof found === 'number') return found;
  return typeof found === 'string' && DECIMAL.test(found) ? Number(found) : null;
}

const DATE_AND_TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/i;

/** As it is written, without converting zones; null for what is no date and time. */
function timePartOf(part: NonNullable<Modifiers['timePart']>, found: unknown): number | null {
  const match = typeof found === 'string' ? DATE_AND_TIME.exec(found) : null;
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59) return null;
  return part === 'week' ? isoWeekOf(date) : { year, month, day, hour, minute }[part];
}

const DAY_MS = 86_400_000;

// ISO 8601: the week belongs to the year that its Thursday is in.
function isoWeekOf(date: Date): number {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - newYear) / (7 * DAY_MS)) + 1;
}
