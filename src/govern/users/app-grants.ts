// What one person allowed one app, as the action on it reads, names, compares and rewrites it. Ids change with every grant, so what
// is equal is told by resource and scopes, or resource and role.
import { type Said, say } from '../../case/said.ts';
import type { AppGrantTarget } from '../../case/target.ts';
import type { AppFacts, AppRole, DelegatedGrant } from '../../ports/consents.ts';
import type { Difference, RequestNote, World } from '../action.ts';
import { type AccountFacts, readAccount } from './protected-users.ts';
import { scopesSaid } from './scope-words.ts';

export type AppGrants = {
  readonly grants: readonly DelegatedGrant[];
  readonly roles: readonly AppRole[];
};
export type AppGrantState = AccountFacts &
  AppGrants & {
    readonly app: AppFacts | null;
    /** An administrator allowed it for everybody: it goes on without a grant of this person. */
    readonly forEverybody: boolean;
    /** What an administrator gave the app itself: with that, it goes on whoever takes back what. */
    readonly ownPermissions: number;
  };

const scopesOf = ({ scope }: Pick<DelegatedGrant, 'scope'>): readonly string[] =>
  [...new Set(scope.split(/\s+/).filter(Boolean))].sort();
const grantKey = (grant: DelegatedGrant): string => `${grant.resource} ${scopesOf(grant).join(' ')}`;
const roleKey = ({ resource, role }: AppRole): string => `${resource} ${role}`;

/** Every permission of the grants: the same scope of two APIs is two. */
export const permissionsOf = ({ grants }: AppGrants): readonly string[] => grants.flatMap(scopesOf);

/** Equal for what gives the same access. */
export const grantsBasis = ({ grants, roles }: AppGrants) => ({
  grants: grants.map(grantKey).sort(),
  roles: roles.map(roleKey).sort(),
});

export const sameGrants = (a: AppGrants, b: AppGrants): boolean =>
  JSON.stringify(grantsBasis(a)) === JSON.stringify(grantsBasis(b));

/** What one person allowed the app with this service principal. */
export const grantsOf = async (
  { user }: AppGrantTarget,
  principal: string,
  { consents }: World,
): Promise<AppGrants> => ({
  grants: await consents.delegatedGrants(user, principal),
  roles: await consents.appRoles(user, principal),
});

export async function readAppGrants(target: AppGrantTarget, world: World): Promise<AppGrantState> {
  const account = await readAccount(target.user, world.directory);
  const app = account.exists ? await world.consents.findApp(target.app) : null;
  if (!app) return { ...account, app, grants: [], roles: [], forEverybody: false, ownPermissions: 0 };
  const forEverybody = await world.consents.isAllowedForEverybody(app.id);
  const ownPermissions = await world.consents.ownPermissions(app.id);
  return { ...account, app, ...(await grantsOf(target, app.id, world)), forEverybody, ownPermissions };
}

/**
 * Makes what the person allowed the app exactly `wanted`: takes away what is not in it, adds what is missing. Starts from the world
 * as it is, so that a second run after a crash finishes the first.
 */
export async function writeAppGrants(
  target: AppGrantTarget,
  principal: string,
  wanted: AppGrants,
  world: World,
  note: RequestNote,
): Promise<void> {
  const { user } = target;
  const { consents } = world;
  const now = await grantsOf(target, principal, world);
  const lacking = <One>(these: readonly One[], those: readonly One[], keyOf: (one: One) => string) => {
    const known = new Set(those.map(keyOf));
    return these.filter((one) => !known.has(keyOf(one)));
  };
  for (const { id } of lacking(now.grants, wanted.grants, grantKey))
    await note((await consents.removeDelegatedGrant(id)).requestId);
  for (const { id } of lacking(now.roles, wanted.roles, roleKey))
    await note((await consents.removeAppRole(user, id)).requestId);
  for (const { resource, scope } of lacking(wanted.grants, now.grants, grantKey))
    await note((await consents.addDelegatedGrant(user, principal, { resource, scope })).requestId);
  for (const { resource, role } of lacking(wanted.roles, now.roles, roleKey))
    await note((await consents.addAppRole(user, { resource, role })).requestId);
}

export function appGrantDifferences(
  before: AppGrantState,
  after: AppGrantState,
  now: AppGrantState,
): readonly Difference[] {
  const permissions = (state: AppGrantState): Said => {
    if (!state.exists) return say('users.account.missing');
    if (!state.app) return say('users.app.missing');
    const all = permissionsOf(state);
    return all.length > 0 ? scopesSaid(all) : say('users.app.no-permissions');
  };
  const roles = ({ roles: all }: AppGrantState): Said =>
    all.length === 0 ? say('users.app.no-assignments') : String(all.length);
  const keysOf = (state: AppGrantState) => {
    const { grants, roles: assigned } = grantsBasis(state);
    return { grants: JSON.stringify([state.exists, state.app?.id, grants]), roles: JSON.stringify(assigned) };
  };
  const [left, is] = [keysOf(after), keysOf(now)];
  const part = (name: Said, words: (state: AppGrantState) => Said) => ({
    part: name,
    before: words(before),
    left: words(after),
    now: words(now),
  });
  return [
    ...(left.grants === is.grants ? [] : [part(say('users.part.permissions'), permissions)]),
    ...(left.roles === is.roles ? [] : [part(say('users.part.assignments'), roles)]),
  ];
}
