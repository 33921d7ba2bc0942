// Dismisses what Entra ID Protection holds against a person. There is no way back: Entra forgets what it had found.
import { say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import { isHeld } from '../../ports/risk-register.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { protectedOrGuest } from '../users/protected-users.ts';
import { RISK_PERMISSIONS, type RiskState, readRisk, riskSaid, verifyDismissed } from '../users/risk.ts';

const NO_WAY_BACK = say('users.risk.no-way-back');

export const dismissRisk: GovernanceAction<UserTarget, RiskState> = {
  id: 'entra.user.dismiss-risk',
  title: say('users.title.dismiss-risk'),
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
    const person = target.label;
    if (state.exists && !isHeld(state.risk))
      return { kind: 'moot', reason: say('users.risk.nothing-held', { person }) };
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    return {
      kind: 'offered',
      says: [
        NO_WAY_BACK,
        say('users.risk.dismisses', { person, held: riskSaid(state.risk) }),
        say('users.risk.policies-let-go'),
      ],
      basis: { level: state.risk?.level ?? null, state: state.risk?.state ?? null },
      undo: { possible: false, says: NO_WAY_BACK },
    };
  },

  async execute({ target }, { risk }, note) {
    await note((await risk.dismiss(target.id)).requestId);
  },
  verify: ({ target }, world) => verifyDismissed(target, world),
};
