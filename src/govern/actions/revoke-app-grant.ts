// Takes back what one person allowed one app, and undoes it. Never touches what an administrator allowed for everybody or
// gave the app itself: then the app goes on, and the plan says so.
import { CountersignError } from '../../case/errors.ts';
import { type Said, say } from '../../case/said.ts';
import { sentences } from '../../case/sentences.ts';
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
} from '../users/app-grants.ts';
import { goneWithAccount, nothingLeft, protectedBecause, READ_ACCOUNT } from '../users/protected-users.ts';
import { scopesSaid } from '../users/scope-words.ts';
import { TOKENS_LIVE_MS } from '../users/token-lifetime.ts';

/** "Get oAuth2PermissionGrant" may lag behind what was deleted. */
const LOOK_AGAIN_MS = 10_000;
const NOTHING = { grants: [], roles: [] };

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

/** What this action cannot keep the app from, as a sentence. */
const ownSays = (n: number, app: string): readonly Said[] =>
  n > 0 ? [say('users.app.of-its-own', { n, app })] : [];

function effects(state: AppGrantState, app: string): readonly Said[] {
  const permissions = permissionsOf(state);
  const { roles, forEverybody, ownPermissions } = state;
  return [
    ...(permissions.length > 0
      ? [say('users.app.takes-back', { n: permissions.length, app, permissions: scopesSaid(permissions) })]
      : []),
    ...(roles.length > 0 ? [say('users.app.takes-away', { n: roles.length, app })] : []),
    say('users.app.goes-on'),
    say(forEverybody ? 'users.app.for-everybody' : 'users.app.may-allow-again'),
    ...ownSays(ownPermissions, app),
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
  if (!app) return { kind: 'refused', reason: say('users.app.unknown', { app: label }) };
  if (app.ours) return { kind: 'refused', reason: say('users.app.ours', { app: app.displayName }) };
  if (sameGrants(state, NOTHING))
    return {
      kind: 'refused',
      reason: say(
        state.forEverybody ? 'users.app.nothing-allowed-but-everybody' : 'users.app.nothing-allowed',
        { person: userLabel, app: app.displayName },
      ),
    };
  return {
    kind: 'offered',
    says: effects(state, app.displayName),
    basis: {
      app: app.id,
      ...grantsBasis(state),
      forEverybody: state.forEverybody,
      ownPermissions: state.ownPermissions,
    },
    undo: { possible: true, says: say('users.app.undo') },
  };
}

async function verify(
  { target, before, checks }: Task<AppGrantTarget, AppGrantState>,
  world: World,
): Promise<Verification> {
  if (!before.app) return { kind: 'not-done', says: say('users.app.unknown', { app: target.label }) };
  const names = { person: target.userLabel, app: before.app.displayName };
  const now = await grantsOf(target, before.app.id, world);
  const left = now.grants.length + now.roles.length;
  if (left > 0)
    return {
      kind: 'not-yet',
      says: say('users.app.still-shown', { n: left, ...names }),
      retryInMs: LOOK_AGAIN_MS,
    };
  const goesOn = await world.consents.isAllowedForEverybody(before.app.id);
  const says = sentences([
    say(goesOn ? 'users.app.taken-back-but-everybody' : 'users.app.taken-back', names),
    ...ownSays(await world.consents.ownPermissions(before.app.id), before.app.displayName),
  ]);
  const since = Date.parse(checks?.[0] ?? '');
  if (checks === undefined || world.clock.now() - since >= TOKENS_LIVE_MS)
    return { kind: 'took-effect', says };
  return {
    kind: 'took-effect',
    says,
    followUp: {
      afterMs: TOKENS_LIVE_MS,
      says: say('users.app.not-everywhere'),
    },
  };
}

export const revokeAppGrant: GovernanceAction<AppGrantTarget, AppGrantState> = {
  id: 'entra.app.revoke-grant',
  title: say('users.title.revoke-app-grant'),
  targetKind: 'app-grant',
  needs:
    'Somebody not protected who has allowed the app something themselves, and an app that is not Countersign.',
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
    gone: ({ userLabel, label }, _before, now) =>
      goneWithAccount(userLabel, now) ??
      (now.app ? null : nothingLeft(say('users.app.unknown', { app: label }))),
    execute: ({ target, before }, world, note) =>
      writeAppGrants(target, principalOf(before), before, world, note),
    async verify({ target, before }, world) {
      if (sameGrants(await grantsOf(target, principalOf(before), world), before))
        return {
          kind: 'took-effect',
          says: say('users.app.put-back', {
            person: target.userLabel,
            app: before.app?.displayName ?? target.label,
          }),
        };
      return { kind: 'not-done', says: say('users.app.not-put-back') };
    },
  },
};
