// What the operator lets be offered and touched, whatever a policy asks for. Pure.
// Asked when a question is planned and again before an action starts: a case from before the settings changed is bound as well.
import type { Target } from '../case/alert.ts';
import type { Subject } from '../case/case.ts';
import type { PolicyBounds } from '../case/settings.ts';

/** Why this action may not be offered at all, a sentence; null when it may. */
export const actionOutOfBounds = (action: string, bounds: PolicyBounds): string | null =>
  bounds.actions === null || bounds.actions.includes(action)
    ? null
    : "The operator's settings do not allow this action.";

/** Why this target may not be touched, a sentence; null when it may. */
export function targetOutOfBounds(
  target: Target,
  subject: Subject | null,
  bounds: PolicyBounds,
): string | null {
  if (target.kind === 'bucket' && !isMatched(target.name, bounds.buckets))
    return `The operator's settings do not allow changes to the bucket ${target.name}.`;
  // Only the identified subject is ever acted on: their principal name comes from the directory.
  if (target.kind === 'user' && !isMatched(subject?.userPrincipalName ?? '', bounds.users))
    return `The operator's settings do not allow changes to the account of ${target.label}.`;
  return null;
}

const isMatched = (name: string, patterns: readonly string[] | null): boolean =>
  patterns === null || patterns.some((pattern) => matches(name.toLowerCase(), pattern.toLowerCase()));

/** `*` stands for any text, `?` for one character. Steps back to the last `*` only: never slower than length times length. */
export function matches(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resumed = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      resumed = at;
    } else if (pattern[next] === '?' || pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resumed;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}
