// What a case says while it waits for its turn at a target: one line among its outcomes, renewed when its place changes.
import { isPhrase, type Said, say, says } from './said.ts';
import { holdKey, type Target } from './target.ts';
import { targetSaid } from './target-words.ts';

export const waitingLine = (other: {
  readonly ref: string;
  readonly label: Said;
  readonly isChanging: boolean;
}): Said =>
  other.isChanging
    ? say('govern.waiting.changing', { ref: other.ref, target: other.label })
    : say('govern.waiting.first', { ref: other.ref, target: other.label });

/** As text it stands in cases from before words were kept as messages. */
export const isWaitingLine = (line: Said): boolean =>
  isPhrase(line)
    ? says(line, 'govern.waiting.changing') || says(line, 'govern.waiting.first')
    : line.startsWith('Waiting for case ');

export const withoutWaitingLine = (outcome: readonly Said[]): readonly Said[] =>
  outcome.filter((line) => !isWaitingLine(line));

/** What is held for a target, and how people call that: a collaborator is held as the bucket. */
export const heldTarget = (target: Target): { readonly key: string; readonly label: Said } => ({
  key: holdKey(target),
  label: target.kind === 'collaborator' ? target.bucket : targetSaid(target),
});
