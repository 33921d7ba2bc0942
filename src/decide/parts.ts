// What the claim needs, and what a verb makes of a case.
import type { Decision } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { UserId } from '../case/ids.ts';
import type { Run } from '../case/run.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Transition } from '../ports/commit-transition.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import type { Ids } from '../ports/ids.ts';

/** Whether somebody's word counts by what Entra says of them; `unknown`: it could not be asked just now. */
export type Counts = boolean | 'unknown';

export interface SignersFound {
  /** When they were looked up: whoever has signed since was looked at when they did. In milliseconds. */
  readonly atMs: number;
  readonly counts: ReadonlyMap<string, Counts>;
}

export interface DecideParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: OperatorSettings;
  /** Where people sign in afresh; absent where no such page is set up. */
  readonly signInPage?: string;
  /**
   * Whether Entra holds a risk against the person; null where that cannot be known (no licence). What fails for the moment throws.
   */
  isAtRisk(user: UserId): Promise<boolean | null>;
  /** Whether the account is there, enabled, and no guest's; null where the directory knows nobody. What fails for the moment throws. */
  accountOf(user: UserId): Promise<Pick<DirectoryUser, 'enabled' | 'guest'> | null>;
  /** What was found out, before the transaction, about those who had signed by then; filled in by the claim. */
  readonly signers?: SignersFound;
  /** By object id or principal name; by name, everybody it fits. What fails for the moment throws. */
  findPerson(idOrName: string): Promise<DirectoryUser | readonly DirectoryUser[] | null>;
  /** How long a look-up may keep the person waiting, in milliseconds; `LOOK_UP_MS` when absent. */
  readonly lookUpMs?: number;
  /** The cap of an action in runs an hour. */
  capOf(action: string): number;
  /** 0 tells somebody something, 9 shuts somebody out. */
  strengthOf(action: string): number;
  /** Whether this run can be put back. */
  canUndo(run: Run): boolean;
  /** Whether putting it back lets somebody in, or takes a suspicion off them, beyond what it had done. */
  undoLetsIn(run: Run): boolean;
}

export interface Change extends Pick<Transition, 'event' | 'patch' | 'steps' | 'cancel'> {
  /** What the decision says besides what was answered. */
  readonly decision?: Pick<Decision, 'awaits' | 'left' | 'over' | 'to'>;
}

/** Takes the whole claim back; the refusal itself is still recorded. */
export class ClaimRefused extends CountersignError {}
