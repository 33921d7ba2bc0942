// What a case lists as its targets and callers, each once. What was only tried is shown, and never handed to an action. Pure.
import { type Target, targetKey, targetLabel, thingKey } from './target.ts';

/** What a call names in the caller's own words. */
const NAMED_BY_CALLER: readonly Target['kind'][] = [
  'iam-user',
  'iam-role',
  'access-key',
  'bucket',
  'object',
  'collaborator',
  'aws-account',
];

/**
 * As it is listed while the calls that named it were refused: a colleague whom it names must not get locked out, nor a web site
 * that is public on purpose be closed.
 */
export const onlyTried = (target: Target): Target =>
  NAMED_BY_CALLER.includes(target.kind)
    ? { kind: 'resource', id: thingKey(target).replace(/^resource:/, ''), label: targetLabel(target) }
    : target;

/** Those whose thing is not listed yet. */
export function freshTargets(listed: readonly Target[], alert: readonly Target[]): readonly Target[] {
  const known = new Set(listed.map(thingKey));
  return alert.filter((target) => !known.has(thingKey(target)));
}

/** What is listed, in the same order, with what is said here of it that an action can work with. */
export function known(listed: readonly Target[], alert: readonly Target[]): readonly Target[] {
  const better = new Map(
    alert.filter(({ kind }) => kind !== 'resource').map((target) => [thingKey(target), target]),
  );
  return listed.map((target) =>
    target.kind === 'resource' ? (better.get(thingKey(target)) ?? target) : target,
  );
}

export const joinTargets = (first: readonly Target[], second: readonly Target[]): readonly Target[] => [
  ...known(first, second),
  ...freshTargets(first, second),
];

/** Each once; whoever comes first stays. */
export function joinCallers(
  first: readonly Target[] = [],
  second: readonly Target[] = [],
): readonly Target[] {
  const all = new Map<string, Target>();
  for (const caller of [...first, ...second])
    if (!all.has(targetKey(caller))) all.set(targetKey(caller), caller);
  return [...all.values()];
}
