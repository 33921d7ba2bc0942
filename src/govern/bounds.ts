// What the operator lets be offered and touched, whatever a policy asks for. Pure.
// Asked when a question is planned and again before an action starts: a case from before the settings changed is bound as well.

import type { Subject } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import type { PolicyBounds } from '../case/settings.ts';
import type { Target, UserTarget } from '../case/target.ts';
import { matchesInAnyCase } from '../case/wildcard.ts';

/** Why this action may not be offered at all, a sentence; null when it may. */
export const actionOutOfBounds = (action: string, bounds: PolicyBounds): Said | null =>
  bounds.actions === null || bounds.actions.includes(action) ? null : say('govern.out-of-bounds.action');

/** Why this target may not be touched, a sentence; null when it may. */
export function targetOutOfBounds(
  target: Target,
  subject: Subject | null,
  bounds: PolicyBounds,
): Said | null {
  const bucket = bucketOf(target);
  if (bucket !== null && !isMatched(bucket, bounds.buckets))
    return say('govern.out-of-bounds.bucket', { bucket });
  // The account's blocks close every bucket in it, those included that no pattern takes.
  if (target.kind === 'aws-account' && bounds.buckets?.includes('*') === false)
    return say('govern.out-of-bounds.account', { account: target.account });
  // AWS itself names the user, mostly by the principal name. Under any other name it is not known to be one of those.
  if (target.kind === 'sso-session' && !isMatched(target.user, bounds.users))
    return say('govern.out-of-bounds.person', { name: target.user });
  const person = personOf(target);
  if (!person) return null;
  const name = subject?.id === person.id ? subject.userPrincipalName : person.principalName;
  // Whose principal name nobody has looked up is not known to be one of those.
  if (!isMatched(name ?? '', bounds.users)) return say('govern.out-of-bounds.person', { name: person.label });
  return null;
}

function bucketOf(target: Target): string | null {
  if (target.kind === 'bucket') return target.name;
  return target.kind === 'object' || target.kind === 'collaborator' ? target.bucket : null;
}

function personOf(target: Target): Omit<UserTarget, 'kind'> | null {
  if (target.kind === 'user') return target;
  return target.kind === 'membership' || target.kind === 'app-grant'
    ? { ...target, id: target.user, label: target.userLabel }
    : null;
}

const isMatched = (name: string, patterns: readonly string[] | null): boolean =>
  patterns === null || patterns.some((pattern) => matchesInAnyCase(name, pattern));
