import assert from 'node:assert/strict';
import { isCountersignError } from '../../../src/case/errors.ts';
import { forcePasswordChange } from '../../../src/govern/actions/force-password-change.ts';
import { english } from '../../helpers/english.ts';
import { ALEX, createScene, offered, reasonOf, type SceneParts, SYNCED, tryOut, user } from './scene.ts';

const DAY_MS = 24 * 3_600_000;
const BEFORE = '2026-01-01T00:00:00Z';
const setUp = (parts: SceneParts = {}, mustChange = false) => {
  const scene = createScene(parts);
  scene.state.passwords.set(ALEX, { mustChange, changedAt: BEFORE });
  return {
    scene,
    on: tryOut(forcePasswordChange, user, scene),
    setPassword: () =>
      scene.state.passwords.set(ALEX, { mustChange: false, changedAt: '2026-03-02T11:00:00Z' }),
  };
};

describe('forcing a new password', () => {
  it('says that the old one opens one more sign-in and that that no session ends by it', async () => {
    const plan = offered(await setUp().on.plan());

    assert.match(plan.says[0] ?? '', /^Alex Weber must set a new password at the next sign-in\./);
    assert.match(
      plan.says.join(' '),
      /the old one still opens that sign-in\. This by itself ends no session that is open\./,
    );
    assert.equal(plan.undo.possible, true);
  });

  it('is refused where that is so already, and for guests', async () => {
    assert.match(reasonOf(await setUp({}, true).on.plan()), /at the next sign-in already/);
    assert.match(reasonOf(await setUp({ user: { guest: true } }).on.plan()), /is a guest/);
  });

  it('is proven by the directory, be it that they have set the new one already', async () => {
    const { on, scene, setPassword } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');

    await on.execute(before);
    await on.execute(before);
    const must = await on.verify(before);
    setPassword();
    const has = await on.verify(before);

    assert.deepEqual(scene.done, { 'must-change': 2 });
    assert.deepEqual(must, {
      kind: 'took-effect',
      says: 'Alex Weber must set a new password at the next sign-in.',
    });
    assert.deepEqual(has, { kind: 'took-effect', says: 'Alex Weber has set a new password since.' });
  });

  it('is undone as long as they have not set a new one', async () => {
    const { on, scene } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();

    assert.deepEqual(on.differences(before, after, await on.read()), []);
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-yet');
    await on.revert(before, after);

    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
    assert.deepEqual(scene.state.passwords.get(ALEX), { mustChange: false, changedAt: BEFORE });
  });

  it('has nothing to undo once they have, be it before we looked', async () => {
    const { on, setPassword } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    setPassword();
    const now = await on.read();

    const part = { part: 'Password', before: 'need not be changed', left: 'must be changed' };
    const set = { ...part, now: 'set anew by them' };
    assert.deepEqual(on.differences(before, after, now), [set]);
    assert.deepEqual(on.differences(before, now, now), [set]);
    const nothing = 'Alex Weber has set a new password since. So nothing is left to undo.';
    assert.equal(on.gone(before, now), nothing);
    assert.equal(on.gone(before, after), null);
  });

  it('is not undone over what an administrator did since', async () => {
    const { on, scene } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    const part = { part: 'Password', before: 'need not be changed', left: 'must be changed' };

    scene.state.passwords.set(ALEX, { mustChange: false, changedAt: BEFORE });
    assert.deepEqual(on.differences(before, after, await on.read()), [
      { ...part, now: 'need not be changed' },
    ]);
    assert.deepEqual(on.differences(before, before, await on.read()), [], 'it is as it was before us');
    scene.state.passwords.set(ALEX, { mustChange: true, changedAt: '2026-03-02T11:00:00Z' });
    assert.deepEqual(on.differences(before, after, await on.read()), [
      { ...part, now: 'must be changed, and it was set anew since' },
    ]);
  });

  describe('of an account that on-premises Active Directory owns', () => {
    it('says first that it cannot be undone', async () => {
      const plan = offered(await setUp({ user: SYNCED }).on.plan());

      assert.match(plan.says[0] ?? '', /^This cannot be undone/);
      assert.equal(plan.undo.possible, false);
    });

    it('goes through Active Directory, and is called accepted until they have set a new one', async () => {
      const { on, scene, setPassword } = setUp({ user: SYNCED });
      const before = await on.read();

      await on.execute(before);
      const accepted = await on.verify(before);
      setPassword();
      const proven = await on.verify(before);

      assert.deepEqual(scene.done, { 'ad-forcePasswordReset': 1 });
      assert.ok(accepted.kind === 'took-effect' && accepted.unproven);
      assert.match(accepted.says, /^Defender for Identity accepted it .*; whether it was done shows when/);
      assert.equal(accepted.followUp?.afterMs, DAY_MS);
      assert.deepEqual(proven, { kind: 'took-effect', says: 'Alex Weber has set a new password since.' });
    });

    it('is looked at every day, and given to a person where a week shows nothing', async () => {
      let later = 0;
      const { on } = setUp({ user: SYNCED, later: () => later });
      const before = await on.read();
      await on.execute(before);
      on.checks.push(new Date().toISOString());

      later = 6 * DAY_MS;
      const waiting = await on.verify(before);
      later = 7 * DAY_MS;
      const over = await on.verify(before);

      assert.ok(waiting.kind === 'took-effect' && waiting.unproven && waiting.followUp);
      assert.equal(over.kind, 'not-done');
      assert.match(over.says, /^Alex Weber has set no new password in 7 days, so .* is not known\.$/);
    });

    it('is never proven where nothing was acknowledged, so that it is run again after a crash', async () => {
      const { on } = setUp({ user: SYNCED });

      assert.equal((await on.verify(await on.read())).kind, 'not-done');
    });

    it('is refused without Defender for Identity', async () => {
      assert.match(
        reasonOf(await setUp({ user: { synced: true } }).on.plan()),
        /Defender for Identity, which could ask for a new one there, is not available/,
      );
    });

    it('is not taken back by anybody', async () => {
      const { on, scene } = setUp({ user: SYNCED });
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();

      assert.equal(on.differences(before, after, after)?.length, 1);
      await assert.rejects(
        on.revert(before, after),
        (error) => isCountersignError(error) && /Active Directory cannot be told/.test(english(error.say)),
      );
      assert.deepEqual(scene.done, { 'ad-forcePasswordReset': 1 });
    });
  });
});
