// Turns on the four public access blocks of a whole AWS account: what is public in any of its buckets is shut, and nothing can be
// made public. Changes no bucket, and undo puts the account's earlier setting back.

import { isCountersignError } from '../../case/errors.ts';
import { ALL_BLOCKS, allBlocksOn, isPublic, type PublicAccessBlock } from '../../case/public-access.ts';
import { type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import type { AwsAccountTarget, BucketTarget } from '../../case/target.ts';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import type { Aims, GovernanceAction } from '../action.ts';
import { listed } from '../buckets/listed.ts';
import { blockWords, differencesIn, hidesGrants, isSameBlock, type Part } from '../buckets/words.ts';

export type AccountAccess = {
  readonly block: PublicAccessBlock | null;
  /** Names of the buckets that are public as things stand. */
  readonly open: readonly string[];
  /** Of those that nothing of their own keeps closed: public by their policy, or by a list that is not shown while it is ignored. */
  readonly held?: { readonly byPolicy: readonly string[]; readonly unshown: readonly string[] };
  /** How many buckets could not be looked at. */
  readonly unseen: number;
  /** Whether there are more than were looked at. */
  readonly more: boolean;
};

/** Each bucket costs three or four calls: an account may have thousands, and S3 throttles. */
const MOST_BUCKETS = 100;
const AT_ONCE = 8;

const PART: Part<AccountAccess> = {
  part: say('s3.part.account-blocks'),
  isSame: (a, b) => isSameBlock(a.block, b.block),
  words: ({ block }) => blockWords(block),
};

interface Seen {
  readonly open: boolean;
  readonly byPolicy: boolean;
  readonly unshown: boolean;
}

/** Null where the bucket cannot be looked at: it may have been deleted, or its policy may keep our role out. */
async function look(
  bucket: BucketTarget,
  accountBlock: PublicAccessBlock | null,
  storage: ObjectStorage,
): Promise<Seen | null> {
  try {
    const access = await storage.readAccess(bucket);
    const open = isPublic({ ...access, accountBlock }).public;
    return {
      open,
      byPolicy: !open && isPublic(access).public,
      unshown: !hidesGrants(access.acl, access) && hidesGrants(access.acl, { ...access, accountBlock }),
    };
  } catch (error) {
    if (!isCountersignError(error) || error.retryable) throw error;
    return null;
  }
}

async function read({ account }: AwsAccountTarget, storage: ObjectStorage): Promise<AccountAccess> {
  const block = await storage.readAccountBlock(account);
  const all = await storage.listBuckets(account);
  const looked = all.slice(0, MOST_BUCKETS);
  const seen: { readonly name: string; readonly is: Seen | null }[] = [];
  for (let at = 0; at < looked.length; at += AT_ONCE) {
    const some = looked.slice(at, at + AT_ONCE);
    seen.push(
      ...(await Promise.all(
        some.map(async (bucket) => ({ name: bucket.name, is: await look(bucket, block, storage) })),
      )),
    );
  }
  const those = (what: keyof Seen) => seen.filter(({ is }) => is?.[what]).map(({ name }) => name);
  return {
    block,
    open: those('open'),
    held: { byPolicy: those('byPolicy'), unshown: those('unshown') },
    unseen: seen.filter(({ is }) => is === null).length,
    more: all.length > looked.length,
  };
}

/** What `before` would not keep closed. No list can have become public since: the account's block refuses that. */
function reopened({ block, open }: AccountAccess, { held }: AccountAccess): readonly string[] {
  const byPolicy = block?.restrictPublicBuckets ? [] : (held?.byPolicy ?? []);
  const byList = (held?.unshown ?? []).filter((name) => open.includes(name));
  return [...new Set([...byPolicy, ...byList])];
}

function accountsOf({ targets }: Aims): readonly string[] {
  const accounts = targets.flatMap((target) =>
    target.kind === 'aws-account' || target.kind === 'bucket' || target.kind === 'object'
      ? [target.account]
      : [],
  );
  return [...new Set(accounts)];
}

const closesSentence = ({ open }: AccountAccess): Said =>
  open.length === 0
    ? say('s3.account.keeps-closed')
    : say('s3.account.closes', { n: open.length, names: listed(open) });

export const blockAccountPublicAccess: GovernanceAction<AwsAccountTarget, AccountAccess> = {
  id: 'aws.s3.block-account-public-access',
  title: say('s3.title.block-account-public-access'),
  targetKind: 'aws-account',
  needs: "A listed account, whose public access block Countersign's role there may write.",
  effect: 'converges',
  strength: 7,
  permissions: {
    aws: [
      's3:GetAccountPublicAccessBlock',
      's3:PutAccountPublicAccessBlock',
      's3:ListAllMyBuckets',
      's3:GetBucketPolicy',
      's3:GetBucketAcl',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketOwnershipControls',
    ],
  },
  capPerHour: 5,

  find: async (aims) => accountsOf(aims).map((account) => ({ kind: 'aws-account', account })),

  read: (target, { storage }) => read(target, storage),

  plan({ account }, state, { detection }) {
    // A block on the account is a change to buckets that the operator kept out of reach.
    if (detection.bounds.buckets?.includes('*') === false)
      return {
        kind: 'refused',
        reason: say('s3.account.out-of-bounds', { account }),
      };
    if (allBlocksOn(state.block))
      return {
        kind: 'refused',
        met: true,
        reason: say('s3.account.on-already', { account }),
      };
    const says = [
      closesSentence(state),
      say('s3.account.turns-on', { account }),
      state.more ? say('s3.account.some-looked-at', { n: MOST_BUCKETS }) : null,
      state.unseen > 0 ? say('s3.account.not-looked-at', { n: state.unseen }) : null,
      say('s3.account.objects-too'),
    ];
    return {
      kind: 'offered',
      says: says.filter((sentence) => sentence !== null),
      basis: { block: state.block, open: state.open },
      undo: {
        possible: true,
        says: say(state.block ? 's3.account.undo-restores' : 's3.account.undo-removes'),
      },
    };
  },

  async execute({ target }, { storage }, note) {
    await note((await storage.writeAccountBlock(target.account, ALL_BLOCKS)).requestId);
  },

  async verify({ target: { account } }, { storage }) {
    const block = await storage.readAccountBlock(account);
    if (!allBlocksOn(block))
      return {
        kind: 'not-done',
        says: say('s3.account.not-on', { account }),
      };
    return {
      kind: 'took-effect',
      says: say('s3.account.are-on', { account }),
    };
  },

  revert: {
    differences: (before, after, now) => differencesIn([PART], before, after, now),

    /** Other cases count on it without a run of theirs: their cards say that the account's own block keeps strangers out. */
    opens({ account }, before, now) {
      const names = reopened(before, now);
      const others = names.filter((name) => !before.open.includes(name));
      const isUnknown = allBlocksOn(now.block) && (now.unseen > before.unseen || (now.more && !before.more));
      const fresh = sentences([
        others.length > 0
          ? say('s3.account.reopens', { account, n: others.length, names: listed(others) })
          : '',
        isUnknown ? say('s3.account.may-reopen', { account }) : '',
      ]);
      return {
        targets: names.map((name): BucketTarget => ({ kind: 'bucket', account, region: '', name })),
        fresh: fresh === '' ? null : fresh,
      };
    },

    async execute({ target, before }, { storage }, note) {
      await note((await storage.writeAccountBlock(target.account, before.block)).requestId);
    },

    async verify({ target: { account }, before }, { storage }) {
      return isSameBlock(await storage.readAccountBlock(account), before.block)
        ? {
            kind: 'took-effect',
            says: say('s3.account.is-back', { account, blocks: blockWords(before.block) }),
          }
        : {
            kind: 'not-done',
            says: say('s3.account.not-back', { account }),
          };
    },
  },
};
