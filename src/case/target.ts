// What an action changes: one small type per kind of thing. Only who or what is meant; how it stands is read from the world.
import type { UserId } from './ids.ts';

export interface UserTarget {
  readonly kind: 'user';
  readonly id: UserId;
  readonly label: string;
  /** Of whomever somebody named, as the directory had it then. Absent: not known, unless they are the subject. */
  readonly principalName?: string;
}
/** A person's place in one group. */
export interface MembershipTarget {
  readonly kind: 'membership';
  readonly user: UserId;
  readonly userLabel: string;
  /** As of a user. */
  readonly principalName?: string;
  /** Object id of the group. */
  readonly group: string;
  readonly label: string;
}
/** What one person allowed one app to do in their name. */
export interface AppGrantTarget {
  readonly kind: 'app-grant';
  readonly user: UserId;
  readonly userLabel: string;
  /** As of a user. */
  readonly principalName?: string;
  /** `appId` of the application. */
  readonly app: string;
  readonly label: string;
}

export interface BucketTarget {
  readonly kind: 'bucket';
  readonly account: string;
  readonly region: string;
  readonly name: string;
}
export interface ObjectTarget {
  readonly kind: 'object';
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
}
/** Somebody outside whom a bucket's policy or access list names. */
export interface CollaboratorTarget {
  readonly kind: 'collaborator';
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  /** As the policy or the access list names them: an account id, an ARN, a canonical id, or an access list's mail address. */
  readonly principal: string;
}
export interface AwsAccountTarget {
  readonly kind: 'aws-account';
  /** Twelve digits. */
  readonly account: string;
}

export interface IamUserTarget {
  readonly kind: 'iam-user';
  readonly account: string;
  readonly name: string;
}
export interface IamRoleTarget {
  readonly kind: 'iam-role';
  readonly account: string;
  readonly name: string;
}
export interface AccessKeyTarget {
  readonly kind: 'access-key';
  readonly account: string;
  readonly user: string;
  /** `AKIA...` */
  readonly id: string;
}
/** One person's sessions of an `AWSReservedSSO_*` role: only AWS may change the role itself. */
export interface SsoSessionTarget {
  readonly kind: 'sso-session';
  readonly account: string;
  /** Name of the role, without path. */
  readonly role: string;
  /** The Identity Center user name, which AWS itself sets as the session's name. */
  readonly user: string;
}

/** Evidence that names an application, by `appId`. Not changed itself: what people granted it is. */
export interface AppTarget {
  readonly kind: 'app';
  readonly id: string;
  readonly label: string;
}
/** Evidence that names a group, by object id. Not changed itself: who is in it is. */
export interface GroupTarget {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
}
/** Anything that is shown but that no action of ours changes. `id` is unique within its kind. */
export interface ResourceTarget {
  readonly kind: 'resource';
  readonly id: string;
  readonly label: string;
}

export type Target =
  | UserTarget
  | MembershipTarget
  | AppGrantTarget
  | BucketTarget
  | ObjectTarget
  | CollaboratorTarget
  | AwsAccountTarget
  | IamUserTarget
  | IamRoleTarget
  | AccessKeyTarget
  | SsoSessionTarget
  | AppTarget
  | GroupTarget
  | ResourceTarget;

/** One text per target: equal for the same thing, whatever else is known of it. */
export function targetKey(target: Target): string {
  switch (target.kind) {
    case 'bucket':
      return `bucket:${target.account}:${target.name}`;
    case 'object':
      return `object:${target.account}:${target.bucket}/${target.key}`;
    case 'collaborator':
      return `collaborator:${target.account}:${target.bucket}:${target.principal}`;
    case 'aws-account':
      return `aws-account:${target.account}`;
    case 'iam-user':
    case 'iam-role':
      return `${target.kind}:${target.account}:${target.name}`;
    case 'access-key':
      return `access-key:${target.account}:${target.id}`;
    case 'sso-session':
      return `sso-session:${target.account}:${target.role}/${target.user}`;
    case 'membership':
      return `membership:${target.user}:${target.group}`;
    case 'app-grant':
      return `app-grant:${target.user}:${target.app}`;
    default:
      return `${target.kind}:${target.id}`;
  }
}

/** Ids of what an action could change, were it not only shown. */
const ONLY_SHOWN = /^(?:bucket|object|collaborator):\d{12}:/;

/**
 * One text per thing, whether an action may change it or it is only shown: what cases are grouped by, and deeds told apart by.
 * Whoever created a user and then deleted it did both to one user.
 */
export function thingKey(target: Target): string {
  switch (target.kind) {
    case 'iam-user':
      return `resource:iam/user/${target.account}//${target.name}`;
    case 'iam-role':
      return `resource:iam/role/${target.account}//${target.name}`;
    case 'access-key':
      return `resource:iam/access-key/${target.account}//${target.id}`;
    case 'aws-account':
      return `resource:account/${target.account}`;
    case 'resource':
      return ONLY_SHOWN.test(target.id) ? target.id : targetKey(target);
    default:
      return targetKey(target);
  }
}

/**
 * What must not be changed by two at once: a collaborator is taken off the same policy that makes the bucket public, and how many
 * active keys a user has left is what turning one of them off says. What is denied to an Identity Center user is one policy, however
 * their name is written.
 */
export function holdKey(target: Target): string {
  if (target.kind === 'collaborator') return `bucket:${target.account}:${target.bucket}`;
  if (target.kind === 'sso-session') return targetKey({ ...target, user: target.user.toLowerCase() });
  return target.kind === 'access-key' ? `iam-user:${target.account}:${target.user}` : targetKey(target);
}

/** A canonical id is 64 characters that nobody compares by eye. */
export const shortPrincipal = (principal: string): string =>
  /^[0-9a-f]{64}$/i.test(principal)
    ? `canonical id ${principal.slice(0, 8)}...${principal.slice(-4)}`
    : principal;

export const PRINCIPAL_IN_ACCOUNT = /^arn:[\w-]+:(?:iam|sts)::(\d{12}|cloudfront):([\w-]+)(?:\/(.+))?$/;
const NOUNS: ReadonlyMap<string, string> = new Map([
  ['assumed-role', 'session'],
  ['federated-user', 'federated user'],
  ['saml-provider', 'SAML provider'],
  ['oidc-provider', 'OIDC provider'],
]);

/** A principal of a policy or an access list in a few words; as it is written where it is none that AWS describes. */
export function principalWords(principal: string): string {
  if (/^\d{12}$/.test(principal)) return `the AWS account ${principal}`;
  const [, account, type = '', name = ''] = PRINCIPAL_IN_ACCOUNT.exec(principal) ?? [];
  if (account === undefined) return shortPrincipal(principal);
  if (type === 'root') return `the AWS account ${account}`;
  // Names are unique in an account whatever their path ("IAM identifiers"); those of sessions and providers have slashes of their own.
  const short = type === 'role' || type === 'user' ? (name.split('/').at(-1) ?? name) : name;
  return account === 'cloudfront' ? short : `${NOUNS.get(type) ?? type} ${short} of account ${account}`;
}

/** For people; hostile text, escaped only where it is rendered. */
export function targetLabel(target: Target): string {
  switch (target.kind) {
    case 'bucket':
      return target.name;
    case 'object':
      return `${target.bucket}/${target.key}`;
    case 'collaborator':
      return `${principalWords(target.principal)} on ${target.bucket}`;
    case 'aws-account':
      return `account ${target.account}`;
    case 'iam-user':
      return `user ${target.name}`;
    case 'iam-role':
      return `role ${target.name}`;
    case 'access-key':
      return `access key ${target.id} of ${target.user}`;
    case 'sso-session':
      return `${target.user} in ${target.role}`;
    case 'membership':
    case 'app-grant':
      return `${target.userLabel}: ${target.label}`;
    default:
      return target.label;
  }
}

const ACCOUNT = /^\d{12}$/;
const ANYWHERE = '';
const IAM_NAME = /^[\w+=,.@-]{1,128}$/;

/**
 * A target as people write it: what `targetKey` gives, of the kinds that can be named without looking anything up. Null for
 * anything else. The region of a bucket is left open.
 */
export function parseTarget(text: string): Target | null {
  const [, kind, account = '', rest = ''] = /^([a-z-]+):([^:]*)(?::(.+))?$/s.exec(text) ?? [];
  if (!ACCOUNT.test(account)) return null;
  if (kind === 'aws-account') return rest ? null : { kind, account };
  if (!rest) return null;
  if (kind === 'iam-user' || kind === 'iam-role')
    return IAM_NAME.test(rest) ? { kind, account, name: rest } : null;
  if (kind === 'access-key' || kind === 'sso-session') return parsePair(kind, account, rest);
  const [bucket = '', ...path] = rest.split(kind === 'collaborator' ? ':' : '/');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) return null;
  const inside = path.join(kind === 'collaborator' ? ':' : '/');
  const region = ANYWHERE;
  if (kind === 'bucket') return inside ? null : { kind, account, region, name: bucket };
  if (kind === 'object') return inside ? { kind, account, region, bucket, key: inside } : null;
  return kind === 'collaborator' && inside ? { kind, account, region, bucket, principal: inside } : null;
}

/** `alex/AKIA...` of a user's key, `AWSReservedSSO_Developer_.../alex@contoso.example` of somebody's sessions. */
function parsePair(kind: 'access-key' | 'sso-session', account: string, text: string): Target | null {
  const [first = '', second = '', ...more] = text.split('/');
  if (more.length > 0 || !IAM_NAME.test(first) || !IAM_NAME.test(second)) return null;
  if (kind === 'sso-session') return { kind, account, role: first, user: second };
  return /^AKIA[A-Z0-9]{12,}$/.test(second) ? { kind, account, user: first, id: second } : null;
}
