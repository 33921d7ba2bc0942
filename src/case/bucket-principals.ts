// Whom a bucket's policy and access list name, and both without one of them. Pure. Deny statements, statements for everyone,
// AWS services and groups name no collaborator. Source of the spellings: "AWS JSON policy elements: Principal" in the IAM guide.
import type { Json, JsonObject } from './json.ts';
import {
  type AclGrant,
  type BucketAccess,
  type BucketAcl,
  changeStatements,
  field,
  isDeny,
  isObject,
  listOf,
  statementsOf,
} from './public-access.ts';

const ROOT = /^arn:[\w-]+:iam::(\d{12}):root$/;
const ACCOUNT = /^\d{12}$/;
/** What AWS puts in the place of a role or user that was deleted. ("IAM identifiers", unique ids.) */
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/;
const CANONICAL_ID = /^[\da-f]{64}$/i;

/** One text per principal: an account is its twelve digits, however it is written. */
export const principalId = (name: string): string => ROOT.exec(name)?.[1] ?? name;

/** The account that a principal is or belongs to; null where its name does not say so. */
export const accountOfPrincipal = (name: string): string | null =>
  ACCOUNT.test(name) ? name : (/^arn:[\w-]+:(?:iam|sts)::(\d{12}):/.exec(name)?.[1] ?? null);

export const isDeletedPrincipal = (name: string): boolean => UNIQUE_ID.test(name);
export const isCanonicalId = (name: string): boolean => CANONICAL_ID.test(name);

const isPrincipalKey = (key: string): boolean => key.toLowerCase() === 'principal';
const isAllow = (statement: Json): statement is JsonObject => isObject(statement) && !isDeny(statement);
/** Services are no collaborators: what they may do is limited by the statement's conditions. */
const isPeople = (type: string): boolean => type.toLowerCase() !== 'service';

/** As the statement writes them, wildcards included. */
function namesIn(statement: JsonObject): readonly string[] {
  const principals = Object.entries(statement).flatMap(([key, value]) =>
    isPrincipalKey(key) ? [value] : [],
  );
  const names = principals.flatMap((principal) =>
    isObject(principal)
      ? Object.entries(principal).flatMap(([type, named]) => (isPeople(type) ? listOf(named) : []))
      : listOf(principal),
  );
  return names.filter((name) => typeof name === 'string');
}

/** Whether any statement names somebody by a canonical id, which says nothing of the account. */
export const namesCanonicalUsers = (policy: JsonObject | null): boolean =>
  statementsOf(policy).some((each) => isObject(each) && namesIn(each).some(isCanonicalId));

const isSomebody = (name: string): boolean => name !== '' && !/[*?$]/.test(name);

const granteeOf = ({ canonicalId, email }: AclGrant): string | undefined => canonicalId ?? email;

/** Canonical id of the bucket's own account, where it is known. */
export const ownerIdOf = ({ acl, ownerId }: BucketAccess): string | undefined => acl?.ownerId ?? ownerId;

/** Everybody whom the Allow statements and the access list name, each once, in the order in which they are written. */
export function principalsOf({ policy, acl }: Pick<BucketAccess, 'policy' | 'acl'>): readonly string[] {
  const inPolicy = statementsOf(policy).flatMap((each) => (isAllow(each) ? namesIn(each) : []));
  const inAcl = (acl?.grants ?? []).flatMap((grant) => granteeOf(grant) ?? []);
  return [...new Set([...inPolicy, ...inAcl].filter(isSomebody).map(principalId))];
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
  const isWanted = (name: Json): boolean => typeof name === 'string' && principalId(name) === wanted;
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
  const left = Object.entries(statement).flatMap(([key, value]) => {
    const others = isPrincipalKey(key) ? withoutPrincipalIn(value, wanted) : value;
    return others === undefined ? [] : [[key, others] as const];
  });
  return left.some(([key]) => isPrincipalKey(key)) ? Object.fromEntries(left) : undefined;
}

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
