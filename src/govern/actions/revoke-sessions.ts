// Signs a person out everywhere by voiding every session from before now. There is no way back, and the plan says so first.
// Guarantees that it is proven by the directory's own time, never by the answer to the call.
import { say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction, Verification } from '../action.ts';
import { theSubject } from '../aims.ts';
import {
  type AccountFacts,
  accountGone,
  protectedOrGuest,
  READ_ACCOUNT,
  readAccountAndUser,
} from '../users/protected-users.ts';
import { TOKENS_LIVE_MS } from '../users/token-lifetime.ts';

export type SessionState = AccountFacts & {
  /** ISO 8601; null when the directory has none. */
  readonly sessionsValidFrom: string | null;
};

/** Entra shows the new time within seconds as a rule, and within minutes at worst. */
const LOOK_AGAIN_MS = 15_000;
const NO_WAY_BACK = say('users.sessions.no-way-back');

const instant = (at: string | null): number => Date.parse(at ?? '');

/** `now` is ours: Entra's may run ahead of it, which makes the wait longer and never shorter. */
function proof(person: string, since: number, now: number): Verification {
  const when = { time: new Date(since).toISOString() };
  if (now - since >= TOKENS_LIVE_MS)
    return { kind: 'took-effect', says: say('users.sessions.ended', { person, when }) };
  return {
    kind: 'took-effect',
    says: say('users.sessions.void', { person, when }),
    followUp: {
      afterMs: Math.max(TOKENS_LIVE_MS, since + TOKENS_LIVE_MS - now),
      says: say('users.sessions.not-everywhere'),
    },
  };
}

export const revokeSessions: GovernanceAction<UserTarget, SessionState> = {
  id: 'entra.user.revoke-sessions',
  title: say('users.title.revoke-sessions'),
  targetKind: 'user',
  needs: 'An account of the tenant that is not protected and no guest.',
  effect: 'converges',
  strength: 3,
  permissions: { graph: [...READ_ACCOUNT, 'User.RevokeSessions.All'] },
  capPerHour: 30,

  find: theSubject,

  async read({ id }, { directory }) {
    const { account, user } = await readAccountAndUser(id, directory);
    return { ...account, sessionsValidFrom: user?.sessionsValidFrom ?? null };
  },

  plan(target, state, settings) {
    // "user: revokeSignInSessions": not for external users, who sign in through their home tenant.
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    return {
      kind: 'offered',
      says: [
        NO_WAY_BACK,
        say('users.sessions.signs-out', { person: target.label }),
        say('users.sessions.slow-apps'),
        say('users.sessions.aws-goes-on'),
      ],
      basis: null,
      undo: { possible: false, says: NO_WAY_BACK },
    };
  },

  async execute({ target }, world, note) {
    const { requestId } = await world.directory.revokeSessions(target.id);
    await note(requestId);
  },

  async verify({ target, before }, world): Promise<Verification> {
    const user = await world.directory.findUser(target.id);
    if (!user) return { kind: 'not-done', says: accountGone(target.label) };
    const since = instant(user.sessionsValidFrom ?? null);
    const earlier = instant(before.sessionsValidFrom);
    if (since < earlier)
      return {
        kind: 'not-done',
        says: say('users.sessions.gone-back', { person: target.label }),
      };
    if (Number.isNaN(since) || since === earlier)
      return {
        kind: 'not-yet',
        says: say('users.sessions.not-shown-yet'),
        retryInMs: LOOK_AGAIN_MS,
      };
    return proof(target.label, since, world.clock.now());
  },
};
