// Groups of the directory, and who is directly in them.
import type { UserId } from '../case/ids.ts';
import type { Receipt } from './receipt.ts';

export type GroupFacts = {
  readonly id: string;
  readonly displayName: string;
  /** A rule decides who is in it: members cannot be added or removed. */
  readonly dynamic: boolean;
  /** Owned by on-premises AD: the sync decides. */
  readonly synced: boolean;
  /** Owned by Exchange, be it on top of AD: the directory lets nobody change who is in it. Absent: no. */
  readonly ofExchange?: boolean;
  /** May give directory roles: Countersign leaves those alone. */
  readonly roleAssignable: boolean;
};

/** Throws as the directory does. */
export interface Groups {
  /** Null when there is no such group. */
  find(group: string): Promise<GroupFacts | null>;
  hasDirectMember(group: string, user: UserId): Promise<boolean>;
  /** Somebody who is in it already stays in it. */
  addMember(group: string, user: UserId): Promise<Receipt>;
  /** Takes the membership away, never the account. Somebody who is not in it stays out of it. */
  removeMember(group: string, user: UserId): Promise<Receipt>;
}
