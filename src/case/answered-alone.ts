// Which questions "expected" for many at once is not about: each of them is to be looked at by itself. Pure.
import { isAtLeast } from './alert.ts';
import type { Case } from './case.ts';
import type { Target } from './target.ts';

/** A line of a list names so many of what a question is about. */
export const TARGETS_NAMED = 3;

export type Alone = 'high' | 'contained' | 'several';

/** Why it is answered by itself; null where it may be answered together with others. */
export function whyAlone(about: Case): Alone | null {
  // It takes a second person anyway.
  if (isAtLeast(about.severity, 'high')) return 'high';
  // What was done before anybody answered is released or kept.
  if (about.containedFirst !== undefined) return 'contained';
  return isSeveral(about) ? 'several' : null;
}

/** More than a line can say: other deeds, matches of other policies, more targets than it names. */
export const isSeveral = (about: Case): boolean =>
  otherDeeds(about) > 0 ||
  (about.related ?? []).length > 0 ||
  thingsOf(about).length + (about.moreTargets ?? 0) > TARGETS_NAMED;

/** How many different things were done beside the first. */
export const otherDeeds = ({ deeds = [], moreDeeds = 0 }: Case): number =>
  Math.max(deeds.length + moreDeeds - 1, 0);

/** Without the people, who stand in the question itself. */
export const thingsOf = ({ targets }: Case): readonly Target[] =>
  targets.filter(({ kind }) => kind !== 'user');
