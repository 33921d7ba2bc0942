// What Entra ID Protection holds against a person, as the actions on it read and name it.
import type { UserTarget } from '../case/target.ts';
import { isHeld, type Risk } from '../ports/risk-register.ts';
import type { Verification, World } from './action.ts';
import { type AccountFacts, READ_ACCOUNT, readAccount } from './protected-users.ts';

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

const STATES: Readonly<Record<string, string>> = {
  atRisk: 'at risk',
  confirmedCompromised: 'confirmed compromised',
  confirmedSafe: 'confirmed safe',
};

/** "high, confirmed compromised" */
export const riskWords = (risk: Risk | null): string =>
  risk === null ? 'nothing is held' : `${risk.level}, ${STATES[risk.state] ?? risk.state}`;

export async function verifyDismissed({ id, label }: UserTarget, { risk }: World): Promise<Verification> {
  const now = await risk.riskOf(id);
  if (!isHeld(now)) return { kind: 'took-effect', says: `Entra holds nothing against ${label} any more.` };
  return {
    kind: 'not-yet',
    says: `Entra still holds a risk against ${label} (${riskWords(now)}).`,
    retryInMs: LOOK_AGAIN_MS,
  };
}

export async function verifyConfirmed({ id, label }: UserTarget, { risk }: World): Promise<Verification> {
  const now = await risk.riskOf(id);
  if (isConfirmed(now))
    return { kind: 'took-effect', says: `Entra holds ${label} as compromised (risk ${now?.level}).` };
  return {
    kind: 'not-yet',
    says: `Entra does not show ${label} as compromised yet.`,
    retryInMs: LOOK_AGAIN_MS,
  };
}
