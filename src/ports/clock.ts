// Time and sleep, so that tests own them.
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}
export const isoTime = (clock: Clock): string => new Date(clock.now()).toISOString();
