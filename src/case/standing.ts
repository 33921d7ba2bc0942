// What of a case holds in the world by our hand: what a further decision must not hide, and what one undo takes back. Pure.
import type { Run } from './run.ts';
import { targetLabel } from './target.ts';

/** It changed something and was not (wholly) put back. What only told somebody, or was so already, changed nothing. */
export const stands = ({ state, after, informs }: Run): boolean =>
  !informs && ((state === 'verified' && after !== null) || state === 'kept');

/** The proof of each, as the card says it. */
export function standingLines(runs: readonly Run[]): readonly string[] {
  const lines = runs.filter(stands).flatMap((run) => {
    if (run.says === null) return [];
    // Worded as it was when it was settled, so that its line is still found when it is renewed.
    const isNamed = run.state === 'kept' || runs.some((one) => one.id !== run.id && isOfOneKind(one, run));
    const proof = isNamed ? `${targetLabel(run.target)}: ${run.says}` : run.says;
    return run.later ? [proof, run.later] : [proof];
  });
  return [...new Set(lines)];
}

const isOfOneKind = (one: Run, other: Run): boolean =>
  one.decision === other.decision && one.action === other.action;

export const STILL_STANDS = 'What was done before still stands:';

/** For a case that is closed over it; empty where nothing stands. */
export function stillStanding(runs: readonly Run[]): readonly string[] {
  if (!runs.some(stands)) return [];
  return [STILL_STANDS, ...standingLines(runs)];
}

/** What undo would do, for each run that it takes back (or cannot, which is said too). Things of several kinds are named. */
export function undoLines(runs: readonly Run[], canUndo: (run: Run) => boolean): readonly string[] {
  const about = runs.filter((run) => canUndo(run) || (stands(run) && run.shown?.undo === false));
  const isOne = new Set(about.map(({ target }) => targetLabel(target))).size === 1;
  const lines = about.flatMap(({ target, shown }) => {
    const says = shown?.undoSays ?? shown?.says.at(-1);
    return says ? [isOne ? says : `${targetLabel(target)}: ${says}`] : [];
  });
  return [...new Set(lines)];
}
