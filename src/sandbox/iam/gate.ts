// What IAM and the organisation say of a caller at the stand-in S3: keys that were deactivated, and explicit denies.
import type { Json, JsonObject } from '../../case/json.ts';
import type { IdentityGate } from '../s3/callers.ts';
import { isObject, listOf, matchStatement, type PolicyRequest } from '../s3/policy-language.ts';
import { type IamState, roleArn, userArn } from './state.ts';

const isDeniedBy = (policy: JsonObject, request: PolicyRequest): boolean =>
  listOf(policy.Statement).some(
    (statement: Json) =>
      isObject(statement) &&
      statement.Effect === 'Deny' &&
      // Identity policies and service control policies name no principal: they are about whoever has them.
      matchStatement({ ...statement, Principal: '*' }, request) !== null,
  );

/** `management`: the account that manages the organisation, whose own policies do not bind it ("Service control policies"). */
export function createGate(state: () => IamState, management: string | null): IdentityGate {
  return {
    // Keys that IAM does not know are the stand-in's own.
    isKeyActive: (id) =>
      state()
        .users.flatMap(({ keys }) => keys)
        .every((key) => key.id !== id || key.active),
    denies(request) {
      const { caller } = request;
      if (!caller) return false;
      const { users, roles, policies } = state();
      const inline = [
        ...users.filter((user) => caller.arns.includes(userArn(user))),
        ...roles.filter((role) => caller.arns.includes(roleArn(role))),
      ].flatMap((principal) => Object.values(principal.policies));
      const control = policies
        .filter(({ targets }) => caller.account !== management && targets.includes(caller.account))
        .map(({ content }) => JSON.parse(content) as JsonObject);
      return [...inline, ...control].some((policy) => isDeniedBy(policy, request));
    },
  };
}
