// docs/permissions.md: everything that Countersign must be allowed to do, what for, and how to grant it.

import { AWS_READS } from '../../src/adapters/aws/permissions.ts';
import { SESSION_NAME } from '../../src/adapters/aws/role-credentials.ts';
import { GRAPH_PERMISSIONS } from '../../src/adapters/graph/permissions.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { awsPermissions } from './iam-policy.ts';
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
      Principal: { AWS: 'arn:aws:iam::123456789012:role/countersign-service' },
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

The account of an administrator could only be suspended with a directory role on top; Countersign never does that.
A sender of alerts (Sentinel, a Logic App, a relay) needs none of these, but the app role that \`COUNTERSIGN_ALERTS_ROLE\` names.

## AWS

In each account of the settings file: one role with [iam-policy.json](iam-policy.json). In the partitions \`aws-us-gov\` and
\`aws-cn\`, change \`arn:aws:\` in it accordingly. The identity that Countersign runs under needs \`sts:AssumeRole\` on these
roles, and nothing else.

\`iam:PutUserPolicy\` and \`iam:PutRolePolicy\` are as strong as an administrator: AWS can limit whom a policy is put on, and not
what it says. Only denies are ever put, and the policy keeps Countersign's own role out of reach; it names that role
\`Countersign\`, so give it another name there when yours has one, and add the user or role that Countersign runs under. Without
the two permissions these actions fail with words that say so, and everything else works.

Where \`aws.serviceControlPolicyRole\` is set: one more role, in the organisation's management account, with
[iam-policy-management.json](iam-policy-management.json). It binds single accounts, never the root nor an organisational unit.

${awsTable()}

Let nobody but Countersign assume these roles: any call by an account's role that is not in the audit trail opens a critical case.
Their trust policy, with the identity that Countersign runs under:

\`\`\`json
${JSON.stringify(trustPolicy, null, 2)}
\`\`\`
`;
