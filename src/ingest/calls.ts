// What makes two events the same deed: the same call on the same target by the same person. Pure.
// Only what the evidence proves counts as a person; without one nothing is ever a repeat.
import { createHash } from 'node:crypto';
import { type Alert, targetKey } from '../case/alert.ts';
import type { SubjectHint } from '../case/case.ts';

/** One digest for each target; none where it is not certain who did it. A refused call and one that went through differ. */
export function callsOf(alert: Alert, hint: SubjectHint): readonly string[] {
  const who = personOf(alert, hint);
  if (who === null) return [];
  const targets = alert.targets.length > 0 ? alert.targets.map(targetKey) : [''];
  return targets.map((target) => digest([who, nameOf(alert), alert.attempt, target]));
}

/** CloudTrail: service and event name. Graph: the title. */
function nameOf({ source, event, title }: Alert): string {
  return source === 'graph' ? `graph:${title}` : `${String(event.eventSource)}:${String(event.eventName)}`;
}

/**
 * The root user and an IAM user are who AWS says they are, even where nobody knows whose they are. Who holds a role is the
 * caller's own word, and a refused call may never have been authenticated.
 */
function personOf(alert: Alert, hint: SubjectHint): string | null {
  if (hint.kind === 'entra') return `entra:${hint.id.toLowerCase()}`;
  const { type, arn } = alert.identity ?? {};
  const isProven = (type === 'IAMUser' || type === 'Root') && !alert.attempt;
  return isProven && arn ? `aws:${arn}` : null;
}

/** Names in it may be long and are the caller's to choose: kept short, and not readable. */
const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
