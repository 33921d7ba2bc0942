// Lets a suspended person sign in again, in Entra, and in on-premises AD where that owns it, and undoes it. Never touches
// administrators or protected accounts; a guest is let in again in this tenant only.
import { say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneWithAccount } from '../users/protected-users.ts';
import {
  asItWas,
  everywhere,
  guestSays,
  readSignIn,
  SIGN_IN_PERMISSIONS,
  type SignInState,
  setSignIn,
  signInDifferences,
  signInRefusal,
  suspendedIn,
  switchOf,
  verifySignIn,
} from '../users/sign-in.ts';

export const unsuspendUser: GovernanceAction<UserTarget, SignInState> = {
  id: 'entra.user.unsuspend',
  title: say('users.title.unsuspend'),
  targetKind: 'user',
  needs:
    'A suspended account of the tenant, or of a guest in it, that is not protected; for one from on-premises Active Directory, Defender for Identity.',
  effect: 'converges',
  strength: 1,
  letsIn: true,
  permissions: { graph: SIGN_IN_PERMISSIONS },
  capPerHour: 10,

  find: theSubject,
  read: readSignIn,

  plan(target, state, settings) {
    const person = target.label;
    const where = suspendedIn(state);
    if (state.exists && !where)
      return { kind: 'moot', reason: say('users.sign-in.not-suspended', { person }) };
    const reason = signInRefusal(target, state, settings, 'enable');
    if (reason) return { kind: 'refused', reason };
    return {
      kind: 'offered',
      says: [
        say('users.sign-in.allows', { person, where: where ?? 'everywhere' }),
        ...guestSays(target, state),
        say('users.sign-in.why-unknown'),
        ...(state.onPremises ? [say('users.sign-in.enables-both')] : []),
      ],
      basis: switchOf(state),
      undo: { possible: true, says: say('users.sign-in.unsuspend-undo') },
    };
  },

  execute: (task, world, note) => setSignIn(task, everywhere(true), world, note),
  verify: (task, world) => verifySignIn(task, everywhere(true), world),

  revert: {
    differences: signInDifferences,
    gone: ({ label }, _before, now) => goneWithAccount(label, now),
    refusal: (target, now, settings) => signInRefusal(target, now, settings, 'suspend'),
    execute: (task, world, note) => setSignIn(task, asItWas, world, note),
    verify: (task, world) => verifySignIn(task, asItWas, world),
  },
};
