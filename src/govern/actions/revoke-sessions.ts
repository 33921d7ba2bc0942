// Signs a person out everywhere by voiding every session from before now. There is no way back, and the plan says so first.
// Guarantees that it is proven by the directory's own time, never by the answer to the call.
import type { UserTarget } from '../../case/target.ts';
import { timeMark } from '../../case/times.ts';
import type { GovernanceAction, Verification } from '../action.ts';
import { theSubject } from '../aims.ts';

export type SessionState = {
  readonly exists: boolean;
  /** ISO 8601; null when the directory has none. */
  readonly sessionsValidFrom: string | null;
};

/** Entra shows the new time within seconds as a rule, and within minutes at worst. */
const LOOK_AGAIN_MS = 15_000;

/** Each reader sees it in their own time zone. */
const shown = (at: string): string => timeMark(new Date(at).toISOString());

const isLater = (now: string, before: string | null): boolean =>
  before === null ? !Number.isNaN(Date.parse(now)) : Date.parse(now) > Date.parse(before);

export const revokeSessions: GovernanceAction<UserTarget, SessionState> = {
  id: 'entra.user.revoke-sessions',
  title: 'Sign out everywhere',
  targetKind: 'user',
  needs: 'An account of the tenant that is not protected.',
  effect: 'converges',
  strength: 3,
  permissions: { graph: ['User.RevokeSessions.All', 'User.Read.All'] },
  capPerHour: 30,

  find: theSubject,

  async read(target, world) {
    const user = await world.directory.findUser(target.id);
    return { exists: user !== null, sessionsValidFrom: user?.sessionsValidFrom ?? null };
  },

  plan(target, state, settings) {
    if (settings.protectedUsers.includes(target.id))
      return { kind: 'refused', reason: `The account of ${target.label} is protected by the settings.` };
    if (!state.exists) return { kind: 'refused', reason: `There is no account of ${target.label} any more.` };
    return {
      kind: 'offered',
      says: [
        'This cannot be undone: they will have to sign in again.',
        `Signs ${target.label} out of every app and every device. It takes a few minutes.`,
        'An app without continuous access evaluation may keep them signed in for up to an hour.',
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
    const now = await revokeSessions.read(target, world);
    if (!now.exists) return { kind: 'not-done', says: `There is no account of ${target.label} any more.` };
    if (now.sessionsValidFrom !== null && isLater(now.sessionsValidFrom, before.sessionsValidFrom))
      return {
        kind: 'took-effect',
        says: `Every sign-in of ${target.label} from before ${shown(now.sessionsValidFrom)} is void.`,
      };
    return {
      kind: 'not-yet',
      says: 'The directory does not show the new sign-in time yet.',
      retryInMs: LOOK_AGAIN_MS,
    };
  },
};
