// Who is away, until when, and who answers in their place. A mailbox that cannot be read says nothing.
import type { Delegation } from '../case/asking.ts';
import type { UserId } from '../case/ids.ts';
import type { RouteRung } from '../case/question.ts';
import { timeMark } from '../case/times.ts';
import { isoTime } from '../ports/clock.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import { climbChain } from './climb-chain.ts';
import type { Inquiry } from './inquiry.ts';
import { isReachable, obstacleOf, UNREACHABLE } from './obstacles.ts';
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

const untilWords = ({ until }: Away): string => (until ? ` until ${timeMark(until)}` : '');

/** To follow "... but". */
export const awayWords = (away: Away): string =>
  away.delegation
    ? `has handed over to ${away.delegation.toName}${untilWords(away)}`
    : `is away${untilWords(away)}`;

export interface StandIn {
  readonly user: DirectoryUser;
  readonly reason: string;
}

/**
 * Whoever answers for somebody who is away: their delegate, or the delegate's, who must each be above the one who named them, or of
 * the security team, whoever set it. `passed`: those who do not, and why.
 */
export async function findStandIn(
  of: DirectoryUser,
  away: Away,
  is: string,
  inquiry: Inquiry,
): Promise<{ readonly standIn: StandIn | null; readonly passed: readonly RouteRung[] }> {
  const passed: RouteRung[] = [];
  const visited = new Set<UserId>([of.id]);
  let from = of;
  let now = away;
  while (now.delegation) {
    const { to, toName } = now.delegation;
    const pass = (name: string, why: string) => {
      passed.push({
        name,
        id: to,
        outcome: 'passed-over',
        reason: `${name} stands in for ${from.displayName} but ${why}.`,
      });
      return { standIn: null, passed };
    };
    const user = await patient(inquiry.lastTry, () => inquiry.parts.directory.findUser(to));
    if (!user) return pass(toName, 'is not in the directory');
    const name = user.displayName;
    if (visited.has(to)) return pass(name, `${from.displayName} stands in for them in turn`);
    visited.add(to);
    if (inquiry.asked.includes(to)) return pass(name, 'is asked already');
    if (!(await mayStandIn(user, from, inquiry)))
      return pass(name, `is neither above ${from.displayName} nor on the security team`);
    const obstacle = await obstacleOf(user, inquiry);
    if (obstacle !== null) return pass(name, obstacle);
    const its = await awayOf(user, inquiry);
    if (!its) {
      if (!(await isReachable(user, inquiry))) return pass(name, UNREACHABLE);
      return {
        standIn: { user, reason: `${name} stands in for ${from.displayName}${untilWords(now)}: ${is}.` },
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
