// Exceptions on record. Within a transaction.
import type { Actor } from '../case/case.ts';
import type { Exception } from '../case/exception.ts';

/** Whoever changes one and its case as well locks the case first, so that nobody waits for each other. */
export interface Exceptions {
  /** A new one. */
  save(exception: Exception): Promise<void>;
  /** In force at that time: neither over nor revoked. Newest first. */
  inForce(at: string): Promise<readonly Exception[]>;
  /** By id, any letter case; also one that is over or revoked. */
  find(id: string): Promise<Exception | null>;
  /** False where there is none, or it is over or revoked already. */
  revoke(id: string, by: Actor, at: string): Promise<boolean>;
  /**
   * One more match asked nobody because of it. False where it is over or revoked by now: then it holds nothing back. Nobody
   * revokes it until the transaction ends.
   */
  count(id: string, at: string): Promise<boolean>;
}
