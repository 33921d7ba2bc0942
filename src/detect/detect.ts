// Which policies an alert matches, how severe each match is, and what it counts for. Pure; decides nothing about people.
import { type Alert, isAtLeast, type Severity } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';
import type { Catalogue, Observation } from './compiled.ts';

export interface Match {
  readonly policy: Policy;
  readonly alert: Alert;
  /** A Graph alert's own severity; for CloudTrail the policy's level, and at least high for the root user. */
  readonly severity: Severity;
}

export interface DetectOptions {
  /** The roles that Countersign assumes, one for each account. */
  readonly countersignRoleArns?: readonly string[];
  /** The call's request id is in our own governance record. */
  readonly isOurs: boolean;
  /** False for a policy that may yet leave this person out: it keeps no other from asking. True when absent. */
  isSureToAsk?(policy: Policy): boolean;
}

export interface Detection {
  /** In the order of the policies' ids. */
  readonly matches: readonly Match[];
  readonly observations: readonly Observation[];
}

/** The built-in policy for calls by Countersign's own role. */
export const OWN_ROLE_POLICY = 'countersign-role-misuse';

const NOTHING: Detection = { matches: [], observations: [] };

/**
 * A fallback policy counts only when no other matched, a policy that another one covers not at all, and a call by Countersign's
 * own role is that matter alone: an undo puts public access back, and must not open a case against itself while it runs.
 */
export function detect(catalogue: Catalogue, alert: Alert, options: DetectOptions): Detection {
  // A request id is no secret: it makes a call ours only where our own role made it.
  const { roleArn } = alert.identity ?? {};
  const isOurs =
    options.isOurs && roleArn !== undefined && (options.countersignRoleArns ?? []).includes(roleArn);
  if (isOurs || isQuiet(alert)) return NOTHING;
  const { policies, observations } = catalogue.evaluate(alert.source, alert.event);
  const ownRole = policies.filter(({ id, stage }) => id === OWN_ROLE_POLICY && stage === 'ask');
  const isSure = (policy: Policy): boolean => options.isSureToAsk?.(policy) ?? true;
  const telling = ownRole.length > 0 ? ownRole : mostTelling(policies, isSure);
  return {
    matches: telling.map((policy) => ({ policy, alert, severity: severityOf(policy, alert) })),
    observations: ownRole.length > 0 ? [] : observations,
  };
}

/**
 * A Graph alert says it itself. The policy for the root user is a fallback, and a more telling one of low severity that asks in
 * its place must not make less of who it was: what the root user does is at least high.
 */
export function severityOf(
  { severity }: Policy,
  { source, severity: own, identity, event }: Alert,
): Severity {
  if (source === 'graph') return own;
  // Where no request was made, AWS acted by itself.
  const isRoot = identity?.type === 'Root' && event.eventType !== 'AwsServiceEvent';
  return isRoot && !isAtLeast(severity, 'high') ? 'high' : severity;
}

// Recorded, but nothing to ask about: AWS acting for itself, and alerts that are closed or only informative. People who act
// through a service (`invokedBy`) are people: only the identity's type counts.
function isQuiet(alert: Alert): boolean {
  if (alert.source === 'cloudtrail') return alert.identity?.type === 'AWSService';
  return alert.resolved || alert.severity === 'informational';
}

function mostTelling(matched: readonly Policy[], isSure: (policy: Policy) => boolean): readonly Policy[] {
  const sure = matched.filter(isSure);
  return matched.filter((policy) => {
    const others = sure.filter((other) => other !== policy && mayStandFor(other, policy));
    if (others.some(({ covers }) => covers.includes(policy.id))) return false;
    return !policy.fallback || !others.some(({ fallback }) => !fallback);
  });
}

/**
 * Whether one policy may ask in the place of another. One that is only monitored asks nobody, so it keeps no other from asking;
 * and what comes from outside has no say in what is built in.
 */
export const mayStandFor = (other: Policy, policy: Policy): boolean =>
  (other.stage === 'ask' || policy.stage === 'monitor') && (!other.outside || policy.outside);
