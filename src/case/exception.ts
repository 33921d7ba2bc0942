// What asks nobody for a while: what somebody said to expect until a date, and what the security team keeps quiet. Data and one
// rule. An exception only ever gets narrower than what was answered: docs/decisions/0015.
import { isAtLeast, type Severity } from './alert.ts';
import type { Actor } from './case.ts';
import type { CaseId } from './ids.ts';
import type { Said } from './said.ts';

export interface Exception {
  /** Six characters without look-alikes, for people to type. */
  readonly id: string;
  /** `expected`: by the answer to a question. `quiet`: by the security team, about no case in particular. */
  readonly kind: 'expected' | 'quiet';
  /** Each of `policies`, `subjects` and `targets` that is there has to fit. At least one is. */
  readonly policies?: readonly string[];
  /** Every name of the one person, lower case: Entra object id, user principal name, as the evidence wrote it. `NOBODY`: nobody known. */
  readonly subjects?: readonly string[];
  /** `thingKey` of each: a match may touch these and the person's own account, and nothing else. */
  readonly targets?: readonly string[];
  /** Of `expected`: the keys of the deeds that were answered. Only what is counted may be another deed. */
  readonly deeds?: readonly string[];
  /** Of `expected`: what the alert of a deed named besides people, by the deed's key. Absent: nothing. */
  readonly evidence?: Readonly<Record<string, readonly string[]>>;
  /** Of `expected`: how many there were at most when it was answered, of what a policy counts, by its id. */
  readonly countedBy?: Readonly<Record<string, number>>;
  /** Of `expected`: everyone whom the evidence named, lower case. Whoever else is named asks. */
  readonly people?: readonly string[];
  /** Of `expected`, where nobody is known: the group of the case, which names the caller. */
  readonly group?: string;
  /** What was answered were refused calls alone. */
  readonly attemptsOnly?: true;
  /** Of `quiet`: every name of whoever set it, lower case. It keeps nothing of their own quiet. */
  readonly notFor?: readonly string[];
  /** For people: what it is about, from when it was made. Hostile text. */
  readonly says: Said;
  /** It asks all the same about anything more severe. */
  readonly upTo: Severity;
  readonly by: Actor;
  /** Whoever had said so before, where it took several. */
  readonly agreed?: readonly Actor[];
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

/** In the place of a person's names, where nobody is known by name. No name has a colon. */
export const NOBODY = 'nobody:';

/** A match, as far as exceptions look at it. */
export interface Matched {
  readonly policy: string;
  readonly severity: Severity;
  /** Every name by which the subject is known, lower case; `NOBODY`. */
  readonly subjects: readonly string[];
  /** Everyone else whom the evidence names, lower case. */
  readonly people: readonly string[];
  /** `thingKey` of each. */
  readonly targets: readonly string[];
  /** The event names more targets than are listed. */
  readonly hasMoreTargets: boolean;
  /** The keys that this deed has under any of the subject's names, also as one that went through. */
  readonly deeds: readonly string[];
  /** What the alert names besides people, as `Deed` has it. */
  readonly evidence: readonly string[];
  /** How many there are, of what is counted. */
  readonly counted: number | null;
  readonly attempt: boolean;
  readonly group: string;
  /** When it came in. ISO 8601 in UTC. */
  readonly at: string;
}

/** Whether the exception holds for the match: in time, not revoked, not more severe, and all that it names fits. */
export function isExcepted(exception: Exception, match: Matched): boolean {
  const { policies, subjects, targets, notFor = [], upTo } = exception;
  if (!isInForce(exception, match.at) || !isAtLeast(upTo, match.severity)) return false;
  if (!policies && !subjects && !targets) return false;
  if (policies && !policies.includes(match.policy)) return false;
  if (subjects && !hasAny(match.subjects, subjects)) return false;
  if (targets && !isWithin(targets, subjects, match)) return false;
  if (hasAny([...match.subjects, ...match.people], notFor)) return false;
  return exception.kind === 'quiet' || isAnswered(exception, match);
}

/** A time that cannot be read is over. */
export const isInForce = ({ until, revoked }: Pick<Exception, 'until' | 'revoked'>, at: string): boolean =>
  !revoked && Date.parse(until) > Date.parse(at);

/** Exactly what the answer was about: the same deed by the same, or no more of them than were counted. */
function isAnswered(exception: Exception, match: Matched): boolean {
  const { deeds = [], people = [], subjects = [], group, attemptsOnly } = exception;
  if (attemptsOnly && !match.attempt) return false;
  if (group !== undefined && group !== match.group) return false;
  if (!match.people.every((name) => people.includes(name) || subjects.includes(name))) return false;
  if (match.counted !== null) return match.counted <= (ownOf(exception.countedBy, match.policy) ?? 0);
  return deeds.some((key) => match.deeds.includes(key) && isShown(exception, key, match));
}

/** The question about this deed named all that this one names. */
function isShown({ evidence }: Exception, key: string, match: Matched): boolean {
  const shown = ownOf(evidence, key) ?? [];
  return match.evidence.every((one) => shown.includes(one));
}

const ownOf = <Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;

/** Everybody whose word it is. */
export const saidBy = ({ agreed = [], by }: Pick<Exception, 'agreed' | 'by'>): readonly string[] => [
  ...new Set([...agreed, by].map(({ name }) => name)),
];

function isWithin(targets: readonly string[], subjects: readonly string[] = [], match: Matched): boolean {
  const own = subjects.flatMap((name) => [`user:${name}`, `resource:${name}`]);
  const others = match.targets.filter((key) => !own.includes(key));
  const isSomebodys = subjects.length > 0 && !subjects.includes(NOBODY);
  return (
    !match.hasMoreTargets &&
    (others.length > 0 || isSomebodys) &&
    others.every((key) => targets.includes(key))
  );
}

const hasAny = (all: readonly string[], wanted: readonly string[]): boolean =>
  all.some((one) => wanted.includes(one));

/** Where what it does is put on record: the chain of its case, or one of its own. */
export const chainOf = ({ id, caseId }: Pick<Exception, 'id' | 'caseId'>): CaseId =>
  caseId ?? (`exception:${id}` as CaseId);
