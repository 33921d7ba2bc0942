// Tells Entra ID Protection that a person's account is compromised, so that every risk policy reacts. Undo dismisses the risk, which
// is not the same as what was there before, and the plan says so.
import { type Said, sameSaid, say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import { isHeld } from '../../ports/risk-register.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneWithAccount, protectedOrGuest } from '../users/protected-users.ts';
import {
  isConfirmed,
  RISK_PERMISSIONS,
  type RiskState,
  readRisk,
  riskSaid,
  verifyConfirmed,
  verifyDismissed,
} from '../users/risk.ts';

export const confirmCompromised: GovernanceAction<UserTarget, RiskState> = {
  id: 'entra.user.confirm-compromised',
  title: say('users.title.confirm-compromised'),
  targetKind: 'user',
  needs: 'An account of the tenant that is not protected and no guest, and Entra ID P2.',
  effect: 'converges',
  strength: 5,
  permissions: { graph: RISK_PERMISSIONS },
  capPerHour: 20,

  find: theSubject,
  read: readRisk,

  plan(target, state, settings) {
    const person = target.label;
    // "Entra ID Protection for B2B users": a guest's risk is kept, and settled, where the guest comes from.
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    if (isConfirmed(state.risk))
      return { kind: 'refused', met: true, reason: say('users.risk.compromised-already', { person }) };
    return {
      kind: 'offered',
      says: [say('users.risk.confirms', { person }), say('users.risk.policies-react')],
      basis: null,
      undo: { possible: true, says: say('users.risk.confirm-undo') },
    };
  },

  async execute({ target }, { risk }, note) {
    await note((await risk.confirmCompromised(target.id)).requestId);
  },
  verify: ({ target }, world) => verifyConfirmed(target, world),

  revert: {
    differences(before, after, now) {
      const words = ({ exists, risk }: RiskState): Said =>
        exists ? riskSaid(risk) : say('users.account.missing');
      if (sameSaid(words(now), words(after))) return [];
      return [{ part: say('users.part.risk'), before: words(before), left: words(after), now: words(now) }];
    },
    gone: ({ label }, _before, now) => goneWithAccount(label, now),
    letsIn: ({ risk }) => isHeld(risk),
    async execute({ target }, { risk }, note) {
      await note((await risk.dismiss(target.id)).requestId);
    },
    verify: ({ target }, world) => verifyDismissed(target, world),
  },
};
