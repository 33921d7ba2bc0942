// What comes about somebody whom a question is about already, on a real store: nothing graver waits for what is asked, or is lost in it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { reassignedNow, scaleOf } from '../../src/case/reassigned.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { isWaiting } from '../../src/route/place-of.ts';
import { people } from '../../src/sandbox/people.ts';
import { aBucket } from '../helpers/alerts.ts';
import { type AskingStage, askedIn, createAskingStage, START } from '../helpers/asking-stage.ts';
import { aCase } from '../helpers/cases.ts';
import { allEnglish } from '../helpers/english.ts';

const { alex, morgan, ben, priya } = people;
const MINUTE = 60_000;
const at = (ms: number): string => new Date(START + ms).toISOString();
const FULL: Partial<Case> = { targets: Array.from({ length: 20 }, (_, index) => aBucket(`bucket-${index}`)) };

describe('what comes about somebody who is asked about', () => {
  let stage: AskingStage;
  let count = 0;
  beforeEach(async () => {
    stage = await createAskingStage();
    const { settings } = stage;
    Object.assign(stage.routing, {
      settings: { ...settings, asking: { ...settings.asking, relatedMs: 86_400_000 } },
      plan: async ({ policy }: Case) => ({
        offers: policy.offers.map(({ key, label }) => ({ key, label, actions: [], left: [] })),
        withheld: [],
      }),
    });
    count = 0;
  });
  afterEach(() => stage.close());

  /** Of a policy of its own, each opened a second after the one before; routed after `delayMs`. */
  async function put(over: Partial<Case> = {}, delayMs = 0): Promise<Case> {
    count += 1;
    const name = `policy-${count}`;
    const about = aCase({
      ...{ id: randomUUID() as CaseId, ref: `REF2345${count}`, groupKey: name, version: 1 },
      ...{ state: 'routing', question: null, subject: null, hint: { kind: 'entra', id: alex.id } },
      ...{ named: [alex.id], mentioned: [alex.id], targets: [aBucket(name)] },
      ...{ openedAt: at(count * 1_000), firstSeenAt: at(0), lastSeenAt: at(0) },
      ...{ deeds: [{ key: name, says: name }], callers: [] },
      sources: [{ source: 'cloudtrail', sourceId: name, resolved: false }],
      policy: { ...aCase().policy, id: name, hash: name.padEnd(64, '0'), asking: DEFAULT_ASKING },
      ...over,
    });
    await stage.store.transact(async (tx) => {
      await tx.insertCase(about);
      await tx.addStep(about.id, { kind: 'route', key: '', delayMs });
    });
    return stage.run(about);
  }
  const now = async ({ id }: Case): Promise<Case> => (await stage.store.readCase(id)) ?? assert.fail();
  async function pass(ms: number): Promise<void> {
    stage.clock.at += ms;
    await stage.store.listCases({}).then(([any]) => any && stage.run(any));
  }
  const asking = async (): Promise<readonly string[]> =>
    (await stage.store.listCases({ states: ['asking'] })).map(({ ref }) => ref).sort();
  const told = () => stage.sent.filter(({ to }) => to === stage.settings.security.channel).length;

  it('is asked about at once where it is graver, though something else waits already', async () => {
    const first = await put(FULL);
    const waits = await put();
    const grave = await put({ severity: 'critical' });

    assert.ok(isWaiting(waits));
    assert.deepEqual(await asking(), [first.ref, grave.ref]);
    assert.ok(isWaiting(await now(waits)));
  });

  it('waits no longer once it has become graver than what it waits for', async () => {
    await put(FULL);
    const waits = await put();
    await stage.store.transact(async (tx) => {
      const about = (await tx.lockCase(waits.id)) ?? assert.fail();
      const note = { kind: 'case.joined', actor: SYSTEM, facts: {} };
      await commitTransition(tx, about, {
        event: 'widened',
        at: at(0),
        patch: { severity: 'critical' },
        note,
      });
    });

    await pass(MINUTE);

    assert.match(allEnglish(waits.outcome).join(), /^Asked once case /);
    assert.deepEqual([(await now(waits)).state, (await now(waits)).outcome], ['asking', []]);
  });

  it('is shown to the security team where it waits: once, and again for what is graver', async () => {
    await put(FULL);
    const apart = (of: number) => ({
      policy: {
        ...aCase().policy,
        id: `apart-${of}`,
        asking: { ...DEFAULT_ASKING, rule: of > 0 ? ({ kind: 'everyone' } as const) : DEFAULT_ASKING.rule },
      },
    });
    const low = await put({
      severity: 'low',
      targets: Array.from({ length: 20 }, (_, index) => aBucket(`other-${index}`)),
    });
    assert.deepEqual([isWaiting(low), told()], [true, 1]);
    const same = await put({ severity: 'low', targets: [aBucket('one-more')], ...apart(1) });
    assert.deepEqual([isWaiting(same), told()], [true, 1]);

    const graver = await put({ severity: 'medium', targets: [aBucket('another')], ...apart(0) });

    assert.deepEqual([isWaiting(graver), told()], [true, 2]);
  });

  it('is asked about though what came before it turns out to be none of its policy’s', async () => {
    const doubted = await put(
      { scope: { except: { users: [alex.id], groups: [] } }, openedAt: at(0) },
      5 * MINUTE,
    );
    const about = await put();
    await pass(5 * MINUTE);

    assert.equal((await now(doubted)).state, 'closed');
    assert.equal((await now(about)).state, 'asking');
    assert.equal((await now(about)).supersededBy, undefined);
  });

  it('is asked about by itself where the other is only tried out', async () => {
    const { settings } = stage.routing;
    const detection = { ...settings.detection, policies: { 'policy-1': { dryRun: true } } };
    Object.assign(stage.routing, { settings: { ...settings, detection } });
    const tried = await put();
    const real = await put();

    assert.deepEqual([tried.question?.dryRun, real.question?.dryRun], [true, undefined]);
    assert.deepEqual(await asking(), [tried.ref, real.ref]);
  });

  it('is one question though the older of two is looked up last', async () => {
    // Who that is, nobody knows until it is looked up.
    const older = await put({ hint: { kind: 'entra', id: alex.userPrincipalName } }, 5_000);
    const younger = await put();
    assert.equal(younger.state, 'asking');

    await pass(MINUTE);
    await pass(MINUTE);

    assert.equal((await now(older)).supersededBy, younger.id);
    assert.deepEqual(await asking(), [younger.ref]);
  });

  it('is part of the question though that was being looked up when it joined', async () => {
    const { directory } = stage.world.world;
    const managerOf = directory.managerOf.bind(directory);
    const suspend = { key: 'suspend', label: 'Suspend', actions: ['entra.user.suspend'] };
    let younger: Case | null = null;
    Object.assign(directory, {
      managerOf: async (id: typeof alex.id) => {
        if (younger === null && count === 1)
          younger = await put({
            ...{ targets: [aBucket('policy-1')], deeds: [{ key: 'policy-1', says: 'policy-1' }] },
            policy: { ...aCase().policy, id: 'other', offers: [suspend], asking: DEFAULT_ASKING },
          });
        return managerOf(id);
      },
    });

    const older = await put();

    assert.equal((younger as Case | null)?.supersededBy, older.id);
    const about = await stage.run(older);
    assert.deepEqual(
      about.question?.offers.map(({ key }) => key),
      ['make-private', 'sign-out', 'suspend'],
    );
  });

  describe('as a refused call', () => {
    const refused = (over: Partial<Case> = {}) => put({ attempt: true, ...over });

    it('asks anew where it names whoever was asked', async () => {
      const first = await put();
      await refused();
      await pass(MINUTE);
      assert.deepEqual(askedIn(await now(first)), [morgan.displayName]);
      const policy = (await stage.store.listCases({})).find(({ attempt }) => attempt)?.policy;

      await refused({
        policy: policy ?? assert.fail(),
        named: [alex.id, morgan.id],
        mentioned: [alex.id, morgan.id],
      });
      await pass(MINUTE);

      assert.notDeepEqual(askedIn(await now(first)), [morgan.displayName]);
    });

    it('asks anew where it is graver, and only counts where it says nothing new', async () => {
      const first = await put();
      await refused();
      await pass(MINUTE);
      const before = await now(first);
      const policy = (await stage.store.listCases({})).find(({ attempt }) => attempt)?.policy;

      await refused({ policy: policy ?? assert.fail() });
      await pass(MINUTE);
      assert.equal((await now(first)).question?.id, before.question?.id);
      assert.equal((await now(first)).seen, before.seen + 1);

      await refused({ policy: policy ?? assert.fail(), severity: 'critical' });
      await pass(MINUTE);
      assert.notEqual((await now(first)).question?.id, before.question?.id);
      assert.equal((await now(first)).severity, 'critical');
    });
  });

  describe('after somebody said that it is for another to say', () => {
    async function handedOn(): Promise<Case> {
      const first = await put();
      await stage.store.transact(async (tx) => {
        const about = (await tx.lockCase(first.id)) ?? assert.fail();
        const by = { kind: 'person', id: morgan.id, name: morgan.displayName } as const;
        const to = { id: priya.id, name: priya.displayName };
        await commitTransition(tx, about, {
          event: 'reassigned',
          at: at(0),
          patch: { reassigned: [{ to, by, at: at(0), asOf: scaleOf(about) }] },
          steps: [{ kind: 'route', key: '' }],
          note: { kind: 'case.reassigned', actor: by, facts: {} },
        });
      });
      return stage.run(first);
    }

    it('is for whoever is asked by its own policy, and what was said stays on record', async () => {
      const first = await handedOn();
      assert.deepEqual(askedIn(first), [priya.displayName]);

      await put();
      await pass(MINUTE);

      const about = await now(first);
      assert.deepEqual(askedIn(about), [morgan.displayName]);
      assert.deepEqual([about.reassigned?.length, reassignedNow(about).length], [1, 0]);
    });

    const grown: readonly (readonly [what: string, over: Partial<Case>, isSame: boolean])[] = [
      ['more of the same', { deeds: [], targets: [aBucket('more')] }, true],
      ['more weight', { severity: 'high' }, false],
      ['another person', { mentioned: [alex.id, ben.id] }, false],
    ];
    for (const [what, over, isSame] of grown)
      it(`it ${isSame ? 'holds' : 'does not hold'} for a question with ${what}`, async () => {
        const first = await handedOn();

        assert.equal(reassignedNow({ ...first, ...over }).length, isSame ? 1 : 0);
      });
  });
});
