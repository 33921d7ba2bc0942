// Never more in one conversation than Teams takes, so that it never has to say 429. For this process alone: replicas share a
// conversation rarely, and what is still too much comes back as `teams.throttled` and waits in its step.
// Numbers: "Optimize your bot with rate limiting in Teams", per bot per thread.
import { CountersignError, isCountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';

/** So many in so many milliseconds. */
const WINDOWS: readonly (readonly [most: number, withinMs: number])[] = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
];
const LONGEST_MS = 3_600_000;
/** Conversations on record before those that have been still for an hour are forgotten. */
const MOST_CONVERSATIONS = 5_000;
/** Teams gives up on the answer to a message after some fifteen seconds. */
const REPLY_PATIENCE_MS = 8_000;

/** `urgent`: a question that cannot wait, or a reply. Finds room where posts find none, and they where edits find none. */
export type Sending = 'urgent' | 'post' | 'edit';
/** Of each window: a flood of edits must not keep a question from being sent, nor a flood of questions a reply. */
const SHARES: Readonly<Record<Sending, number>> = { urgent: 1, post: 1, edit: 3 / 4 };

export interface RateLimit {
  /** Counts one call, or throws `teams.throttled`, `paced`, with how long to wait until its turn. */
  take(conversation: string, kind: Sending): void;
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
      const waitMs = waitFor(times, at, SHARES[kind]);
      if (waitMs > 0) throw held(waitMs);
      times.push(at);
    },
  };
}

const held = (waitMs: number): CountersignError =>
  new CountersignError('teams.throttled', 'as much was sent there as Teams takes', {
    say: say('errors.teams-too-much'),
    retryable: true,
    retryAfterMs: waitMs,
    paced: true,
  });

/** For a reply: waits for its turn, some seconds at most; throws what `take` does where that is not enough. */
export async function takeInTurn(
  rate: RateLimit,
  conversation: string,
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  for (let left = REPLY_PATIENCE_MS; ; ) {
    try {
      return rate.take(conversation, 'urgent');
    } catch (error) {
      const waitMs = isCountersignError(error) && error.paced ? error.retryAfterMs : undefined;
      if (waitMs === undefined || waitMs > left) throw error;
      left -= waitMs;
      await pause(waitMs);
    }
  }
}

/** Milliseconds until one more fits into every window; 0: now. */
export function waitFor(times: readonly number[], at: number, share: number): number {
  const rising = times.toSorted((a, b) => a - b);
  const waits = WINDOWS.map(([most, withinMs]) => {
    const fits = Math.floor(most * share);
    // One more fits once the one that is `fits` back has left the window.
    const pushedOut = rising.at(-fits);
    return rising.length < fits || pushedOut === undefined ? 0 : pushedOut + withinMs - at;
  });
  return Math.max(0, ...waits);
}
