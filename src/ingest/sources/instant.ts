// Points in time as vendors write them, in one form that sorts as text.

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|[+-]\d{2}:\d{2})$/;
/** Graph counts in ticks of 100 ns: seven digits. */
const DIGITS = 7;

/** UTC with exactly seven fractional digits, so that later instants are greater texts; null when it is no ISO 8601 instant. */
export function normaliseInstant(text: string): string | null {
  const [, seconds, fraction = '', zone] = ISO.exec(text) ?? [];
  if (!seconds || !zone) return null;
  const whole = Date.parse(seconds + zone);
  if (Number.isNaN(whole)) return null;
  // Date.parse rolls 30 February over to March: such a day is a mistake, not a date.
  if (!new Date(Date.parse(`${seconds}Z`)).toISOString().startsWith(seconds)) return null;
  const utc = new Date(whole).toISOString();
  if (utc.length !== 24) return null;
  return `${utc.slice(0, 19)}.${fraction.slice(0, DIGITS).padEnd(DIGITS, '0')}Z`;
}

/** The same to the millisecond, as the rest of the app writes time. Null for Graph's empty date (year 1) too. */
export function toIsoTime(text: string | null | undefined): string | null {
  const instant = text ? normaliseInstant(text) : null;
  return instant && !instant.startsWith('0001-') ? `${instant.slice(0, 23)}Z` : null;
}
