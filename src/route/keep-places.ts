// "Not mine to say" hands on one place: everybody else whom the question was with keeps theirs.
import { type Approver, askedOf, type Question, type RouteRung } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { sameSaid } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { Route } from './choose-approver.ts';
import type { Inquiry } from './inquiry.ts';

type Kept = readonly Approver[];

interface Places {
  readonly before: Question;
  readonly kept: Kept;
  /** Where whoever is found now comes in. */
  readonly at: number;
}

/** Null where the question was not handed on. `passed`: who was looked at and cannot be asked now. */
export function placesOf(inquiry: Inquiry, passed: readonly RouteRung[]): Places | null {
  const { about } = inquiry;
  const { question: before } = about;
  const last = reassignedNow(about).at(-1);
  if (!before || !last || about.toSecurity !== null) return null;
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
  const { before, kept, at } = places;
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
  const rule = route.rule ?? before.rule;
  const needs = before.needs ?? route.needs;
  return {
    ...{ approver, beside, ...(rule && { rule }), ...(needs && { needs }) },
    path: [...rungs, ...route.path],
    reason: fresh.includes(approver)
      ? route.reason
      : sentences([own, ...(fresh.length > 0 ? [route.reason] : [])]),
  };
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
