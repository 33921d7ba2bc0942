// Whom and what a raised policy is about, from the alert alone: all that a case is opened with. Pure.
import type { Alert } from '../case/alert.ts';
import type { PeopleScope, SubjectHint } from '../case/case.ts';
import type { Policy } from '../case/policy.ts';
import { say } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { Target } from '../case/target.ts';
import { callersOf } from './callers.ts';
import { groupKey, identifySubject, namedPeople } from './identify.ts';
import { judgeScope } from './scope.ts';

export interface PointedOut {
  readonly hint: SubjectHint;
  readonly groupKey: string;
  /** The groups in which broader policies ask about the same subject or caller. */
  readonly covered: readonly string[];
  readonly scope?: PeopleScope;
  readonly named: readonly string[];
  /** Who called, as AWS itself names them. */
  readonly callers: readonly Target[];
}

/** Null when the settings leave this person out. `window` names what was counted together, where something was. */
export function pointOut(
  policy: Policy,
  alert: Alert,
  settings: OperatorSettings,
  window?: string,
): PointedOut | null {
  const hint = identifySubject(alert, settings);
  const ruling = judgeScope(settings.detection.policies[policy.id], alert, hint);
  if (ruling.kind === 'out') return null;
  return {
    hint,
    // Nobody knows who it is: what is counted together is one case, or each further event would open another.
    groupKey:
      window !== undefined && hint.kind === 'unknown'
        ? windowKey(policy, window)
        : groupKey(policy.id, hint, alert, policy.grouping.by),
    covered: policy.covers.map((id) => groupKey(id, hint, alert)),
    ...(ruling.kind === 'ask-directory' && { scope: ruling.scope }),
    named: namedPeople(alert),
    callers: callersOf(alert, settings),
  };
}

/** Whether the settings surely leave this person in: what only the directory can tell is not sure. */
export const isSurelyInScope = (policy: Policy, alert: Alert, settings: OperatorSettings): boolean =>
  judgeScope(settings.detection.policies[policy.id], alert, identifySubject(alert, settings)).kind === 'in';

/** A matter of its own, whoever set it off: for what is wrong with the counting itself. */
export const aboutWindow = (policy: Policy, alert: Alert, window: string): PointedOut => ({
  hint: { kind: 'unknown', reason: say('route.unknown.many-events') },
  groupKey: windowKey(policy, window),
  covered: [],
  named: namedPeople(alert),
  callers: [],
});

const windowKey = (policy: Policy, window: string): string => `${policy.id}|counted:${window}`;
