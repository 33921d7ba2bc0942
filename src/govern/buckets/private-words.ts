// What the card says about making a bucket private: first what it means, in one plain sentence; then what goes, and who stays.
import { isCalledPublic } from '../../case/bucket-exposure.ts';
import { principalsOf } from '../../case/bucket-principals.ts';
import {
  type AclGrant,
  allBlocksOn,
  type BucketAccess,
  blockInForce,
  isPublic,
  type PublicAccessBlock,
  publicGrants,
  splitPolicy,
  statementsOf,
} from '../../case/public-access.ts';
import { accessGiven } from '../../case/s3-actions.ts';
import { type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
import { conditionSentence, namedOutside } from './outsiders.ts';
import { hidesGrants } from './words.ts';

type Access = ReturnType<typeof accessGiven>;

const GRANTED: Readonly<Record<string, Access>> = {
  READ: 'read',
  READ_ACP: 'read',
  WRITE: 'write',
  WRITE_ACP: 'write',
};

const grantedBy = ({ permission }: AclGrant): Access => GRANTED[permission] ?? 'both';

/** What strangers can do as things stand. */
function strangersCan(state: BucketAccess): Access {
  const block = blockInForce(state);
  const { removed } = splitPolicy(state.policy);
  const byPolicy = removed.length > 0 && !block?.restrictPublicBuckets ? [accessGiven(removed)] : [];
  const byList = block?.ignorePublicAcls ? [] : publicGrants(state.acl).map(grantedBy);
  const [first = 'both', ...others] = new Set<Access>([...byPolicy, ...byList]);
  return others.length > 0 ? 'both' : first;
}

const hasPublicRules = (state: BucketAccess): boolean =>
  splitPolicy(state.policy).removed.length > 0 || publicGrants(state.acl).length > 0;

/** Whose block keeps them out, where both do: the bucket's. */
function keptOutBy(state: BucketAccess): Said {
  const { accountBlock: _account, ...alone } = state;
  return say(isPublic(alone).public ? 's3.private.kept-out-by-account' : 's3.private.kept-out-by-bucket');
}

function meaning(state: BucketAccess, outside: readonly string[]): Said {
  if (!hasPublicRules(state)) return say('s3.private.keeps-so');
  if (!isPublic(state).public) return keptOutBy(state);
  return say('s3.private.closes', { can: strangersCan(state), outside: outside.length });
}

function policySentence({ policy }: BucketAccess): Said | null {
  const { kept, removed } = splitPolicy(policy);
  if (!policy) return null;
  if (removed.length === 0) return say('s3.private.policy-stays');
  const what = { access: accessGiven(removed), n: removed.length };
  if (!kept) return say('s3.private.policy-deleted', what);
  const stay = statementsOf(policy).length - removed.length;
  const named = statementsOf(kept).length - stay;
  if (named === 0) return say('s3.private.policy', { ...what, stay });
  return say('s3.private.policy-for-named', { ...what, stay, named });
}

function aclSentence(state: BucketAccess): Said {
  const { acl } = state;
  if (!acl) return say('s3.private.no-lists');
  if (hidesGrants(acl, state)) return say('s3.hidden-go');
  const count = publicGrants(acl).length;
  return count === 0 ? say('s3.private.list-stays') : say('s3.private.list', { n: count });
}

const blocksSentence = ({ publicAccessBlock }: BucketAccess): Said =>
  say(allBlocksOn(publicAccessBlock) ? 's3.private.keeps-blocks' : 's3.private.turns-blocks-on');

const objectsSentence = (state: BucketAccess): Said | null =>
  state.acl && !blockInForce(state)?.ignorePublicAcls ? say('s3.private.objects-too') : null;

/** RestrictPublicBuckets keeps every other account out of a bucket whose policy is public, and of no other. */
function restrictedSentence(state: BucketAccess, outside: readonly string[]): Said | null {
  const inPolicy = principalsOf({ policy: state.policy, acl: null }).filter((name) => outside.includes(name));
  return blockInForce(state)?.restrictPublicBuckets &&
    splitPolicy(state.policy).removed.length > 0 &&
    inPolicy.length > 0
    ? say('s3.private.restricted')
    : null;
}

/** Who gets in afterwards. */
const accessSentences = (state: BucketAccess, outside: readonly string[]): readonly (Said | null)[] =>
  isCalledPublic(state)
    ? [say('s3.private.called-public')]
    : [
        meaning(state, outside),
        outside.length > 0
          ? say('s3.private.outside-keep', namedOutside(outside))
          : say('s3.private.others-keep'),
        conditionSentence(state),
        restrictedSentence(state, outside),
        policySentence(state),
      ];

/** `outside`: those who are named once it is done. */
export const privateSentences = (state: BucketAccess, outside: readonly string[]): readonly Said[] =>
  [
    ...accessSentences(state, outside),
    aclSentence(state),
    blocksSentence(state),
    objectsSentence(state),
  ].filter((sentence) => sentence !== null);

/** What was read back, and who still gets in. */
export const privateProof = (now: BucketAccess, outside: readonly string[]): Said =>
  sentences([
    say('s3.private.strangers-out'),
    outside.length > 0
      ? say('s3.private.outside-kept', namedOutside(outside))
      : say('s3.private.nobody-outside'),
    conditionSentence(now) ?? '',
    say(now.acl ? 's3.private.read-back' : 's3.private.read-back-no-lists'),
  ]);

/** Why undo would have to wait, where it is known beforehand. */
export function undoWords(state: BucketAccess, account: string): Said {
  const { accountBlock = null } = state;
  const isRefused = (flag: keyof PublicAccessBlock, isOpen: boolean): boolean =>
    isOpen && accountBlock?.[flag] === true;
  const waits =
    isRefused('blockPublicPolicy', splitPolicy(state.policy).removed.length > 0) ||
    isRefused('blockPublicAcls', publicGrants(state.acl).length > 0);
  return sentences([
    say('s3.private.undo'),
    hidesGrants(state.acl, state) ? say('s3.hidden-stay-gone') : '',
    waits ? say('s3.private.undo-waits', { account }) : '',
  ]);
}
