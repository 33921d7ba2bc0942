// What the operator decides. Bounds every policy; read from one YAML file by config.ts.
import type { UserId } from './ids.ts';

export interface AwsAccount {
  readonly id: string;
  /** The one role that Countersign assumes there. */
  readonly roleArn: string;
}

export interface OperatorSettings {
  /** IANA name, used where a reader's own zone is not known. */
  readonly timeZone: string;
  readonly security: {
    /** Entra object ids with the security role. */
    readonly members: readonly UserId[];
    /** Teams channel (`19:...@thread.tacv2`) where questions without a usable manager go. */
    readonly channel: string;
  };
  /** Accounts that no action may touch (break-glass, Countersign's own): Entra object ids. */
  readonly protectedUsers: readonly UserId[];
  readonly aws: {
    readonly accounts: readonly AwsAccount[];
    /** Role ARNs whose session names come from a SAML provider that the operator trusts. */
    readonly samlRoles: readonly string[];
    /** Role ARNs whose sourceIdentity is fixed by their trust policy. */
    readonly sourceIdentityRoles: readonly string[];
    /** IAM user ARN -> Entra object id or UPN. */
    readonly iamUsers: Readonly<Record<string, string>>;
  };
  readonly governance: {
    /** Plans, asks and records, but changes nothing. */
    readonly dryRun: boolean;
    /** Action id -> most runs an hour; the action's own default where absent. */
    readonly capsPerHour: Readonly<Record<string, number>>;
  };
}
