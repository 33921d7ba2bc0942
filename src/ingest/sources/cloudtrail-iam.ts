// What a call to IAM gave somebody: the user, the role or the key that an action of ours can take it from again.
// Source: "Actions" of the IAM API reference. Whatever takes away (DeleteUser, DetachUserPolicy) is only shown.
import type { AccessKeyTarget, ResourceTarget, Target } from '../../case/target.ts';
import { leavesOf } from './cloudtrail-leaves.ts';
import type { CloudTrailRecord } from './cloudtrail-schema.ts';
import { plainEvent } from './cloudtrail-unknown.ts';

const GIVES_TO_USER =
  /^(?:CreateUser|(?:Create|Update)LoginProfile|(?:Attach|Put)UserPolicy|AddUserToGroup)$/;
const GIVES_TO_ROLE = /^(?:CreateRole|UpdateAssumeRolePolicy|(?:Attach|Put)RolePolicy)$/;
const GIVES_KEY = /^(?:Create|Update)AccessKey$/;

/** As `resourceNamed` writes it, with a name that IAM accepts: at most 64 characters, none of them a slash. */
const PRINCIPAL = /^iam\/(user|role)\/(\d{12})\/\/([\w+=,.@-]{1,64})$/;
const KEY_ID = /^AKIA[A-Z0-9]{12,124}$/;
const NAME = /^[\w+=,.@-]{1,64}$/;

/** Only in listed accounts: elsewhere nothing of ours could change it. */
export function iamTargets(
  record: CloudTrailRecord,
  named: readonly Target[],
  account: string,
  accounts: readonly string[],
): readonly Target[] {
  if (!accounts.includes(account)) return named;
  const event = plainEvent(record.eventName);
  const given = GIVES_TO_USER.test(event) ? 'user' : GIVES_TO_ROLE.test(event) ? 'role' : null;
  const key = GIVES_KEY.test(event) ? keyOf(record, account) : null;
  const typed = named.map((target) =>
    given && target.kind === 'resource' ? (principal(target, given, account) ?? target) : target,
  );
  return key ? [...typed, key] : typed;
}

function principal({ id }: ResourceTarget, given: 'user' | 'role', account: string): Target | null {
  const [, kind, owner, name] = PRINCIPAL.exec(id) ?? [];
  if (kind !== given || owner !== account || !name) return null;
  return { kind: given === 'user' ? 'iam-user' : 'iam-role', account, name };
}

/** The answer names what is new. Who names nobody acts on their own key; the root user's belong to no user. */
function keyOf(record: CloudTrailRecord, account: string): AccessKeyTarget | null {
  const answer = leavesOf(record.responseElements);
  const asked = leavesOf(record.requestParameters);
  const find = (name: string): string | null => {
    const isIt = ({ path }: (typeof asked)[number]): boolean => path[path.length - 1] === name;
    const found = answer.find(isIt) ?? asked.find(isIt);
    return typeof found?.value === 'string' ? found.value : null;
  };
  const { type, userName } = record.userIdentity ?? {};
  const id = find('accessKeyId');
  const user = find('userName') ?? (type === 'IAMUser' ? userName : null);
  return id && user && KEY_ID.test(id) && NAME.test(user) ? { kind: 'access-key', account, user, id } : null;
}
