import assert from 'node:assert/strict';
import { isCountersignError } from '../../../src/case/errors.ts';
import { forcePasswordChange } from '../../../src/govern/actions/force-password-change.ts';
import { ALEX, createScene, offered, reasonOf, type SceneParts, SYNCED, tryOut, user } from './scene.ts';

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
  it('says that the old one opens one more sign-in and that open sessions stay open', async () => {
    const plan = offered(await setUp().on.plan());

    assert.match(plan.says[0] ?? '', /^Alex Weber must set a new password at the next sign-in\./);
    assert.match(
      plan.says.join(' '),
      /the old one still opens that sign-in\. Sessions that are open stay open\./,
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
    const set = { ...part, now: 'they have set a new one since, so nothing is left to undo' };
    assert.deepEqual(on.differences(before, after, now), [set]);
    assert.deepEqual(on.differences(before, now, now), [set]);
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

    it('goes through Active Directory, and says that this cannot be read back', async () => {
      const { on, scene, setPassword } = setUp({ user: SYNCED });
      const before = await on.read();

      await on.execute(before);
      const accepted = await on.verify(before);
      setPassword();
      const proven = await on.verify(before);

      assert.deepEqual(scene.done, { 'ad-forcePasswordReset': 1 });
      assert.ok(accepted.kind === 'took-effect');
      assert.match(accepted.says, /^Defender for Identity has accepted it .* cannot be read back\.$/);
      assert.match(proven.says, /has set a new password since/);
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
        (error) => isCountersignError(error) && /Active Directory cannot be told/.test(error.say),
      );
      assert.deepEqual(scene.done, { 'ad-forcePasswordReset': 1 });
    });
  });
});
