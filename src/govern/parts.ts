// What every step of governance works with: its parts, and the run that a step is about.
import type { Case } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { RunId } from '../case/ids.ts';
import type { Run, Step } from '../case/run.ts';
import { isPhrase, isSaid, type Said, say } from '../case/said.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { GovernanceAction, Task, World } from './action.ts';

export interface GovernParts {
  readonly store: CaseStore;
  readonly actions: ReadonlyMap<string, GovernanceAction>;
  readonly world: World;
  readonly clock: Clock;
  /** Between the two looks that prove a change, in milliseconds; `RECHECK_MS` when absent. */
  readonly recheckMs?: number;
  /** For how long "not yet" may hold its targets, in milliseconds; `NOT_YET_MS` when absent. */
  readonly notYetMs?: number;
}

/** Directories and IAM answer from replicas: what one of them shows, another may not know for a few seconds. */
export const RECHECK_MS = 5_000;
export const recheckMs = (parts: GovernParts): number => parts.recheckMs ?? RECHECK_MS;

export interface Loaded {
  readonly run: Run;
  readonly about: Case;
  readonly action: GovernanceAction;
}

/** Null, and the step is finished, where its run is gone. */
export async function load(
  step: Step,
  parts: Pick<GovernParts, 'store' | 'actions'>,
): Promise<Loaded | null> {
  const found = await parts.store.transact(async (tx) => {
    const run = await tx.findRun(step.key as RunId);
    const about = run && (await tx.lockCase(run.caseId));
    if (!run || !about) await tx.finishStep(step);
    return run && about ? { run, about } : null;
  });
  if (!found) return null;
  const action = parts.actions.get(found.run.action);
  return { ...found, action: action ?? goneAction(found.run.action) };
}

/** Of another release. Whatever is asked of it fails for good, so that its runs come to a person and let their targets go. */
function goneAction(id: string): GovernanceAction {
  const fail = (): never => {
    throw new CountersignError('govern.unknown-action', `no action called ${id}`, {
      say: say('govern.unknown-action'),
    });
  };
  return {
    ...{ id, title: id, targetKind: 'resource', needs: '', effect: 'blind', strength: 0 },
    ...{ permissions: {}, capPerHour: 0, find: fail, read: fail, plan: fail, execute: fail, verify: fail },
  };
}

export const finish = (step: Step, { store }: Pick<GovernParts, 'store'>): Promise<void> =>
  store.transact((tx) => tx.finishStep(step));

export const taskOf = (run: Run, about: Case): Task => ({
  key: run.id,
  caseId: about.id,
  caseRef: about.ref,
  target: run.target,
  before: run.before ?? {},
  requestIds: run.requestIds,
  checks: run.checks ?? [],
});

export const isLeaseTrouble = (error: unknown): boolean =>
  isCountersignError(error) && (error.code === 'store.lease-lost' || error.code === 'store.stale');

/** A count that a step carries from one time to the next. */
export function countIn({ body }: Pick<Step, 'body'>, name: string): number {
  const value = body && typeof body === 'object' && !Array.isArray(body) ? Object(body)[name] : 0;
  return typeof value === 'number' ? value : 0;
}

/** A text that a step carries. */
export function textIn(step: Pick<Step, 'body'>, name: string): string | null {
  const said = saidIn(step, name);
  return isPhrase(said) ? null : said;
}

/** Words that a step carries. */
export function saidIn({ body }: Pick<Step, 'body'>, name: string): Said | null {
  const value: unknown = body && typeof body === 'object' && !Array.isArray(body) ? Object(body)[name] : null;
  return isSaid(value) ? value : null;
}
