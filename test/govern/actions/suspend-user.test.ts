import assert from 'node:assert/strict';
import { suspendUser } from '../../../src/govern/actions/suspend-user.ts';
import { ALEX, createScene, offered, reasonOf, type SceneParts, SID, SYNCED, tryOut, user } from './scene.ts';

const setUp = (parts: SceneParts = {}) => {
  const scene = createScene(parts);
  return { scene, on: tryOut(suspendUser, user, scene) };
};

describe('suspending an account', () => {
  it('is offered for an ordinary account, with an undo', async () => {
    const plan = offered(await setUp().on.plan());

    assert.match(plan.says[0] ?? '', /^Blocks sign-in for Alex Weber\./);
    assert.equal(plan.undo.possible, true);
    assert.deepEqual(plan.basis, { in: 'entra' });
  });

  const refusals: readonly [string, SceneParts['user'], RegExp][] = [
    ['a guest', { guest: true }, /is a guest: the account belongs to another organisation/],
    ['an account that is suspended already', { enabled: false }, /already suspended/],
    ['one suspended in Active Directory', { ...SYNCED, enabled: false }, /already suspended/],
  ];
  for (const [who, over, reason] of refusals)
    it(`is refused for ${who}, and says why`, async () => {
      assert.match(reasonOf(await setUp({ user: over ?? {} }).on.plan()), reason);
    });

  it('is not planned at all when it cannot be known whether somebody is an administrator', async () => {
    const { scene } = setUp();
    const directory = {
      ...scene.world.directory,
      isAdministrator: () => Promise.reject(new Error('down')),
    };

    await assert.rejects(suspendUser.read(user, { ...scene.world, directory }), /down/);
  });

  it('disables the account once, notes the request id, and is proven by reading it again', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');

    await on.execute(before);

    assert.deepEqual(scene.done, { disable: 1 });
    assert.deepEqual(on.noted, ['disable-1']);
    assert.deepEqual(await on.verify(before), {
      kind: 'took-effect',
      says: 'The account of Alex Weber is suspended: sign-in is blocked.',
    });
    scene.state.users.delete(ALEX);
    assert.equal((await on.verify(before)).kind, 'not-done');
  });

  it('changes nothing by being run twice', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const once = scene.picture();

    await on.execute(before);

    assert.deepEqual(scene.picture(), once);
  });

  describe('that on-premises Active Directory owns', () => {
    it('goes through Active Directory, and says why and within how long', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const plan = offered(await on.plan());
      const before = await on.read();

      await on.execute(before);

      assert.match(
        plan.says[1] ?? '',
        /disabled in on-premises Active Directory, so that the sync does not undo it; .* 40 minutes/,
      );
      assert.deepEqual(plan.basis, { in: 'active-directory', account: 'CONTOSO\\alex' });
      assert.deepEqual(scene.done, { 'ad-disable': 1 });
    });

    it('is proven by Active Directory, and followed up until Entra shows it too', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const before = await on.read();
      assert.equal((await on.verify(before)).kind, 'not-yet');
      await on.execute(before);

      const first = await on.verify(before);
      scene.sync();
      const last = await on.verify(before);

      assert.ok(first.kind === 'took-effect' && first.followUp);
      assert.match(first.says, /disabled in Active Directory: read back from there/);
      assert.ok(first.followUp.afterMs > 40 * 60_000);
      assert.ok(last.kind === 'took-effect' && !last.followUp);
      assert.match(last.says, /in Active Directory, and Entra shows it/);
    });

    it('is proven by Entra alone where Defender for Identity does not say how the account stands', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const unknown = { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: null };
      scene.state.onPremises.set(SID, unknown);
      const before = await on.read();
      offered(await on.plan());

      const first = await on.verify(before);
      scene.setUser({ enabled: false });
      const last = await on.verify(before);

      assert.equal(first.kind, 'not-yet');
      assert.ok(last.kind === 'took-effect' && !last.followUp);
    });

    for (const [why, over] of [
      ['there is no Defender for Identity', { user: SYNCED }],
      ['the directory does not say how to find it', { user: { synced: true } }],
    ] as const)
      it(`is refused where ${why}, and says why`, async () => {
        const { scene, on } = setUp(over);
        scene.state.onPremises.clear();

        assert.equal(
          reasonOf(await on.plan()),
          'The account of Alex Weber comes from on-premises Active Directory, and Defender for Identity, which could ' +
            'suspend it there, is not available: the next sync would undo a suspension made in Entra.',
        );
      });

    it('is enabled there again by an undo, whether Entra has followed in the meantime or not', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();
      scene.sync();

      assert.deepEqual(on.differences(before, after, await on.read()), []);
      assert.equal((await on.verifyRevert(before, after)).kind, 'not-yet');
      await on.revert(before, after);

      assert.deepEqual(scene.done, { 'ad-disable': 1, 'ad-enable': 1 });
      assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
      scene.sync();
      assert.equal(scene.state.users.get(ALEX)?.enabled, true);
    });
  });

  describe('can be undone:', () => {
    it('enables the account again, and reads it again for proof', async () => {
      const { scene, on } = setUp();
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();

      assert.deepEqual(on.differences(before, after, await on.read()), []);
      assert.equal((await on.verifyRevert(before, after)).kind, 'not-yet');
      await on.revert(before, after);

      assert.deepEqual(scene.done, { disable: 1, enable: 1 });
      assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
      assert.deepEqual(await on.read(), before);
    });

    it('only while the account is as we left it, and shows what it was, what we left and what it is', async () => {
      const { on } = setUp();
      const before = await on.read();
      const after = { ...before, enabled: false };

      assert.deepEqual(on.differences(before, after, before), [
        { part: 'Account', before: 'may sign in', left: 'suspended', now: 'may sign in' },
      ]);
      assert.deepEqual(on.differences(before, after, { ...after, exists: false }), [
        { part: 'Account', before: 'may sign in', left: 'suspended', now: 'does not exist' },
      ]);
    });

    it('whatever else has become of the account', async () => {
      const { on } = setUp();
      const before = await on.read();
      const after = { ...before, enabled: false };

      assert.deepEqual(on.differences(before, after, { ...after, administrator: true, synced: true }), []);
    });
  });
});
