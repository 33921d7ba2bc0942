// Alex Weber in a made-up company, and one action on them: plan, execute and verify as the runner calls them, its words in English.
import assert from 'node:assert/strict';
import type { NoticeSent } from '../../../src/case/case.ts';
import type { CaseId, RunId, UserId } from '../../../src/case/ids.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import type { AppGrantTarget, MembershipTarget, Target, UserTarget } from '../../../src/case/target.ts';
import { writeOut } from '../../../src/case/written.ts';
import type { GovernanceAction, Plan, Task, UndoTask, World } from '../../../src/govern/action.ts';
import type { DirectoryUser } from '../../../src/ports/directory.ts';
import type { NoticeWay } from '../../../src/ports/notices.ts';
import { settings as base } from '../../helpers/cases.ts';
import { allEnglish, english } from '../../helpers/english.ts';
import { createFakeWorld, type FakeState, SUSPECT, worldOf } from '../../helpers/fake-world.ts';

export const ALEX: UserId = SUSPECT.id;
export const CASE = 'case-1' as CaseId;
export const SID = 'S-1-5-21-1004336348-1177238915-682003330-1104';
export const GROUP = '6a0c1f2e-3b4d-4c5e-8f60-718293a4b5c6';
/** Restricts nothing. */
export const TEAM = '2d91c7e4-50ab-4b1f-9c3d-6e7f80a1b2c3';
export const APP = '0f2b8a6e-7c1d-4e39-9a45-b6c7d8e9f0a1';
export const PRINCIPAL = '9d8c7b6a-5f4e-4d3c-8b2a-190817263544';
export const GRAPH_API = '11111111-2222-4333-8444-555555555555';

export const user: UserTarget = { kind: 'user', id: ALEX, label: 'Alex Weber' };
export const membership: MembershipTarget = {
  kind: 'membership',
  user: ALEX,
  userLabel: 'Alex Weber',
  group: TEAM,
  label: 'what the alert called it',
};
export const appGrant: AppGrantTarget = {
  kind: 'app-grant',
  user: ALEX,
  userLabel: 'Alex Weber',
  app: APP,
  label: 'what the alert called it',
};

export interface Scene {
  readonly world: World;
  readonly state: FakeState;
  /** How often each thing was done. */
  readonly done: Readonly<Record<string, number>>;
  readonly notices: Map<string, NoticeSent>;
  readonly settings: OperatorSettings;
  setUser(part: Partial<DirectoryUser>): void;
  /** As the sync of on-premises AD would. */
  sync(): void;
  /** What the world looks like to actions: everything but clocks and counts. */
  picture(): unknown;
}

export interface SceneParts {
  readonly settings?: Partial<OperatorSettings>;
  readonly user?: Partial<DirectoryUser>;
  readonly reach?: NoticeWay | null;
  /** Milliseconds that the clock of the world runs ahead. */
  readonly later?: () => number;
}

export const SYNCED = { synced: true, securityIdentifier: SID } as const;

export function createScene({
  settings = {},
  user: over,
  reach = 'teams',
  later = () => 0,
}: SceneParts = {}): Scene {
  const fake = createFakeWorld();
  const { state } = fake;
  const notices = new Map<string, NoticeSent>();
  const setUser = (part: Partial<DirectoryUser>): void => {
    const now = state.users.get(ALEX);
    if (now) state.users.set(ALEX, { ...now, ...part });
  };
  if (over) setUser(over);
  if (over?.securityIdentifier)
    state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: over.enabled ?? true });
  const all: OperatorSettings = {
    ...base,
    ...settings,
    users: { ...base.users, restrictDownloadsGroup: GROUP, ...settings.users },
  };
  for (const [id, displayName] of [
    [GROUP, 'Restricted downloads'],
    [TEAM, 'Field sales'],
  ] as const)
    state.groups.set(id, { id, displayName, dynamic: false, synced: false, roleAssignable: false });
  state.apps.set(APP, { id: PRINCIPAL, displayName: 'Invoice Helper' });
  const world = worldOf(fake, {
    settings: all,
    clock: { now: () => Date.now() + later() },
    notices: {
      reach: async () => reach,
      asked: async (about, id) => notices.get(`${about} ${id}`) ?? null,
      ask: async (about, id) => {
        const key = `${about} ${id}`;
        if (!notices.has(key)) {
          notices.set(key, { user: id, way: reach ?? 'mail', at: '2026-03-02T10:00:00Z' });
          state.mails.push({ to: id, subject: 'Was this you?', text: about });
        }
        return { requestId: `notice-${state.mails.length}` };
      },
    },
  });
  return {
    world,
    state,
    done: fake.done,
    notices,
    settings: all,
    setUser,
    sync() {
      const enabled = state.onPremises.get(SID)?.enabled;
      if (typeof enabled === 'boolean') setUser({ enabled });
    },
    picture: () => ({
      enabled: state.users.get(ALEX)?.enabled,
      password: state.passwords.get(ALEX)?.mustChange ?? false,
      memberOf: [GROUP, TEAM].filter((group) => state.members.has(`${group} ${ALEX}`)),
      risk: state.risks.get(ALEX)?.state ?? null,
      onPremises: state.onPremises.get(SID)?.enabled ?? null,
      grants: (state.grants.get(`${ALEX} ${PRINCIPAL}`) ?? [])
        .map(({ resource, scope }) => `${resource} ${scope}`)
        .sort(),
      roles: (state.roles.get(`${ALEX} ${PRINCIPAL}`) ?? [])
        .map(({ resource, role }) => `${resource} ${role}`)
        .sort(),
      asked: state.mails.length,
    }),
  };
}

/** One action on one target, step by step. */
export function tryOut<T extends Target, S extends JsonObject>(
  action: GovernanceAction<T, S>,
  target: T,
  { world, settings }: Pick<Scene, 'world' | 'settings'>,
) {
  const noted: string[] = [];
  const checks: string[] = [];
  const task = (before: S): Task<T, S> => ({
    key: 'run-1' as RunId,
    caseId: CASE,
    caseRef: 'K7M2PQRS',
    target,
    before,
    requestIds: [...noted],
    checks: [...checks],
  });
  const undoTask = (before: S, after: S): UndoTask<T, S> => ({ ...task(before), after });
  const note = async (id: string): Promise<void> => void noted.push(id);
  return {
    noted,
    checks,
    task,
    undoTask,
    read: (): Promise<S> => action.read(target, world),
    plan: async () => writeOut(action.plan(target, await action.read(target, world), settings), english),
    execute: (before: S): Promise<void> => action.execute(task(before), world, note),
    verify: async (before: S) => writeOut(await action.verify(task(before), world), english),
    differences: (before: S, after: S, now: S) =>
      action.revert?.differences(before, after, now).map((one) => ({
        part: english(one.part),
        before: english(one.before),
        left: english(one.left),
        now: english(one.now),
      })),
    gone(before: S, now: S): string | null {
      const why = action.revert?.gone?.(target, before, now) ?? null;
      return why === null ? null : english(why);
    },
    async revert(before: S, after: S): Promise<void> {
      assert.ok(action.revert);
      await action.revert.execute(undoTask(before, after), world, note);
    },
    async verifyRevert(before: S, after: S) {
      assert.ok(action.revert);
      return writeOut(await action.revert.verify(undoTask(before, after), world), english);
    },
  };
}

/** An offered plan, in English. Fails where it is not offered. */
export function offered(plan: Plan) {
  const { kind } = plan;
  assert.ok(plan.kind === 'offered', `${kind}: ${reasonOf(plan)}`);
  return {
    ...plan,
    says: allEnglish(plan.says),
    undo: { ...plan.undo, says: english(plan.undo.says) },
  };
}

export const reasonOf = (plan: Plan): string => ('reason' in plan ? english(plan.reason) : '');
