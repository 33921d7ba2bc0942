// Every action on users, each on a scene in which it has something to do: for sweeps.
import assert from 'node:assert/strict';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import type { AppGrantTarget, MembershipTarget, UserTarget } from '../../../src/case/target.ts';
import type { GovernanceAction } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import {
  ALEX,
  APP,
  appGrant,
  createScene,
  GRAPH_API,
  membership,
  PRINCIPAL,
  type Scene,
  type SceneParts,
  SYNCED,
  TEAM,
  user,
} from './scene.ts';

export interface Sample {
  /** Says which way it goes, where there are two. */
  readonly name: string;
  readonly action: GovernanceAction;
  readonly target: UserTarget | MembershipTarget | AppGrantTarget;
  scene(settings?: Partial<OperatorSettings>, parts?: SceneParts): Scene;
}

type Dress = (scene: Scene) => void;

function sample(
  id: string,
  target: Sample['target'],
  parts: SceneParts = {},
  dress: Dress = () => {},
  more: Partial<Sample> = {},
): Sample {
  const action = ACTIONS.get(id);
  assert.ok(action, id);
  return {
    name: id,
    action,
    target,
    ...more,
    scene: (settings, over) => {
      const scene = createScene({ ...parts, ...over, ...(settings ? { settings } : {}) });
      dress(scene);
      return scene;
    },
  };
}

const atRisk: Dress = ({ state }) =>
  void state.risks.set(ALEX, { level: 'high', state: 'atRisk', updatedAt: '2026-03-02T09:00:00Z' });
const inGroup: Dress = ({ state }) => void state.members.add(`${TEAM} ${ALEX}`);
const granted: Dress = ({ state }) => {
  const key = `${ALEX} ${PRINCIPAL}`;
  state.grants.set(key, [
    { id: 'grant-1', resource: GRAPH_API, scope: 'Mail.Read offline_access' },
    { id: 'grant-2', resource: APP, scope: 'user_impersonation' },
  ]);
  state.roles.set(key, [{ id: 'role-1', resource: PRINCIPAL, role: 'default' }]);
};
const there = (id: string) => ({ name: `${id} in Active Directory` });

export const SAMPLES: readonly Sample[] = [
  sample('entra.user.notify', user),
  sample('entra.user.revoke-sessions', user),
  sample('entra.user.suspend', user),
  sample('entra.user.suspend', user, { user: SYNCED }, undefined, there('entra.user.suspend')),
  sample('entra.user.unsuspend', user, { user: { enabled: false } }),
  sample(
    'entra.user.unsuspend',
    user,
    { user: { ...SYNCED, enabled: false } },
    undefined,
    there('entra.user.unsuspend'),
  ),
  sample('entra.user.confirm-compromised', user, {}, atRisk),
  sample('entra.user.dismiss-risk', user, {}, atRisk),
  sample('entra.user.force-password-change', user),
  sample(
    'entra.user.force-password-change',
    user,
    { user: SYNCED },
    undefined,
    there('entra.user.force-password-change'),
  ),
  sample('entra.user.restrict-downloads', user),
  sample('entra.group.remove-member', membership, {}, inGroup),
  sample('entra.app.revoke-grant', appGrant, {}, granted),
];
