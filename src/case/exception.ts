// What asks nobody for a while: what somebody said to expect until a date, and what the security team keeps quiet. Data and one rule.
import { isAtLeast, type Severity } from './alert.ts';
import type { Actor } from './case.ts';
import type { CaseId } from './ids.ts';

export interface Exception {
  /** Six characters without look-alikes, for people to type. */
  readonly id: string;
  /** `expected`: by the answer to a question. `quiet`: by the security team, about no case in particular. */
  readonly kind: 'expected' | 'quiet';
  /** Each of these that is there has to fit. At least one is. */
  readonly policy?: string;
  /** Entra object id or user principal name of the person, lower case; or the key of the target that stands for an unknown one. */
  readonly subject?: string;
  /** `targetKey` of each: a match may touch these, and nothing else. */
  readonly targets?: readonly string[];
  /** For people: what it is about, from when it was made. */
  readonly says: string;
  /** It asks all the same about anything more severe. */
  readonly upTo: Severity;
  readonly by: Actor;
  readonly at: string;
  /** ISO 8601 in UTC. */
  readonly until: string;
  readonly comment?: string;
  /** The case whose answer it is. */
  readonly caseId?: CaseId;
  readonly revoked?: { readonly by: Actor; readonly at: string };
  /** How many matches asked nobody because of it, and when the last one came. */
  readonly held: number;
  readonly lastAt?: string;
}

/** A match, as far as exceptions look at it. */
export interface Matched {
  readonly policy: string;
  readonly severity: Severity;
  /** Every name by which the subject is known, lower case. */
  readonly subjects: readonly string[];
  /** `targetKey` of each. */
  readonly targets: readonly string[];
  readonly at: string;
}

/** Whether the exception holds for the match: in time, not revoked, not more severe, and all that it names fits. */
export function isExcepted(exception: Exception, match: Matched): boolean {
  const { policy, subject, targets, until, upTo, revoked } = exception;
  if (revoked || until <= match.at || !isAtLeast(upTo, match.severity)) return false;
  if (policy !== undefined && policy !== match.policy) return false;
  if (subject !== undefined && !match.subjects.includes(subject)) return false;
  return (
    targets === undefined || (match.targets.length > 0 && match.targets.every((key) => targets.includes(key)))
  );
}
