// What the stand-ins for IAM and Organizations know. Plain JSON, so that it can be kept.
import type { JsonObject } from '../../case/json.ts';

export type KeyState = { readonly id: string; readonly active: boolean };
export type InlinePolicies = Readonly<Record<string, JsonObject>>;

/** Secrets are no part of it: whoever holds one is among the callers. */
export type UserState = {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly keys: readonly KeyState[];
  readonly policies: InlinePolicies;
};
export type RoleState = {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly policies: InlinePolicies;
};
export type ServiceControlPolicy = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** As it was sent. */
  readonly content: string;
  /** Account ids. */
  readonly targets: readonly string[];
  readonly awsManaged: boolean;
};

export type IamState = {
  readonly users: readonly UserState[];
  readonly roles: readonly RoleState[];
  readonly policies: readonly ServiceControlPolicy[];
};

/** An organisation as a scenario describes it. */
export interface Organisation {
  readonly id: string;
  /** The account whose roles may write service control policies. */
  readonly management: string;
  readonly members: readonly string[];
}

export interface IamSeed {
  readonly users?: readonly (Pick<UserState, 'account' | 'name'> & Partial<UserState>)[];
  readonly roles?: readonly (Pick<RoleState, 'account' | 'name'> & Partial<RoleState>)[];
}

export const userArn = ({ account, path, name }: Pick<UserState, 'account' | 'path' | 'name'>): string =>
  `arn:aws:iam::${account}:user${path}${name}`;
export const roleArn = ({ account, path, name }: Pick<RoleState, 'account' | 'path' | 'name'>): string =>
  `arn:aws:iam::${account}:role${path}${name}`;

/** AWS attaches it to every account of an organisation with service control policies. */
const fullAccess = ({ management, members }: Organisation): ServiceControlPolicy => ({
  id: 'p-FullAWSAccess',
  name: 'FullAWSAccess',
  description: 'Allows access to every operation',
  content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  targets: [management, ...members],
  awsManaged: true,
});

export const createIamState = (seed: IamSeed, organisation: Organisation | null): IamState => ({
  users: (seed.users ?? []).map((user) => ({ path: '/', keys: [], policies: {}, ...user })),
  roles: (seed.roles ?? []).map((role) => ({ path: '/', policies: {}, ...role })),
  policies: organisation ? [fullAccess(organisation)] : [],
});
