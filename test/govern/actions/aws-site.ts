// Made-up AWS accounts with a user, a role, keys and somebody from IAM Identity Center: the scene of the actions on AWS identities.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../src/case/json.ts';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import {
  type AccessKeyTarget,
  type IamRoleTarget,
  type IamUserTarget,
  type SsoSessionTarget,
  type Target,
  targetKey,
} from '../../../src/case/target.ts';
import type { World } from '../../../src/govern/action.ts';
import { settings as base } from '../../helpers/cases.ts';
import { createFakeWorld, type FakeState, worldOf } from '../../helpers/fake-world.ts';

export const ACCOUNT = '123456789012';
export const MANAGEMENT = '444455556666';
export const NOW = '2026-03-02T10:05:00.000Z';
/** Of the case that every task here belongs to. */
export const REF = 'K7M2PQRS';

export const alex: IamUserTarget = { kind: 'iam-user', account: ACCOUNT, name: 'alex' };
export const deploy: IamRoleTarget = { kind: 'iam-role', account: ACCOUNT, name: 'Deploy' };
export const key: AccessKeyTarget = {
  ...{ kind: 'access-key', account: ACCOUNT, user: 'alex' },
  id: 'AKIAIOSFODNN7EXAMPLE',
};
export const otherKey: AccessKeyTarget = { ...key, id: 'AKIAI44QH8DHBEXAMPLE' };
export const session: SsoSessionTarget = {
  ...{ kind: 'sso-session', account: ACCOUNT, user: 'alex@contoso.example' },
  role: 'AWSReservedSSO_Admin_0123456789abcdef',
};
export const ssoRole: IamRoleTarget = { kind: 'iam-role', account: ACCOUNT, name: session.role };
export const SSO_PATH = '/aws-reserved/sso.amazonaws.com/eu-central-1/';
export const SSO_ARN = `arn:aws:iam::${ACCOUNT}:role${SSO_PATH}${session.role}`;

export const SSO_ROLE_ID = 'AROAEXAMPLE';

/** A deny of everything, as a case writes it. */
export const denyBy = (sid: string, condition?: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: sid, Effect: 'Deny', Action: '*', Resource: '*', ...(condition && { Condition: condition }) },
  ],
});

/** What an administrator may have written under any name. */
export const FOREIGN: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Mine', Effect: 'Deny', Action: 's3:*', Resource: '*' }],
};

export const scpName = ({ account, role, user }: SsoSessionTarget): string =>
  `CountersignDeny-${createHash('sha256')
    .update(JSON.stringify([account, role, user]))
    .digest('hex')
    .slice(0, 20)}`;

export interface AwsSite {
  readonly world: World;
  readonly settings: OperatorSettings;
  readonly state: FakeState;
  readonly done: Readonly<Record<string, number>>;
  /** What is in AWS, for comparing. */
  picture(): unknown;
}

export interface AwsSiteParts {
  readonly aws?: Partial<OperatorSettings['aws']>;
  readonly ownArns?: readonly string[];
  /** The path of the role `Deploy` or of the user `alex`. */
  readonly path?: string;
  readonly now?: () => number;
}

export const arnOf = ({ kind, account, name }: IamUserTarget | IamRoleTarget, path = '/'): string =>
  `arn:aws:iam::${account}:${kind === 'iam-user' ? 'user' : 'role'}${path}${name}`;

export function createAwsSite({ aws = {}, ownArns = [], path = '/', now }: AwsSiteParts = {}): AwsSite {
  const fake = createFakeWorld();
  const { state } = fake;
  for (const principal of [alex, deploy])
    state.principals.set(targetKey(principal), { arn: arnOf(principal, path), path });
  state.principals.set(targetKey(ssoRole), { arn: SSO_ARN, path: SSO_PATH, uniqueId: SSO_ROLE_ID });
  state.managementAccount = MANAGEMENT;
  state.keys.set(targetKey(alex), [
    { id: key.id, active: true },
    { id: otherKey.id, active: true },
  ]);
  const settings: OperatorSettings = {
    ...base,
    aws: {
      ...base.aws,
      serviceControlPolicyRole: `arn:aws:iam::${MANAGEMENT}:role/CountersignPolicies`,
      ...aws,
    },
  };
  const world = worldOf(fake, {
    settings,
    clock: { now: now ?? (() => Date.parse(NOW)) },
    identities: { ...fake.world.identities, ownArns: async () => ownArns },
  });
  return {
    world,
    settings,
    state,
    done: fake.done,
    picture: () => ({
      keys: [...state.keys],
      inline: [...state.inlinePolicies].sort(),
      organisation: [...state.accountPolicies].map(([name, { policy, attached }]) => ({
        name,
        policy,
        attached,
      })),
    }),
  };
}

/** Puts an inline policy where an earlier decision, or somebody else, may have put it. */
export const setInline = (
  { state }: AwsSite,
  target: IamUserTarget | IamRoleTarget,
  name: string,
  policy: JsonObject,
): void => void state.inlinePolicies.set(`${targetKey(target)} ${name}`, policy);

export const inlineOf = (
  { state }: AwsSite,
  target: IamUserTarget | IamRoleTarget,
  name: string,
): JsonObject | null => state.inlinePolicies.get(`${targetKey(target)} ${name}`) ?? null;

export const setScp = ({ state }: AwsSite, policy: JsonObject, attached = true): void =>
  void state.accountPolicies.set(`${ACCOUNT} ${scpName(session)}`, { id: 'p-1', policy, attached });

export const aims = (callers: readonly Target[], targets: readonly Target[] = []) => ({
  ...{ subject: null, callers },
  targets,
});
