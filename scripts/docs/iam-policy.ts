// docs/iam-policy.json: the permissions of the one role that Countersign has in each AWS account, and not one more.
import { ACTIONS } from '../../src/govern/actions/index.ts';

export const page = 'docs/iam-policy.json';

export const awsPermissions = (): readonly string[] =>
  [...new Set([...ACTIONS.values()].flatMap((action) => action.permissions.aws ?? []))].sort();

export const render = (): string =>
  `${JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'CountersignGovernance',
          Effect: 'Allow',
          Action: awsPermissions(),
          Resource: 'arn:aws:s3:::*',
          // A bucket of another account stays out of reach, even one that would let this role in.
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM's.
          Condition: { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
        },
      ],
    },
    null,
    2,
  )}\n`;
