// "Not mine to say" holds for the question that it was said of: with another policy, more weight or other people in it, that one is
// another question. What was said stays on record. Pure.
import { isAtLeast } from './alert.ts';
import type { Case, QuestionScale, Reassignment } from './case.ts';

export const scaleOf = ({ severity, related = [], mentioned }: Case): QuestionScale => ({
  severity,
  policies: 1 + related.length,
  people: mentioned.length,
});

/** Those that were said of the question as it is now, newest last. */
export const reassignedNow = (about: Case): readonly Reassignment[] =>
  (about.reassigned ?? []).filter(({ asOf }) => !asOf || !hasGrown(asOf, scaleOf(about)));

const hasGrown = (before: QuestionScale, now: QuestionScale): boolean =>
  !isAtLeast(before.severity, now.severity) || now.policies > before.policies || now.people > before.people;
