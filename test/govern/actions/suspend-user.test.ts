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
    ['an account that is suspended already', { enabled: false }, /already suspended/],
    ['one suspended in Active Directory', { ...SYNCED, enabled: false }, /already suspended/],
  ];
  for (const [who, over, reason] of refusals)
    it(`is refused for ${who}, and says why`, async () => {
      assert.match(reasonOf(await setUp({ user: over ?? {} }).on.plan()), reason);
    });

  it('blocks a guest in this organisation, and says that it is only there', async () => {
    const { scene, on } = setUp({ user: { guest: true } });
    const says =
      'Alex Weber is a guest: this is about signing in to this organisation only, not to their own.';

    assert.equal(offered(await on.plan()).says[1], says);
    assert.doesNotMatch(offered(await setUp().on.plan()).says.join(' '), /guest/);
    await on.execute(await on.read());
    assert.equal(scene.state.users.get(ALEX)?.enabled, false);
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
    it('is closed in both at once, Active Directory first, and says why', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const plan = offered(await on.plan());
      const before = await on.read();

      await on.execute(before);

      assert.match(
        plan.says[1] ?? '',
        /disabled in Entra, and in on-premises Active Directory too, so that the sync does not undo it\.$/,
      );
      assert.deepEqual(plan.basis, { in: 'active-directory-and-entra', account: 'CONTOSO\\alex' });
      assert.deepEqual(scene.done, { 'ad-disable': 1, disable: 1 });
      assert.deepEqual(on.noted, ['ad-disable-1', 'disable-1']);
      assert.equal(scene.state.users.get(ALEX)?.enabled, false);
    });

    it('is proven by both, and looked at once more after the next sync', async () => {
      let later = 0;
      const { scene, on } = setUp({ user: SYNCED, later: () => later });
      const before = await on.read();
      await on.execute(before);

      const first = await on.verify(before);
      on.checks.push(new Date().toISOString());
      scene.sync();
      later = 45 * 60_000;
      const last = await on.verify(before);

      assert.ok(first.kind === 'took-effect' && first.followUp);
      assert.match(first.says, /disabled in Entra and in Active Directory, so sign-in is blocked/);
      assert.equal(first.followUp.afterMs, 45 * 60_000);
      assert.ok(last.kind === 'took-effect' && !last.followUp);
    });

    it('is not proven while either of them still shows the account as enabled', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const before = await on.read();
      await on.execute(before);

      scene.setUser({ enabled: true });
      const entra = await on.verify(before);
      scene.setUser({ enabled: false });
      scene.state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: true });
      const there = await on.verify(before);

      assert.equal(entra.kind, 'not-yet');
      assert.match(entra.says, /^Entra still shows the account of Alex Weber as enabled/);
      assert.equal(there.kind, 'not-yet');
      assert.match(there.says, /^Active Directory still shows the account of Alex Weber as enabled/);
    });

    it('is proven by Entra where Defender for Identity does not say how the account stands, and says so', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      scene.state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: null });
      const before = await on.read();
      offered(await on.plan());
      await on.execute(before);
      scene.state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: null });

      const seen = await on.verify(before);

      assert.ok(seen.kind === 'took-effect' && seen.followUp);
      assert.match(seen.says, /disabled in Entra.*: read back from there\. .* does not say how it stands\.$/);
    });

    it('is offered while Entra still lets in whom Active Directory does not', async () => {
      const { scene, on } = setUp({ user: { ...SYNCED, enabled: false } });
      assert.match(reasonOf(await on.plan()), /already suspended/);

      scene.setUser({ enabled: true });

      offered(await on.plan());
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

    it('is enabled in both again by an undo, in the same order', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();
      scene.sync();

      assert.deepEqual(on.differences(before, after, await on.read()), []);
      assert.notEqual((await on.verifyRevert(before, after)).kind, 'took-effect');
      on.noted.length = 0;
      await on.revert(before, after);

      assert.deepEqual(on.noted, ['ad-enable-1', 'enable-1']);
      assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
      assert.deepEqual(await on.read(), before);
    });

    it('is put back by an undo as each of them had it', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      scene.setUser({ enabled: false });
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();

      await on.revert(before, after);

      assert.deepEqual(await on.read(), before);
      assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
    });

    it('is not undone over what changed in either of them', async () => {
      const { scene, on } = setUp({ user: SYNCED });
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();
      const part = { before: 'may sign in', left: 'suspended', now: 'may sign in' };

      scene.setUser({ enabled: true });
      assert.deepEqual(on.differences(before, after, await on.read()), [
        { part: 'Account in Entra', ...part },
      ]);
      scene.setUser({ enabled: false });
      scene.state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: true });
      assert.deepEqual(on.differences(before, after, await on.read()), [
        { part: 'Account in Active Directory', ...part },
      ]);
      scene.state.onPremises.clear();
      assert.deepEqual(on.differences(before, after, await on.read()), [], 'what AD does not say');
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
      assert.equal(on.gone(before, after), null);
      assert.equal(
        on.gone(before, { ...after, exists: false }),
        'There is no account of Alex Weber any more. So nothing is left to undo.',
      );
    });

    it('whatever else has become of the account', async () => {
      const { on } = setUp();
      const before = await on.read();
      const after = { ...before, enabled: false };

      assert.deepEqual(on.differences(before, after, { ...after, administrator: true, synced: true }), []);
    });
  });
});
