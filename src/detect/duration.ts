// Timespans as Sigma writes them: a number and a letter.

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Windows are kept as long as their timespan. */
const MAX_MS = 30 * 86_400_000;

/** `90m` in milliseconds; null for what is none, or more than 30 days. */
export function parseDuration(text: string): number | null {
  const [, number, unit = ''] = /^(\d{1,8})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(number) * (UNIT_MS[unit] ?? Number.NaN);
  return milliseconds > 0 && milliseconds <= MAX_MS ? milliseconds : null;
}
