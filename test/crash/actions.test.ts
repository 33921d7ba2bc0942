// Every action of the catalogue, from the claim to the undo, killed at every call to the world and to the store, and started again
// on what was left. A kill after a call is a kill before the next one, and a kill after a call that only reads is a kill before it:
// so it is tried ahead of the first call and behind each one that has an effect, which is all there is. What is followed up is followed
// up before it is undone. On PostgreSQL nothing is known of who was killed: its leases run out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Store } from '../../src/adapters/store/index.ts';
import { checkChain } from '../../src/audit/check-chain.ts';
import type { Case, NoticeSent } from '../../src/case/case.ts';
import type { GovernanceAction, World } from '../../src/govern/action.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import type { Notices } from '../../src/ports/notices.ts';
import { ACTION_SCENES, type ActionScene, SYNCED_SCENES } from '../helpers/action-scenes.ts';
import { type Bomb, createBomb } from '../helpers/crash.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/fake-world.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { createDatabase, execute, type TestDatabase } from '../helpers/postgres.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** By then everything was followed up, or is looked at daily. */
const FOLLOWED_UP_DAYS = 2;
const NEVER = Number.POSITIVE_INFINITY;
/** What the case may end as; anything that is handed to a person is with the security team by then. */
const CALM: readonly Case['state'][] = ['asking', 'contained', 'undone'];

interface Play {
  readonly action: GovernanceAction;
  readonly scene: ActionScene;
  readonly world: FakeWorld;
  readonly notices: Notices;
  readonly directory: string;
  readonly databaseUrl: string | undefined;
  /** Time goes on, whoever is killed. */
  readonly clock: { at: number };
}

/** One of each kind is enough: what the store does is the same for all. */
const ON_POSTGRES = ['entra.user.revoke-sessions', 'aws.iam.attach-deny', 'aws.s3.make-bucket-private'];

describe('a crash at any call of an action', function () {
  this.timeout(60_000);

  it('is tried with every action: each has a scene, and each scene an action', () =>
    assert.deepEqual(Object.keys(ACTION_SCENES).toSorted(), [...ACTIONS.keys()].toSorted()));

  for (const action of ACTIONS.values())
    it(`leaves nothing unproven and does nothing twice: ${action.id}`, () =>
      crashEverywhere(action, ACTION_SCENES[action.id]));

  for (const [id, scene] of Object.entries(SYNCED_SCENES))
    it(`leaves nothing unproven and does nothing twice in Active Directory: ${id}`, () =>
      crashEverywhere(ACTIONS.get(id), scene));

  describe('on PostgreSQL', () => {
    let database: TestDatabase;
    before(async function () {
      database = await createDatabase(this);
    });
    after(() => database?.drop());
    for (const id of ON_POSTGRES)
      it(`leaves nothing unproven and does nothing twice: ${id}`, () =>
        crashEverywhere(ACTIONS.get(id), ACTION_SCENES[id], database.url));
  });

  async function crashEverywhere(
    action: GovernanceAction | undefined,
    scene: ActionScene | undefined,
    databaseUrl?: string,
  ): Promise<void> {
    assert.ok(action && scene, 'an action without a scene, or a scene without an action');
    const clean = await playOnce(action, scene, NEVER, false, databaseUrl);
    assert.equal(clean.about.state, action.informs ? 'asking' : clean.isBack ? 'undone' : 'contained');
    assert.deepEqual(clean.left, clean.whole, 'undo is the identity');
    const effects = clean.effects.flatMap((effect, index) => (effect ? [index + 1] : []));
    assert.ok(effects.length > 5, `${effects.length} of ${clean.effects.length} calls have an effect`);
    for (const at of [0, ...effects]) {
      const crashed = await playOnce(action, scene, Math.max(at, 1), at > 0, databaseUrl);
      const label = `crashed ${at > 0 ? 'after' : 'before'} call ${Math.max(at, 1)} of ${clean.effects.length}`;
      assert.equal(crashed.about.state, clean.about.state, label);
      assert.deepEqual(crashed.states, clean.states, label);
      assert.deepEqual(crashed.left, clean.left, label);
      for (const [what, count] of Object.entries(crashed.done)) {
        const most = (clean.done[what] ?? 0) + (scene.mayRepeat?.includes(what) ? 1 : 0);
        assert.ok(count <= most, `${label}: ${what} was done ${count} times, ${most} at most`);
      }
      assert.deepEqual(crashed.problems, [], label);
      assert.equal(crashed.verified, 1, `${label}: proven once`);
    }
  }

  async function playOnce(
    action: GovernanceAction,
    scene: ActionScene,
    at: number,
    after = false,
    databaseUrl?: string,
  ) {
    const directory = mkdtempSync(path.join(tmpdir(), 'countersign-actions-'));
    if (databaseUrl) await execute(databaseUrl, 'drop schema public cascade; create schema public');
    const world = createFakeWorld();
    scene.set(world);
    const whole = picture(world, action);
    const play: Play = {
      ...{ action, scene, world, directory, notices: noticesOf(world), databaseUrl },
      clock: { at: Date.now() },
    };
    try {
      const bomb = createBomb(at, after ? 'after' : 'before');
      const id = await begin(play);
      const effects: boolean[] = [];
      await goOn(play, bomb, id, effects).catch((error: unknown) => {
        if (!bomb.exploded()) throw error;
      });
      // Its leases run out.
      if (bomb.exploded() && databaseUrl)
        await execute(databaseUrl, 'update step set leased_until_ms = 1 where leased_until_ms is not null');
      if (bomb.exploded()) await goOn(play, createBomb(NEVER, 'before'), id);
      assert.ok(at === NEVER || bomb.exploded(), 'the bomb did not go off');
      const stage = await stageOf(play);
      const about = await caseOf(stage, id);
      const entries = await stage.trail();
      const result = {
        about,
        whole,
        states: (await stage.runs(about)).map((run) => run.state),
        isBack: (await stage.runs(about)).some((run) => run.state === 'reverted'),
        left: picture(world, action),
        done: { ...world.done },
        problems: checkChain([...entries], new Map()).problems,
        verified: entries.filter((entry) => entry.kind === 'run.verified').length,
        effects,
      };
      await stage.close();
      return result;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});

const stageOf = (play: Play, bomb?: Bomb, effects: boolean[] = []): Promise<Stage> => {
  const ports = Object.entries({ ...play.world.world, notices: play.notices });
  const wrapped = ports.map(([name, port]) => [name, bomb ? traced(bomb.wrap<object>(port), effects) : port]);
  return createGovernStage({
    actions: [play.action],
    offers: { all: [[play.action.id, play.scene.target]] },
    directory: play.directory,
    databaseUrl: play.databaseUrl,
    recheckMs: 0,
    startAt: play.clock.at,
    ...(play.scene.settings && { settings: play.scene.settings }),
    world: Object.fromEntries(wrapped) as Partial<World>,
    ...(bomb && {
      wrap: (store: Store) =>
        tracedStore(bomb.wrap<Store>(store, ['transact', 'takeSteps', 'retryStep']), effects),
    }),
  });
};

async function begin(play: Play): Promise<Case['id']> {
  const stage = await stageOf(play);
  const { id, question } = await stage.open();
  assert.equal(question?.offers.length, 1, `${play.action.id} has nothing to do in its scene`);
  await stage.close();
  return id;
}

/** As far as it gets: the answer, the change, its proof, the undo. Whoever pressed and got no answer presses again. */
async function goOn(play: Play, bomb: Bomb, id: Case['id'], effects: boolean[] = []): Promise<void> {
  const stage = await stageOf(play, bomb, effects);
  try {
    let about = await caseOf(stage, id);
    // Letting somebody in takes two people.
    const signatures = play.action.letsIn ? 2 : 1;
    const isOpen = (): boolean => about.decisions.length < signatures;
    do {
      if (about.state === 'asking' && isOpen())
        await stage.approve(about, 'all', about.decisions.length === 0 ? 'manager' : 'security');
      about = await untilCalm(stage, about);
    } while (about.state === 'asking' && isOpen());
    for (let day = 0; day < FOLLOWED_UP_DAYS && about.state === 'contained'; day++)
      about = await stage.later(about, DAY_MS);
    if (about.state === 'contained' && (await stage.runs(about)).some(stage.deciding.canUndo))
      await stage.undo(about);
    await untilCalm(stage, about);
  } finally {
    play.clock.at = stage.clock.at;
    await stage.close();
  }
}

async function untilCalm(stage: Stage, about: Case): Promise<Case> {
  for (let minute = 0; minute < 30; minute++) {
    const now = await stage.run(about);
    if (CALM.includes(now.state)) return now;
    stage.clock.at += MINUTE_MS;
  }
  throw new Error('the case does not come to rest');
}

const caseOf = async (stage: Stage, id: Case['id']): Promise<Case> => {
  const about = await stage.store.readCase(id);
  assert.ok(about);
  return about;
};

/** Whoever was asked once about a case is not asked again. */
function noticesOf(world: FakeWorld): Notices {
  const asked = new Map<string, NoticeSent>();
  return {
    reach: async () => 'teams',
    asked: async (about, person) => asked.get(`${about} ${person}`) ?? null,
    ask: async (about, person) => {
      asked.set(`${about} ${person}`, { user: person, way: 'teams', at: '2026-11-21T10:00:00Z' });
      return world.mailer.send({ to: person, subject: 'Was this you?', text: about });
    },
  };
}

/** The world as an undo should leave it. What cannot be undone, and ids that the vendor gives anew, are left out. */
function picture({ state, bucket }: FakeWorld, action: GovernanceAction): unknown {
  if (!action.revert) return null;
  const without = (values: Iterable<readonly [string, readonly object[]]>) =>
    [...values].map(([key, all]) => [key, all.map((one) => ({ ...one, id: '' }))]);
  return {
    bucket: bucket(),
    users: [...state.users.values()].map(({ id, enabled }) => [id, enabled]),
    onPremises: [...state.onPremises],
    passwords: [...state.passwords.values()].map(({ mustChange }) => mustChange).filter(Boolean),
    members: [...state.members],
    grants: without(state.grants),
    roles: without(state.roles),
    buckets: [...state.buckets],
    objectAcls: [...state.objectAcls],
    accountBlocks: [...state.accountBlocks],
    keys: [...state.keys],
    inlinePolicies: [...state.inlinePolicies],
    accountPolicies: [...state.accountPolicies].map(([key, { policy, attached }]) => [key, policy, attached]),
  };
}

const READS =
  /^(find|read|is[A-Z]|has[A-Z]|list|own|keysOf|riskOf|delegatedGrants|appRoles|passwordOf|managerOf|reach$|asked$)/;
const STORE_READS: readonly PropertyKey[] = [
  'lockCase',
  'findRun',
  'runsOf',
  'copiesOf',
  'assertLease',
  'holdsTargets',
  'caseRelyingOn',
];

/** Notes of each call whether it may have changed anything. */
const traced = <Port extends object>(port: Port, effects: boolean[]): Port =>
  intercepted(port, (name) => void effects.push(!READS.test(String(name))));

function tracedStore(store: Store, effects: boolean[]): Store {
  const transact: Store['transact'] = (work) => {
    const index = effects.push(false) - 1;
    return store.transact((tx) =>
      work(
        intercepted(tx, (name) => {
          if (!STORE_READS.includes(name)) effects[index] = true;
        }),
      ),
    );
  };
  return {
    ...store,
    transact,
    // The lease of a process that is gone is void.
    takeSteps: (...args) => {
      effects.push(false);
      return store.takeSteps(...args);
    },
    retryStep: (...args) => {
      effects.push(true);
      return store.retryStep(...args);
    },
  };
}

const intercepted = <Port extends object>(port: Port, called: (name: PropertyKey) => void): Port =>
  new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        called(name);
        return member.apply(target, args);
      };
    },
  });
