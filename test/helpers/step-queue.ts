// A store that hands out what is queued, handlers and a log that remember: for tests of the worker.

import type { CaseId, StepId } from '../../src/case/ids.ts';
import type { Step, StepKind } from '../../src/case/run.ts';
import type { CaseStore } from '../../src/ports/case-store.ts';
import type { StepHandlers } from '../../src/worker.ts';

export const aStep = (name: string, over: Partial<Step> = {}): Step => ({
  id: name as StepId,
  caseId: `case-${name}` as CaseId,
  kind: 'route',
  key: '',
  attempts: 0,
  leaseToken: 1,
  body: null,
  ...over,
});

export interface GivenBack {
  readonly step: string;
  readonly delayMs: number;
  readonly error: string;
}
export type QueueStore = Pick<CaseStore, 'takeSteps' | 'retryStep' | 'nextDueInMs'>;

/** Hands out what is queued, as a store with due steps would. */
export function createQueue(over: Partial<QueueStore> = {}) {
  const due: Step[] = [];
  const givenBack: GivenBack[] = [];
  const limits: number[] = [];
  const store: QueueStore = {
    takeSteps: async (limit) => {
      limits.push(limit);
      return due.splice(0, limit);
    },
    retryStep: async (step, delayMs, error) => void givenBack.push({ step: step.id, delayMs, error }),
    nextDueInMs: async () => (due.length > 0 ? 0 : null),
    ...over,
  };
  return { due, givenBack, limits, store: store as CaseStore };
}

/** The same handler for every kind. */
export const everyKind = (handle: (step: Step) => Promise<void>): StepHandlers =>
  Object.fromEntries(
    (['route', 'ask', 'refresh', 'act', 'verify', 'revert', 'write-back'] satisfies StepKind[]).map(
      (kind) => [kind, handle],
    ),
  ) as unknown as StepHandlers;

export function createLines() {
  const lines: { readonly level: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
  const write = (level: string) => (facts: object) =>
    void lines.push({ level, facts: facts as Readonly<Record<string, unknown>> });
  return {
    lines,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  };
}
