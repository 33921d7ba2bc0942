// IAM users, roles, keys and inline policies in the listed accounts, through the one role that Countersign has in each.
import {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { say } from '../../case/said.ts';
import type { IamRoleTarget, IamUserTarget } from '../../case/target.ts';
import type { AwsIdentities, KeyFacts, PrincipalFacts } from '../../ports/aws-identities.ts';
import type { Receipt } from '../../ports/receipt.ts';
import { type AwsOptions, type CallOptions, createRoleCalls, hasCode, receiptOf } from './clients.ts';
import { createOwnArns } from './own-arns.ts';

export interface AwsIdentitiesOptions extends AwsOptions {
  /** Roles outside the listed accounts that are ours too: the one for service control policies. */
  readonly otherRoles?: readonly string[] | undefined;
}

type Principal = IamUserTarget | IamRoleTarget;

/** What IAM accepts as a name; a case's text may be anything. (IAM API reference, each parameter's pattern.) */
const NAME = /^[\w+=,.@-]{1,128}$/;

const isGone = hasCode('NoSuchEntity');
const none = (): null => null;
const factsOf = (
  { Arn, Path }: { readonly Arn?: string | undefined; readonly Path?: string | undefined },
  uniqueId: string | undefined,
): PrincipalFacts => ({ arn: Arn ?? '', path: Path ?? '/', ...(uniqueId && { uniqueId }) });

/** Throws as the port says, and `aws.refused` for what IAM itself does not accept. */
export function createAwsIdentities(options: AwsIdentitiesOptions): AwsIdentities {
  const iam = createRoleCalls(options, (config) => new IAMClient(config));

  async function findUser({ account, name }: IamUserTarget): Promise<PrincipalFacts | null> {
    const command = new GetUserCommand({ UserName: name });
    const answer = await iam.sendOr(account, 'GetUser', (client, o) => client.send(command, o), isGone, none);
    return answer?.User ? factsOf(answer.User, answer.User.UserId) : null;
  }

  async function findRole({ account, name }: IamRoleTarget): Promise<PrincipalFacts | null> {
    const command = new GetRoleCommand({ RoleName: name });
    const answer = await iam.sendOr(account, 'GetRole', (client, o) => client.send(command, o), isGone, none);
    return answer?.Role ? factsOf(answer.Role, answer.Role.RoleId) : null;
  }

  async function findPrincipal(principal: Principal): Promise<PrincipalFacts | null> {
    if (!NAME.test(principal.name)) return null;
    return principal.kind === 'iam-user' ? findUser(principal) : findRole(principal);
  }

  async function pageOfKeys({ account, name }: IamUserTarget, marker: string | undefined) {
    const command = new ListAccessKeysCommand({ UserName: name, ...(marker && { Marker: marker }) });
    return iam.sendOr(account, 'ListAccessKeys', (client, o) => client.send(command, o), isGone, none);
  }

  async function keysOf(user: IamUserTarget): Promise<readonly KeyFacts[] | null> {
    if (!NAME.test(user.name)) return null;
    const keys: KeyFacts[] = [];
    let marker: string | undefined;
    do {
      const page = await pageOfKeys(user, marker);
      if (!page) return null;
      for (const { AccessKeyId = '', Status } of page.AccessKeyMetadata ?? [])
        keys.push({ id: AccessKeyId, active: Status === 'Active' });
      marker = page.IsTruncated ? page.Marker : undefined;
    } while (marker);
    return keys;
  }

  async function readInlinePolicy(principal: Principal, name: string): Promise<JsonObject | null> {
    if (!NAME.test(principal.name)) return null;
    const answer =
      principal.kind === 'iam-user'
        ? await iam.sendOr(principal.account, 'GetUserPolicy', readUserPolicy(principal, name), isGone, none)
        : await iam.sendOr(principal.account, 'GetRolePolicy', readRolePolicy(principal, name), isGone, none);
    return answer === null ? null : parseDocument(answer.PolicyDocument ?? '', principal, name);
  }

  async function writeInlinePolicy(
    principal: Principal,
    name: string,
    policy: JsonObject | null,
  ): Promise<Receipt> {
    const kind = principal.kind === 'iam-user' ? 'User' : 'Role';
    if (policy === null)
      return receiptOf(
        await iam.sendOr(
          principal.account,
          `Delete${kind}Policy`,
          deletePolicy(principal, name),
          isGone,
          (error) => error,
        ),
      );
    return receiptOf(
      await iam.send(principal.account, `Put${kind}Policy`, putPolicy(principal, name, policy)),
    );
  }

  return {
    findPrincipal,
    keysOf,
    async setKeyActive({ account, user, id }, active) {
      const command = new UpdateAccessKeyCommand({
        UserName: user,
        AccessKeyId: id,
        Status: active ? 'Active' : 'Inactive',
      });
      return receiptOf(await iam.send(account, 'UpdateAccessKey', (client, o) => client.send(command, o)));
    },
    readInlinePolicy,
    writeInlinePolicy,
    ownArns: createOwnArns(options, findPrincipal),
  };
}

type Send<Answer> = (client: IAMClient, options: CallOptions) => Promise<Answer>;

const readUserPolicy = (user: Principal, name: string) => (client: IAMClient, o: CallOptions) =>
  client.send(new GetUserPolicyCommand({ UserName: user.name, PolicyName: name }), o);

const readRolePolicy = (role: Principal, name: string) => (client: IAMClient, o: CallOptions) =>
  client.send(new GetRolePolicyCommand({ RoleName: role.name, PolicyName: name }), o);

function putPolicy({ kind, name }: Principal, PolicyName: string, policy: JsonObject): Send<unknown> {
  const written = { PolicyName, PolicyDocument: JSON.stringify(policy) };
  return (client, o) =>
    kind === 'iam-user'
      ? client.send(new PutUserPolicyCommand({ UserName: name, ...written }), o)
      : client.send(new PutRolePolicyCommand({ RoleName: name, ...written }), o);
}

function deletePolicy({ kind, name }: Principal, PolicyName: string): Send<unknown> {
  return (client, o) =>
    kind === 'iam-user'
      ? client.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName }), o)
      : client.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }), o);
}

/** IAM hands documents out URL-encoded, as RFC 3986 has it. */
function parseDocument(text: string, principal: Principal, name: string): JsonObject {
  try {
    const policy: unknown = JSON.parse(decodeURIComponent(text));
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy as JsonObject;
  } catch {
    // Said below.
  }
  throw new CountersignError(
    'aws.refused',
    `inline policy ${name} of ${principal.name} in account ${principal.account}: not a JSON object`,
    { say: say('errors.aws-policy-unreadable', { policy: name }) },
  );
}
