// Who may act in a listed AWS account: users with their keys, roles, and the inline policies that bind them.
import type { JsonObject } from '../case/json.ts';
import type { AccessKeyTarget, IamRoleTarget, IamUserTarget, SsoSessionTarget } from '../case/target.ts';
import type { Receipt } from './receipt.ts';

export type KeyFacts = {
  readonly id: string;
  readonly active: boolean;
};
export type PrincipalFacts = {
  readonly arn: string;
  /** `/`, `/service-role/`, `/aws-reserved/sso.amazonaws.com/...` */
  readonly path: string;
  /** IAM's own id, which no other user or role ever has, whatever it is called ("IAM identifiers"). */
  readonly uniqueId?: string;
};

/**
 * Throws CountersignError: `aws.not-listed`, `aws.unauthorised` (our own keys are not taken), `aws.forbidden`, `aws.refused` (all
 * final), `aws.throttled`, `aws.unavailable` (retryable). What is not there is null, never an error; a write to it is `aws.gone`.
 */
export interface AwsIdentities {
  findPrincipal(principal: IamUserTarget | IamRoleTarget): Promise<PrincipalFacts | null>;
  /** The user's keys; null when there is no such user. */
  keysOf(user: IamUserTarget): Promise<readonly KeyFacts[] | null>;
  setKeyActive(key: AccessKeyTarget, active: boolean): Promise<Receipt>;
  /** Null when there is no inline policy of that name. */
  readInlinePolicy(principal: IamUserTarget | IamRoleTarget, name: string): Promise<JsonObject | null>;
  /** Null deletes it; one that is gone already is fine. */
  writeInlinePolicy(
    principal: IamUserTarget | IamRoleTarget,
    name: string,
    policy: JsonObject | null,
  ): Promise<Receipt>;
  /** `arn:aws:iam::...` of an identity that Countersign itself runs as, or assumes: those are left alone. */
  ownArns(): Promise<readonly string[]>;
}

/** A service control policy on one account, made and removed as a whole. */
export type AccountDeny = {
  readonly id: string;
  readonly policy: JsonObject;
  readonly attached: boolean;
};

/** Throws as `AwsIdentities`; `aws.not-allowed` (final) where the settings name no role for service control policies. */
export interface AccountPolicies {
  /** The account that manages the organisation: no service control policy binds it. */
  managementAccount(): Promise<string>;
  /** The policy of that name, attached to that account or not; null when there is none. */
  find(account: SsoSessionTarget['account'], name: string): Promise<AccountDeny | null>;
  /** Makes the policy where it is not there, and attaches it to the account. */
  attach(account: string, name: string, policy: JsonObject): Promise<Receipt>;
  /** Detaches it from the account and deletes it. One that is gone already is fine. */
  remove(account: string, name: string): Promise<Receipt>;
}
