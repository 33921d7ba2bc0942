// Accounts that on-premises Active Directory owns, through Defender for Identity: what is changed in Entra, the sync undoes.
import type { Receipt } from './receipt.ts';

export type OnPremisesAccount = {
  /** Defender for Identity's id of the identity account. */
  readonly id: string;
  /** The account in Active Directory itself. */
  readonly account: string;
  /** Null where Defender for Identity does not say. */
  readonly enabled: boolean | null;
};

/** Throws as the directory does. */
export interface OnPremisesAccounts {
  /** By security identifier (`S-1-5-21-...`). Null when Defender for Identity does not know it, is not there, or does not let us look. */
  find(securityIdentifier: string): Promise<OnPremisesAccount | null>;
  invoke(account: OnPremisesAccount, action: 'disable' | 'enable' | 'forcePasswordReset'): Promise<Receipt>;
}
