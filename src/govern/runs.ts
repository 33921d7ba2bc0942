// Runs of one case beside each other: which belong together, which are under way, and their lines on the card. Pure.
import { awaitsOf, type Case } from '../case/case.ts';
import type { Run } from '../case/run.ts';
import { distinctSaid, isAmong, type Said } from '../case/said.ts';
import { labelled, underWayLine } from '../case/standing.ts';
import { holdKey } from '../case/target.ts';
import { withoutPauses } from './failure.ts';

/** Runs from before their decision was kept belong together. */
const decisionOf = (run: Run): number => run.decision ?? -1;

/** The runs of the same decision, itself among them. */
export const ofSameDecision = (run: Run, runs: readonly Run[]): readonly Run[] =>
  runs.filter((one) => decisionOf(one) === decisionOf(run));

/**
 * Whether the run is of the decision that is being carried out. One of an earlier decision holds no target any more: it is looked
 * at, and never repeated.
 */
export const isBeingCarriedOut = ({ decision }: Run, { state, decisions }: Case): boolean =>
  state === 'executing' &&
  (decision === undefined ||
    decision === decisions.findLastIndex((one) => one.verb === 'approve' && !awaitsOf(one)));

/** Something of it is still to be done, or to be proven. */
export const isUnderWay = ({ state }: Run): boolean =>
  state === 'pending' || state === 'executing' || state === 'executed';

export const firstPending = (runs: readonly Run[]): Run | undefined =>
  runs.filter((run) => run.state === 'pending').toSorted((a, b) => a.position - b.position)[0];

/** Whether it changed the world, or may have. What was so already, was only planned, or never began did not. */
const touched = ({ state, before, after }: Run): boolean =>
  before !== null && state !== 'pending' && state !== 'void' && !(state === 'verified' && after === null);

/** Another run of the same decision has had its hands on the same thing. */
export const sharesTarget = (run: Run, runs: readonly Run[]): boolean =>
  ofSameDecision(run, runs).some(
    (one) => one.id !== run.id && touched(one) && holdKey(one.target) === holdKey(run.target),
  );

/** Where one decision changes several things of a kind, each line says which. */
export function lineOf(run: Run, words: Said, runs: readonly Run[]): Said {
  const alike = ofSameDecision(run, runs).filter((one) => one.action === run.action);
  return alike.length > 1 ? labelled(run, words) : words;
}

/** The card's lines with that of a run renewed in its place. Two dry runs say the same, once. */
export function renewed(outcome: readonly Said[], old: readonly Said[], lines: readonly Said[]) {
  const lasting = withoutPauses(outcome);
  const at = lasting.findIndex((line) => isAmong(old, line));
  const others = lasting.filter((line) => !isAmong(old, line));
  return distinctSaid(at < 0 ? [...others, ...lines] : others.toSpliced(at, 0, ...lines));
}

/** What the run's own words are on the card now. */
export const shownLines = (run: Run, runs: readonly Run[]): readonly Said[] =>
  run.says === null ? [] : [lineOf(run, run.says, runs)];

/** All that the card may say of it now, which is over once it is settled. */
export const linesUntilNow = (run: Run, runs: readonly Run[]): readonly Said[] => [
  ...shownLines(run, runs),
  underWayLine(run),
];
