// Who is asked: the first who can and may answer, and why everybody before them was passed over; in the end the security team.
// Never the subject, nor anyone named in the evidence, nor anyone whose own behaviour is in question.
import type { AnswerRule } from '../case/asking.ts';
import { isEnough, needsOf } from '../case/enough.ts';
import type { Approver, RouteRung } from '../case/question.ts';
import { askedFarther } from '../case/rung-words.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { type Found, findPeople } from './find-people.ts';
import { type Inquiry, mayAsk } from './inquiry.ts';
import { countWith, keepPlaces, placesOf } from './keep-places.ts';
import { findOnCall } from './on-call.ts';
import { subjectFirst } from './subject-first.ts';

export interface Route {
  readonly approver: Approver;
  /** Asked at the same time. */
  readonly beside: readonly Approver[];
  /** Whose word it takes, where that is not the first one's. */
  readonly rule?: AnswerRule;
  /** As `Question.needs`. */
  readonly needs?: number;
  /** Every rung that was looked at, in order; the last is whoever was asked. */
  readonly path: readonly RouteRung[];
  /** For the card: one sentence, or a few. */
  readonly reason: Said;
}

export async function chooseApprover(inquiry: Inquiry): Promise<Route> {
  const { about, subject } = inquiry;
  if (!mayAskAnybody(inquiry) && !mayAsk('subject', inquiry)) return toSecurity([], ONLY_SECURITY, inquiry);
  const forTeam = about.policy.securityOnly ? say('route.security.always') : about.toSecurity;
  if (forTeam !== null) return keepPlaces(await toSecurity([], forTeam, inquiry), placesOf(inquiry, []));
  const asFirst = await subjectFirst(inquiry);
  if (asFirst.asked) {
    const { asked, reason, passed } = asFirst;
    return { approver: asked, beside: [], path: [...passed, rungOf({ person: asked, reason })], reason };
  }
  if (!mayAskAnybody(inquiry))
    return toSecurity(asFirst.passed, asFirst.passed.length > 0 ? NOBODY_ELSE : ONLY_SECURITY, inquiry);
  const { found, passed, managers } = await findPeople(asFirst.passed, inquiry);
  // Of the person in question, who may be asked first, nothing tells how near they are.
  const isFarther = passed.length > asFirst.passed.length;
  if (found.length > 0) return toPeople(found, passed, isFarther, inquiry);
  const why = subject
    ? whyNobody(subject.displayName, managers)
    : sentences([whyUnknown(inquiry), say('route.security.so-asked')]);
  return keepPlaces(await toSecurity(passed, why, inquiry), placesOf(inquiry, passed));
}

const ONLY_SECURITY = say('route.security.only');
const NOBODY_ELSE = say('route.security.nobody-else');

/** Beside the person in question, who is heard and decides nothing. */
const mayAskAnybody = (inquiry: Inquiry): boolean =>
  (['manager', 'named', 'owner'] as const).some((kind) => mayAsk(kind, inquiry));

const whyUnknown = ({ about }: Inquiry): Said =>
  about.hint.kind === 'unknown' ? about.hint.reason : say('route.unknown.nobody-by-that-name');

function whyNobody(subject: string, managers: number | null): Said {
  if (managers === null) return say('route.nobody.can-answer');
  return managers === 0
    ? say('route.nobody.no-manager', { subject })
    : say('route.nobody.above', { subject });
}

interface Asked extends Pick<Found, 'reason'> {
  readonly person: Extract<Approver, { kind: 'person' | 'subject' }>;
}

export const rungOf = ({ person, reason }: Asked): RouteRung => ({
  name: person.name,
  id: person.id,
  outcome: 'asked',
  reason,
});

async function toPeople(
  found: readonly Found[],
  passed: readonly RouteRung[],
  isFarther: boolean,
  inquiry: Inquiry,
): Promise<Route> {
  const [first, ...others] = found;
  if (!first) throw new Error('nobody was found');
  const rule = ruleFor(first, inquiry);
  const named = inquiry.about.policy.asking?.approvers.length ?? 0;
  const asked = found.map(rungOf);
  const told = first.person.as === 'manager' && isFarther ? askedFarther(first.reason) : first.reason;
  const reasons = [told, ...others.map(({ reason }) => reason)];
  if (rule && !inquiry.subject && first.person.as === 'owner') reasons.push(say('route.security.confirms'));
  const places = placesOf(inquiry, passed);
  const count = countWith(places, found);
  const needs = needsOf(rule, count, named);
  const route = { approver: first.person, ...(rule && { rule }), ...(needs && { needs }) };
  const beside = others.map(({ person }) => person);
  if (isEnough(rule, count, places?.before.needs ?? named))
    return keepPlaces({ ...route, beside, path: [...passed, ...asked], reason: sentences(reasons) }, places);
  const why = say('route.security.too-few');
  const security = await toSecurity([], why, inquiry);
  const withSecurity = {
    ...route,
    beside: [...beside, security.approver, ...security.beside.filter((one) => isNew(one, found))],
    path: [...passed, ...asked, ...security.path],
    reason: sentences([...reasons, why]),
  };
  return keepPlaces(withSecurity, places);
}

const isNew = (one: Approver, found: readonly Found[]): boolean =>
  one.kind !== 'person' || found.every(({ person }) => person.id !== one.id);

/** Whoever owns it may be whoever did it, as long as nobody knows who that was: their word alone closes nothing. */
function ruleFor({ person }: Found, { about, subject }: Inquiry): AnswerRule | undefined {
  const rule = about.policy.asking?.rule;
  if (rule && rule.kind !== 'first') return rule;
  return !subject && person.as === 'owner' ? { kind: 'sequence' } : undefined;
}

/** The channel, and whoever is on call in their own chat. */
async function toSecurity(
  passed: readonly RouteRung[],
  reason: Said,
  inquiry: Inquiry,
): Promise<Route & { readonly approver: { readonly kind: 'security' } }> {
  const { onCall, passed: away } = await findOnCall(inquiry);
  const rung: RouteRung = { name: 'The security team', outcome: 'asked', reason };
  return {
    approver: { kind: 'security' },
    beside: onCall ? [onCall.person] : [],
    path: [...passed, ...away, ...(onCall ? [rungOf(onCall)] : []), rung],
    reason,
  };
}
