// The changing part of the stand-ins for IAM and Organizations, and the authorised path to it: one request in, one answer out.
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../case/json.ts';
import { identityAllows } from '../s3/access.ts';
import type { Caller, IdentityGate } from '../s3/callers.ts';
import { createFaults, type Faults } from '../s3/faults.ts';
import type { XmlNode } from '../s3/xml.ts';
import type { IamFault } from './faults.ts';
import { createGate } from './gate.ts';
import { IamError } from './iam-error.ts';
import { ORGANIZATIONS_OPERATIONS } from './organizations-operations.ts';
import { QUERY_OPERATIONS, resourceText } from './query-operations.ts';
import {
  createIamState,
  type IamSeed,
  type IamState,
  type Organisation,
  type RoleState,
  type UserState,
} from './state.ts';

export interface IamWorldOptions {
  readonly seed: IamSeed;
  /** None: every call to Organizations is refused. */
  readonly organisation?: Organisation | undefined;
  /** What an earlier world left behind; takes the place of `seed`. */
  readonly state?: IamState | undefined;
  /** Called with the whole state after every change. It must not throw. */
  readonly onChange?: ((state: IamState) => void) | undefined;
  /** Entries on one page of a list; 20, as Organizations has it. */
  readonly pageSize?: number | undefined;
}

/** What was asked, for tests that show what was called and what was not. */
export interface RecordedIamCall {
  readonly operation: string;
  /** ARN, or `unknown`. */
  readonly caller: string;
  readonly status: number;
  readonly requestId: string;
}

export interface IamWorld {
  readonly faults: Faults<IamFault>;
  /** The latest thousand calls, oldest first. */
  readonly calls: readonly RecordedIamCall[];
  /** For the stand-in S3, so that what is changed here has its effect there. */
  readonly gate: IdentityGate;
  state(): IamState;
  /** Somebody else changed it. */
  change(edit: (state: IamState) => IamState): void;
}

/** The server's side of the world. Throws IamError. */
export interface IamEngine extends IamWorld {
  query(caller: Caller, form: URLSearchParams): readonly XmlNode[];
  organizations(caller: Caller, operation: string, input: JsonObject): JsonObject;
  record(call: RecordedIamCall): void;
}

const MAX_CALLS = 1000;

export function createIamWorld(options: IamWorldOptions): IamEngine {
  const { organisation, pageSize = 20 } = options;
  const calls: RecordedIamCall[] = [];
  let current = options.state ?? createIamState(options.seed, organisation ?? null);

  function change(edit: (state: IamState) => IamState): void {
    current = edit(current);
    options.onChange?.(current);
  }
  const same =
    <One extends UserState | RoleState>(next: One) =>
    (one: One): One =>
      one.account === next.account && one.name === next.name ? next : one;

  return {
    faults: createFaults<IamFault>(),
    calls,
    gate: createGate(() => current, organisation?.management ?? null),
    state: () => structuredClone(current),
    change,
    record(call) {
      calls.push(call);
      if (calls.length > MAX_CALLS) calls.shift();
    },
    query(caller, form) {
      const name = form.get('Action') ?? '';
      const operation = QUERY_OPERATIONS.get(name);
      if (!operation)
        throw new IamError('InvalidAction', `Could not find operation ${name} for version 2010-05-08`);
      if (!identityAllows(caller, `iam:${name}`))
        throw new IamError('AccessDenied', refusal(caller, `iam:${name}`, resourceText(form)));
      return operation({
        caller,
        form,
        users: current.users,
        roles: current.roles,
        pageSize,
        saveUser: (next) => change((state) => ({ ...state, users: state.users.map(same(next)) })),
        saveRole: (next) => change((state) => ({ ...state, roles: state.roles.map(same(next)) })),
      });
    },
    organizations(caller, name, input) {
      const operation = ORGANIZATIONS_OPERATIONS.get(name);
      if (!operation) throw new IamError('InvalidAction', `There is no operation ${name}`);
      // AWS says no more than this to other accounts of the organisation, and to strangers.
      if (!organisation || caller.account.id !== organisation.management)
        throw new IamError('AccessDeniedException', "You don't have permissions to access this resource.");
      if (!identityAllows(caller, `organizations:${name}`))
        throw new IamError('AccessDeniedException', refusal(caller, `organizations:${name}`, '*'));
      return operation({
        input,
        organisation,
        policies: current.policies,
        pageSize,
        newId: () => `p-${randomBytes(4).toString('hex')}`,
        savePolicies: (policies) => change((state) => ({ ...state, policies })),
      });
    },
  };
}

/** ("Access denied error messages" in the IAM user guide.) */
const refusal = ({ arn }: Caller, action: string, resource: string): string =>
  `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
