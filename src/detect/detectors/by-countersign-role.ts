// A call made with Countersign's own role. Our own calls never get here: detect() drops them by their request id.
import type { Alert } from '../../case/alert.ts';
import type { MatchContext } from '../../case/policy.ts';

export const byCountersignRole = (alert: Alert, context: MatchContext): boolean =>
  alert.identity?.roleArn !== undefined && context.countersignRoleArns.includes(alert.identity.roleArn);
