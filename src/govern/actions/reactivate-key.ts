// Turns an access key of an IAM user on again that is off, and off again.
import { say } from '../../case/said.ts';
import type { AccessKeyTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import {
  ACCESS_KEY_PERMISSIONS,
  type AccessKeyState,
  accessKeysOf,
  activityDifferences,
  keyGone,
  ownerOf,
  proveActivity,
  readAccessKey,
  setActive,
} from '../aws/access-keys.ts';
import { untouchable } from '../aws/principals.ts';

export const reactivateKey: GovernanceAction<AccessKeyTarget, AccessKeyState> = {
  id: 'aws.iam.reactivate-key',
  title: say('aws.title.reactivate-key'),
  targetKind: 'access-key',
  needs: 'An inactive access key of an IAM user in a listed account, who is not protected.',
  effect: 'converges',
  strength: 1,
  letsIn: true,
  permissions: { aws: ACCESS_KEY_PERMISSIONS },
  capPerHour: 20,

  find: accessKeysOf,
  read: readAccessKey,

  plan(target, state, settings) {
    const { id, user } = target;
    if (state.active !== false) return { kind: 'moot', reason: say('aws.key.none-inactive', { id, user }) };
    const reason = untouchable(ownerOf(target), state, settings);
    if (reason) return { kind: 'refused', reason };
    return {
      kind: 'offered',
      says: [say('aws.key.activates', { id, user }), say('aws.key.secret', { user })],
      basis: null,
      undo: { possible: true, says: say('aws.key.undo-deactivates') },
    };
  },

  execute: (task, world, note) => setActive(task, true, world, note),
  verify: (task, world) => proveActivity(task, true, world),

  revert: {
    differences: activityDifferences,
    gone: keyGone,
    refusal: (target, now, settings) => untouchable(ownerOf(target), now, settings),
    execute: (task, world, note) => setActive(task, false, world, note),
    verify: (task, world) => proveActivity(task, false, world),
  },
};
