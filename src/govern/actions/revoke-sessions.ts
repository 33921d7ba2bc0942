// Signs a person out everywhere by voiding every session from before now. There is no way back, and the plan says so first.
// Guarantees that it is proven by the directory's own time, never by the answer to the call.
import type { UserTarget } from '../../case/target.ts';
import { timeMark } from '../../case/times.ts';
import type { GovernanceAction, Verification } from '../action.ts';
import { theSubject } from '../aims.ts';
import {
  type AccountFacts,
  goneSentence,
  protectedOrGuest,
  READ_ACCOUNT,
  readAccountAndUser,
} from '../protected-users.ts';
import { TOKENS_LIVE, TOKENS_LIVE_MS } from '../token-lifetime.ts';

export type SessionState = AccountFacts & {
  /** ISO 8601; null when the directory has none. */
  readonly sessionsValidFrom: string | null;
};

/** Entra shows the new time within seconds as a rule, and within minutes at worst. */
const LOOK_AGAIN_MS = 15_000;

const instant = (at: string | null): number => Date.parse(at ?? '');

/** `now` is ours: Entra's may run ahead of it, which makes the wait longer and never shorter. */
function proof(label: string, since: number, now: number): Verification {
  const at = timeMark(new Date(since).toISOString());
  if (now - since >= TOKENS_LIVE_MS)
    return { kind: 'took-effect', says: `Every session of ${label} from before ${at} has ended.` };
  return {
    kind: 'took-effect',
    says: `Every sign-in of ${label} from before ${at} is void.`,
    followUp: {
      afterMs: Math.max(TOKENS_LIVE_MS, since + TOKENS_LIVE_MS - now),
      says: `Not yet everywhere: apps without continuous access evaluation keep somebody signed in for ${TOKENS_LIVE}.`,
    },
  };
}

export const revokeSessions: GovernanceAction<UserTarget, SessionState> = {
  id: 'entra.user.revoke-sessions',
  title: 'Sign out everywhere',
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
        'This cannot be undone: they will have to sign in again.',
        `Signs ${target.label} out of every app and device that takes their work account. It takes a few minutes.`,
        `An app without continuous access evaluation may keep them signed in for ${TOKENS_LIVE}.`,
        'Sessions in AWS and access keys go on: this does not end them.',
      ],
      basis: null,
      undo: { possible: false, says: 'This cannot be undone: they will have to sign in again.' },
    };
  },

  async execute({ target }, world, note) {
    const { requestId } = await world.directory.revokeSessions(target.id);
    await note(requestId);
  },

  async verify({ target, before }, world): Promise<Verification> {
    const user = await world.directory.findUser(target.id);
    if (!user) return { kind: 'not-done', says: goneSentence(target.label) };
    const since = instant(user.sessionsValidFrom ?? null);
    const earlier = instant(before.sessionsValidFrom);
    if (since < earlier)
      return {
        kind: 'not-done',
        says: `Entra has gone back to sessions of ${target.label} from before.`,
      };
    if (Number.isNaN(since) || since === earlier)
      return {
        kind: 'not-yet',
        says: 'The directory does not show the new sign-in time yet.',
        retryInMs: LOOK_AGAIN_MS,
      };
    return proof(target.label, since, world.clock.now());
  },
};
