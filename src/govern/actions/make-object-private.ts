// Takes the public grants off one object's access list. Other grants, the bucket and other versions of the object stay as they are.

import { CountersignError } from '../../case/errors.ts';
import { field, isObject, listOf } from '../../case/policy-parts.ts';
import {
  type BucketAccess,
  type BucketAcl,
  blockInForce,
  isPublicStatement,
  publicGrants,
  statementsOf,
  withoutPublicGrants,
} from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import { type BucketTarget, type ObjectTarget, targetLabel } from '../../case/target.ts';
import { matches } from '../../case/wildcard.ts';
import type { GovernanceAction } from '../action.ts';
import { aimed } from '../aims.ts';
import { readWithAccount } from '../buckets/changes.ts';
import {
  aclWords,
  differencesIn,
  hidesGrants,
  inOrder,
  isSameAcl,
  isSameShown,
  type Part,
  permissionsOf,
} from '../buckets/words.ts';
import { nothingLeft } from '../users/protected-users.ts';

export type ObjectAccess = {
  /** Null when there is no such object, or ACLs are disabled on its bucket. */
  readonly acl: BucketAcl | null;
  readonly bucket: BucketAccess;
};

const PART: Part<ObjectAccess> = {
  part: say('s3.part.object-list'),
  isSame: (left, now) => isSameShown(left.acl, now.acl, now.bucket),
  words: ({ acl, bucket }) => (acl || !bucket.acl ? aclWords(acl) : say('s3.state.no-object')),
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

const hiddenWords = (acl: BucketAcl | null, bucket: BucketAccess): Said =>
  hidesGrants(acl, bucket) ? say('s3.hidden') : '';

/** Null where it is there, or ACLs are disabled on its bucket: then its list opens nothing. */
const goneSentence = (target: ObjectTarget, { acl, bucket }: ObjectAccess): Said | null =>
  bucket.acl && !acl ? say('s3.object.gone', { object: targetLabel(target) }) : null;

function refusal(target: ObjectTarget, state: ObjectAccess): Said | null {
  const { acl, bucket } = state;
  const object = targetLabel(target);
  const instead = isOpenByPolicy(target, bucket) ? say('s3.object.by-policy-instead') : '';
  if (!bucket.acl)
    return sentences([say('s3.object.lists-disabled', { bucket: target.bucket, object }), instead]);
  const gone = goneSentence(target, state);
  if (gone) return gone;
  return publicGrants(acl).length === 0
    ? sentences([say('s3.object.not-public', { object }), hiddenWords(acl, bucket), instead])
    : null;
}

function grantsSentence(acl: BucketAcl): Said {
  const open = publicGrants(acl);
  const stay = acl.grants.length - open.length;
  return say('s3.object.grants', { n: open.length, permissions: permissionsOf(open), stay });
}

/** What it means, in one plain sentence. */
function meaning(target: ObjectTarget, bucket: BucketAccess, acl: BucketAcl): Said {
  if (isOpenByPolicy(target, bucket)) return say('s3.object.open-by-policy');
  return publicGrants(acl).some(({ permission }) => permission === 'READ' || permission === 'FULL_CONTROL')
    ? say('s3.object.closes')
    : say('s3.object.closes-list');
}

const bucketOf = ({ account, region, bucket: name }: ObjectTarget): BucketTarget => ({
  kind: 'bucket',
  account,
  region,
  name,
});

export const makeObjectPrivate: GovernanceAction<ObjectTarget, ObjectAccess> = {
  id: 'aws.s3.make-object-private',
  title: say('s3.title.make-object-private'),
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
    return {
      kind: 'offered',
      says: [meaning(target, state.bucket, state.acl), grantsSentence(state.acl), say('s3.object.versions')],
      basis: inOrder(publicGrants(state.acl)),
      undo: blockInForce(state.bucket)?.blockPublicAcls
        ? {
            possible: false,
            says: say('s3.object.no-undo'),
          }
        : { possible: true, says: say('s3.object.undo') },
    };
  },

  async execute({ target }, { storage }, note) {
    const now = await storage.readObjectAcl(target);
    if (!now || publicGrants(now).length === 0) return;
    await note((await storage.writeObjectAcl(target, withoutPublicGrants(now))).requestId);
  },

  async verify(task, world) {
    const state = await makeObjectPrivate.read(task.target, world);
    const gone = goneSentence(task.target, state);
    if (gone) return { kind: 'not-done', says: gone };
    const { acl, bucket } = state;
    const open = publicGrants(acl).length;
    if (open > 0)
      return {
        kind: 'not-done',
        says: say('s3.object.still-open', { n: open }),
      };
    const byPolicy = isOpenByPolicy(task.target, bucket) ? say('s3.object.still-by-policy') : '';
    return {
      kind: 'took-effect',
      says: sentences([say('s3.object.closed'), hiddenWords(acl, bucket), byPolicy]),
    };
  },

  revert: {
    differences: (before, after, now) => differencesIn([PART], before, after, now),

    gone(target, _before, now) {
      const gone = goneSentence(target, now);
      return gone && nothingLeft(gone);
    },

    obstacle(target, before, now) {
      const isOpen = publicGrants(before.acl).length > 0 && !isSameAcl(before.acl, now.acl);
      return isOpen && blockInForce(now.bucket)?.blockPublicAcls
        ? say('s3.undo.blocked-for-object', { bucket: target.bucket, object: targetLabel(target) })
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
            say: say('s3.undo.object-without-list', { object: targetLabel(target) }),
          },
        );
      await note((await storage.writeObjectAcl(target, before.acl)).requestId);
    },

    async verify({ target, before }, world) {
      const now = await makeObjectPrivate.read(target, world);
      if (!PART.isSame(before, now)) return { kind: 'not-done', says: say('s3.object.not-back') };
      const unread = hidesGrants(now.acl, now.bucket) ? say('s3.hidden-unread') : '';
      return { kind: 'took-effect', says: sentences([say('s3.object.is-back'), unread]) };
    },
  },
};
