// What the card says about making a bucket private: first what it means, in one plain sentence; then what goes, and who stays.
import { principalsOf } from '../case/bucket-principals.ts';
import {
  type AclGrant,
  accessWords,
  allBlocksOn,
  type BucketAccess,
  blockInForce,
  isPublic,
  type PublicAccessBlock,
  publicGrants,
  splitPolicy,
  statementsOf,
} from '../case/public-access.ts';
import { counted } from './bucket-words.ts';
import { conditionSentence, outsideWords } from './outsiders.ts';

const GRANTED: Readonly<Record<string, readonly string[]>> = {
  READ: ['read it'],
  READ_ACP: ['read it'],
  WRITE: ['write to it'],
  WRITE_ACP: ['write to it'],
};
const BOTH = ['read it', 'write to it'];
const BY_POLICY = { read: ['read it'], write: ['write to it'], 'read and write': BOTH } as const;

const grantedBy = ({ permission }: AclGrant): readonly string[] => GRANTED[permission] ?? BOTH;

/** What strangers can do as things stand: "read it or write to it". */
function strangersCan(state: BucketAccess): string {
  const block = blockInForce(state);
  const { removed } = splitPolicy(state.policy);
  const byPolicy = removed.length > 0 && !block?.restrictPublicBuckets ? BY_POLICY[accessWords(removed)] : [];
  const byList = block?.ignorePublicAcls ? [] : publicGrants(state.acl).flatMap(grantedBy);
  const all = new Set<string>([...byPolicy, ...byList]);
  return BOTH.filter((one) => all.has(one)).join(' or ');
}

const hasPublicRules = (state: BucketAccess): boolean =>
  splitPolicy(state.policy).removed.length > 0 || publicGrants(state.acl).length > 0;

/** Whose block keeps them out, where both do: the bucket's. */
function keptOutBy(state: BucketAccess): string {
  const { accountBlock: _account, ...alone } = state;
  return isPublic(alone).public ? "the account's own block" : "the bucket's own block";
}

function meaning(state: BucketAccess, outside: readonly string[]): string {
  if (!hasPublicRules(state)) return 'No rule of it lets strangers in now: this keeps it so.';
  if (!isPublic(state).public)
    return `Strangers do not get in now either: ${keptOutBy(state)} keeps them out for as long as it is on. This takes away the rules that would let them in.`;
  const except =
    outside.length > 0
      ? `, except the ${outside.length} who ${outside.length === 1 ? 'is' : 'are'} named`
      : '';
  return `People outside the company can no longer ${strangersCan(state)}${except}.`;
}

function policySentence({ policy }: BucketAccess): string | null {
  const { kept, removed } = splitPolicy(policy);
  if (!policy) return null;
  const stay = statementsOf(kept).length;
  if (removed.length === 0) return `Leaves the bucket policy as it is: nothing in it is public.`;
  const what = `Removes public ${accessWords(removed)} from the bucket policy (${counted(removed.length, 'statement')})`;
  if (stay === 0) return `${what}; nothing else is in the policy, so it is deleted.`;
  return `${what}; ${stay === 1 ? '1 other policy statement stays' : `${stay} other policy statements stay`}.`;
}

function aclSentence({ acl }: BucketAccess): string {
  if (!acl) return 'ACLs are disabled on this bucket; nothing to remove there.';
  const count = publicGrants(acl).length;
  if (count === 0) return "Leaves the bucket's access list as it is: nothing in it is public.";
  return `Removes ${counted(count, 'public grant')} from the bucket's access list.`;
}

const blocksSentence = ({ publicAccessBlock }: BucketAccess): string =>
  allBlocksOn(publicAccessBlock)
    ? 'Keeps all four public access blocks on.'
    : 'Turns on all four public access blocks.';

const objectsSentence = (state: BucketAccess): string | null =>
  state.acl && !blockInForce(state)?.ignorePublicAcls
    ? 'Objects that are public by access lists of their own are closed too.'
    : null;

/** RestrictPublicBuckets keeps every other account out of a bucket whose policy is public, and of no other. */
function restrictedSentence(state: BucketAccess, outside: readonly string[]): string | null {
  const inPolicy = principalsOf({ policy: state.policy, acl: null }).filter((name) => outside.includes(name));
  return blockInForce(state)?.restrictPublicBuckets &&
    splitPolicy(state.policy).removed.length > 0 &&
    inPolicy.length > 0
    ? 'The block keeps those whom the policy names outside out as well for as long as the policy is public: once it is not, they get in again.'
    : null;
}

export const privateSentences = (state: BucketAccess, outside: readonly string[]): readonly string[] =>
  [
    meaning(state, outside),
    outside.length > 0
      ? `The owner keeps access, and so do${outside.length === 1 ? 'es' : ''} ${outsideWords(outside)}.`
      : 'The owner, and everybody whom another rule names, keep their access; nobody outside is named.',
    conditionSentence(state),
    restrictedSentence(state, outside),
    policySentence(state),
    aclSentence(state),
    blocksSentence(state),
    objectsSentence(state),
  ].filter((sentence) => sentence !== null);

/** What was read back, and who still gets in. */
export function privateProof(now: BucketAccess, outside: readonly string[]): string {
  const acl = now.acl ? 'access list' : 'access list (ACLs are disabled)';
  return [
    'Strangers no longer get in.',
    outside.length > 0
      ? `${outsideWords(outside)} keep${outside.length === 1 ? 's' : ''} access.`
      : 'Nobody outside is named.',
    conditionSentence(now),
    `Read back from the bucket's policy, ${acl} and all four public access blocks.`,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

/** Why undo would have to wait, where it is known beforehand. */
export function undoWords(state: BucketAccess, account: string): string {
  const { accountBlock = null } = state;
  const isRefused = (flag: keyof PublicAccessBlock, isOpen: boolean): boolean =>
    isOpen && accountBlock?.[flag] === true;
  const waits =
    isRefused('blockPublicPolicy', splitPolicy(state.policy).removed.length > 0) ||
    isRefused('blockPublicAcls', publicGrants(state.acl).length > 0);
  const later = waits
    ? ` It is possible only once the public access block of the whole AWS account ${account} is lifted.`
    : '';
  return `Undo puts this bucket's own policy, access list and blocks back exactly as they were.${later}`;
}
