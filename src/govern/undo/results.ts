// The lines in which the card says how the undo of a run ended: what an earlier try said is over with the next. Pure.
import type { Run } from '../../case/run.ts';
import { isPhrase, isSaid, type Said, sameSaid, says } from '../../case/said.ts';
import { type Target, targetLabel } from '../../case/target.ts';
import { targetSaid } from '../../case/target-words.ts';
import { withoutPauses } from '../failure.ts';

const RESULTS = [
  'govern.left-alone',
  'govern.left-alone-changed',
  'govern.not-undone',
  'govern.not-undone-stands',
  'govern.not-undone-late',
  'govern.half-put-back',
] as const;

/** What an earlier try said of it, and what the card said while this one waited, is over. */
export function withoutResult(outcome: readonly Said[], { target, state, later, gone }: Run) {
  const isFollowedUp = state !== 'reverted' && state !== 'kept' && !gone;
  return withoutPauses(outcome).filter(
    (line) => !isResultOf(target, line) && (isFollowedUp || later === undefined || !sameSaid(line, later)),
  );
}

function isResultOf(target: Target, line: Said): boolean {
  // As text it stands in cases from before words were kept as messages.
  if (!isPhrase(line))
    return (
      line.startsWith('Not yet: ') ||
      ['left alone', 'not undone'].some((start) => line.startsWith(`${targetLabel(target)}: ${start}`))
    );
  const { target: whose, words } = line.with ?? {};
  if (line.say !== 'govern.labelled') return line.say === 'govern.not-yet';
  const isAboutIt = isSaid(whose) && sameSaid(whose, targetSaid(target));
  return isAboutIt && isSaid(words) && RESULTS.some((key) => says(words, key));
}
