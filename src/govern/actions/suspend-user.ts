// Blocks a person's sign-in by disabling the account where it is owned (Entra, or on-premises AD), and undoes it. Never touches
// administrators, guests or protected accounts.
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneObstacle } from '../protected-users.ts';
import {
  asItWas,
  everywhere,
  maySignIn,
  readSignIn,
  SIGN_IN_PERMISSIONS,
  type SignInState,
  setSignIn,
  signInDifferences,
  signInRefusal,
  switchOf,
  verifySignIn,
} from '../sign-in.ts';
import { TOKENS_LIVE } from '../token-lifetime.ts';

export const suspendUser: GovernanceAction<UserTarget, SignInState> = {
  id: 'entra.user.suspend',
  title: 'Suspend the account',
  targetKind: 'user',
  needs:
    'An account of the tenant that is enabled, not protected and no guest; for one from on-premises Active Directory, Defender for Identity.',
  effect: 'converges',
  strength: 8,
  permissions: { graph: SIGN_IN_PERMISSIONS },
  capPerHour: 10,

  find: theSubject,
  read: readSignIn,

  plan(target, state, settings) {
    const { label } = target;
    const reason = signInRefusal(target, state, settings, { verb: 'suspend', noun: 'a suspension' });
    if (reason) return { kind: 'refused', reason };
    if (!maySignIn(state))
      return { kind: 'refused', met: true, reason: `The account of ${label} is already suspended.` };
    return {
      kind: 'offered',
      says: [
        `Blocks sign-in for ${label}. Their mail, files and memberships stay as they are.`,
        ...(state.onPremises
          ? [
              'The account is disabled in Entra, and in on-premises Active Directory too, so that the sync does not undo it.',
            ]
          : []),
        `Apps that are open may go on working for ${TOKENS_LIVE}.`,
      ],
      basis: switchOf(state),
      undo: {
        possible: true,
        says: 'Undo allows sign-in again, as long as nobody has changed that in the meantime.',
      },
    };
  },

  execute: (task, world, note) => setSignIn(task, everywhere(false), world, note),
  verify: (task, world) => verifySignIn(task, everywhere(false), world),

  revert: {
    differences: signInDifferences,
    obstacle: ({ label }, _before, now) => goneObstacle(label, now),
    execute: (task, world, note) => setSignIn(task, asItWas, world, note),
    verify: (task, world) => verifySignIn(task, asItWas, world),
  },
};
