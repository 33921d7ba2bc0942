// What a case says while it waits for its turn at a target: one line among its outcomes, renewed when its place changes.
import { holdKey, type Target, targetLabel } from './target.ts';

const START = 'Waiting for case ';

export const waitingLine = (other: {
  readonly ref: string;
  readonly label: string;
  readonly isChanging: boolean;
}): string =>
  other.isChanging
    ? `${START}${other.ref}, which is changing ${other.label} right now.`
    : `${START}${other.ref}, which goes first on ${other.label}.`;

export const isWaitingLine = (line: string): boolean => line.startsWith(START);

export const withoutWaitingLine = (outcome: readonly string[]): readonly string[] =>
  outcome.filter((line) => !isWaitingLine(line));

/** What is held for a target, and how people call that: a collaborator is held as the bucket. */
export const heldTarget = (target: Target): { readonly key: string; readonly label: string } => ({
  key: holdKey(target),
  label: target.kind === 'collaborator' ? target.bucket : targetLabel(target),
});
