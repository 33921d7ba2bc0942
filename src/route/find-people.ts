// Goes through the candidates in order until somebody can be asked: usable, there, and within reach.

import type { UserId } from '../case/ids.ts';
import type { Approver, RouteRung } from '../case/question.ts';
import { asked, BUT_UNREACHABLE, passedBy } from '../case/rung-words.ts';
import { type Said, say } from '../case/said.ts';
import { awayOf, awayWords, findStandIn } from './away.ts';
import { type Candidate, nameOf, roundsOf } from './candidates.ts';
import type { Inquiry } from './inquiry.ts';
import { isReachable, obstacleOf } from './obstacles.ts';

export interface Found {
  readonly person: Extract<Approver, { kind: 'person' }>;
  /** Why they are asked, one sentence. */
  readonly reason: Said;
}

export interface Search {
  readonly found: readonly Found[];
  /** Everybody who was passed over, in order, after `before`. */
  readonly passed: readonly RouteRung[];
  /** How many managers were looked at; null where none may be asked, or nobody got as far. */
  readonly managers: number | null;
}

/** The people of the first round in which somebody can be asked. */
export async function findPeople(before: readonly RouteRung[], inquiry: Inquiry): Promise<Search> {
  const passed: RouteRung[] = [...before];
  const seen = new Set<UserId>(inquiry.asked);
  let managers: number | null = null;
  for await (const round of roundsOf(inquiry)) {
    passed.push(...(round.passed ?? []));
    if (round.of === 'manager' && !round.isClosed) managers = round.candidates.length;
    const found: Found[] = [];
    for (const candidate of round.candidates) {
      const id = candidate.who.kind === 'user' ? candidate.who.user.id : null;
      if (id && seen.has(id)) continue;
      if (id) seen.add(id);
      const one = await consider(candidate, inquiry);
      passed.push(...one.passed);
      if (one.found && found.every(({ person }) => person.id !== one.found?.person.id)) found.push(one.found);
      if (found.length > 0 && !round.all) break;
    }
    if (found.length > 0) return { found, passed, managers };
  }
  return { found: [], passed, managers };
}

interface Considered {
  readonly found: Found | null;
  readonly passed: readonly RouteRung[];
}

/** The candidate, or whoever stands in for them; else why neither is asked. */
export async function consider(candidate: Candidate, inquiry: Inquiry): Promise<Considered> {
  const { who, as, is } = candidate;
  const pass = (but: Said): RouteRung => ({
    name: nameOf(who),
    ...(who.kind === 'user' && { id: who.user.id }),
    outcome: 'passed-over',
    reason: passedBy(is, but),
  });
  if (who.kind === 'missing') return { found: null, passed: [pass(say('route.but.no-directory'))] };
  if (who.kind === 'contact') return { found: null, passed: [pass(say('route.but.contact'))] };
  const { user } = who;
  const obstacle = await obstacleOf(user, inquiry);
  if (obstacle !== null) return { found: null, passed: [pass(obstacle)] };
  const away = await awayOf(user, inquiry);
  if (away) {
    const { standIn, passed } = await findStandIn(user, away, is, inquiry);
    return {
      found: standIn && {
        person: { kind: 'person', id: standIn.user.id, name: standIn.user.displayName, as: 'delegate' },
        reason: asked(standIn.who),
      },
      passed: [pass(awayWords(away)), ...passed],
    };
  }
  if (!(await isReachable(user, inquiry))) return { found: null, passed: [pass(BUT_UNREACHABLE)] };
  const person = { kind: 'person', id: user.id, name: user.displayName, as } as const;
  return { found: { person, reason: asked(is) }, passed: [] };
}
