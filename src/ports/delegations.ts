// Who answers in whose place, and until when.
import type { Delegation } from '../case/asking.ts';
import type { UserId } from '../case/ids.ts';

/** Within a transaction. */
export interface Delegations {
  /** Replaces what the same person had set before. */
  save(delegation: Delegation): Promise<void>;
  /** The one in force at that time, if there is one. */
  of(from: UserId, at: string): Promise<Delegation | null>;
  /** False where none was in force. */
  revoke(from: UserId, at: string): Promise<boolean>;
}
