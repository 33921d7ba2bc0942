// Until when something that was done can be put back, and what undo would let in. Pure.
import type { Run } from '../../case/run.ts';
import type { GovernanceAction } from '../action.ts';

/**
 * It stands (or does in part, or may), and both the action and the plan that was shown know a way back: whatever the time is. What was
 * so already has no state of ours, and what could not be looked at has none yet.
 */
export const isUndoable = (run: Run, actions: ReadonlyMap<string, GovernanceAction>): boolean =>
  ((run.state === 'verified' && run.after !== null) || isResumable(run, actions)) &&
  !run.gone &&
  run.shown?.undo !== false &&
  actions.get(run.action)?.revert !== undefined;

/** Half done or half put back, and what is left may be repeated. */
const isResumable = ({ state, action }: Run, actions: ReadonlyMap<string, GovernanceAction>): boolean =>
  state === 'kept' && actions.get(action)?.effect === 'converges';

/** Undoing it takes something off somebody that was there before: always two people. */
export const undoLetsIn = (
  { action, before }: Run,
  actions: ReadonlyMap<string, GovernanceAction>,
): boolean => before !== null && actions.get(action)?.revert?.letsIn?.(before) === true;

export interface UndoTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly undoWindowMs: number;
}

/** What is half has no deadline: nobody else could finish it. */
export const canUndo = (
  run: Run,
  actions: ReadonlyMap<string, GovernanceAction>,
  { now, undoWindowMs }: UndoTime,
): boolean =>
  isUndoable(run, actions) &&
  (run.state === 'kept' || (run.verifiedAt !== null && now <= Date.parse(run.verifiedAt) + undoWindowMs));
