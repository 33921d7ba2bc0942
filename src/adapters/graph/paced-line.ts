// One request after another, for a service that refuses what comes sooner; of those that wait, the most urgent goes first. For this
// process alone: what other replicas ask counts as well, and is waited out here. Steps run a few at a time, so the line stays short.
import { setTimeout as sleep } from 'node:timers/promises';
import { isCountersignError } from '../../case/errors.ts';

/** `answer`: somebody has pressed a button and waits. */
export type Urgency = 'answer' | 'change' | 'look';
const RANKS: Readonly<Record<Urgency, number>> = { answer: 0, change: 1, look: 2 };

export interface Pace {
  /** Milliseconds between the starts of two requests. */
  readonly everyMs: number;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** May become more urgent while it waits. */
export interface Ticket {
  urgency: Urgency;
}

export interface PacedLine {
  /** Sends once it is its turn, and again where the service still says that it is too soon. */
  send<T>(ticket: Ticket, request: () => Promise<T>): Promise<T>;
}

export const realTime: Pick<Pace, 'now' | 'pause'> = { now: () => performance.now(), pause: sleep };

const TRIES = 6;
/** A longer pause that was asked for is the step's to wait. */
const LONGEST_PAUSE_MS = 5_000;

export function createPacedLine({ everyMs, now, pause }: Pace): PacedLine {
  let waiting: readonly { readonly ticket: Ticket; go(): void }[] = [];
  let freeAt = now();
  let isServing = false;

  async function serve(): Promise<void> {
    if (isServing) return;
    isServing = true;
    while (waiting.length > 0) {
      const waitMs = freeAt - now();
      if (waitMs > 0) {
        await pause(waitMs);
        continue;
      }
      freeAt = now() + everyMs;
      const [next] = waiting.toSorted((a, b) => RANKS[a.ticket.urgency] - RANKS[b.ticket.urgency]);
      waiting = waiting.filter((one) => one !== next);
      next?.go();
    }
    isServing = false;
  }

  const turnOf = (ticket: Ticket): Promise<void> =>
    new Promise((resolve) => {
      waiting = [...waiting, { ticket, go: resolve }];
      void serve();
    });

  return {
    async send(ticket, request) {
      for (let tries = 1; ; tries++) {
        await turnOf(ticket);
        try {
          return await request();
        } catch (error) {
          const waitMs = pauseAfter(error);
          if (waitMs === undefined || waitMs > LONGEST_PAUSE_MS || tries === TRIES) throw error;
          freeAt = Math.max(freeAt, now() + waitMs);
        }
      }
    },
  };
}

const pauseAfter = (error: unknown): number | undefined =>
  isCountersignError(error) && error.code === 'graph.throttled' ? error.retryAfterMs : undefined;
