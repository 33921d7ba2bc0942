// What of a case holds in the world by our hand: what a further decision must not hide, and what one undo takes back. Pure.
import { type Case, lastTaken } from './case.ts';
import type { Run } from './run.ts';
import { distinctSaid, type Said, say, says } from './said.ts';
import { targetSaid } from './target-words.ts';

/** It changed something and was not (wholly) put back. What only told somebody, or was so already, changed nothing. */
export const stands = ({ state, after, informs, gone }: Run): boolean =>
  !informs && !gone && ((state === 'verified' && after !== null) || state === 'kept');

/** The same, or it is not known yet: it is being made, looked at or put back. No case closes over it. */
export const mayStand = (run: Run): boolean => stands(run) || isUnderWay(run);

const isUnderWay = ({ state, informs }: Run): boolean =>
  !informs && (state === 'executing' || state === 'executed' || state === 'reverting');

/** Until it is known what becomes of it. */
export const underWayLine = (run: Pick<Run, 'target'>): Said => labelled(run, say('govern.under-way'));

/** The proof of each, as the card says it. */
export function standingLines(runs: readonly Run[]): readonly Said[] {
  const lines = runs.filter(stands).flatMap((run) => {
    if (run.says === null) return [];
    // Worded as it was when it was settled, so that its line is still found when it is renewed.
    const isNamed = run.state === 'kept' || runs.some((one) => one.id !== run.id && isOfOneKind(one, run));
    const proof = isNamed ? labelled(run, run.says) : run.says;
    return run.later ? [proof, run.later] : [proof];
  });
  return distinctSaid(lines);
}

/** The same words, with what they are about. */
export const labelled = ({ target }: Pick<Run, 'target'>, words: Said): Said =>
  say('govern.labelled', { target: targetSaid(target), words });

const isOfOneKind = (one: Run, other: Run): boolean =>
  one.decision === other.decision && one.action === other.action;

/** The heading of `stillStanding`; as text it stands in cases from before words were kept as messages. */
export const isStillStanding = (line: Said): boolean =>
  says(line, 'govern.still-stands') || line === 'What was done before still stands:';

/** For a case that is closed over it; empty where nothing stands, nor may. */
export function stillStanding(runs: readonly Run[]): readonly Said[] {
  if (!runs.some(mayStand)) return [];
  return distinctSaid([
    say('govern.still-stands'),
    ...standingLines(runs),
    ...runs.filter(isUnderWay).map(underWayLine),
  ]);
}

/** Once it is asked again it is not undone before it is answered: so undo comes first, where it can be had and was not tried. */
export const isForUndoFirst = (about: Pick<Case, 'state' | 'decisions'>, undoable: readonly Run[]): boolean =>
  about.state === 'contained' && undoable.length > 0 && lastTaken(about)?.verb !== 'undo';

/** What undo would do, for each run that it takes back (or cannot, which is said too). Things of several kinds are named. */
export function undoLines(runs: readonly Run[], canUndo: (run: Run) => boolean): readonly Said[] {
  const about = runs.filter((run) => canUndo(run) || (stands(run) && run.shown?.undo === false));
  const isOne = distinctSaid(about.map(({ target }) => targetSaid(target))).length === 1;
  const lines = about.flatMap((run) => {
    const words = run.shown?.undoSays ?? run.shown?.says.at(-1);
    return words ? [isOne ? words : labelled(run, words)] : [];
  });
  return distinctSaid(lines);
}
