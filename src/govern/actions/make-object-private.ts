// Takes the public grants off one object's access list. Other grants, the bucket and other versions of the object stay as they are.

import { CountersignError } from '../../case/errors.ts';
import {
  type BucketAccess,
  type BucketAcl,
  blockInForce,
  field,
  isObject,
  isPublicStatement,
  listOf,
  publicGrants,
  statementsOf,
  withoutPublicGrants,
} from '../../case/public-access.ts';
import type { BucketTarget, ObjectTarget } from '../../case/target.ts';
import { matches } from '../../case/wildcard.ts';
import type { GovernanceAction } from '../action.ts';
import { aimed } from '../aims.ts';
import { readWithAccount } from '../bucket-changes.ts';
import { aclWords, counted, differencesIn, isSameAcl, type Part, permissionsOf } from '../bucket-words.ts';

export type ObjectAccess = {
  /** Null when there is no such object, or ACLs are disabled on its bucket. */
  readonly acl: BucketAcl | null;
  readonly bucket: BucketAccess;
};

const PART: Part<ObjectAccess> = {
  part: "Object's access list",
  isSame: (a, b) => isSameAcl(a.acl, b.acl),
  words: ({ acl, bucket }) => (acl || !bucket.acl ? aclWords(acl) : 'none: there is no such object'),
};

/** `arn:PARTITION:s3:::bucket/key` without what comes before the bucket. */
const withoutArn = (resource: string): string => resource.replace(/^arn:[^:]*:s3:::/i, '');

/** Whether a public statement of the bucket's policy is about this object, and nothing keeps it from working. */
function isOpenByPolicy({ bucket, key }: ObjectTarget, access: BucketAccess): boolean {
  if (blockInForce(access)?.restrictPublicBuckets) return false;
  return statementsOf(access.policy)
    .filter(isPublicStatement)
    .some((statement) => {
      const resources = isObject(statement) ? listOf(field(statement, 'resource')) : [];
      // What names no resources names all others: it is taken to be about this one.
      if (resources.length === 0) return true;
      return resources.some((one) => matches(`${bucket}/${key}`, withoutArn(String(one))));
    });
}

function refusal(target: ObjectTarget, { acl, bucket }: ObjectAccess): string | null {
  const label = `${target.bucket}/${target.key}`;
  const instead = isOpenByPolicy(target, bucket)
    ? ' It is public by the policy of its bucket: make the bucket private instead.'
    : '';
  if (!bucket.acl)
    return `Access lists are disabled on the bucket ${target.bucket}, so ${label} cannot be public by one.${instead}`;
  if (!acl) return `There is no object ${label} any more.`;
  return publicGrants(acl).length === 0
    ? `Nothing in the access list of ${label} is public.${instead}`
    : null;
}

function grantsSentence(acl: BucketAcl): string {
  const open = publicGrants(acl);
  const stay = acl.grants.length - open.length;
  const others = stay === 1 ? '1 other grant stays' : `${stay} other grants stay`;
  return `Removes ${counted(open.length, 'public grant')} (${permissionsOf(open)}) from the object's access list; ${others}.`;
}

/** What it means, in one plain sentence. */
function meaning(target: ObjectTarget, bucket: BucketAccess, acl: BucketAcl): string {
  if (isOpenByPolicy(target, bucket))
    return 'The policy of its bucket makes it public as well: it stays public until the bucket is made private.';
  if (blockInForce(bucket)?.ignorePublicAcls)
    return 'Strangers do not get at it now either: a block of its bucket, or of the whole account, ignores public grants while it is on.';
  return publicGrants(acl).some(({ permission }) => permission === 'READ' || permission === 'FULL_CONTROL')
    ? 'People outside the company can no longer open it, unless they are named.'
    : 'People outside the company can no longer see or change who may open it, unless they are named.';
}

const bucketOf = ({ account, region, bucket: name }: ObjectTarget): BucketTarget => ({
  kind: 'bucket',
  account,
  region,
  name,
});

export const makeObjectPrivate: GovernanceAction<ObjectTarget, ObjectAccess> = {
  id: 'aws.s3.make-object-private',
  title: 'Make the object private',
  targetKind: 'object',
  needs: "An object of a listed account's bucket with ACLs enabled, public by its own access list.",
  effect: 'converges',
  strength: 4,
  permissions: {
    aws: [
      's3:GetObjectAcl',
      's3:PutObjectAcl',
      's3:GetBucketOwnershipControls',
      's3:GetBucketAcl',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
      's3:GetAccountPublicAccessBlock',
    ],
  },
  capPerHour: 40,

  find: aimed('object'),

  async read(target, { storage }) {
    const bucket = await readWithAccount(bucketOf(target), storage);
    return { acl: bucket.acl && (await storage.readObjectAcl(target)), bucket };
  },

  plan(target, state) {
    const reason = refusal(target, state);
    if (reason || !state.acl) return { kind: 'refused', reason: reason ?? '' };
    const says = [
      meaning(target, state.bucket, state.acl),
      grantsSentence(state.acl),
      'Older versions of the object keep access lists of their own.',
    ];
    return {
      kind: 'offered',
      says: says.filter((sentence) => sentence !== null),
      basis: publicGrants(state.acl),
      undo: blockInForce(state.bucket)?.blockPublicAcls
        ? {
            possible: false,
            says: 'It cannot be undone: a block of its bucket, or of the whole account, refuses public access lists.',
          }
        : { possible: true, says: "Undo puts the object's access list back exactly as it was." },
    };
  },

  async execute({ target }, { storage }, note) {
    const now = await storage.readObjectAcl(target);
    if (!now || publicGrants(now).length === 0) return;
    await note((await storage.writeObjectAcl(target, withoutPublicGrants(now))).requestId);
  },

  async verify(task, world) {
    const { acl, bucket } = await makeObjectPrivate.read(task.target, world);
    const open = publicGrants(acl).length;
    if (open > 0)
      return {
        kind: 'not-done',
        says: `The object's access list still has ${counted(open, 'public grant')}.`,
      };
    const byPolicy = isOpenByPolicy(task.target, bucket)
      ? ' The policy of its bucket still makes it public.'
      : '';
    return {
      kind: 'took-effect',
      says: `Nothing in the object's access list is public any more: read back.${byPolicy}`,
    };
  },

  revert: {
    differences: (before, after, now) => differencesIn([PART], before, after, now),

    obstacle({ bucket, key }, before, now) {
      const isOpen = publicGrants(before.acl).length > 0 && !isSameAcl(before.acl, now.acl);
      return isOpen && blockInForce(now.bucket)?.blockPublicAcls
        ? `A block of the bucket ${bucket}, or of the whole account, is on, and AWS takes no public access list for ${bucket}/${key} while it is. Nothing was changed; undo is possible once it is lifted.`
        : null;
    },

    async execute({ target, before }, { storage }, note) {
      const now = await storage.readObjectAcl(target);
      if (!before.acl || isSameAcl(before.acl, now)) return;
      if (!now)
        throw new CountersignError(
          'aws.no-such-object',
          `${target.bucket}/${target.key} is gone, or ACLs were disabled`,
          {
            say: `${target.bucket}/${target.key} has no access list any more, so it cannot be put back. Nothing was changed.`,
          },
        );
      await note((await storage.writeObjectAcl(target, before.acl)).requestId);
    },

    async verify({ target, before }, { storage }) {
      return isSameAcl(before.acl, await storage.readObjectAcl(target))
        ? { kind: 'took-effect', says: "The object's access list is back exactly as it was." }
        : { kind: 'not-done', says: "The object's access list is not yet back as it was." };
    },
  },
};
