// The company's people: who exists, who manages whom, and what can be done to an account.
import type { UserId } from '../case/ids.ts';
import type { Receipt } from './receipt.ts';

export interface DirectoryUser {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly enabled: boolean;
  readonly guest: boolean;
  /** Synced from on-premises AD: the sync undoes a disable made in Entra. */
  readonly synced: boolean;
  /** Of a synced account: how Defender for Identity knows it. */
  readonly securityIdentifier?: string;
  /** Where mail reaches them. */
  readonly mail?: string;
  /** BCP 47, where the directory has one. */
  readonly preferredLanguage?: string;
  /** Sign-ins older than this are void. ISO 8601. */
  readonly sessionsValidFrom?: string;
}

export type Manager =
  | { readonly kind: 'user'; readonly user: DirectoryUser }
  /** An `orgContact`: someone outside, who has no account to sign in with. */
  | { readonly kind: 'contact'; readonly displayName: string };

export type PasswordState = {
  /** They must set a new one at the next sign-in. */
  readonly mustChange: boolean;
  /** When it was last set. ISO 8601; null when the directory has none. */
  readonly changedAt: string | null;
};

/** Every call may throw a CountersignError: `graph.throttled`, `graph.unavailable` (both retryable), `graph.forbidden`, `graph.not-found`, `graph.refused`. */
export interface Directory {
  /** By object id or user principal name. Null when there is no such user. */
  findUser(idOrPrincipalName: string): Promise<DirectoryUser | null>;
  /**
   * People whose name, address or principal name starts with these words, at most ten: enabled members, no guests. The index
   * lags behind what was just changed. Words that say nothing find nobody.
   */
  searchPeople(text: string): Promise<readonly DirectoryUser[]>;
  /** Null when the directory names no manager. */
  managerOf(id: UserId): Promise<Manager | null>;
  /** Holds a directory role over all or a part of the directory, or may take one on; directly or through a role-assignable group. */
  isAdministrator(id: UserId): Promise<boolean>;
  /** In one of these groups (object ids), directly or through other groups. A group that there is not has no members. */
  isMemberOfAny(id: UserId, groups: readonly string[]): Promise<boolean>;
  /** Voids every refresh token issued before now. */
  revokeSessions(id: UserId): Promise<Receipt>;
  setEnabled(id: UserId, enabled: boolean): Promise<Receipt>;
  /** Null when there is no such user. */
  passwordOf(id: UserId): Promise<PasswordState | null>;
  setMustChangePassword(id: UserId, must: boolean): Promise<Receipt>;
}
