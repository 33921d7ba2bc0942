// Takes back what one person allowed one app, and undoes it. Never touches what an administrator allowed for everybody: then the app
// goes on, and the plan says so.
import { CountersignError } from '../../case/errors.ts';
import type { AppGrantTarget } from '../../case/target.ts';
import type { Aims, GovernanceAction, Plan, Task, Verification, World } from '../action.ts';
import { aimed } from '../aims.ts';
import {
  type AppGrantState,
  appGrantDifferences,
  grantsBasis,
  grantsOf,
  permissionsOf,
  readAppGrants,
  sameGrants,
  writeAppGrants,
} from '../app-grants.ts';
import { goneObstacle, NOTHING_LEFT, protectedBecause, READ_ACCOUNT } from '../protected-users.ts';
import { scopeWords } from '../scope-words.ts';
import { TOKENS_LIVE, TOKENS_LIVE_MS } from '../token-lifetime.ts';

/** "Get oAuth2PermissionGrant" may lag behind what was deleted. */
const LOOK_AGAIN_MS = 10_000;
const NOTHING = { grants: [], roles: [] };

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function principalOf({ app }: AppGrantState): string {
  if (app) return app.id;
  throw new CountersignError('govern.no-snapshot', 'a run on the grants of an app has no app on record');
}

async function find(aims: Aims): Promise<readonly AppGrantTarget[]> {
  const { subject } = aims;
  if (!subject) return [];
  const person = { kind: 'app-grant', user: subject.id, userLabel: subject.name } as const;
  return (await aimed('app')(aims)).map(({ id, label }) => ({ ...person, app: id, label }));
}

function sentences(state: AppGrantState, name: string): readonly string[] {
  const permissions = permissionsOf(state);
  const { roles, forEverybody } = state;
  return [
    ...(permissions.length > 0
      ? [`Takes back ${counted(permissions.length, 'permission')} of "${name}": ${scopeWords(permissions)}.`]
      : []),
    ...(roles.length > 0
      ? [
          `Takes away ${counted(roles.length, 'assignment')} of their own to "${name}". Where a group of theirs or everybody may use it, they still can.`,
        ]
      : []),
    `What the app has been let in with already goes on working for ${TOKENS_LIVE}.`,
    ...(forEverybody
      ? ['An administrator allowed the app for everybody: with that, it goes on working for them too.']
      : ['They can allow it again, unless the tenant forbids that.']),
  ];
}

function plan(
  target: AppGrantTarget,
  state: AppGrantState,
  settings: Parameters<typeof protectedBecause>[2],
): Plan {
  const { user, userLabel, label } = target;
  const reason = protectedBecause({ id: user, label: userLabel }, state, settings);
  if (reason) return { kind: 'refused', reason };
  const { app } = state;
  if (!app) return { kind: 'refused', reason: `The tenant knows no app "${label}" any more.` };
  if (sameGrants(state, NOTHING))
    return {
      kind: 'refused',
      reason: state.forEverybody
        ? `${userLabel} has allowed "${app.displayName}" nothing: an administrator allowed it for everybody.`
        : `${userLabel} has allowed "${app.displayName}" nothing.`,
    };
  return {
    kind: 'offered',
    says: sentences(state, app.displayName),
    basis: { app: app.id, ...grantsBasis(state), forEverybody: state.forEverybody },
    undo: { possible: true, says: 'Undo grants exactly the same permissions again.' },
  };
}

/** Of several calls some may not have been made: it is only waited for once all were acknowledged. */
async function verify(
  { target, before, requestIds = [], checks }: Task<AppGrantTarget, AppGrantState>,
  world: World,
): Promise<Verification> {
  const name = before.app?.displayName ?? target.label;
  if (!before.app) return { kind: 'not-done', says: `The tenant knows no app "${name}" any more.` };
  const now = await grantsOf(target, before.app.id, world);
  const left = now.grants.length + now.roles.length;
  if (left > 0) {
    const says = `Entra still shows ${counted(left, 'grant')} of ${target.userLabel} to "${name}".`;
    return requestIds.length >= before.grants.length + before.roles.length
      ? { kind: 'not-yet', says, retryInMs: LOOK_AGAIN_MS }
      : { kind: 'not-done', says };
  }
  const goesOn = (await world.consents.isAllowedForEverybody(before.app.id))
    ? ' An administrator allowed it for everybody: with that, it goes on working for them too.'
    : '';
  const says = `"${name}" has no permission from ${target.userLabel} any more: read back from Entra.${goesOn}`;
  const since = Date.parse(checks?.[0] ?? '');
  if (checks === undefined || world.clock.now() - since >= TOKENS_LIVE_MS)
    return { kind: 'took-effect', says };
  return {
    kind: 'took-effect',
    says,
    followUp: {
      afterMs: TOKENS_LIVE_MS,
      says: `Not yet everywhere: what the app has been let in with already goes on working for ${TOKENS_LIVE}.`,
    },
  };
}

export const revokeAppGrant: GovernanceAction<AppGrantTarget, AppGrantState> = {
  id: 'entra.app.revoke-grant',
  title: 'Take back what they allowed the app',
  targetKind: 'app-grant',
  needs: 'Somebody not protected who has allowed the app something themselves.',
  effect: 'converges',
  strength: 4,
  permissions: {
    graph: [
      ...READ_ACCOUNT,
      'Application.Read.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
    ],
  },
  capPerHour: 20,

  find,
  read: readAppGrants,
  plan,
  execute: ({ target, before }, world, note) =>
    writeAppGrants(target, principalOf(before), NOTHING, world, note),
  verify,

  revert: {
    differences: appGrantDifferences,
    obstacle: ({ userLabel, label }, _before, now) =>
      goneObstacle(userLabel, now) ??
      (now.app ? null : `The tenant knows no app "${label}" any more. ${NOTHING_LEFT}`),
    execute: ({ target, before }, world, note) =>
      writeAppGrants(target, principalOf(before), before, world, note),
    async verify({ target, before }, world) {
      if (sameGrants(await grantsOf(target, principalOf(before), world), before))
        return {
          kind: 'took-effect',
          says: `${target.userLabel} allows "${before.app?.displayName ?? target.label}" exactly what it was.`,
        };
      return { kind: 'not-done', says: 'What they allowed the app is not yet back as it was.' };
    },
  },
};
