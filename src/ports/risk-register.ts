// What Entra ID Protection holds against a person. Needs Entra ID P2.
import type { UserId } from '../case/ids.ts';
import type { Receipt } from './receipt.ts';

export type Risk = {
  /** `none`, `low`, `medium`, `high`, `hidden`, or whatever Microsoft adds. */
  readonly level: string;
  /** `none`, `atRisk`, `confirmedCompromised`, `confirmedSafe`, `dismissed`, `remediated`, or whatever Microsoft adds. */
  readonly state: string;
  /** ISO 8601. */
  readonly updatedAt: string | null;
};

/** States in which nothing is held against somebody. Whatever Microsoft adds counts as held. */
const SETTLED = ['none', 'dismissed', 'remediated', 'confirmedSafe'];

export const isHeld = (risk: Risk | null): risk is Risk =>
  risk !== null && risk.level !== 'none' && !SETTLED.includes(risk.state);

/** Throws as the directory does; `graph.forbidden` also where the tenant has no licence for it. */
export interface RiskRegister {
  /**
   * Null when nothing was ever held against them. A few seconds old at most, and never older than what we last changed ourselves.
   * `now`: somebody waits for it, so it goes ahead of what can wait, and may be a quarter of a minute old.
   */
  riskOf(user: UserId, need?: 'now'): Promise<Risk | null>;
  confirmCompromised(user: UserId): Promise<Receipt>;
  dismiss(user: UserId): Promise<Receipt>;
}
