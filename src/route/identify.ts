// Whom an alert points at, from evidence that its subject could not choose. Everything else is nobody, with the reason.
// Source: "IAM JSON policy elements: Principal", "Monitor and control actions taken with assumed roles" (session names,
// sourceIdentity) and "Referencing permission sets in resource policies" (the path of Identity Center's roles).
import { createHash } from 'node:crypto';
import type { Alert, AwsIdentity } from '../case/alert.ts';
import type { SubjectHint } from '../case/case.ts';
import type { Grouping } from '../case/policy.ts';
import { type Said, say } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { thingKey } from '../case/target.ts';

/** Never throws. What it answers is still only a name: the directory says whether there is such a person. */
export function identifySubject(alert: Alert, settings: OperatorSettings): SubjectHint {
  if (alert.source === 'graph') return fromMentions(alert);
  if (alert.source === 'inventory') return unknown(say('route.unknown.found-by-looking'));
  if (!alert.identity) return unknown(say('route.unknown.no-caller'));
  if (!isAuthenticated(alert)) {
    return unknown(say('route.unknown.typed-name'), alert.identity);
  }
  return fromIdentity(alert.identity, settings);
}

/** A refused sign-in never was: the name in it is what somebody typed. */
export const isAuthenticated = (alert: Alert): boolean =>
  !(alert.attempt && alert.event.eventName === 'ConsoleLogin');

function fromMentions(alert: Alert): SubjectHint {
  const [first] = alert.mentions;
  const id = first?.objectId ?? first?.userPrincipalName;
  const name = first?.displayName ?? first?.userPrincipalName;
  if (id) return { kind: 'entra', id, ...(name ? { name } : {}) };
  const reason = name ? say('route.unknown.not-in-directory') : say('route.unknown.no-user');
  return { kind: 'unknown', reason, ...(name ? { name } : {}) };
}

function fromIdentity(identity: AwsIdentity, settings: OperatorSettings): SubjectHint {
  switch (identity.type) {
    case 'AssumedRole':
      return fromRole(identity, settings);
    case 'IAMUser':
      return fromIamUser(identity, identity.arn ?? '', settings);
    case 'Root':
      return unknown(say('route.unknown.root'), identity);
    default:
      // What the user called the session is the user's own choice.
      if (identity.userArn) return fromIamUser(identity, identity.userArn, settings);
      return unknown(say('route.unknown.caller-type', { type: identity.type }), identity);
  }
}

function fromRole(identity: AwsIdentity, settings: OperatorSettings): SubjectHint {
  const { roleArn, sessionName, sourceIdentity } = identity;
  if (!roleArn) return unknown(say('route.unknown.no-role'), identity);
  if (settings.aws.sourceIdentityRoles.includes(roleArn) && isPersonName(sourceIdentity)) {
    return { kind: 'entra', id: sourceIdentity, name: sourceIdentity };
  }
  const trusted = settings.aws.samlRoles.includes(roleArn) || isIdentityCenterRole(identity, settings);
  if (!trusted) {
    return unknown(say('route.unknown.chosen-session-name'), identity);
  }
  if (!isPersonName(sessionName)) return unknown(say('route.unknown.nameless-session'), identity);
  return { kind: 'entra', id: sessionName, name: sessionName };
}

/** What AWS allows in a session name; also keeps anything else out of the directory's URLs. */
const isPersonName = (name: string | undefined): name is string => /^[\w+=,.@-]{2,64}$/.test(name ?? '');

/** The region is missing from the path where Identity Center lives in us-east-1. */
const IDENTITY_CENTER_ROLE =
  /^arn:aws[a-z-]*:iam::(\d{12}):role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z]{2}(?:-[a-z]+)+-\d\/)?(AWSReservedSSO_[\w+=,.@-]+)$/;

/**
 * Nobody but AWS can create a role under this path, so Identity Center chose the session name. The account must be one of
 * ours: in an account of their own, anyone can run an Identity Center and name its users as they like.
 */
export function isIdentityCenterRole(identity: AwsIdentity, settings: OperatorSettings): boolean {
  const [, account, role] = IDENTITY_CENTER_ROLE.exec(identity.roleArn ?? '') ?? [];
  if (!account || !settings.aws.accounts.some((own) => own.id === account)) return false;
  const session = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(identity.arn ?? '');
  return session?.[1] === account && session[2] === role;
}

function fromIamUser(identity: AwsIdentity, arn: string, settings: OperatorSettings): SubjectHint {
  const mapped = Object.hasOwn(settings.aws.iamUsers, arn) ? settings.aws.iamUsers[arn] : undefined;
  if (!mapped) return unknown(say('route.unknown.whose-user'), identity);
  return { kind: 'entra', id: mapped, name: arn.slice(arn.lastIndexOf('/') + 1) };
}

/** The name is for reading only: "assumed-role/Deploy/whoever". */
function unknown(reason: Said, identity?: AwsIdentity): SubjectHint {
  const arn = identity?.arn ?? '';
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  return { kind: 'unknown', reason, ...(name ? { name } : {}) };
}

/**
 * Everyone whom the vendor's evidence names, lower case: object ids and UPNs. For CloudTrail nobody: a caller who may choose
 * a session name could otherwise keep a manager from answering by naming the session after them.
 */
export function namedPeople(alert: Alert): readonly string[] {
  const names = alert.mentions.flatMap((person) => [person.objectId, person.userPrincipalName]);
  return [...new Set(names.flatMap((name) => (name ? [name.toLowerCase()] : [])))];
}

/** Index rows are bounded, and some targets' names are the caller's to choose. */
const MAX_KEY = 256;

/**
 * Same key, same open case: the policy and the subject, or the policy and the target, as the policy groups. Where nobody is known
 * by name the caller stands for the subject (a role or a user as a whole: sessions are called what their users choose). Without a target, or for a
 * refused call, whose target is only a name that the caller made up, it is the subject or the caller either way.
 */
export function groupKey(
  policyId: string,
  hint: SubjectHint,
  alert: Alert,
  by: Grouping['by'] = 'subject',
): string {
  const [target] = alert.targets;
  const about =
    by === 'target' && target && !alert.attempt
      ? thingKey(target)
      : (callerKey(hint, alert) ?? (target ? thingKey(target) : `alert:${alert.source}:${alert.sourceId}`));
  const key = `${policyId}|${about}`;
  return key.length <= MAX_KEY
    ? key
    : `${policyId}|sha256:${createHash('sha256').update(about).digest('hex')}`;
}

function callerKey(hint: SubjectHint, { identity }: Alert): string | null {
  if (hint.kind === 'entra') return `subject:${hint.id.toLowerCase()}`;
  const caller = identity?.roleArn ?? identity?.userArn ?? identity?.arn;
  return caller ? `caller:${caller}` : null;
}
