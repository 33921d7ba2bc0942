// docs/permissions.md: everything that Countersign must be allowed to do, what for, and how to grant it.

import { AWS_READS } from '../../src/adapters/aws/permissions.ts';
import { SESSION_NAME } from '../../src/adapters/aws/role-credentials.ts';
import { GRAPH_PERMISSIONS } from '../../src/adapters/graph/permissions.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { awsPermissions, OWN } from './iam-policy.ts';
import { code, codes, table } from './table.ts';

export const page = 'docs/permissions.md';

const neededBy = (kind: 'graph' | 'aws', permission: string): readonly string[] =>
  [...ACTIONS.values()]
    .filter((action) => action.permissions[kind]?.includes(permission))
    .map((action) => action.id);

function graphTable(): string {
  const rows = Object.entries(GRAPH_PERMISSIONS).map(([permission, purpose]) => [
    code(permission),
    purpose,
    codes(neededBy('graph', permission)) || 'none: asking and writing back need it',
  ]);
  return table(['application permission', 'what for', 'actions that need it'], rows);
}

function awsTable(): string {
  const rows = awsPermissions().map((permission) => [
    code(permission),
    [AWS_READS[permission] ?? '', codes(neededBy('aws', permission))].filter(Boolean).join('; '),
  ]);
  return table(['permission', 'what for; actions that need it'], rows);
}

const trustPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::123456789012:role/${OWN.base}` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:RoleSessionName': SESSION_NAME } },
    },
  ],
};

export const render = (): string => `# Permissions

## Microsoft Graph

Application permissions of the bot's app registration, each with admin consent. An action whose permission is left out says so
when it is tried; the case then goes to the security team.

${graphTable()}

The account of an administrator could only be suspended with a directory role on top; Countersign never does that. An administrator
is whoever has a directory role, over the whole directory or an administrative unit, whoever may take one on (Privileged Identity
Management), and whoever is in a group that may give one. Whoever may only take on a membership of such a group (PIM for Groups), and
is not in it now, is not known to be one: list them under \`protectedUsers\`.
A sender of alerts (Sentinel, a Logic App, a relay) needs none of these, but the app role that \`COUNTERSIGN_ALERTS_ROLE\` names.

## AWS

In each account of the settings file: one role with [iam-policy.json](iam-policy.json). In the partitions \`aws-us-gov\` and
\`aws-cn\`, change \`arn:aws:\` accordingly, in it and in the second policy below. The identity that Countersign runs under needs
\`sts:AssumeRole\` on these roles, and nothing else.

\`iam:PutUserPolicy\` and \`iam:PutRolePolicy\` are as strong as an administrator: AWS can limit whom a policy is put on, and not
what it says. Only denies are ever put, and the policy keeps what is Countersign's own out of reach of every change that it allows: it
calls the role in each account \`${OWN.role}\`, the one for service control policies \`${OWN.policyRole}\`, and the user or role that
Countersign runs under \`${OWN.base}\`. Write your names in their place where yours are others. Without the two permissions these
actions fail with words that say so, and everything else works.

Where \`aws.serviceControlPolicyRole\` is set: one more role, in the organisation's management account or in one that administers
policies for it, with [iam-policy-management.json](iam-policy-management.json). It is about single accounts, never about the root or an
organisational unit. AWS cannot limit it to the policies that Countersign makes: those have no ARN before they are made, and whoever
may tag one may tag any. So this role could also take a guardrail of yours off an account, delete a policy that is attached nowhere, and
bind an account by a policy of its own; it can rewrite none, and touches none of AWS's. Deny it \`organizations:AttachPolicy\`,
\`organizations:DetachPolicy\` and \`organizations:DeletePolicy\` on the ARNs of your guardrails.

${awsTable()}

Let nobody but Countersign assume these roles: any call by an account's role that is not in the audit trail opens a critical case.
Their trust policy, with the identity that Countersign runs under:

\`\`\`json
${JSON.stringify(trustPolicy, null, 2)}
\`\`\`
`;
