// Whom a bucket's policy and access list name, and both without one of them. Pure. Deny statements, statements for everyone,
// AWS services and groups name no collaborator; conditions that only certain accounts or ARNs can meet name those.
import { callersIn, changeCallers, changeEach } from './condition-callers.ts';
import type { Json, JsonObject } from './json.ts';
import { field, isDeny, isFixed, isObject, listOf } from './policy-parts.ts';
import { isCanonicalId, principalId } from './principal-names.ts';
import {
  type AclGrant,
  type BucketAccess,
  type BucketAcl,
  changeStatements,
  statementsOf,
} from './public-access.ts';

const isPrincipalKey = (key: string): boolean => key.toLowerCase() === 'principal';
const isConditionKey = (key: string): boolean => key.toLowerCase() === 'condition';
const isAllow = (statement: Json): statement is JsonObject => isObject(statement) && !isDeny(statement);
/** Services are no collaborators: what they may do is limited by the statement's conditions. */
const isPeople = (type: string): boolean => type.toLowerCase() !== 'service';

/** An account id may stand there as a number. */
const nameOf = (name: Json): Json =>
  typeof name === 'number' && /^\d{12}$/.test(String(name)) ? String(name) : name;
const textsAmong = (names: readonly Json[]): readonly string[] =>
  names.map(nameOf).filter((name) => typeof name === 'string');

/** As the statement writes them, wildcards included. */
function principalsIn(statement: JsonObject): readonly string[] {
  const principals = Object.entries(statement).flatMap(([key, value]) =>
    isPrincipalKey(key) ? [value] : [],
  );
  return textsAmong(
    principals.flatMap((principal) =>
      isObject(principal)
        ? Object.entries(principal).flatMap(([type, named]) => (isPeople(type) ? listOf(named) : []))
        : listOf(principal),
    ),
  );
}

/** Principals, and callers whom a condition names. */
const namesIn = (statement: JsonObject): readonly string[] => [
  ...principalsIn(statement),
  ...textsAmong(
    Object.entries(statement).flatMap(([key, value]) => (isConditionKey(key) ? callersIn(value) : [])),
  ),
];

/** Whether any statement names somebody by a canonical id, which says nothing of the account. */
export const namesCanonicalUsers = (policy: JsonObject | null): boolean =>
  statementsOf(policy).some((each) => isObject(each) && principalsIn(each).some(isCanonicalId));

const granteeOf = ({ canonicalId, email }: AclGrant): string | undefined => canonicalId ?? email;

/** Canonical id of the bucket's own account, where it is known. */
export const ownerIdOf = ({ acl, ownerId }: BucketAccess): string | undefined => acl?.ownerId ?? ownerId;

/** Everybody whom the Allow statements and the access list name, each once, in the order in which they are written. */
export function principalsOf({ policy, acl }: Pick<BucketAccess, 'policy' | 'acl'>): readonly string[] {
  const inPolicy = statementsOf(policy).flatMap((each) => (isAllow(each) ? namesIn(each) : []));
  const inAcl = (acl?.grants ?? []).flatMap((grant) => granteeOf(grant) ?? []);
  return [...new Set([...inPolicy, ...inAcl].filter(isFixed).map(principalId))];
}

/** The Allow statements that name this principal, as they are. */
export function statementsNaming(policy: JsonObject | null, principal: string): readonly JsonObject[] {
  const wanted = principalId(principal);
  return statementsOf(policy).filter(
    (each): each is JsonObject => isAllow(each) && namesIn(each).some((name) => principalId(name) === wanted),
  );
}

export const grantsNaming = (acl: BucketAcl | null, principal: string): readonly AclGrant[] =>
  (acl?.grants ?? []).filter((grant) => granteeOf(grant) === principal);

/** Allow statements for everybody but some: nobody can be taken out of them. */
export const statementsForAllBut = (policy: JsonObject | null): readonly Json[] =>
  statementsOf(policy).filter((each) => isAllow(each) && field(each, 'notprincipal') !== undefined);

/** Undefined when nobody is left. What did not name the principal comes back as it was. */
function withoutName(named: Json, wanted: string): Json | undefined {
  const isWanted = (name: Json): boolean => {
    const text = nameOf(name);
    return typeof text === 'string' && principalId(text) === wanted;
  };
  if (!Array.isArray(named)) return isWanted(named) ? undefined : named;
  if (!named.some(isWanted)) return named;
  const others = named.filter((name) => !isWanted(name));
  return others.length === 0 ? undefined : others;
}

function withoutPrincipalIn(principal: Json, wanted: string): Json | undefined {
  if (!isObject(principal)) return withoutName(principal, wanted);
  const left = Object.entries(principal).flatMap(([type, named]) => {
    const others = isPeople(type) ? withoutName(named, wanted) : named;
    return others === undefined ? [] : [[type, others] as const];
  });
  return left.some(([, named]) => listOf(named).length > 0) ? Object.fromEntries(left) : undefined;
}

function statementWithout(statement: JsonObject, wanted: string): JsonObject | undefined {
  return changeEach(statement, (key, value) => {
    if (isPrincipalKey(key)) return withoutPrincipalIn(value, wanted);
    return isConditionKey(key) ? changeCallers(value, (callers) => withoutName(callers, wanted)) : value;
  });
}

/** What of a statement is not about whom it names. */
export const withoutNames = (statement: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(statement).flatMap(([key, value]) => {
      if (isPrincipalKey(key)) return [];
      return [[key, isConditionKey(key) ? (changeCallers(value, () => []) ?? null) : value] as const];
    }),
  );

/**
 * The policy in which no Allow names this principal: statements that named nobody else are gone, and with the last of them the
 * policy (null). Every other statement comes back as it was.
 */
export function withoutPrincipal(policy: JsonObject | null, principal: string): JsonObject | null {
  const naming = new Set<Json>(statementsNaming(policy, principal));
  if (!policy || naming.size === 0) return policy;
  const wanted = principalId(principal);
  return changeStatements(policy, (statement) =>
    isObject(statement) && naming.has(statement) ? statementWithout(statement, wanted) : statement,
  );
}

export function withoutGrantsOf(acl: BucketAcl, principal: string): BucketAcl {
  const theirs = new Set(grantsNaming(acl, principal));
  return { ...acl, grants: acl.grants.filter((grant) => !theirs.has(grant)) };
}
