// What Countersign may delete through Graph: memberships, grants and role assignments. Never a user, a group or an app.
import { CountersignError } from '../../case/errors.ts';

/**
 * "Remove member": without `/$ref`, Graph deletes the member itself wherever the app's permissions allow it.
 * So a path that is not exactly one of these does not leave this process.
 */
const DELETABLE: readonly RegExp[] = [
  /^\/groups\/[^/?#]+\/members\/[^/?#]+\/\$ref$/,
  /^\/oauth2PermissionGrants\/[^/?#]+$/,
  /^\/users\/[^/?#]+\/appRoleAssignments\/[^/?#]+$/,
];

/** Throws `graph.delete-refused` for anything but a reference, a grant or an assignment. */
export function refuseWideDelete(path: string): void {
  if (!DELETABLE.some((one) => one.test(path)))
    throw new CountersignError(
      'graph.delete-refused',
      'A DELETE that is not of a membership, a grant or a role assignment was refused before it was sent.',
    );
}
