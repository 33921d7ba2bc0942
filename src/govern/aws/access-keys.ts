// Reading and proving whether an access key is active: what turning one off and turning one on have in common.
import { type Said, say } from '../../case/said.ts';
import type { AccessKeyTarget, IamUserTarget } from '../../case/target.ts';
import type { Difference, RequestNote, Task, Verification, World } from '../action.ts';
import {
  callersAndTargets,
  goneSentence,
  mustBeListed,
  type PrincipalState,
  readPrincipal,
} from './principals.ts';

export type AccessKeyState = PrincipalState & {
  /** Null when there is no such key. */
  readonly active: boolean | null;
  /** Ids of the user's other active keys, in order. */
  readonly others: readonly string[];
};
type KeyTask = Task<AccessKeyTarget, AccessKeyState>;

/** "Changes that I make are not always immediately visible" (Troubleshoot IAM): seconds as a rule, minutes at worst. */
const LOOK_AGAIN_MS = 5_000;

export const ACCESS_KEY_PERMISSIONS: readonly string[] = [
  'iam:GetUser',
  'iam:ListAccessKeys',
  'iam:UpdateAccessKey',
];

/** Those that signed the calls, and those that a call made or turned on. */
export const accessKeysOf = callersAndTargets('access-key');

export const ownerOf = ({ account, user }: AccessKeyTarget): IamUserTarget => ({
  kind: 'iam-user',
  account,
  name: user,
});

export async function readAccessKey(target: AccessKeyTarget, world: World): Promise<AccessKeyState> {
  const owner = ownerOf(target);
  const principal = await readPrincipal(owner, world);
  const keys = principal.arn === null ? [] : ((await world.identities.keysOf(owner)) ?? []);
  const others = keys.filter(({ id, active }) => active && id !== target.id).map(({ id }) => id);
  return {
    ...principal,
    active: keys.find(({ id }) => id === target.id)?.active ?? null,
    others: others.toSorted(),
  };
}

/** Of a key that is not there: what that may mean. */
export const missingKey = (target: AccessKeyTarget, { arn }: AccessKeyState): Said =>
  arn === null ? goneSentence(ownerOf(target)) : say('aws.key.missing', { user: target.user, id: target.id });

export async function setActive(
  { target }: KeyTask,
  active: boolean,
  { identities }: World,
  note: RequestNote,
): Promise<void> {
  await note((await identities.setKeyActive(target, active)).requestId);
}

export async function proveActivity(
  { target }: KeyTask,
  active: boolean,
  world: World,
): Promise<Verification> {
  mustBeListed(target.account, world.settings);
  const now = await readAccessKey(target, world);
  // Not to be found is no proof: whoever renamed the user has the key under another name.
  if (now.active === null) return { kind: 'not-done', says: missingKey(target, now) };
  const about = { id: target.id, user: target.user, state: active ? 'active' : 'inactive' };
  return now.active === active
    ? { kind: 'took-effect', says: say('aws.key.proven', about) }
    : {
        kind: 'not-yet',
        says: say('aws.key.not-yet', about),
        retryInMs: LOOK_AGAIN_MS,
      };
}

/** Why nothing of it is left to put back; null where something may be. */
export const keyGone = (
  target: AccessKeyTarget,
  _before: AccessKeyState,
  now: AccessKeyState,
): Said | null => (now.active === null ? missingKey(target, now) : null);

/** Of this key alone: what becomes of the user's others is no matter of ours. */
export function activityDifferences(
  before: AccessKeyState,
  after: AccessKeyState,
  now: AccessKeyState,
): readonly Difference[] {
  if (after.active === now.active) return [];
  return [{ part: say('aws.key.part'), before: wordOf(before), left: wordOf(after), now: wordOf(now) }];
}

const wordOf = ({ active }: AccessKeyState): Said =>
  say('aws.key.state', { state: active === null ? 'deleted' : active ? 'active' : 'inactive' });
