// How much a case lists, and two cases as one: nothing of either is left out, or they stay two. Pure.
import { isAtLeast } from './alert.ts';
import type { Case } from './case.ts';
import { joinCallers, joinTargets } from './case-targets.ts';
import { canonicalJson } from './json.ts';

export const FACTS_SHOWN = 8;
export const TARGETS_KEPT = 20;
export const DEEDS_KEPT = 20;
export const CALLERS_KEPT = 10;
/** Named in one alert; more than that is no evidence about anybody. */
export const PEOPLE_KEPT = 50;
/** Of what joined: the rest is found through the alerts themselves. */
export const LATEST_KEPT = 50;

/** `about` with all that `other` says. Null where it would not all be listed. */
export function mergeCases(about: Case, other: Case): Case | null {
  // What happened stands before what was only tried.
  const [first, second] = about.attempt && !other.attempt ? [other, about] : [about, other];
  const targets = joinTargets(first.targets, second.targets);
  const callers = joinCallers(about.callers, other.callers);
  const deeds = unique([...(first.deeds ?? []), ...(second.deeds ?? [])], ({ key }) => key);
  const sources = unique([...about.sources, ...other.sources], (one) => `${one.source} ${one.sourceId}`);
  const mentioned = [...new Set([...about.mentioned, ...other.mentioned])];
  const isWhole =
    targets.length <= TARGETS_KEPT &&
    callers.length <= CALLERS_KEPT &&
    deeds.length <= DEEDS_KEPT &&
    sources.length <= LATEST_KEPT &&
    mentioned.length <= PEOPLE_KEPT;
  if (!isWhole) return null;
  return {
    ...about,
    ...{ targets, callers, deeds, sources, mentioned },
    moreTargets: (about.moreTargets ?? 0) + (other.moreTargets ?? 0),
    moreDeeds: (about.moreDeeds ?? 0) + (other.moreDeeds ?? 0),
    attempt: about.attempt && other.attempt,
    severity: isAtLeast(other.severity, about.severity) ? other.severity : about.severity,
    named: [...new Set([...about.named, ...other.named])],
    facts: unique([...about.facts, ...other.facts], ({ label }) => canonicalJson(label)).slice(
      0,
      FACTS_SHOWN,
    ),
    // Of two that count, the card shows the count of one.
    ...(first.countedBy || second.countedBy ? { countedBy: first.countedBy ?? second.countedBy ?? {} } : {}),
    requestIds: [...new Set([...other.requestIds, ...about.requestIds])].slice(-LATEST_KEPT),
    seen: about.mostCounted ? Math.max(about.seen, other.seen) : about.seen + other.seen,
    firstSeenAt: other.firstSeenAt < about.firstSeenAt ? other.firstSeenAt : about.firstSeenAt,
    lastSeenAt: other.lastSeenAt > about.lastSeenAt ? other.lastSeenAt : about.lastSeenAt,
  };
}

function unique<One>(all: readonly One[], keyOf: (one: One) => string): readonly One[] {
  return [...new Map(all.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
}
