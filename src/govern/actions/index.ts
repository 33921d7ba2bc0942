// The registry of governance actions: one line per file in this folder.
import type { GovernanceAction } from '../action.ts';
import { allowSsoUser } from './allow-sso-user.ts';
import { attachDeny } from './attach-deny.ts';
import { blockAccountPublicAccess } from './block-account-public-access.ts';
import { confirmCompromised } from './confirm-compromised.ts';
import { deactivateKey } from './deactivate-key.ts';
import { denySsoUser } from './deny-sso-user.ts';
import { detachDeny } from './detach-deny.ts';
import { dismissRisk } from './dismiss-risk.ts';
import { forcePasswordChange } from './force-password-change.ts';
import { makeBucketPrivate } from './make-bucket-private.ts';
import { makeObjectPrivate } from './make-object-private.ts';
import { notifyUser } from './notify-user.ts';
import { reactivateKey } from './reactivate-key.ts';
import { removeCollaborator } from './remove-collaborator.ts';
import { removeFromGroup } from './remove-from-group.ts';
import { restrictDownloads } from './restrict-downloads.ts';
import { revokeAppGrant } from './revoke-app-grant.ts';
import { revokeRoleSessions } from './revoke-role-sessions.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { suspendUser } from './suspend-user.ts';
import { unsuspendUser } from './unsuspend-user.ts';

const ALL = [
  makeBucketPrivate,
  makeObjectPrivate,
  removeCollaborator,
  blockAccountPublicAccess,
  reactivateKey,
  detachDeny,
  allowSsoUser,
  revokeRoleSessions,
  deactivateKey,
  attachDeny,
  denySsoUser,
  notifyUser,
  dismissRisk,
  unsuspendUser,
  removeFromGroup,
  restrictDownloads,
  revokeSessions,
  revokeAppGrant,
  confirmCompromised,
  forcePasswordChange,
  suspendUser,
] as const;

/** By id. The registry erases each action's own target and state types: `targetKind` guards what it is handed. */
export const ACTIONS: ReadonlyMap<string, GovernanceAction> = new Map(
  ALL.map((action) => [action.id, action as unknown as GovernanceAction]),
);
