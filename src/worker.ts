// Takes due steps under a lease and runs their handlers; gives back what failed, with back-off, jitter and Retry-After.
// It knows nothing of what a step does.

import { errorText, isCountersignError } from './case/errors.ts';
import type { Step, StepKind } from './case/run.ts';
import type { CaseStore } from './ports/case-store.ts';
import type { Log } from './ports/log.ts';

export type StepHandlers = Readonly<Record<StepKind, (step: Step) => Promise<void>>>;

/** How long to wait after a failure, in milliseconds: by how often it was tried before, and what the other side asked for. */
export type BackOff = (attempts: number, retryAfterMs: number | undefined) => number;

export interface WorkerOptions {
  readonly store: CaseStore;
  readonly handlers: StepHandlers;
  readonly log: Log;
  /** How many steps run side by side. */
  readonly width?: number;
  /** Longer than the longest chain of calls of one step, each of which has its own time-out. */
  readonly leaseMs?: number;
  /** `backOffMs` with jitter when absent. */
  readonly backOff?: BackOff;
}

export interface Worker {
  start(): void;
  /** Something was committed that may be due: look now. */
  wake(): void;
  /** Takes no more, and resolves when what runs has ended. */
  stop(): Promise<void>;
}

const WIDTH = 8;
const LEASE_MS = 180_000;
const LONGEST_SLEEP_MS = 2_000;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 300_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;
const PACED_JITTER_MS = 50;

/** 1 s, 2 s, 4 s, ... at most 5 min, with up to half of it again as jitter; never less than what the other side asked, up to an hour. */
export function backOffMs(attempts: number, retryAfterMs: number | undefined, random: () => number): number {
  const doubled = Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(attempts, 20), LONGEST_BACK_OFF_MS);
  // Whoever answers for Graph or Teams must not be able to park a step for ever.
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  return Math.round(Math.max(asked, doubled) * (1 + random() / 2));
}

/** What we held back ourselves has its turn then: a moment later, so that those after it do not take it. */
export const pacedMs = (retryAfterMs = FIRST_BACK_OFF_MS, random: () => number): number =>
  Math.ceil(retryAfterMs + random() * PACED_JITTER_MS);

export const jitteredBackOff: BackOff = (attempts, retryAfterMs) =>
  backOffMs(attempts, retryAfterMs, Math.random);

export function createWorker(options: WorkerOptions): Worker {
  const { store, handlers, log, width = WIDTH, leaseMs = LEASE_MS, backOff = jitteredBackOff } = options;
  const running = new Set<Promise<void>>();
  let stopped = true;
  let looking: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  async function runStep(step: Step): Promise<void> {
    try {
      await handlers[step.kind](step);
    } catch (error) {
      const known = isCountersignError(error) ? error : null;
      if (known?.code === 'store.lease-lost') return;
      if (known?.paced) {
        const delayMs = pacedMs(known.retryAfterMs, Math.random);
        return await store.retryStep(step, delayMs, errorText(error), { counts: false });
      }
      const delayMs = backOff(step.attempts, known?.retryAfterMs);
      const level = known?.retryable ? 'warn' : 'error';
      log[level](
        {
          caseId: step.caseId,
          step: step.kind,
          attempts: step.attempts + 1,
          delayMs,
          code: known?.code,
          reason: errorText(error),
        },
        'step failed, will be tried again',
      );
      await store.retryStep(step, delayMs, errorText(error));
    }
  }

  function launch(step: Step): void {
    const run = runStep(step)
      .catch((error) =>
        log.error({ step: step.kind, reason: errorText(error) }, 'step could not be given back'),
      )
      .finally(() => {
        running.delete(run);
        look();
      });
    running.add(run);
  }

  async function takeDue(): Promise<void> {
    try {
      do {
        again = false;
        const free = width - running.size;
        if (stopped || free <= 0) return;
        const steps = await store.takeSteps(free, leaseMs);
        for (const step of steps) launch(step);
        if (steps.length === free) return;
      } while (again);
      const due = await store.nextDueInMs();
      clearTimeout(timer);
      if (!stopped)
        timer = setTimeout(look, Math.min(Math.max(due ?? LONGEST_SLEEP_MS, 5), LONGEST_SLEEP_MS));
    } catch (error) {
      log.error({ reason: errorText(error) }, 'steps could not be taken');
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(look, LONGEST_SLEEP_MS);
    }
  }

  function look(): void {
    if (stopped) return;
    again = true;
    looking ??= takeDue().finally(() => {
      looking = null;
      // Woken after the last look had begun: that look may not have seen it.
      if (again) look();
    });
  }

  return {
    start() {
      stopped = false;
      look();
    },
    wake: look,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      while (running.size > 0) await Promise.all(running);
    },
  };
}
