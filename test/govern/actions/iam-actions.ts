// Every action on AWS identities, each on a scene in which it has something to do: for sweeps.
import assert from 'node:assert/strict';
import { type Target, targetKey } from '../../../src/case/target.ts';
import type { GovernanceAction } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import {
  type AwsSite,
  type AwsSiteParts,
  alex,
  createAwsSite,
  denyBy,
  deploy,
  key,
  SSO_ARN,
  SSO_ROLE_ID,
  session,
  setInline,
  setScp,
} from './aws-site.ts';

export interface IamSample {
  readonly name: string;
  readonly action: GovernanceAction;
  readonly target: Target;
  site(parts?: AwsSiteParts): AwsSite;
}

type Dress = (site: AwsSite) => void;

function sample(id: string, target: Target, dress: Dress = () => {}): IamSample {
  const action = ACTIONS.get(id);
  assert.ok(action, id);
  return {
    name: `${id} on ${target.kind}`,
    action,
    target,
    site: (parts) => {
      const site = createAwsSite(parts);
      dress(site);
      return site;
    },
  };
}

export const SSO_CONDITION = {
  ArnEquals: { 'aws:PrincipalArn': SSO_ARN },
  StringEqualsIgnoreCase: { 'aws:userid': `${SSO_ROLE_ID}:${session.user}` },
};
const revoked = denyBy('Countersign0TH3RCASErun0', {
  DateLessThan: { 'aws:TokenIssueTime': '2026-03-01T10:00:00.000Z' },
});

export const IAM_SAMPLES: readonly IamSample[] = [
  sample('aws.iam.deactivate-key', key),
  sample('aws.iam.reactivate-key', key, ({ state }) =>
    state.keys.set(targetKey(alex), [{ id: key.id, active: false }]),
  ),
  sample('aws.iam.attach-deny', alex),
  sample('aws.iam.attach-deny', deploy),
  ...[alex, deploy].map((principal) =>
    sample('aws.iam.detach-deny', principal, (site) =>
      setInline(site, principal, 'CountersignDeny', denyBy('Countersign0TH3RCAS')),
    ),
  ),
  sample('aws.iam.revoke-role-sessions', deploy),
  {
    ...sample('aws.iam.revoke-role-sessions', deploy, (site) =>
      setInline(site, deploy, 'CountersignRevokeOlderSessions', revoked),
    ),
    name: 'aws.iam.revoke-role-sessions after an earlier one',
  },
  sample('aws.organizations.deny-sso-user', session),
  {
    ...sample('aws.organizations.deny-sso-user', session, (site) =>
      setScp(site, denyBy('Countersign0TH3RCAS', SSO_CONDITION), false),
    ),
    name: 'aws.organizations.deny-sso-user where the policy lies unattached',
  },
  sample('aws.organizations.allow-sso-user', session, (site) =>
    setScp(site, denyBy('Countersign0TH3RCAS', SSO_CONDITION)),
  ),
];
