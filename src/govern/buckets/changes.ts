// Takes ways in out of a bucket, and puts them back, in the order that S3 accepts. Starts from the world as it is each time, so
// that a second run after a crash only does what is left to do.
import { CountersignError, isCountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { isSamePolicy } from '../../case/policy-form.ts';
import {
  ALL_BLOCKS,
  type BucketAccess,
  type BucketAcl,
  blockInForce,
  isPublicStatement,
  type PublicAccessBlock,
  publicGrants,
  statementsOf,
} from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import type { BucketTarget, Target } from '../../case/target.ts';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import type { Receipt } from '../../ports/receipt.ts';
import type { RequestNote, UndoTask } from '../action.ts';
import { ACL_PART, BLOCK_PART, hidesGrants, isSameAcl, isSameBlock, POLICY_PART } from './words.ts';

export interface Reduced {
  readonly policy: JsonObject | null;
  /** Null where the list stays as it is. */
  readonly acl: BucketAcl | null;
}

/** A part that AWS does not let us write, for good. */
export interface Refused {
  readonly part: Said;
  readonly error: CountersignError;
}

/** One way in that cannot be shut must not keep the others open: a refusal is handed back for the end. */
async function tried(
  { part }: { readonly part: Said },
  write: () => Promise<Receipt>,
  note: RequestNote,
): Promise<readonly Refused[]> {
  try {
    await note((await write()).requestId);
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [{ part, error }];
  }
}

/** Writes what is left of the policy, then of the access list. */
export async function writeReduced(
  bucket: BucketTarget,
  now: BucketAccess,
  { policy, acl }: Reduced,
  storage: ObjectStorage,
  note: RequestNote,
): Promise<readonly Refused[]> {
  const isSame = policy === now.policy;
  return [
    ...(isSame ? [] : await tried(POLICY_PART, () => storage.writePolicy(bucket, policy), note)),
    ...(acl ? await tried(ACL_PART, () => storage.writeAcl(bucket, acl), note) : []),
  ];
}

export const writeAllBlocks = (
  bucket: BucketTarget,
  storage: ObjectStorage,
  note: RequestNote,
): Promise<readonly Refused[]> =>
  tried(BLOCK_PART, () => storage.writePublicAccessBlock(bucket, ALL_BLOCKS), note);

/** Says what was not written, part by part, and why; and what holds all the same. */
export function throwRefused(refused: readonly Refused[], holds: Said = ''): void {
  const [first] = refused;
  if (!first) return;
  const { code, say: why, requestId } = first.error;
  throw new CountersignError(code, refused.map(({ error }) => error.message).join('; '), {
    say: sentences([say('s3.not-written', { parts: refused.map(({ part }) => part), why }), holds]),
    ...(requestId === undefined ? {} : { requestId }),
    cause: first.error,
  });
}

/** The bucket, and what the account's block does to it. */
export async function readWithAccount(bucket: BucketTarget, storage: ObjectStorage): Promise<BucketAccess> {
  const access = await storage.readAccess(bucket);
  return { ...access, accountBlock: await storage.readAccountBlock(bucket.account) };
}

/** Which parts an undo puts back. */
interface Parts {
  readonly blocks: boolean;
}

/**
 * S3 takes no public policy or access list while a block refuses them. The bucket's own block comes off first where it is part of
 * the undo; the account's is nothing that an undo of one bucket may touch.
 */
export function undoObstacle(
  { account, name }: BucketTarget,
  before: BucketAccess,
  now: BucketAccess,
  parts: Parts,
): Said | null {
  const { accountBlock = null } = now;
  const policy =
    !isSamePolicy(before.policy, now.policy) && statementsOf(before.policy).some(isPublicStatement);
  const acl =
    before.acl !== null &&
    publicGrants(before.acl).length > 0 &&
    !isSameAcl(before.acl, now.acl ?? before.acl);
  const isRefused = (block: PublicAccessBlock | null): boolean =>
    (policy && block?.blockPublicPolicy === true) || (acl && block?.blockPublicAcls === true);
  if (!isRefused(parts.blocks ? accountBlock : blockInForce(now))) return null;
  return isRefused(accountBlock)
    ? say('s3.undo.blocked-for-account', { account })
    : say('s3.undo.blocked-for-bucket', { bucket: name });
}

/** Why the access list cannot be put back. Known before anything is changed. */
const noMoreAcls = (bucket: BucketTarget): CountersignError =>
  new CountersignError('aws.refused', `ACLs were disabled on bucket ${bucket.name} since`, {
    say: say('s3.undo.no-more-lists', { bucket: bucket.name }),
  });

/**
 * The block that lets everything that is to come back in. One that refuses public lists and policies may have been laid over them
 * later: then it comes back without those two flags first, and whole at the end.
 */
const lenient = (block: PublicAccessBlock | null): PublicAccessBlock | null =>
  block?.blockPublicAcls || block?.blockPublicPolicy
    ? { ...block, blockPublicAcls: false, blockPublicPolicy: false }
    : block;

/** AWS said no, for good. Anything else is tried again, by us or by whoever holds the step now. */
const isRefusal = (error: unknown): error is CountersignError =>
  isCountersignError(error) && error.code.startsWith('aws.') && !error.retryable;
function onlyRefusals(error: unknown): void {
  if (!isCountersignError(error) || !error.code.startsWith('aws.')) throw error;
}

/** S3 may take so long to notice that a block is off, and refuses until then what it would have refused. */
const LAG_MS = 60_000;
const LAG_RETRY_MS = 10_000;

/** The same refusal, to be tried again; null where waiting would not help. */
function duringLag(
  error: CountersignError,
  before: PublicAccessBlock | null,
  tries: number,
): CountersignError | null {
  // What goes back on itself in between would read as somebody else's.
  const isOurs = isSameBlock(lenient(before), before);
  if (error.code !== 'aws.forbidden' || !isOurs || tries * LAG_RETRY_MS >= LAG_MS) return null;
  const { message, say: why, requestId } = error;
  return new CountersignError(error.code, message, {
    ...{ say: why, retryable: true, retryAfterMs: LAG_RETRY_MS, cause: error },
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** The blocks first: while they are on, S3 refuses the public access list and policy that are to come back. */
export async function putBack(
  bucket: BucketTarget,
  { before, after, tries = 0 }: Pick<UndoTask<Target, BucketAccess>, 'before' | 'after' | 'tries'>,
  parts: Parts,
  storage: ObjectStorage,
  note: RequestNote,
): Promise<void> {
  const now = await readWithAccount(bucket, storage);
  if (
    before.acl &&
    !now.acl &&
    before.acl.grants.some(({ canonicalId }) => canonicalId !== before.acl?.ownerId)
  )
    throw noMoreAcls(bucket);
  const obstacle = undoObstacle(bucket, before, now, parts);
  if (obstacle)
    throw new CountersignError('aws.refused', `a block refuses what bucket ${bucket.name} had`, {
      say: obstacle,
    });
  const acl = before.acl && now.acl && !isSameAcl(before.acl, now.acl) ? before.acl : null;
  const policyChanges = !isSamePolicy(before.policy, now.policy);
  let block = now.publicAccessBlock;
  const setBlock = async (wanted: PublicAccessBlock | null): Promise<void> => {
    if (!parts.blocks || isSameBlock(block, wanted)) return;
    await note((await storage.writePublicAccessBlock(bucket, wanted)).requestId);
    block = wanted;
  };
  try {
    if (acl || policyChanges) await setBlock(lenient(before.publicAccessBlock));
    if (acl) await note((await storage.writeAcl(bucket, acl)).requestId);
    if (policyChanges) await note((await storage.writePolicy(bucket, before.policy)).requestId);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const later = parts.blocks && duringLag(error, before.publicAccessBlock, tries);
    if (later) throw later;
    // What is half put back must not be left weaker than it was found: its blocks go on again.
    await setBlock(after.publicAccessBlock).catch(onlyRefusals);
    throw error;
  }
  await setBlock(before.publicAccessBlock);
}

/** Whether what could be put back is back: where access lists are disabled on either side, there is none to compare. */
export const isBack = (before: BucketAccess, now: BucketAccess, parts: Parts): boolean =>
  POLICY_PART.isSame(before, now) &&
  (!before.acl || !now.acl || ACL_PART.isSame(before, now)) &&
  (!parts.blocks || BLOCK_PART.isSame(before, now));

/** What cannot be said of a list that is back, where a block kept grants from being shown when it was written, or does so now. */
export const unseenWords = (before: BucketAccess, now: BucketAccess, wasWritten: boolean): Said =>
  sentences([
    wasWritten && hidesGrants(before.acl, before) ? say('s3.hidden-stay-gone') : '',
    publicGrants(before.acl).length > 0 && hidesGrants(now.acl, now) ? say('s3.hidden-unread') : '',
  ]);
