// Turns an access key of an IAM user off, and on again. Never deletes one, and touches no other key of the user.
import { type Said, say } from '../../case/said.ts';
import type { AccessKeyTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import {
  ACCESS_KEY_PERMISSIONS,
  type AccessKeyState,
  accessKeysOf,
  activityDifferences,
  keyGone,
  missingKey,
  ownerOf,
  proveActivity,
  readAccessKey,
  setActive,
} from '../aws/access-keys.ts';
import { untouchable } from '../aws/principals.ts';

function othersSentence({ user }: AccessKeyTarget, { others }: AccessKeyState): Said {
  if (others.length === 0) return say('aws.key.only-one', { user });
  return say('aws.key.others', { n: others.length, all: others.length + 1, user, keys: others });
}

export const deactivateKey: GovernanceAction<AccessKeyTarget, AccessKeyState> = {
  id: 'aws.iam.deactivate-key',
  title: say('aws.title.deactivate-key'),
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
      return { kind: 'refused', met: true, reason: say('aws.key.inactive-already', { id, user }) };
    return {
      kind: 'offered',
      says: [
        say('aws.key.deactivates', { id, user }),
        say('aws.deny.within-minutes'),
        othersSentence(target, state),
        say('aws.key.goes-on', { user }),
      ],
      basis: { others: state.others },
      undo: { possible: true, says: say('aws.key.undo-activates') },
    };
  },

  execute: (task, world, note) => setActive(task, false, world, note),
  verify: (task, world) => proveActivity(task, false, world),

  revert: {
    differences: activityDifferences,
    gone: keyGone,
    execute: (task, world, note) => setActive(task, true, world, note),
    verify: (task, world) => proveActivity(task, true, world),
  },
};
