// docs/permissions.md: everything that Countersign must be allowed to do, what for, and how to grant it.

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
  const rows = awsPermissions().map((permission) => [code(permission), codes(neededBy('aws', permission))]);
  return table(['permission', 'actions that need it'], rows);
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

${awsTable()}

Let nobody but Countersign assume the role: any call by it that is not in the audit trail opens a critical case. Its trust
policy, with the identity that Countersign runs under:

\`\`\`json
${JSON.stringify(trustPolicy, null, 2)}
\`\`\`
`;
