// Tells Entra ID Protection that a person's account is compromised, so that every risk policy reacts. Undo dismisses the risk, which
// is not the same as what was there before, and the plan says so.
import type { UserTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneObstacle, protectedOrGuest } from '../protected-users.ts';
import {
  isConfirmed,
  RISK_PERMISSIONS,
  type RiskState,
  readRisk,
  riskWords,
  verifyConfirmed,
  verifyDismissed,
} from '../risk.ts';

export const confirmCompromised: GovernanceAction<UserTarget, RiskState> = {
  id: 'entra.user.confirm-compromised',
  title: 'Confirm as compromised',
  targetKind: 'user',
  needs: 'An account of the tenant that is not protected and no guest, and Entra ID P2.',
  effect: 'converges',
  strength: 5,
  permissions: { graph: RISK_PERMISSIONS },
  capPerHour: 20,

  find: theSubject,
  read: readRisk,

  plan(target, state, settings) {
    const { label } = target;
    // "Entra ID Protection for B2B users": a guest's risk is kept, and settled, where the guest comes from.
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    if (isConfirmed(state.risk))
      return { kind: 'refused', met: true, reason: `Entra holds ${label} as compromised already.` };
    return {
      kind: 'offered',
      says: [
        `Confirms to Entra ID Protection that the account of ${label} is compromised: their risk becomes high.`,
        'Conditional Access policies on user risk react to it: as they are set, they block sign-in or ask for a new password.',
      ],
      basis: null,
      undo: {
        possible: true,
        says: 'Undo dismisses the risk; Entra cannot put the earlier level back.',
      },
    };
  },

  async execute({ target }, { risk }, note) {
    await note((await risk.confirmCompromised(target.id)).requestId);
  },
  verify: ({ target }, world) => verifyConfirmed(target, world),

  revert: {
    differences(before, after, now) {
      const words = ({ exists, risk }: RiskState) =>
        exists ? riskWords(risk) : 'the account does not exist';
      if (words(now) === words(after)) return [];
      return [{ part: 'Risk', before: words(before), left: words(after), now: words(now) }];
    },
    obstacle: ({ label }, _before, now) => goneObstacle(label, now),
    async execute({ target }, { risk }, note) {
      await note((await risk.dismiss(target.id)).requestId);
    },
    verify: ({ target }, world) => verifyDismissed(target, world),
  },
};
