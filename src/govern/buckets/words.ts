// How a bucket's policy, access lists and blocks read on a card, a few words each, and in which of them two readings differ.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from '../../case/json.ts';
import { isSamePolicy, policyForm } from '../../case/policy-form.ts';
import { field, isObject } from '../../case/policy-parts.ts';
import {
  type AclGrant,
  allBlocksOn,
  type BucketAccess,
  type BucketAcl,
  blockInForce,
  isPublicStatement,
  type PublicAccessBlock,
  publicGrants,
  statementsOf,
  withoutPublicGrants,
} from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import type { Difference } from '../action.ts';
import { listed } from './listed.ts';
import { changedWords } from './statement-words.ts';

/** Tells two readings apart that are otherwise said in the same words. */
const version = (value: Json): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 6);

/** How the statements are called, as far as they are. */
export function namedBy(statements: readonly Json[]) {
  const sids = sidsOf(statements);
  return { sids: sids.length, names: listed(sids) };
}

const sidsOf = (statements: readonly Json[]): readonly string[] =>
  statements.flatMap((statement) => {
    const sid = isObject(statement) ? field(statement, 'sid') : undefined;
    return typeof sid === 'string' && sid !== '' ? [sid] : [];
  });

export function policyWords(policy: JsonObject | null): Said {
  if (!policy) return say('s3.state.no-policy');
  const statements = statementsOf(policy);
  return say('s3.state.policy', {
    ...{ n: statements.length, open: statements.filter(isPublicStatement).length },
    ...{ ...namedBy(statements), version: version(policyForm(policy)) },
  });
}

/** Grants, or statements, in an order of our own: S3 promises none, and theirs says nothing. */
export const inOrder = <Part extends Json>(all: readonly Part[]): readonly Part[] =>
  all.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));

const aclForm = (acl: BucketAcl | null): Json => acl && { ...acl, grants: inOrder(acl.grants) };

export const isSameAcl = (a: BucketAcl | null, b: BucketAcl | null): boolean =>
  canonicalJson(aclForm(a)) === canonicalJson(aclForm(b));

type Blocks = Pick<BucketAccess, 'publicAccessBlock' | 'accountBlock'>;

/**
 * S3 shows what is in force: while a block ignores public grants, they are in no list that is read. ("Blocking public access to your
 * Amazon S3 storage" in the user guide.)
 */
export const hidesGrants = (acl: BucketAcl | null, blocks: Blocks): boolean =>
  acl !== null && blockInForce(blocks)?.ignorePublicAcls === true;

/** What may be hidden in the list that is read now is compared in neither. */
export const isSameShown = (left: BucketAcl | null, now: BucketAcl | null, blocks: Blocks): boolean =>
  hidesGrants(now, blocks)
    ? isSameAcl(left && withoutPublicGrants(left), now && withoutPublicGrants(now))
    : isSameAcl(left, now);

export function aclWords(acl: BucketAcl | null): Said {
  if (!acl) return say('s3.state.no-list');
  return say('s3.state.list', {
    ...{ n: acl.grants.length, open: publicGrants(acl).length, version: version(aclForm(acl)) },
  });
}

export function blockWords(block: PublicAccessBlock | null): Said {
  if (!block) return say('s3.state.blocks-not-set');
  if (allBlocksOn(block)) return say('s3.state.blocks-on');
  const on = Object.entries(block).flatMap(([flag, isOn]) => (isOn ? [flag] : []));
  return on.length === 0
    ? say('s3.state.blocks-off')
    : say('s3.state.blocks-some', { n: on.length, flags: on.join(', ') });
}

export const isSameBlock = (a: PublicAccessBlock | null, b: PublicAccessBlock | null): boolean =>
  canonicalJson(a) === canonicalJson(b);

/** "READ, WRITE" of some grants. */
export const permissionsOf = (grants: readonly AclGrant[]): string =>
  [...new Set(grants.map(({ permission }) => permission))].toSorted().join(', ');

/** One part of a state: whether two readings of it are the same, and how one of them reads. */
export interface Part<State> {
  readonly part: Said;
  isSame(left: State, now: State): boolean;
  /** With what became of it since `from`, where it is given. */
  words(state: State, from?: State): Said;
}

export const POLICY_PART: Part<Pick<BucketAccess, 'policy'>> = {
  part: say('s3.part.policy'),
  isSame: (a, b) => isSamePolicy(a.policy, b.policy),
  words: ({ policy }, from) =>
    from ? changedWords(policyWords(policy), from.policy, policy) : policyWords(policy),
};
export const ACL_PART: Part<Blocks & Pick<BucketAccess, 'acl'>> = {
  part: say('s3.part.list'),
  isSame: (left, now) => isSameShown(left.acl, now.acl, now),
  words: ({ acl }) => aclWords(acl),
};
export const BLOCK_PART: Part<Pick<BucketAccess, 'publicAccessBlock'>> = {
  part: say('s3.part.blocks'),
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
    .map(({ part, words }) => ({
      ...{ part, before: words(before), left: words(left), now: words(now, left) },
    }));
