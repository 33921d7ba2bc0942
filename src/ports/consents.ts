// What people allowed applications to do in their name.
import type { UserId } from '../case/ids.ts';
import type { Receipt } from './receipt.ts';

/** A delegated grant of one person to one app on one API. */
export type DelegatedGrant = {
  readonly id: string;
  /** Object id of the API's service principal. */
  readonly resource: string;
  /** Space-separated, as Entra keeps it: `Mail.Read offline_access`. */
  readonly scope: string;
};
/** One person's assignment to one role of an app. */
export type AppRole = {
  readonly id: string;
  readonly resource: string;
  readonly role: string;
};
export type AppFacts = {
  /** Object id of the app's service principal in this tenant. */
  readonly id: string;
  readonly displayName: string;
  /** Countersign itself. */
  readonly ours?: true;
};

/** Throws as the directory does. */
export interface Consents {
  /** By `appId`. Null when the app has no service principal in the tenant. */
  findApp(app: string): Promise<AppFacts | null>;
  /** `principal` is the app's service principal. Only what this person granted: consent for everybody is an administrator's. */
  delegatedGrants(user: UserId, principal: string): Promise<readonly DelegatedGrant[]>;
  /** Whether an administrator allowed the app for everybody: then it keeps working without a grant of this person. */
  isAllowedForEverybody(principal: string): Promise<boolean>;
  /** How many permissions the app holds by itself, for whatever it does without anybody signed in. */
  ownPermissions(principal: string): Promise<number>;
  appRoles(user: UserId, principal: string): Promise<readonly AppRole[]>;
  /** One that is gone already is fine. */
  removeDelegatedGrant(id: string): Promise<Receipt>;
  addDelegatedGrant(
    user: UserId,
    principal: string,
    grant: Pick<DelegatedGrant, 'resource' | 'scope'>,
  ): Promise<Receipt>;
  removeAppRole(user: UserId, id: string): Promise<Receipt>;
  addAppRole(user: UserId, role: Pick<AppRole, 'resource' | 'role'>): Promise<Receipt>;
}
