// Turns an access key of an IAM user off, and on again. Never deletes one, and touches no other key of the user.
import type { AccessKeyTarget } from '../../case/target.ts';
import {
  ACCESS_KEY_PERMISSIONS,
  type AccessKeyState,
  accessKeysOf,
  activityDifferences,
  keyObstacle,
  missingKey,
  ownerOf,
  proveActivity,
  readAccessKey,
  setActive,
} from '../access-keys.ts';
import type { GovernanceAction } from '../action.ts';
import { untouchable } from '../aws-principals.ts';

function othersSentence({ user }: AccessKeyTarget, { others }: AccessKeyState): string {
  if (others.length === 0) return `It is the only active key of ${user}.`;
  const stay = others.length === 1 ? 'stays as it is' : 'stay as they are';
  return `${others.length} of ${others.length + 1} active keys of ${user} ${stay}: ${others.join(', ')}.`;
}

export const deactivateKey: GovernanceAction<AccessKeyTarget, AccessKeyState> = {
  id: 'aws.iam.deactivate-key',
  title: 'Deactivate the access key',
  targetKind: 'access-key',
  needs: 'An active access key of an IAM user in a listed account, who is not protected.',
  effect: 'converges',
  strength: 6,
  permissions: { aws: ACCESS_KEY_PERMISSIONS },
  capPerHour: 20,

  find: accessKeysOf,
  read: readAccessKey,

  plan(target, state, settings) {
    const { id, user } = target;
    const reason = untouchable(ownerOf(target), state, settings);
    if (reason) return { kind: 'refused', reason };
    if (state.active === null) return { kind: 'refused', reason: missingKey(target, state) };
    if (!state.active)
      return { kind: 'refused', met: true, reason: `The access key ${id} of ${user} is inactive already.` };
    return {
      kind: 'offered',
      says: [
        `Deactivates the access key ${id} of ${user}. Programs that use it stop working at once.`,
        othersSentence(target, state),
        'Temporary credentials that were made with it go on until they expire, and so does a console sign-in.',
      ],
      basis: { others: state.others },
      undo: { possible: true, says: 'Undo activates the key again, as long as it is still there.' },
    };
  },

  execute: (task, world, note) => setActive(task, false, world, note),
  verify: (task, world) => proveActivity(task, false, world),

  revert: {
    differences: activityDifferences,
    obstacle: keyObstacle,
    execute: (task, world, note) => setActive(task, true, world, note),
    verify: (task, world) => proveActivity(task, true, world),
  },
};
