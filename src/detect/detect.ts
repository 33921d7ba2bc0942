// Which policies an alert matches, and how severe each match is. Pure; decides nothing about people.
import type { Alert, Severity } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';

export interface Match {
  readonly policy: Policy;
  readonly alert: Alert;
  /** A Graph alert's own severity; for CloudTrail the policy's level. */
  readonly severity: Severity;
}

export interface DetectOptions {
  /** The roles that Countersign assumes, one for each account. */
  readonly countersignRoleArns?: readonly string[];
  /** The call's request id is in our own governance record. */
  readonly isOurs: boolean;
}

/** The built-in policy for calls by Countersign's own role. */
export const OWN_ROLE_POLICY = 'countersign-role-misuse';

/**
 * Matches in the order of the policies. A fallback policy counts only when no other matched, and a call by Countersign's own
 * role is that matter alone: an undo puts public access back, and must not open a case against itself while it runs.
 */
export function detect(policies: readonly Policy[], alert: Alert, options: DetectOptions): readonly Match[] {
  const context = { countersignRoleArns: options.countersignRoleArns ?? [] };
  // A request id is no secret: it makes a call ours only where our own role made it.
  const { roleArn } = alert.identity ?? {};
  const isOurs = options.isOurs && roleArn !== undefined && context.countersignRoleArns.includes(roleArn);
  if (isOurs || isQuiet(alert)) return [];
  const matched = policies.filter((policy) => policy.matches(alert, context));
  return mostTelling(matched).map((policy) => ({
    policy,
    alert,
    severity: alert.source === 'graph' ? alert.severity : policy.severity,
  }));
}

// Recorded, but nothing to ask about: AWS acting for itself, and alerts that are closed or only informative. People who act
// through a service (`invokedBy`) are people: only the identity's type counts.
function isQuiet(alert: Alert): boolean {
  if (alert.source === 'cloudtrail') return alert.identity?.type === 'AWSService';
  return alert.resolved || alert.severity === 'informational';
}

function mostTelling(matched: readonly Policy[]): readonly Policy[] {
  const ownRole = matched.filter((policy) => policy.id === OWN_ROLE_POLICY);
  if (ownRole.length > 0) return ownRole;
  const specific = matched.filter((policy) => !policy.fallback);
  return specific.length > 0 ? specific : matched;
}
