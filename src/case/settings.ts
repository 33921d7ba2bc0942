// What the operator decides. Bounds every policy; read from one YAML file by config.ts.
import type { Asking, AskingSettings } from './asking.ts';
import type { UserId } from './ids.ts';
import type { Stage } from './policy.ts';
import type { VisibilitySettings } from './visibility.ts';

export interface AwsAccount {
  readonly id: string;
  /** The one role that Countersign assumes there. */
  readonly roleArn: string;
}

/** Where a policy looks, or does not look. An empty list says nothing about its kind. */
export interface PolicyScope {
  /** AWS account ids. */
  readonly accounts: readonly string[];
  /** AWS regions. */
  readonly regions: readonly string[];
  /** CIDR ranges of the caller's address. */
  readonly networks: readonly string[];
  /** Entra object ids, user principal names or ARNs. */
  readonly users: readonly string[];
  /** Object ids of Entra groups. */
  readonly groups: readonly string[];
}

/** What is absent is as the policy says. */
export type PolicyAsking = { readonly [Key in keyof Asking]?: Asking[Key] | undefined };

/** How the operator runs one policy. What is absent is as the policy says. */
export interface PolicySettings {
  readonly stage?: Stage | undefined;
  /** Plans, asks and records, but changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Of whom and how it asks: each over what the policy says. */
  readonly asking?: PolicyAsking | undefined;
  readonly only?: PolicyScope | undefined;
  readonly except?: PolicyScope | undefined;
  /** Of a counted policy: how many it takes. */
  readonly threshold?: number | undefined;
  /** Of a counted policy: within how long, in milliseconds. */
  readonly timespanMs?: number | undefined;
}

/** `named`: whom the policy names; `owner`: of the resource; `subject`: the person in question first. */
export const ASKED_KINDS = ['manager', 'named', 'owner', 'subject', 'security'] as const;
export type AskedKind = (typeof ASKED_KINDS)[number];

/** What no `countersign:` block can go beyond. Null: all there are. */
export interface PolicyBounds {
  /** Ids of governance actions that may be offered. */
  readonly actions: readonly string[] | null;
  /** Whom a policy may ask; with `security` alone every question goes to the security team. */
  readonly ask: readonly AskedKind[];
  /** Patterns (`*`, `?`) of the buckets and user principal names that may be targets. */
  readonly buckets: readonly string[] | null;
  readonly users: readonly string[] | null;
}

export interface DetectionSettings {
  /** Folders of Sigma rules from outside, absolute. */
  readonly ruleFolders: readonly string[];
  /** How late an event may come and still be counted right, in milliseconds. */
  readonly latenessMs: number;
  /** What `%name%` stands for under Sigma's `expand`. */
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
  /** By policy id. */
  readonly policies: Readonly<Record<string, PolicySettings>>;
  readonly bounds: PolicyBounds;
}

export const DEFAULT_DETECTION: DetectionSettings = {
  ruleFolders: [],
  latenessMs: 30 * 60_000,
  placeholders: {},
  policies: {},
  bounds: { actions: null, ask: ASKED_KINDS, buckets: null, users: null },
};

export interface OperatorSettings {
  /** The file that they were read from, as the operator named it. */
  readonly file?: string;
  /** IANA name, used where a reader's own zone is not known. */
  readonly timeZone: string;
  /** BCP 47, of a language that there is: of the security channel, and of whoever's own language is not known or not there. */
  readonly locale: string;
  readonly security: {
    /** Entra object ids with the security role. */
    readonly members: readonly UserId[];
    /** Teams channel (`19:...@thread.tacv2`) where questions without a usable manager go. */
    readonly channel: string;
    /** Members who are asked in their own chats, too, in this order: whoever is not away. */
    readonly onCall: readonly UserId[];
    /** Told what only an administrator can mend, such as a person for whom the app cannot be installed. None: the channel. */
    readonly admins: readonly UserId[];
  };
  readonly asking: AskingSettings;
  /** What of a case those see who do not have the security role. */
  readonly visibility: VisibilitySettings;
  /** Accounts that no action may touch (break-glass, Countersign's own): Entra object ids. */
  readonly protectedUsers: readonly UserId[];
  readonly users: {
    /** The group that a Conditional Access session policy keeps from downloading; null: not offered. */
    readonly restrictDownloadsGroup: string | null;
    /** Object ids of groups that people may be taken out of; null: every one that is not protected by what it is. */
    readonly removableGroups: readonly string[] | null;
    /** Whose mailbox (object id or user principal name) asks people whom Teams does not reach; null: nobody is mailed. */
    readonly mailFrom: string | null;
  };
  readonly aws: {
    readonly accounts: readonly AwsAccount[];
    /** ARNs (`*` and `?` allowed) of users and roles that no action may touch. */
    readonly protectedPrincipals: readonly string[];
    /** The role of the organisation's management account that may write service control policies; null: not allowed. */
    readonly serviceControlPolicyRole: string | null;
    /** How often the accounts' buckets are looked at for public ones, in milliseconds; null: never. */
    readonly watchBucketsMs: number | null;
    /** Ids (`o-...`) of the company's organisations. None: any that a grant names is taken for its own. */
    readonly organisations: readonly string[];
    /** Role ARNs whose session names come from a SAML provider that the operator trusts. */
    readonly samlRoles: readonly string[];
    /** Role ARNs whose sourceIdentity is fixed by their trust policy. */
    readonly sourceIdentityRoles: readonly string[];
    /** IAM user ARN -> Entra object id or UPN. */
    readonly iamUsers: Readonly<Record<string, string>>;
  };
  readonly detection: DetectionSettings;
  readonly governance: {
    /** Plans, asks and records, but changes nothing. */
    readonly dryRun: boolean;
    /** Action id -> most runs an hour; the action's own default where absent. */
    readonly capsPerHour: Readonly<Record<string, number>>;
    /** Kind of target -> most runs an hour. */
    readonly kindCapsPerHour: Readonly<Record<string, number>>;
    /** Most runs an hour that one person may decide on. */
    readonly approverCapPerHour: number;
    /** How long something that was done can be undone, in milliseconds. */
    readonly undoWindowMs: number;
  };
}

/** Whether what is approved under this policy is only planned. */
export const isDryRun = (policy: string, { governance, detection }: OperatorSettings): boolean =>
  governance.dryRun || detection.policies[policy]?.dryRun === true;
