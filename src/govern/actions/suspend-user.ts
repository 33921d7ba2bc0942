// Blocks a person's sign-in by disabling the account, and undoes it. Never touches administrators, guests, protected accounts
// or accounts that on-premises AD owns.

import type { OperatorSettings } from '../../case/settings.ts';
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';

export type AccountState = {
  readonly exists: boolean;
  readonly enabled: boolean;
  readonly administrator: boolean;
  readonly guest: boolean;
  readonly synced: boolean;
};

/** A replica of the directory may answer with the old value for a moment. */
const LOOK_AGAIN_MS = 5_000;
const NOBODY: AccountState = {
  exists: false,
  enabled: false,
  administrator: false,
  guest: false,
  synced: false,
};

/** Why this account is left alone, or null. */
function refusal(target: UserTarget, state: AccountState, settings: OperatorSettings): string | null {
  const { label } = target;
  if (settings.protectedUsers.includes(target.id))
    return `The account of ${label} is protected by the settings.`;
  if (!state.exists) return `There is no account of ${label} any more.`;
  if (state.administrator)
    return `${label} is an administrator: such an account is only suspended by the security team, in Entra.`;
  if (state.guest) return `${label} is a guest: the account belongs to another organisation.`;
  if (state.synced)
    return `The account of ${label} comes from on-premises Active Directory: the next sync would undo it.`;
  return state.enabled ? null : `The account of ${label} is already suspended.`;
}

export const suspendUser: GovernanceAction<UserTarget, AccountState> = {
  id: 'entra.user.suspend',
  title: 'Suspend the account',
  targetKind: 'user',
  needs: 'An account of the tenant that is enabled, not protected and no guest.',
  effect: 'converges',
  strength: 8,
  permissions: { graph: ['User.EnableDisableAccount.All', 'User.Read.All', 'Directory.Read.All'] },
  capPerHour: 10,

  find: theSubject,

  async read(target, world) {
    const user = await world.directory.findUser(target.id);
    if (!user) return NOBODY;
    const administrator = await world.directory.isAdministrator(target.id);
    const { enabled, guest, synced } = user;
    return { exists: true, enabled, administrator, guest, synced };
  },

  plan(target, state, settings) {
    const reason = refusal(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    return {
      kind: 'offered',
      says: [
        `Blocks sign-in for ${target.label}. Their mail, files and memberships stay as they are.`,
        'Apps that are open may go on working for up to an hour.',
      ],
      basis: null,
      undo: {
        possible: true,
        says: 'Undo allows sign-in again, as long as nobody has changed that in the meantime.',
      },
    };
  },

  async execute({ target }, world, note) {
    const { requestId } = await world.directory.setEnabled(target.id, false);
    await note(requestId);
  },

  async verify({ target }, world) {
    const user = await world.directory.findUser(target.id);
    if (!user) return { kind: 'not-done', says: `There is no account of ${target.label} any more.` };
    return user.enabled
      ? {
          kind: 'not-yet',
          says: `The directory still shows the account of ${target.label} as enabled.`,
          retryInMs: LOOK_AGAIN_MS,
        }
      : { kind: 'took-effect', says: `The account of ${target.label} is suspended: sign-in is blocked.` };
  },

  revert: {
    differences(before, after, now) {
      const words = ({ exists, enabled }: AccountState) =>
        exists ? (enabled ? 'may sign in' : 'suspended') : 'does not exist';
      if (now.exists && now.enabled === after.enabled) return [];
      return [{ part: 'Account', before: words(before), left: words(after), now: words(now) }];
    },

    async execute({ target, before }, world, note) {
      const { requestId } = await world.directory.setEnabled(target.id, before.enabled);
      await note(requestId);
    },

    async verify({ target, before }, world) {
      const user = await world.directory.findUser(target.id);
      if (user?.enabled === before.enabled)
        return { kind: 'took-effect', says: `${target.label} can sign in again.` };
      return {
        kind: 'not-yet',
        says: `The directory does not show ${target.label} as enabled yet.`,
        retryInMs: LOOK_AGAIN_MS,
      };
    },
  },
};
