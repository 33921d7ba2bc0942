// docs/iam-policy-management.json: what the role in the organisation's management account may do, where the operator gives
// Countersign one. Nothing else is in it, and nothing of it is in the role that every account has.
import { allow, awsPermissions, type Group, isOfOrganisation, policyText } from './iam-policy.ts';

export const page = 'docs/iam-policy-management.json';

const POLICIES = 'arn:aws:organizations::*:policy/o-*/service_control_policy/p-*';
const ONE_TYPE = { StringEquals: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' } };

const GROUPS: readonly Group[] = [
  { Sid: 'CountersignLooks', fits: /^organizations:(List|Describe)/, Resource: '*' },
  // A policy that is to be made has no name yet to limit this to.
  { Sid: 'CountersignMakes', fits: /^organizations:Create/, Resource: '*', Condition: ONE_TYPE },
  // On single accounts: never on the root or on an organisational unit, whose accounts would all be bound.
  {
    Sid: 'CountersignBinds',
    fits: /^organizations:(Attach|Detach)/,
    Resource: [POLICIES, 'arn:aws:organizations::*:account/o-*/*'],
    Condition: ONE_TYPE,
  },
  { Sid: 'CountersignRemoves', fits: /^organizations:Delete/, Resource: POLICIES, Condition: ONE_TYPE },
];

export const render = (): string => policyText(allow(awsPermissions().filter(isOfOrganisation), GROUPS));
