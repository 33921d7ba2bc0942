// Blocks a person's sign-in by disabling the account where it is owned (Entra, or on-premises AD), and undoes it. Never touches
// administrators or protected accounts; a guest is blocked in this tenant only.
import { say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneWithAccount } from '../users/protected-users.ts';
import {
  asItWas,
  everywhere,
  guestSays,
  maySignIn,
  readSignIn,
  SIGN_IN_PERMISSIONS,
  type SignInState,
  setSignIn,
  signInDifferences,
  signInRefusal,
  switchOf,
  verifySignIn,
} from '../users/sign-in.ts';

export const suspendUser: GovernanceAction<UserTarget, SignInState> = {
  id: 'entra.user.suspend',
  title: say('users.title.suspend'),
  targetKind: 'user',
  needs:
    'An account of the tenant, or a guest in it, that is enabled and not protected; for one from on-premises Active Directory, Defender for Identity.',
  effect: 'converges',
  strength: 8,
  permissions: { graph: SIGN_IN_PERMISSIONS },
  capPerHour: 10,

  find: theSubject,
  read: readSignIn,

  plan(target, state, settings) {
    const person = target.label;
    const reason = signInRefusal(target, state, settings, 'suspend');
    if (reason) return { kind: 'refused', reason };
    if (!maySignIn(state))
      return { kind: 'refused', met: true, reason: say('users.sign-in.suspended-already', { person }) };
    return {
      kind: 'offered',
      says: [
        say('users.sign-in.blocks', { person }),
        ...guestSays(target, state),
        ...(state.onPremises ? [say('users.sign-in.disables-both')] : []),
        say('users.sign-in.open-apps'),
      ],
      basis: switchOf(state),
      undo: { possible: true, says: say('users.sign-in.suspend-undo') },
    };
  },

  execute: (task, world, note) => setSignIn(task, everywhere(false), world, note),
  verify: (task, world) => verifySignIn(task, everywhere(false), world),

  revert: {
    differences: signInDifferences,
    gone: ({ label }, _before, now) => goneWithAccount(label, now),
    execute: (task, world, note) => setSignIn(task, asItWas, world, note),
    verify: (task, world) => verifySignIn(task, asItWas, world),
  },
};
