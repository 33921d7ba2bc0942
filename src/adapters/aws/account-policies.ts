// Service control policies on single accounts, through the role that the organisation's management account gives us, or an account
// that administers policies for it. A policy is found by its name, which AWS keeps unique, so that a crash between two calls leaves
// nothing that a second try would not find.
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
  type PolicySummary,
} from '@aws-sdk/client-organizations';
import { CountersignError, isCountersignError } from '../../case/errors.ts';
import { canonicalJson, type JsonObject } from '../../case/json.ts';
import { say } from '../../case/said.ts';
import type { AccountDeny, AccountPolicies } from '../../ports/aws-identities.ts';
import type { Receipt } from '../../ports/receipt.ts';
import { type AwsOptions, type CallOptions, createRoleCalls, hasCode, receiptOf } from './clients.ts';
import { notListed } from './role-credentials.ts';

/** `accounts` are those that a policy may be put on; none of their own roles is used. */
export interface AccountPoliciesOptions extends AwsOptions {
  /** Of the organisation's management account, or of one that it lets administer policies; null: service control policies are not for us. */
  readonly managementRoleArn: string | null;
}

const TYPE = 'SERVICE_CONTROL_POLICY';
const DESCRIPTION = 'Made by Countersign, and removed by it when the decision is undone.';

interface Page {
  readonly Policies?: readonly PolicySummary[] | undefined;
  readonly NextToken?: string | undefined;
}
type ReadPage = (token: string | undefined) => Promise<Page>;

/** Throws as the port says. */
export function createAccountPolicies(options: AccountPoliciesOptions): AccountPolicies {
  const { managementRoleArn } = options;
  return managementRoleArn === null ? notAllowed : createOf(managementRoleArn, options);
}

function refuse(): never {
  throw new CountersignError(
    'aws.not-allowed',
    'the settings name no aws.serviceControlPolicyRole: service control policies are not allowed',
    { say: say('errors.aws-control-not-allowed') },
  );
}
const notAllowed: AccountPolicies = {
  managementAccount: async () => refuse(),
  find: async () => refuse(),
  attach: async () => refuse(),
  remove: async () => refuse(),
};

function createOf(roleArn: string, options: AccountPoliciesOptions): AccountPolicies {
  const home = roleArn.split(':')[4] ?? '';
  const calls = createRoleCalls(
    { ...options, accounts: [{ id: home, roleArn }] },
    (config) => new OrganizationsClient(config),
  );
  type Send<Answer> = (client: OrganizationsClient, o: CallOptions) => Promise<Answer>;
  const send = <Answer>(operation: string, run: Send<Answer>): Promise<Answer> =>
    calls.send(home, operation, run);
  /** Errors with one of these codes are an answer too: what was asked for is so already. */
  const settle = async (
    operation: string,
    run: Send<unknown>,
    ...fine: readonly string[]
  ): Promise<Receipt> =>
    receiptOf(await calls.sendOr(home, operation, run, hasCode(...fine), (error) => error));

  const pageOfAll: ReadPage = (token) =>
    send('ListPolicies', (client, o) =>
      client.send(new ListPoliciesCommand({ Filter: TYPE, ...(token && { NextToken: token }) }), o),
    );
  const pageOf =
    (account: string): ReadPage =>
    (token) =>
      send('ListPoliciesForTarget', (client, o) =>
        client.send(
          new ListPoliciesForTargetCommand({
            TargetId: account,
            Filter: TYPE,
            ...(token && { NextToken: token }),
          }),
          o,
        ),
      );

  async function describe(id: string): Promise<JsonObject | null> {
    const command = new DescribePolicyCommand({ PolicyId: id });
    const answer = await calls.sendOr(
      home,
      'DescribePolicy',
      (client, o) => client.send(command, o),
      hasCode('PolicyNotFound'),
      () => null,
    );
    return answer === null ? null : parseContent(answer.Policy?.Content ?? '', id);
  }

  /** Attached ones are on a short list, so that the long one is read for what is not attached alone. */
  async function locate(account: string, name: string): Promise<Located> {
    const bound = await findByName(pageOf(account), name);
    if (bound.id !== null) return { ...bound, attached: true };
    return { ...(await findByName(pageOfAll, name)), attached: false };
  }

  function checkListed(account: string): void {
    if (!options.accounts.some(({ id }) => id === account)) throw notListed(account);
  }

  async function find(account: string, name: string): Promise<AccountDeny | null> {
    checkListed(account);
    const { id, attached } = await locate(account, name);
    const policy = id && (await describe(id));
    return id && policy ? { id, attached, policy } : null;
  }

  async function create(name: string, policy: JsonObject): Promise<string> {
    const command = new CreatePolicyCommand({
      Name: name,
      Description: DESCRIPTION,
      Type: TYPE,
      Content: JSON.stringify(policy),
    });
    // Somebody may have been quicker, most likely ourselves: the list lags behind, and a second try finds the policy on it.
    const answer = await calls.sendOr(
      home,
      'CreatePolicy',
      (client, o) => client.send(command, o),
      hasCode('DuplicatePolicy'),
      () => null,
    );
    const id = answer?.Policy?.PolicySummary?.Id;
    if (id) return id;
    throw new CountersignError(
      'aws.unavailable',
      `CreatePolicy ${name}: there is one that is not listed yet`,
      {
        say: say('errors.aws-policy-pending'),
        retryable: true,
      },
    );
  }

  const discard = (id: string): Promise<Receipt> =>
    settle(
      'DeletePolicy',
      (client, o) => client.send(new DeletePolicyCommand({ PolicyId: id }), o),
      'PolicyNotFound',
    );

  async function bind(id: string, account: string): Promise<Receipt> {
    try {
      return await settle(
        'AttachPolicy',
        (client, o) => client.send(new AttachPolicyCommand({ PolicyId: id, TargetId: account }), o),
        'DuplicatePolicyAttachment',
      );
    } catch (error) {
      // Refused for good, as where a quota is used up: it would lie there, and nobody would know of it. What may still be bound stays
      // for the next try. That it cannot be deleted either says less than why it was not bound.
      if (isCountersignError(error) && !error.retryable) await discard(id).catch(() => {});
      throw error;
    }
  }

  return {
    async managementAccount() {
      const { Organization } = await send('DescribeOrganization', (client, o) =>
        client.send(new DescribeOrganizationCommand({}), o),
      );
      if (Organization?.MasterAccountId) return Organization.MasterAccountId;
      throw new CountersignError('aws.unavailable', 'DescribeOrganization: incomplete answer', {
        say: say('errors.aws-unavailable'),
        retryable: true,
      });
    },
    find,
    async attach(account, name, policy) {
      const known = await find(account, name);
      if (known && canonicalJson(known.policy) !== canonicalJson(policy)) throw otherContent(name, known.id);
      return bind(known?.id ?? (await create(name, policy)), account);
    },
    async remove(account, name) {
      checkListed(account);
      const { id, receipt } = await locate(account, name);
      if (id === null) return receipt;
      await settle(
        'DetachPolicy',
        (client, o) => client.send(new DetachPolicyCommand({ PolicyId: id, TargetId: account }), o),
        'PolicyNotAttached',
        'PolicyNotFound',
      );
      return discard(id);
    },
  };
}

interface Named {
  readonly id: string | null;
  /** Of the answer that showed it, or that there is none. */
  readonly receipt: Receipt;
}
interface Located extends Named {
  readonly attached: boolean;
}

/** AWS's own policies (FullAWSAccess) are nobody's to detach. */
async function findByName(readPage: ReadPage, name: string): Promise<Named> {
  let page = await readPage(undefined);
  for (;;) {
    const found = page.Policies?.find((policy) => policy.Name === name && !policy.AwsManaged);
    if (found?.Id) return { id: found.Id, receipt: receiptOf(page) };
    if (!page.NextToken) return { id: null, receipt: receiptOf(page) };
    page = await readPage(page.NextToken);
  }
}

function parseContent(text: string, id: string): JsonObject {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy as JsonObject;
  } catch {
    // Said below.
  }
  throw new CountersignError('aws.refused', `DescribePolicy ${id}: not a JSON object`, {
    say: say('errors.aws-control-unreadable'),
  });
}

const otherContent = (name: string, id: string): CountersignError =>
  new CountersignError(
    'aws.refused',
    `service control policy ${name} (${id}) says something else than we would`,
    {
      say: say('errors.aws-control-other-rules', { policy: name }),
    },
  );
