// "Not mine to say" hands on one place: everybody else whom the question was with keeps theirs. Containing first takes nobody's.
import { type Case, SYSTEM } from '../case/case.ts';
import { type Approver, askedOf, type Question, type RouteRung } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { sameSaid } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { isPassedAsAway } from './away.ts';
import type { Route } from './choose-approver.ts';
import type { Inquiry } from './inquiry.ts';

type Kept = readonly Approver[];

interface Places {
  readonly before: Question;
  readonly kept: Kept;
  /** Where whoever is found now comes in; null: before the security team. */
  readonly at: number | null;
}

/** Null where the question was neither handed on nor contained first. `passed`: who was looked at and cannot be asked now. */
export function placesOf(inquiry: Inquiry, passed: readonly RouteRung[]): Places | null {
  const { about } = inquiry;
  const { question: before } = about;
  if (!before) return null;
  const isForTeam = about.toSecurity !== null || about.policy.securityOnly === true;
  if (isContaining(about, before)) {
    if (isForTeam && before.approver.kind !== 'security') return null;
    // Silence takes a question from nobody, and whoever is away comes back.
    const out = passed.filter((rung) => !isPassedAsAway(rung));
    return { before, kept: askedOf(before).filter((one) => mayStay(one, out, inquiry)), at: null };
  }
  return isForTeam ? null : placesHandedOn(before, inquiry, passed);
}

/** It is asked again only because silence decided something. */
export function isContaining({ decisions }: Case, { askedAt }: Question): boolean {
  const last = decisions.at(-1);
  return last?.verb === 'approve' && last.by.id === SYSTEM.id && last.at > askedAt;
}

function placesHandedOn(before: Question, inquiry: Inquiry, passed: readonly RouteRung[]): Places | null {
  const last = reassignedNow(inquiry.about).at(-1);
  if (!last) return null;
  const all = askedOf(before);
  const isNow = last.at >= before.askedAt;
  const giver = all.findIndex((one) => isPerson(one, isNow ? last.by.id : last.to.id));
  // Whoever of the security team has no place of their own hands on the first one's.
  const place = giver === -1 && isNow ? 0 : giver;
  const stays = (one: Approver, index: number) => index !== place && mayStay(one, passed, inquiry);
  return {
    before,
    kept: all.filter(stays),
    at: all.slice(0, Math.max(0, place)).filter(stays).length,
  };
}

/** How many people there are with those who keep their places. */
export const countWith = (places: Places | null, found: readonly { readonly person: Approver }[]): number => {
  const ids = [...(places?.kept ?? []), ...found.map(({ person }) => person)].flatMap((one) =>
    one.kind === 'person' ? [one.id] : [],
  );
  return new Set(ids).size;
};

/** The route, with everybody else in their places, and as many people as it took. */
export function keepPlaces(route: Route, places: Places | null): Route {
  if (!places) return route;
  const { before, kept } = places;
  const at = places.at ?? beforeTeam(kept, route);
  const fresh = askedOf(route).filter((one) => !kept.some((other) => isSame(one, other)));
  const [approver, ...beside] = [...kept.slice(0, at), ...fresh, ...kept.slice(at)];
  if (!approver) return route;
  const rungs = before.path.filter(
    ({ id, outcome, reason }) =>
      outcome === 'asked' &&
      kept.some((one) => (one.kind === 'person' ? one.id === id : id === undefined)) &&
      route.path.every((rung) => !sameSaid(rung.reason, reason)),
  );
  const own = rungs.find(({ id }) => isPerson(approver, id))?.reason ?? before.reason;
  const isContained = places.at === null;
  const isFound = fresh.includes(approver) || (isContained && isSame(approver, route.approver));
  const rule = route.rule ?? before.rule;
  const needs = before.needs ?? route.needs;
  return {
    ...{ approver, beside, ...(rule && { rule }), ...(needs && { needs }) },
    path: isContained ? [...route.path, ...rungs] : [...rungs, ...route.path],
    reason: isFound ? route.reason : sentences([own, ...(fresh.length > 0 ? [route.reason] : [])]),
  };
}

/** The security team stays behind the people whom it was asked after; where it is theirs, whoever is on call comes last. */
function beforeTeam(kept: Kept, { approver }: Route): number {
  const team = kept.findIndex(({ kind }) => kind === 'security');
  return approver.kind === 'security' || team === -1 ? kept.length : team;
}

/** Whoever handed it on has said that it is not for them; whoever may not answer by now is not asked again either. */
function mayStay(one: Approver, passed: readonly RouteRung[], inquiry: Inquiry): boolean {
  if (one.kind !== 'person') return one.kind === 'security';
  const { about, subject, atStake, unreachable } = inquiry;
  const isOut = [about.named, atStake].some((people) => people.includes(one.id));
  const hasHandedOn = reassignedNow(about).some(({ by }) => by.id === one.id);
  const isPassed = passed.some(({ id, outcome }) => id === one.id && outcome === 'passed-over');
  return !isOut && !hasHandedOn && !isPassed && one.id !== subject?.id && !unreachable.has(one.id);
}

const isPerson = (one: Approver, id: string | undefined): boolean => one.kind === 'person' && one.id === id;
const isSame = (one: Approver, other: Approver): boolean =>
  one.kind === other.kind && (one.kind !== 'person' || isPerson(other, one.id));
