// Lets a suspended person sign in again, in Entra, and in on-premises AD where that owns it, and undoes it. Never touches
// administrators, guests or protected accounts.
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneObstacle } from '../protected-users.ts';
import {
  asItWas,
  everywhere,
  readSignIn,
  SIGN_IN_PERMISSIONS,
  type SignInState,
  setSignIn,
  signInDifferences,
  signInRefusal,
  suspendedWords,
  switchOf,
  verifySignIn,
} from '../sign-in.ts';

export const unsuspendUser: GovernanceAction<UserTarget, SignInState> = {
  id: 'entra.user.unsuspend',
  title: 'Unsuspend the account',
  targetKind: 'user',
  needs:
    'A suspended account of the tenant that is not protected and no guest; for one from on-premises Active Directory, Defender for Identity.',
  effect: 'converges',
  strength: 1,
  letsIn: true,
  permissions: { graph: SIGN_IN_PERMISSIONS },
  capPerHour: 10,

  find: theSubject,
  read: readSignIn,

  plan(target, state, settings) {
    const { label } = target;
    const suspended = suspendedWords(state);
    if (state.exists && !suspended)
      return { kind: 'moot', reason: `The account of ${label} is not suspended.` };
    const reason = signInRefusal(target, state, settings, { verb: 'enable', noun: 'what is' });
    if (reason) return { kind: 'refused', reason };
    return {
      kind: 'offered',
      says: [
        `The account of ${label} is ${suspended}: this allows sign-in again, with the password and the memberships that it has.`,
        'Why it was suspended is not known here. It may have been for another reason, such as that they left.',
        ...(state.onPremises
          ? [
              'The account is enabled in on-premises Active Directory and in Entra, so that the sync does not undo it.',
            ]
          : []),
      ],
      basis: switchOf(state),
      undo: {
        possible: true,
        says: 'Undo suspends the account again, as long as nobody has changed that in the meantime.',
      },
    };
  },

  execute: (task, world, note) => setSignIn(task, everywhere(true), world, note),
  verify: (task, world) => verifySignIn(task, everywhere(true), world),

  revert: {
    differences: signInDifferences,
    obstacle: ({ label }, _before, now) => goneObstacle(label, now),
    refusal: (target, now, settings) =>
      signInRefusal(target, now, settings, { verb: 'suspend', noun: 'a suspension' }),
    execute: (task, world, note) => setSignIn(task, asItWas, world, note),
    verify: (task, world) => verifySignIn(task, asItWas, world),
  },
};
