// Dismisses what Entra ID Protection holds against a person. There is no way back: Entra forgets what it had found.
import type { UserTarget } from '../../case/target.ts';
import { isHeld } from '../../ports/risk-register.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { protectedOrGuest } from '../protected-users.ts';
import { RISK_PERMISSIONS, type RiskState, readRisk, riskWords, verifyDismissed } from '../risk.ts';

export const dismissRisk: GovernanceAction<UserTarget, RiskState> = {
  id: 'entra.user.dismiss-risk',
  title: 'Dismiss the risk',
  targetKind: 'user',
  needs: 'An account of the tenant that is at risk, not protected and no guest, and Entra ID P2.',
  effect: 'converges',
  strength: 1,
  letsIn: true,
  permissions: { graph: RISK_PERMISSIONS },
  capPerHour: 20,

  find: theSubject,
  read: readRisk,

  plan(target, state, settings) {
    const { label } = target;
    if (state.exists && !isHeld(state.risk))
      return { kind: 'moot', reason: `Entra holds nothing against ${label}.` };
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const held = riskWords(state.risk);
    return {
      kind: 'offered',
      says: [
        'This cannot be undone: Entra forgets what it held against them.',
        `Dismisses the risk of ${label} (${held}).`,
        'Conditional Access policies on user risk no longer stop them.',
      ],
      basis: { risk: held },
      undo: { possible: false, says: 'This cannot be undone: Entra forgets what it held against them.' },
    };
  },

  async execute({ target }, { risk }, note) {
    await note((await risk.dismiss(target.id)).requestId);
  },
  verify: ({ target }, world) => verifyDismissed(target, world),
};
