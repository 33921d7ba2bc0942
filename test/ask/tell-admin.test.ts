// Administrators are told of whom Teams does not reach: once a day each, and nothing of the case but its reference.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import { tellAdminStep } from '../../src/case/tell-admin-step.ts';
import { people } from '../../src/sandbox/people.ts';
import { type AskingStage, chatOf, createAskingStage } from '../helpers/asking-stage.ts';
import { aCase, settings as usual } from '../helpers/cases.ts';

const { morgan, ravi, grace, alex, yuki } = people;
const DAY_MS = 86_400_000;

describe('Word to the administrators', () => {
  let stage: AskingStage;
  const start = async (...admins: readonly UserId[]): Promise<void> => {
    stage = await createAskingStage({ security: { ...usual.security, members: [yuki.id], admins } });
    stage.notInstallable.add(morgan.id);
  };
  afterEach(() => stage.close());
  const told = () => stage.sent.filter(({ card }) => card.template === 'admin-notice');
  const toldTo = () => told().map(({ to }) => to);

  it('goes to each of them, and says who, why, and which case', async () => {
    await start(ravi.id, grace.id);

    const { ref } = await stage.open();

    assert.deepEqual(toldTo(), [chatOf(ravi), chatOf(grace)]);
    const { w, ...data } = told()[0]?.card.data ?? {};
    const why = 'The Countersign app is not installed for them, and could not be installed.';
    assert.deepEqual(data, { ref, name: 'Morgan Reyes', why });
    assert.match(
      JSON.stringify(w),
      new RegExp(`"Countersign cannot reach Morgan Reyes in Teams \\(case ${ref}\\): ${why}"`),
    );
  });

  it('goes to those of them who can be reached', async () => {
    await start(ravi.id, grace.id);
    stage.notInstallable.add(ravi.id);

    await stage.open();

    assert.deepEqual(toldTo(), [chatOf(grace)]);
  });

  for (const [what, set] of [
    ['cannot be installed for', () => stage.notInstallable.add(ravi.id)],
    ['is blocked by', () => stage.blocked.add(chatOf(ravi))],
  ] as const)
    it(`goes to the security channel where the app ${what} all of them`, async () => {
      await start(ravi.id);
      set();

      await stage.open();

      assert.deepEqual(toldTo(), [stage.settings.security.channel]);
    });

  it('goes to nobody whom the case is about', async () => {
    await start(alex.id, ravi.id);

    await stage.open();

    assert.deepEqual(toldTo(), [chatOf(ravi)]);
  });

  it('comes once a day for one person, however many cases and tries', async () => {
    await start(ravi.id);
    await stage.open();
    await stage.open();
    assert.equal(told().length, 1);

    stage.clock.at += DAY_MS;
    await stage.open();

    assert.equal(told().length, 2);
  });

  it('comes after all where sending it failed the first time, and not from another case as well', async () => {
    await start(ravi.id);
    const { send } = stage.asking.messenger;
    Object.assign(stage.asking.messenger, {
      send: async (...given: Parameters<typeof send>) => {
        if (given[1].template !== 'admin-notice') return send(...given);
        Object.assign(stage.asking.messenger, { send });
        throw new Error('the network is down');
      },
    });
    await assert.rejects(stage.open(), /the network is down/);
    const failed = stage.steps.find(({ kind }) => kind === 'tell-admin') ?? assert.fail();

    await stage.open();
    assert.equal(told().length, 0);
    await stage.store.retryStep(failed, 0, 'down');
    await stage.run((await stage.store.readCase(failed.caseId)) ?? assert.fail());

    assert.equal(told().length, 1);
  });

  it('is one card for a case, of everybody who was to be asked', async () => {
    await start(ravi.id);
    for (const one of [people.priya, people.dana]) stage.notInstallable.add(one.id);

    await stage.open();

    assert.deepEqual(
      told().map(({ card }) => card.data.name),
      ['Morgan Reyes, Priya Nair, Dana Holt'],
    );
  });

  /** What a step of an earlier routing would say about people nobody has heard of yet. */
  const tellOf = async (about: Case, ...names: readonly string[]): Promise<void> => {
    const unknown = names.map((name) => ({ person: `id-of-${name}` as UserId, name }));
    const { body, kind, key } = tellAdminStep({ people: unknown, why: 'not-installed' });
    await stage.store.transact((tx) => tx.addStep(about.id, { kind, key, body }));
    await stage.run(about);
  };

  it('names no more than a few on one day, says once that they are too many, and starts again the next day', async () => {
    await start(ravi.id);
    const [first, second, third] = [await stage.open(), await stage.open(), await stage.open()];
    await tellOf(first, 'B', 'C', 'D', 'E');
    assert.equal(told().length, 2);

    await tellOf(second, 'F', 'G');
    await tellOf(third, 'H');
    await tellOf(first, 'I');

    assert.equal(told().length, 3);
    assert.equal(told().at(-1)?.card.data.name, 'F, G');
    assert.match(
      String(told().at(-1)?.card.data.why),
      /That is so for 7 people today, perhaps for everybody/,
    );
    stage.clock.at += DAY_MS;
    await tellOf(third, 'H');
    assert.equal(told().length, 4);
    assert.doesNotMatch(String(told().at(-1)?.card.data.why), /everybody/);
  });

  it('says that they are too many after all where that failed half-way', async () => {
    await start(ravi.id);
    const about = await stage.open();
    const { send } = stage.asking.messenger;
    Object.assign(stage.asking.messenger, {
      send: async () => {
        Object.assign(stage.asking.messenger, { send });
        throw new Error('the network is down');
      },
    });
    await assert.rejects(tellOf(about, 'B', 'C', 'D', 'E', 'F'), /the network is down/);
    const failed = stage.steps.findLast(({ kind }) => kind === 'tell-admin') ?? assert.fail();

    await stage.store.retryStep(failed, 0, 'down');
    await stage.run(about);

    assert.match(String(told().at(-1)?.card.data.why), /for 6 people today/);
  });

  it('comes of no case that is only watched, and installs nothing for anybody', async () => {
    await start(ravi.id);
    const { policy } = aCase();

    const about = await stage.open({ policy: { ...policy, stage: 'monitor' } });

    assert.equal(about.state, 'monitored');
    assert.deepEqual(stage.sent, []);
  });

  it('escapes the name', async () => {
    await start(ravi.id);
    const known = stage.world.state.users.get(morgan.id) ?? assert.fail();
    const displayName = '[Morgan](https://evil.example)';
    stage.world.state.users.set(morgan.id, { ...known, displayName });

    await stage.open();

    assert.ok(!String(told()[0]?.card.data.name).includes(displayName));
  });
});
