// Exceptions on record. Within a transaction.
import type { Actor } from '../case/case.ts';
import type { Exception } from '../case/exception.ts';

export interface Exceptions {
  save(exception: Exception): Promise<void>;
  /** In force at that time: neither over nor revoked. Newest first. */
  inForce(at: string): Promise<readonly Exception[]>;
  find(id: string): Promise<Exception | null>;
  /** False where there is none, or it is over or revoked already. */
  revoke(id: string, by: Actor, at: string): Promise<boolean>;
  /** One more match asked nobody because of it. */
  count(id: string, at: string): Promise<void>;
}
