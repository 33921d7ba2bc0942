// What asks nobody because somebody said so: an exception in force holds a match back where it would ask. It is counted and put on
// record in the transaction that stores the alert.
import type { Alert } from '../case/alert.ts';
import { type SubjectHint, SYSTEM } from '../case/case.ts';
import { chainOf, type Exception, isExcepted, type Matched, NOBODY } from '../case/exception.ts';
import { thingKey } from '../case/target.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { sourceFacts } from './absorb.ts';
import { deedOf, evidenceOf } from './deeds.ts';
import type { Opening } from './open-case.ts';

/** The one that holds it back; null: it asks. `at` is the time of ingest. */
export async function holdBack(
  tx: StoreTransaction,
  opening: Opening,
  alert: Alert,
  at: string,
  kinds: readonly Exception['kind'][] = ['expected', 'quiet'],
): Promise<Exception | null> {
  for (const exception of await tx.exceptions.inForce(at)) {
    if (!kinds.includes(exception.kind)) continue;
    if (!isExcepted(exception, matchedAs(exception.subjects ?? [], opening, alert, at))) continue;
    if (exception.caseId) await tx.lockCase(exception.caseId);
    // It may have been revoked since it was read.
    if (!(await tx.exceptions.count(exception.id, at))) continue;
    await tx.audit(chainOf(exception), {
      kind: 'exception.held',
      actor: SYSTEM,
      facts: {
        ...sourceFacts(alert),
        exception: exception.id,
        policy: opening.policy.id,
        severity: opening.severity,
      },
      personal: { title: alert.title, hint: { ...opening.hint } },
    });
    return exception;
  }
  return null;
}

/**
 * Pure. `names`: of the person whom an exception is about. The same deed has one key for each name, and evidence names people as
 * it likes.
 */
export function matchedAs(names: readonly string[], opening: Opening, alert: Alert, at: string): Matched {
  const { hint, policy, severity, groupKey, counted, named } = opening;
  const subjects = [hint.kind === 'entra' ? hint.id.toLowerCase() : NOBODY];
  const isTheirs = subjects.some((name) => names.includes(name)) && hint.kind === 'entra';
  const hints: readonly SubjectHint[] = [
    hint,
    ...(isTheirs ? names.map((id) => ({ kind: 'entra', id }) as const) : []),
  ];
  // What was said of a call that went through holds for one that was refused as well.
  const calls = [alert, { ...alert, attempt: false }];
  return {
    policy: policy.id,
    severity,
    subjects,
    people: named.filter((name) => !subjects.includes(name)),
    targets: alert.targets.map(thingKey),
    hasMoreTargets: (alert.moreTargets ?? 0) > 0,
    deeds: hints.flatMap((one) => calls.map((call) => deedOf(call, one).key)),
    evidence: evidenceOf(alert),
    counted: counted ? counted.events : null,
    attempt: alert.attempt,
    group: groupKey,
    at,
  };
}
