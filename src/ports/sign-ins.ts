// When somebody last proved that it is them, through the sign-in page. Within a transaction.
import type { UserId } from '../case/ids.ts';

export interface SignIns {
  save(user: UserId, authTime: string): Promise<void>;
  /** The `auth_time` of their latest fresh sign-in, ISO 8601 in UTC. */
  latest(user: UserId): Promise<string | null>;
}

export interface FreshSignIn {
  readonly user: UserId;
  /** ISO 8601 in UTC. */
  readonly authTime: string;
  /** Of the case that it was for; empty where the link named none. */
  readonly ref: string;
}
