// For every action a world in which it has something to do: for tests that run the whole catalogue. A law asks for one each.
import type { OperatorSettings } from '../../src/case/settings.ts';
import { type IamUserTarget, type Target, targetKey } from '../../src/case/target.ts';
import { DENY_POLICY, denyOf } from '../../src/govern/aws/explicit-denies.ts';
import { policyName, ssoDenyOf } from '../../src/govern/aws/sso-denies.ts';
import { settings } from './cases.ts';
import { type FakeWorld, SUSPECT } from './fake-world.ts';

export interface ActionScene {
  readonly target: Target;
  /** Over the settings of all tests. */
  readonly settings?: Partial<OperatorSettings>;
  set(world: FakeWorld): void;
  /**
   * Of several calls, those that may be made once more after a crash between them: they converge. Everything else is done
   * exactly as often as without a crash.
   */
  readonly mayRepeat?: readonly string[];
}

const ACCOUNT = '123456789012';
const GROUP = '6a0c1f2e-3b4d-4c5e-8f60-718293a4b5c6';
const APP = '0f2b8a6e-7c1d-4e39-9a45-b6c7d8e9f0a1';
const PRINCIPAL = '9d8c7b6a-5f4e-4d3c-8b2a-190817263544';
const GRAPH_API = '11111111-2222-4333-8444-555555555555';
const REGION = 'eu-central-1';
const CASE_REF = 'K7M2PQRS';
const OUTSIDER = '444455556666';

const user = { kind: 'user', id: SUSPECT.id, label: SUSPECT.displayName } as const;
const bucket = { kind: 'bucket', account: ACCOUNT, region: REGION, name: 'contoso-invoices' } as const;
const object = {
  kind: 'object',
  account: ACCOUNT,
  region: REGION,
  bucket: bucket.name,
  key: 'list.csv',
} as const;
const iamUser: IamUserTarget = { kind: 'iam-user', account: ACCOUNT, name: 'ci' };
const iamRole = { kind: 'iam-role', account: ACCOUNT, name: 'deploy' } as const;
const key = { kind: 'access-key', account: ACCOUNT, user: 'ci', id: 'AKIAEXAMPLE000000001' } as const;
const sso = {
  kind: 'sso-session',
  account: ACCOUNT,
  role: 'AWSReservedSSO_Admin_0123456789abcdef',
  user: 'alex@contoso.example',
} as const;
const SSO_ARN = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${sso.role}`;
const SSO_ROLE_ID = 'AROAEXAMPLE';
const withScp: Partial<OperatorSettings> = {
  aws: { ...settings.aws, serviceControlPolicyRole: 'arn:aws:iam::444455556666:role/CountersignManagement' },
};
const everybody = { uri: 'http://acs.amazonaws.com/groups/global/AllUsers', permission: 'READ' } as const;
const own = { canonicalId: 'a'.repeat(64), permission: 'FULL_CONTROL' } as const;

const withUser = ({ state }: FakeWorld): void =>
  void state.principals.set(targetKey(iamUser), { arn: `arn:aws:iam::${ACCOUNT}:user/ci`, path: '/' });
const withRole = ({ state }: FakeWorld): void =>
  void state.principals.set(targetKey(iamRole), { arn: `arn:aws:iam::${ACCOUNT}:role/deploy`, path: '/' });
const withSsoRole = ({ state }: FakeWorld): void =>
  void state.principals.set(targetKey({ kind: 'iam-role', account: ACCOUNT, name: sso.role }), {
    arn: SSO_ARN,
    path: '/aws-reserved/sso.amazonaws.com/',
    uniqueId: SSO_ROLE_ID,
  });
const withKey =
  (active: boolean) =>
  (world: FakeWorld): void => {
    withUser(world);
    world.state.keys.set(targetKey(iamUser), [{ id: key.id, active }]);
  };
const withGroup = ({ state }: FakeWorld): void =>
  void state.groups.set(GROUP, {
    id: GROUP,
    displayName: 'Finance',
    dynamic: false,
    synced: false,
    roleAssignable: false,
  });
const nothing = (): void => {};
const SID = 'S-1-5-21-1';
const inDirectory =
  (enabled: boolean) =>
  ({ state }: FakeWorld): void => {
    const known = state.users.get(SUSPECT.id);
    if (known) state.users.set(SUSPECT.id, { ...known, enabled, synced: true, securityIdentifier: SID });
    state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled });
  };

export const ACTION_SCENES: Readonly<Record<string, ActionScene>> = {
  'entra.user.notify': { target: user, set: nothing },
  'entra.user.revoke-sessions': { target: user, set: nothing },
  'entra.user.suspend': { target: user, set: nothing },
  'entra.user.unsuspend': {
    target: user,
    set({ state }) {
      const now = state.users.get(SUSPECT.id);
      if (now) state.users.set(SUSPECT.id, { ...now, enabled: false });
    },
  },
  'entra.user.confirm-compromised': { target: user, set: nothing },
  'entra.user.dismiss-risk': {
    target: user,
    set: ({ state }) =>
      void state.risks.set(SUSPECT.id, { level: 'high', state: 'atRisk', updatedAt: '2026-11-21T09:00:00Z' }),
  },
  'entra.user.force-password-change': { target: user, set: nothing },
  'entra.user.restrict-downloads': {
    target: user,
    settings: { users: { ...settings.users, restrictDownloadsGroup: GROUP } },
    set: withGroup,
  },
  'entra.group.remove-member': {
    target: {
      kind: 'membership',
      user: SUSPECT.id,
      userLabel: SUSPECT.displayName,
      group: GROUP,
      label: 'Finance',
    },
    set(world) {
      withGroup(world);
      world.state.members.add(`${GROUP} ${SUSPECT.id}`);
    },
  },
  'entra.app.revoke-grant': {
    target: {
      kind: 'app-grant',
      user: SUSPECT.id,
      userLabel: SUSPECT.displayName,
      app: APP,
      label: 'Helper',
    },
    set({ state }) {
      state.apps.set(APP, { id: PRINCIPAL, displayName: 'Helper' });
      state.grants.set(`${SUSPECT.id} ${PRINCIPAL}`, [
        { id: 'grant-1', resource: GRAPH_API, scope: 'Mail.Read' },
      ]);
      state.roles.set(`${SUSPECT.id} ${PRINCIPAL}`, [{ id: 'role-1', resource: PRINCIPAL, role: 'user' }]);
    },
  },
  'aws.iam.deactivate-key': { target: key, set: withKey(true) },
  'aws.iam.reactivate-key': { target: key, set: withKey(false) },
  'aws.iam.attach-deny': { target: iamUser, set: withUser },
  'aws.iam.detach-deny': {
    target: iamUser,
    set(world) {
      withUser(world);
      world.state.inlinePolicies.set(`${targetKey(iamUser)} ${DENY_POLICY}`, denyOf(CASE_REF));
    },
  },
  'aws.iam.revoke-role-sessions': { target: iamRole, set: withRole },
  'aws.organizations.deny-sso-user': { target: sso, settings: withScp, set: withSsoRole },
  'aws.organizations.allow-sso-user': {
    target: sso,
    settings: withScp,
    set(world) {
      withSsoRole(world);
      world.state.accountPolicies.set(`${ACCOUNT} ${policyName(sso)}`, {
        id: 'p-1',
        policy: ssoDenyOf(CASE_REF, sso, { arn: SSO_ARN, uniqueId: SSO_ROLE_ID }) ?? {},
        attached: true,
      });
    },
  },
  'aws.s3.make-bucket-private': { target: bucket, set: nothing, mayRepeat: ['policy', 'acl', 'block'] },
  'aws.s3.remove-collaborator': {
    target: {
      kind: 'collaborator',
      account: ACCOUNT,
      region: REGION,
      bucket: bucket.name,
      principal: OUTSIDER,
    },
    set: ({ state }) =>
      void state.buckets.set(targetKey(bucket), {
        acl: { ownerId: own.canonicalId, grants: [own] },
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Partner',
              Effect: 'Allow',
              Principal: { AWS: [`arn:aws:iam::${OUTSIDER}:root`, `arn:aws:iam::${ACCOUNT}:root`] },
              Action: 's3:GetObject',
              Resource: `arn:aws:s3:::${bucket.name}/*`,
            },
          ],
        },
        publicAccessBlock: null,
      }),
    mayRepeat: ['policy', 'acl'],
  },
  'aws.s3.block-account-public-access': {
    target: { kind: 'aws-account', account: ACCOUNT },
    set: nothing,
  },
  'aws.s3.make-object-private': {
    target: object,
    set({ state }) {
      const acl = { ownerId: own.canonicalId, grants: [own, everybody] };
      state.buckets.set(targetKey(bucket), {
        acl: { ownerId: own.canonicalId, grants: [own] },
        policy: null,
        publicAccessBlock: null,
      });
      state.objectAcls.set(targetKey(object), acl);
    },
  },
};

const BOTH = ['ad-disable', 'disable', 'ad-enable', 'enable'];

/** The same actions on somebody whom on-premises Active Directory owns. */
export const SYNCED_SCENES: Readonly<Record<string, ActionScene>> = {
  'entra.user.suspend': { target: user, set: inDirectory(true), mayRepeat: BOTH },
  'entra.user.unsuspend': { target: user, set: inDirectory(false), mayRepeat: BOTH },
  'entra.user.force-password-change': {
    target: user,
    set: inDirectory(true),
    mayRepeat: ['ad-forcePasswordReset'],
  },
};
