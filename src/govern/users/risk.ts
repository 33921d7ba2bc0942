// What Entra ID Protection holds against a person, as the actions on it read and name it.
import { type Said, say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import { isHeld, type Risk } from '../../ports/risk-register.ts';
import type { Verification, World } from '../action.ts';
import { type AccountFacts, READ_ACCOUNT, readAccount, unprovenOnGone } from './protected-users.ts';

export type RiskState = AccountFacts & { readonly risk: Risk | null };

export const RISK_PERMISSIONS = [
  ...READ_ACCOUNT,
  'IdentityRiskyUser.Read.All',
  'IdentityRiskyUser.ReadWrite.All',
] as const;

/** The register answers with the old state for a while. */
const LOOK_AGAIN_MS = 15_000;

export async function readRisk({ id }: UserTarget, world: World): Promise<RiskState> {
  const account = await readAccount(id, world.directory);
  return { ...account, risk: account.exists ? await world.risk.riskOf(id) : null };
}

export const isConfirmed = (risk: Risk | null): boolean => risk?.state === 'confirmedCompromised';

const levelSaid = ({ level }: Risk): Said => say('users.risk.level', { level });

/** "high, confirmed compromised" */
export const riskSaid = (risk: Risk | null): Said =>
  risk === null
    ? say('users.risk.none-held')
    : say('users.risk.held', {
        level: levelSaid(risk),
        state: say('users.risk.state', { state: risk.state }),
      });

export async function verifyDismissed(target: UserTarget, world: World): Promise<Verification> {
  const gone = await unprovenOnGone(target, world.directory);
  if (gone) return gone;
  const { id, label } = target;
  const now = await world.risk.riskOf(id);
  if (!isHeld(now))
    return { kind: 'took-effect', says: say('users.risk.nothing-held-any-more', { person: label }) };
  return {
    kind: 'not-yet',
    says: say('users.risk.still-held', { person: label, held: riskSaid(now) }),
    retryInMs: LOOK_AGAIN_MS,
  };
}

export async function verifyConfirmed({ id, label }: UserTarget, { risk }: World): Promise<Verification> {
  const now = await risk.riskOf(id);
  if (now && isConfirmed(now))
    return {
      kind: 'took-effect',
      says: say('users.risk.confirmed', { person: label, level: levelSaid(now) }),
    };
  return {
    kind: 'not-yet',
    says: say('users.risk.not-confirmed-yet', { person: label }),
    retryInMs: LOOK_AGAIN_MS,
  };
}
