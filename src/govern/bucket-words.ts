// How a bucket's policy, access lists and blocks read on a card, a few words each, and in which of them two readings differ.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from '../case/json.ts';
import { isSamePolicy, policyForm } from '../case/policy-form.ts';
import {
  type AclGrant,
  allBlocksOn,
  type BucketAccess,
  type BucketAcl,
  field,
  isObject,
  isPublicStatement,
  type PublicAccessBlock,
  publicGrants,
  statementsOf,
} from '../case/public-access.ts';
import type { Difference } from './action.ts';

/** So many names are listed; a card has little room, and a statement's Sid may be long. */
const MOST_NAMES = 5;
const LONGEST_NAME = 40;

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Tells two readings apart that are otherwise said in the same words. */
const version = (value: Json): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 6);

export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name));
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The Sids of statements that have one. */
export const sidsOf = (statements: readonly Json[]): readonly string[] =>
  statements.flatMap((statement) => {
    const sid = isObject(statement) ? field(statement, 'sid') : undefined;
    return typeof sid === 'string' && sid !== '' ? [sid] : [];
  });

const ofThemPublic = (count: number): string => (count > 0 ? `, ${count} of them public` : '');

export function policyWords(policy: JsonObject | null): string {
  if (!policy) return 'none';
  const statements = statementsOf(policy);
  const sids = sidsOf(statements);
  const names = sids.length > 0 ? ` (${listed(sids)})` : '';
  const open = ofThemPublic(statements.filter(isPublicStatement).length);
  return `${counted(statements.length, 'statement')}${names}${open}, version ${version(policyForm(policy))}`;
}

/** Grants in an order of our own: S3 does not promise one. */
const aclForm = (acl: BucketAcl | null): Json =>
  acl && { ...acl, grants: acl.grants.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)) };

export const isSameAcl = (a: BucketAcl | null, b: BucketAcl | null): boolean =>
  canonicalJson(aclForm(a)) === canonicalJson(aclForm(b));

export function aclWords(acl: BucketAcl | null): string {
  if (!acl) return 'none: access lists are disabled';
  const open = ofThemPublic(publicGrants(acl).length);
  return `${counted(acl.grants.length, 'grant')}${open}, version ${version(aclForm(acl))}`;
}

export function blockWords(block: PublicAccessBlock | null): string {
  if (!block) return 'not set';
  if (allBlocksOn(block)) return 'all four on';
  const on = Object.entries(block).flatMap(([flag, isOn]) => (isOn ? [flag] : []));
  return on.length === 0 ? 'all four off' : `${on.length} of 4 on (${on.join(', ')})`;
}

export const isSameBlock = (a: PublicAccessBlock | null, b: PublicAccessBlock | null): boolean =>
  canonicalJson(a) === canonicalJson(b);

/** "READ, WRITE" of some grants. */
export const permissionsOf = (grants: readonly AclGrant[]): string =>
  [...new Set(grants.map(({ permission }) => permission))].join(', ');

/** One part of a state: whether two readings of it are the same, and how one of them reads. */
export interface Part<State> {
  readonly part: string;
  isSame(a: State, b: State): boolean;
  words(state: State): string;
}

export const POLICY_PART: Part<Pick<BucketAccess, 'policy'>> = {
  part: 'Bucket policy',
  isSame: (a, b) => isSamePolicy(a.policy, b.policy),
  words: ({ policy }) => policyWords(policy),
};
export const ACL_PART: Part<Pick<BucketAccess, 'acl'>> = {
  part: 'Access list',
  isSame: (a, b) => isSameAcl(a.acl, b.acl),
  words: ({ acl }) => aclWords(acl),
};
export const BLOCK_PART: Part<Pick<BucketAccess, 'publicAccessBlock'>> = {
  part: 'Public access blocks',
  isSame: (a, b) => isSameBlock(a.publicAccessBlock, b.publicAccessBlock),
  words: ({ publicAccessBlock }) => blockWords(publicAccessBlock),
};

/** The parts in which the world is not as we left it. */
export const differencesIn = <State>(
  parts: readonly Part<State>[],
  before: State,
  left: State,
  now: State,
): readonly Difference[] =>
  parts
    .filter(({ isSame }) => !isSame(left, now))
    .map(({ part, words }) => ({ part, before: words(before), left: words(left), now: words(now) }));
