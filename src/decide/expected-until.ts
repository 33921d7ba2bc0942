// What an answer "expected until" leaves behind: an exception for exactly what was answered, and its end. In the transaction of
// the decision.
import { type Actor, type Case, countedOf, type Decision } from '../case/case.ts';
import { chainOf, type Exception, NOBODY } from '../case/exception.ts';
import type { CaseId } from '../case/ids.ts';
import { isPhrase, type Phrase, type Said, say, says as saysSo } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { type Target, thingKey } from '../case/target.ts';
import { targetSaid } from '../case/target-words.ts';
import { canFollow } from '../case/transitions.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Ids } from '../ports/ids.ts';

export interface ExpectParts {
  readonly ids: Pick<Ids, 'exceptionId'>;
  readonly settings: Pick<OperatorSettings, 'asking'>;
}

/**
 * `signed`: every "expected" that this answer takes, the last one last. All of them named a date, or nothing is expected: the
 * earliest counts, within the longest that the settings allow. Answers what to say of it, for the card and for the alert.
 */
export async function expectUntil(
  tx: StoreTransaction,
  about: Case,
  signed: readonly Decision[],
  { ids, settings }: ExpectParts,
): Promise<readonly Said[]> {
  const last = signed.at(-1);
  const untils = signed.map(({ until }) => Date.parse(until ?? ''));
  if (!last || untils.every(Number.isNaN)) return [];
  if (untils.some(Number.isNaN)) return [NOT_ALL];
  const untilMs = Math.min(...untils, Date.parse(last.at) + settings.asking.longestMs);
  if (untilMs <= Date.parse(last.at)) return [OVER];
  const scope = scopeOf(about);
  if (isPhrase(scope)) return [scope];
  const exception: Exception = {
    ...{ id: await freshId(tx, ids), kind: 'expected', caseId: about.id, ...scope },
    ...{ upTo: about.severity, by: last.by, at: last.at, until: new Date(untilMs).toISOString(), held: 0 },
    ...(signed.length > 1 && { agreed: signed.slice(0, -1).map(({ by }) => by) }),
    ...(last.comment && { comment: last.comment }),
  };
  await tx.exceptions.save(exception);
  await auditMade(tx, exception);
  const { id, says, until } = exception;
  return [say(EXPECTED, { until: { time: until, dated: true }, what: says, id })];
}

const EXPECTED = 'decide.expected.until';
const NOT_ALL = say('decide.expected.not-all');
const OVER = say('decide.expected.over');
const ROOT = say('decide.expected.root');
const NOTHING_TO_TELL = say('decide.expected.nothing-to-tell');

type Scope = Pick<
  Exception,
  | 'policies'
  | 'subjects'
  | 'targets'
  | 'deeds'
  | 'evidence'
  | 'countedBy'
  | 'people'
  | 'group'
  | 'attemptsOnly'
  | 'says'
>;

/** Exactly what the question showed; a sentence where nothing can be expected. */
function scopeOf(about: Case): Scope | Phrase {
  const { hint, subject, policy, related = [], deeds = [], attempt } = about;
  const names = namesOf(about);
  const targets = about.targets.filter(({ kind, ...of }) => kind !== 'user' || !isOf(of, names));
  if (names.length === 0 && hint.name === 'root') return ROOT;
  if (names.length === 0 && targets.length === 0) return NOTHING_TO_TELL;
  const who =
    subject?.name ?? (hint.kind === 'entra' ? (hint.name ?? hint.id) : say('decide.expected.same-caller'));
  const policies = [...new Set([policy.id, ...related.map(({ id }) => id)])];
  return {
    policies,
    subjects: names.length > 0 ? names : [NOBODY],
    targets: targets.map(thingKey),
    deeds: deeds.map(({ key }) => key),
    evidence: Object.fromEntries(deeds.flatMap(({ key, evidence }) => (evidence ? [[key, evidence]] : []))),
    countedBy: Object.fromEntries(policies.map((id) => [id, countedOf(about, id)])),
    people: [...new Set([...about.mentioned, ...about.named])],
    ...(names.length === 0 && { group: groupOf(about) }),
    ...(attempt && { attemptsOnly: true as const }),
    says: whatWords(about, who, targets),
  };
}

const isOf = (target: object, names: readonly string[]): boolean =>
  'id' in target && names.includes(String(target.id).toLowerCase());

/** As the directory and the evidence name the person: one source has object ids, the other principal names. */
function namesOf({ hint, subject }: Case): readonly string[] {
  const names = [subject?.id, subject?.userPrincipalName, hint.kind === 'entra' ? hint.id : undefined];
  return [...new Set(names.flatMap((name) => (name ? [name.toLowerCase()] : [])))];
}

/** Of all parts of a group, claimed before or not. */
const groupOf = ({ groupKey }: Case): string => groupKey.replace(/(?:\|part:\d+|\|claimed:[^|]*)+$/, '');

/** Each deed that was answered for, by the name of the first. */
function whatWords({ title, deeds = [] }: Case, who: Said, targets: readonly Target[]): Said {
  const others = deeds.length - 1;
  const what =
    others > 0 ? say('decide.expected.deeds', { title, others }) : say('decide.expected.deed', { title });
  const [first] = targets;
  if (!first) return say('decide.expected.what', { what, who });
  return targets.length === 1
    ? say('decide.expected.what-on', { what, who, target: targetSaid(first) })
    : say('decide.expected.what-on-these', { what, who, count: targets.length });
}

/** One that no exception has, over or not. */
export async function freshId(tx: StoreTransaction, ids: ExpectParts['ids']): Promise<string> {
  for (;;) {
    const id = ids.exceptionId();
    if (!(await tx.exceptions.find(id))) return id;
  }
}

export const auditMade = (tx: StoreTransaction, exception: Exception): Promise<void> => {
  const { id, kind, until, upTo, policies = [], by, says, comment, subjects = [], targets = [] } = exception;
  return tx.audit(chainOf(exception), {
    kind: 'exception.made',
    actor: by,
    facts: { exception: id, of: kind, until, upTo, policies: [...policies] },
    personal: { says, subjects: [...subjects], targets: [...targets], ...(comment && { comment }) },
  });
};

/** Whoever is shut out, or says that it was not them, is expected to do nothing any more. `of`: the case's own answer alone. */
export async function endExpected(
  tx: StoreTransaction,
  about: Case,
  by: Actor,
  at: string,
  of: 'case' | 'person',
): Promise<void> {
  const names = of === 'person' ? namesOf(about) : [];
  for (const exception of await tx.exceptions.inForce(at)) {
    if (exception.kind !== 'expected') continue;
    if (exception.caseId !== about.id && !exception.subjects?.some((name) => names.includes(name))) continue;
    await revokeOne(tx, exception, by, at, about.id);
  }
}

/** False where it is over or revoked by now. `deciding`: the case that this transaction is about to change anyway. */
export async function revokeOne(
  tx: StoreTransaction,
  exception: Exception,
  by: Actor,
  at: string,
  deciding?: CaseId,
): Promise<boolean> {
  const about = exception.caseId ? await tx.lockCase(exception.caseId) : null;
  if (!(await tx.exceptions.revoke(exception.id, by, at))) return false;
  const note = {
    kind: 'exception.revoked',
    actor: by,
    facts: { exception: exception.id, held: exception.held },
  };
  if (!about || about.id === deciding || !canFollow(about.state, 'noted')) {
    await tx.audit(chainOf(exception), note);
    return true;
  }
  // The card says that it asks nobody; and what is taken back is not counted in silence for the rest of its grouping time either.
  const says = say('decide.expected.revoked', { name: by.name, at: { time: at } });
  const outcome = about.outcome.map((line) => (isAbout(line, exception.id) ? says : line));
  await commitTransition(tx, about, { event: 'noted', at, patch: { unexpectedSince: at, outcome }, note });
  return true;
}

/** Lines from before there were messages are text. */
const isAbout = (line: Said, id: string): boolean =>
  isPhrase(line) ? saysSo(line, EXPECTED) && line.with?.id === id : line.endsWith(`revoke ${id}.`);
