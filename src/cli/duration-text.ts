// Lengths of time for people.

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "10 minutes", "90 minutes", "1 hour": in the largest unit that leaves no rest. */
export function durationText(ms: number): string {
  const [name, size] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ['millisecond', 1];
  const count = ms / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
