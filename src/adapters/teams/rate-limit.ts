// Never more in one conversation than Teams takes, so that it never has to say 429. For this process alone: replicas share a
// conversation rarely, and what is still too much comes back as `teams.throttled` and waits in its step.
// Numbers: "Optimize your bot with rate limiting in Teams", per bot per thread.
import { CountersignError } from '../../case/errors.ts';

/** So many in so many milliseconds. */
const WINDOWS: readonly (readonly [most: number, withinMs: number])[] = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
];
const LONGEST_MS = 3_600_000;
/** Of each window, for edits: a flood of them must not keep a question or a reply from being sent. */
const SHARE_OF_EDITS = 3 / 4;
/** Conversations on record before those that have been still for an hour are forgotten. */
const MOST_CONVERSATIONS = 5_000;

export interface RateLimit {
  /** Counts one call, or throws `teams.throttled` with how long to wait. */
  take(conversation: string, kind: 'post' | 'edit'): void;
}

export function createRateLimit(now: () => number): RateLimit {
  const taken = new Map<string, number[]>();

  function forgetStill(at: number): void {
    for (const [conversation, times] of taken)
      if ((times.at(-1) ?? 0) <= at - LONGEST_MS) taken.delete(conversation);
  }

  return {
    take(conversation, kind) {
      const at = now();
      if (taken.size >= MOST_CONVERSATIONS) forgetStill(at);
      const times = (taken.get(conversation) ?? []).filter((time) => time > at - LONGEST_MS);
      taken.set(conversation, times);
      const waitMs = waitFor(times, at, kind === 'edit' ? SHARE_OF_EDITS : 1);
      if (waitMs > 0)
        throw new CountersignError('teams.throttled', 'as much was sent there as Teams takes', {
          say: 'Too much is being sent here right now. Try again in a minute.',
          retryable: true,
          retryAfterMs: waitMs,
        });
      times.push(at);
    },
  };
}

/** Milliseconds until one more fits into every window; 0: now. `times` rise. */
export function waitFor(times: readonly number[], at: number, share: number): number {
  const waits = WINDOWS.map(([most, withinMs]) => {
    const fits = Math.floor(most * share);
    // One more fits once the one that is `fits` back has left the window.
    const pushedOut = times.at(-fits);
    return times.length < fits || pushedOut === undefined ? 0 : pushedOut + withinMs - at;
  });
  return Math.max(0, ...waits);
}
