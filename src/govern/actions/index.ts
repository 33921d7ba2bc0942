// The registry of governance actions: one line per file in this folder.
import type { GovernanceAction } from '../action.ts';
import { makeBucketPrivate } from './make-bucket-private.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { suspendUser } from './suspend-user.ts';

const ALL = [makeBucketPrivate, revokeSessions, suspendUser] as const;

/** By id. The registry erases each action's own target and state types: `targetKind` guards what it is handed. */
export const ACTIONS: ReadonlyMap<string, GovernanceAction> = new Map(
  ALL.map((action) => [action.id, action as unknown as GovernanceAction]),
);
