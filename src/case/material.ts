// Which sentences of a plan a decision stands on. The others say how much stays beside what is changed, and anybody who may write there
// can add to that: what is changed, the basis says exactly.
import { type Said, says } from './said.ts';
import type { WordKey } from './word-keys.ts';

const BESIDE: readonly WordKey[] = [
  's3.private.policy',
  's3.private.policy-deleted',
  's3.private.policy-for-named',
  's3.private.policy-stays',
  's3.collaborator.policy',
  's3.collaborator.policy-deleted',
  's3.collaborator.policy-and-removed',
  's3.object.grants',
];

export const materialOf = (shown: readonly Said[]): readonly Said[] =>
  shown.filter((sentence) => !BESIDE.some((key) => says(sentence, key)));
