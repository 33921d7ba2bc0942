// Who is away, until when, and who answers in their place. A mailbox that cannot be read says nothing.
import type { Delegation } from '../case/asking.ts';
import type { UserId } from '../case/ids.ts';
import type { RouteRung } from '../case/question.ts';
import { BUT_UNREACHABLE, passedBy } from '../case/rung-words.ts';
import { isPhrase, type Said, say, says } from '../case/said.ts';
import type { WordKey } from '../case/word-keys.ts';
import { isoTime } from '../ports/clock.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import { climbChain } from './climb-chain.ts';
import type { Inquiry } from './inquiry.ts';
import { isReachable, obstacleOf } from './obstacles.ts';
import { ifKnown, patient } from './parts.ts';

export interface Away {
  /** Null: nobody said until when. */
  readonly until: string | null;
  /** Set with the bot, and in force. */
  readonly delegation: Delegation | null;
}

/** Null: they are there, or nobody knows. */
export async function awayOf(user: DirectoryUser, { parts, lastTry }: Inquiry): Promise<Away | null> {
  const { store, calendars, clock } = parts;
  const delegation = await store.transact((tx) => tx.delegations.of(user.id, isoTime(clock)));
  if (delegation) return { until: delegation.until, delegation };
  const calendar = await ifKnown(lastTry, () => calendars.calendarOf(user.id));
  return calendar?.away ? { until: calendar.away.until, delegation: null } : null;
}

/** To follow "... but". */
export function awayWords({ until, delegation }: Away): Said {
  if (delegation)
    return say('route.but.handed-over', { to: delegation.toName, until: { time: delegation.until } });
  return until ? say('route.but.away-until', { until: { time: until } }) : say('route.but.away');
}

const AWAY: readonly WordKey[] = ['route.but.handed-over', 'route.but.away-until', 'route.but.away'];

/** For nothing else: they may answer once they are back. */
export function isPassedAsAway({ reason }: RouteRung): boolean {
  const but = isPhrase(reason) ? reason.with?.but : undefined;
  return isPhrase(but) && AWAY.some((key) => says(but, key));
}

export interface StandIn {
  readonly user: DirectoryUser;
  /** Who they are in the case, to be closed by `asked`. */
  readonly who: Said;
}

/**
 * Whoever answers for somebody who is away: their delegate, or the delegate's, who must each be above the one who named them, or of
 * the security team, whoever set it. `passed`: those who do not, and why.
 */
export async function findStandIn(
  of: DirectoryUser,
  away: Away,
  who: Said,
  inquiry: Inquiry,
): Promise<{ readonly standIn: StandIn | null; readonly passed: readonly RouteRung[] }> {
  const passed: RouteRung[] = [];
  const visited = new Set<UserId>([of.id]);
  let from = of;
  let now = away;
  while (now.delegation) {
    const { to, toName, until } = now.delegation;
    const absent = from.displayName;
    const pass = (name: string, but: Said) => {
      const standsIn = say('route.who.stand-in', { name, absent });
      passed.push({ name, id: to, outcome: 'passed-over', reason: passedBy(standsIn, but) });
      return { standIn: null, passed };
    };
    const user = await patient(inquiry.lastTry, () => inquiry.parts.directory.findUser(to));
    if (!user) return pass(toName, say('route.but.no-directory'));
    const name = user.displayName;
    if (visited.has(to)) return pass(name, say('route.but.in-turn', { absent }));
    visited.add(to);
    if (inquiry.asked.includes(to)) return pass(name, say('route.but.asked-already'));
    if (!(await mayStandIn(user, from, inquiry))) return pass(name, say('route.but.not-above', { absent }));
    const obstacle = await obstacleOf(user, inquiry);
    if (obstacle !== null) return pass(name, obstacle);
    const its = await awayOf(user, inquiry);
    if (!its) {
      if (!(await isReachable(user, inquiry))) return pass(name, BUT_UNREACHABLE);
      return {
        standIn: {
          user,
          who: say('route.who.stand-in-until', { name, absent, until: { time: until }, who }),
        },
        passed,
      };
    }
    pass(name, awayWords(its));
    from = user;
    now = its;
  }
  return { standIn: null, passed };
}

async function mayStandIn(
  user: DirectoryUser,
  from: DirectoryUser,
  { parts, lastTry }: Inquiry,
): Promise<boolean> {
  if (parts.settings.security.members.includes(user.id)) return true;
  const above = (await patient(lastTry, () => climbChain(parts.directory, from.id))) ?? [];
  return above.some((one) => one.kind === 'user' && one.user.id === user.id);
}
