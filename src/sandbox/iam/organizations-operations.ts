// The operations of AWS Organizations on service control policies that Countersign uses, and what AWS refuses.
import type { Json, JsonObject } from '../../case/json.ts';
import { IamError } from './iam-error.ts';
import type { Organisation, ServiceControlPolicy } from './state.ts';

export interface OrganizationsCall {
  readonly input: JsonObject;
  readonly organisation: Organisation;
  readonly policies: readonly ServiceControlPolicy[];
  readonly pageSize: number;
  newId(): string;
  savePolicies(next: readonly ServiceControlPolicy[]): void;
}

const TYPE = 'SERVICE_CONTROL_POLICY';
/** Attached to one account, AWS's own among them ("Quotas for AWS Organizations" in the user guide): five until May 2026. */
const MOST_ATTACHED = 10;
const MOST_CHARACTERS = 10_240;

function text({ input }: OrganizationsCall, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new IamError('InvalidInputException', `You specified an invalid value for ${name}.`);
}

function policyOf(call: OrganizationsCall): ServiceControlPolicy {
  const id = text(call, 'PolicyId');
  const policy = call.policies.find((one) => one.id === id);
  if (policy) return policy;
  throw new IamError(
    'PolicyNotFoundException',
    "We can't find a policy with the PolicyId that you specified.",
  );
}

function targetOf(call: OrganizationsCall): string {
  const target = text(call, 'TargetId');
  if ([call.organisation.management, ...call.organisation.members].includes(target)) return target;
  throw new IamError(
    'TargetNotFoundException',
    "We can't find a root, OU, or account with the TargetId that you specified.",
  );
}

const summary = ({ organisation }: OrganizationsCall, policy: ServiceControlPolicy): JsonObject => ({
  Id: policy.id,
  Arn: `arn:aws:organizations::${organisation.management}:policy/${organisation.id}/service_control_policy/${policy.id}`,
  Name: policy.name,
  Description: policy.description,
  Type: TYPE,
  AwsManaged: policy.awsManaged,
});

function page(call: OrganizationsCall, policies: readonly ServiceControlPolicy[]): JsonObject {
  if (text(call, 'Filter') !== TYPE) throw new IamError('InvalidInputException', 'Filter is not valid');
  const start = Number(call.input.NextToken ?? 0);
  const end = start + call.pageSize;
  return {
    Policies: policies.slice(start, end).map((policy) => summary(call, policy)),
    ...(end < policies.length ? { NextToken: String(end) } : {}),
  };
}

function listPoliciesForTarget(call: OrganizationsCall): JsonObject {
  const target = targetOf(call);
  return page(
    call,
    call.policies.filter(({ targets }) => targets.includes(target)),
  );
}

const described = (call: OrganizationsCall, policy: ServiceControlPolicy): JsonObject => ({
  Policy: { PolicySummary: summary(call, policy), Content: policy.content },
});

function createPolicy(call: OrganizationsCall): JsonObject {
  const name = text(call, 'Name');
  const content = text(call, 'Content');
  if (text(call, 'Type') !== TYPE) throw new IamError('InvalidInputException', 'Type is not valid');
  if (!isPolicyText(content) || content.length > MOST_CHARACTERS)
    throw new IamError(
      'MalformedPolicyDocumentException',
      'The provided policy document does not meet the requirements.',
    );
  if (call.policies.some((one) => one.name === name))
    throw new IamError('DuplicatePolicyException', 'A policy with the same name already exists.');
  const description = String(call.input.Description ?? '');
  const policy = { id: call.newId(), name, description, content, targets: [], awsManaged: false };
  call.savePolicies([...call.policies, policy]);
  return described(call, policy);
}

function isPolicyText(content: string): boolean {
  try {
    return (JSON.parse(content) as { readonly Statement?: Json } | null)?.Statement !== undefined;
  } catch {
    return false;
  }
}

function replace(call: OrganizationsCall, next: ServiceControlPolicy): JsonObject {
  call.savePolicies(call.policies.map((one) => (one.id === next.id ? next : one)));
  return {};
}

function attachPolicy(call: OrganizationsCall): JsonObject {
  const policy = policyOf(call);
  const target = targetOf(call);
  if (policy.targets.includes(target))
    throw new IamError(
      'DuplicatePolicyAttachmentException',
      'A policy with the specified name and type already exists.',
    );
  if (call.policies.filter(({ targets }) => targets.includes(target)).length >= MOST_ATTACHED)
    throw new IamError(
      'ConstraintViolationException',
      'You have attained the maximum number of policies attached to the target.',
    );
  return replace(call, { ...policy, targets: [...policy.targets, target] });
}

function detachPolicy(call: OrganizationsCall): JsonObject {
  const policy = policyOf(call);
  const target = targetOf(call);
  if (!policy.targets.includes(target))
    throw new IamError('PolicyNotAttachedException', "The policy isn't attached to the specified target.");
  return replace(call, { ...policy, targets: policy.targets.filter((one) => one !== target) });
}

function deletePolicy(call: OrganizationsCall): JsonObject {
  const policy = policyOf(call);
  if (policy.targets.length > 0)
    throw new IamError('PolicyInUseException', 'The policy is attached to one or more entities.');
  call.savePolicies(call.policies.filter(({ id }) => id !== policy.id));
  return {};
}

const describeOrganization = ({ organisation: { id, management } }: OrganizationsCall): JsonObject => ({
  Organization: {
    Id: id,
    Arn: `arn:aws:organizations::${management}:organization/${id}`,
    FeatureSet: 'ALL',
    MasterAccountId: management,
    MasterAccountArn: `arn:aws:organizations::${management}:account/${id}/${management}`,
  },
});

/** By the operation's name. Each needs the permission of its own name. */
export const ORGANIZATIONS_OPERATIONS: ReadonlyMap<string, (call: OrganizationsCall) => JsonObject> = new Map(
  Object.entries({
    DescribeOrganization: describeOrganization,
    ListPolicies: (call: OrganizationsCall) => page(call, call.policies),
    ListPoliciesForTarget: listPoliciesForTarget,
    DescribePolicy: (call: OrganizationsCall) => described(call, policyOf(call)),
    CreatePolicy: createPolicy,
    AttachPolicy: attachPolicy,
    DetachPolicy: detachPolicy,
    DeletePolicy: deletePolicy,
  }),
);
