// The operator's settings against the policies that there are: a setting that would do nothing is a mistake, and is told.
import type { Policy } from '../case/policy.ts';
import type { DetectionSettings, PolicySettings } from '../case/settings.ts';
import { MAX_THRESHOLD } from './count-condition.ts';
import { parseNetwork } from './networks.ts';
import { askingReasons, type Finding } from './policy-asking.ts';
import type { PolicyProblem } from './problem.ts';
import { EVENT_SCOPES } from './scope.ts';

export interface Configured {
  readonly policy: Policy;
  /** It reads CloudTrail, at least in part. */
  readonly readsCloudTrail: boolean;
  /** Of a temporal correlation: how many rules there are to be met. */
  readonly rules: number | null;
}

/** `containFirst`: ids of the actions that may be taken before anybody has answered. */
export function settingsProblems(
  settings: DetectionSettings,
  containFirst: readonly string[],
  configured: ReadonlyMap<string, Configured>,
): readonly PolicyProblem[] {
  return Object.entries(settings.policies).flatMap(([id, own]) => {
    const one = configured.get(id);
    const found: readonly Finding[] = one
      ? [...reasonsOf(own, one), ...askingReasons(own.asking ?? {}, one.policy, settings, containFirst)]
      : [{ reason: 'there is no such policy', at: [] }];
    return found.map(({ reason, at }) => ({
      file: 'settings',
      line: 1,
      path: ['detection', 'policies', id, ...at],
      reason: `detection.policies.${id}: ${reason}`,
    }));
  });
}

function reasonsOf(own: PolicySettings, { policy, readsCloudTrail, rules }: Configured): readonly Finding[] {
  const found: Finding[] = [];
  const say = (reason: string, ...at: readonly PropertyKey[]): unknown => found.push({ reason, at });
  const { threshold, timespanMs } = own;
  if (!policy.counted && threshold !== undefined) say('it counts nothing: it has no threshold', 'threshold');
  if (!policy.counted && timespanMs !== undefined) say('it counts nothing: it has no timespan', 'timespan');
  if (policy.counted && threshold !== undefined) {
    const most = rules ?? MAX_THRESHOLD;
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > most) {
      say(`the threshold must be a whole number from 1 to ${most}`, 'threshold');
    }
  }
  if (policy.counted && timespanMs !== undefined && !(timespanMs > 0))
    say('the timespan must be longer than nothing', 'timespan');
  for (const name of ['only', 'except'] as const) {
    for (const kind of EVENT_SCOPES) {
      const wanted = own[name]?.[kind] ?? [];
      if (wanted.length > 0 && policy.source !== null && !readsCloudTrail) {
        say(`"${name}.${kind}" means nothing for Graph alerts`, name, kind);
      }
      const wrong = kind === 'networks' ? wanted.find((range) => parseNetwork(range) === null) : undefined;
      if (wrong !== undefined) say(`"${name}.networks": "${wrong}" is no CIDR range`, name, kind);
    }
  }
  return found;
}
