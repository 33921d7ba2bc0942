import assert from 'node:assert/strict';
import { unsuspendUser } from '../../../src/govern/actions/unsuspend-user.ts';
import { createScene, offered, reasonOf, type SceneParts, SYNCED, tryOut, user } from './scene.ts';

const setUp = (parts: SceneParts = { user: { enabled: false } }) => {
  const scene = createScene(parts);
  return { scene, on: tryOut(unsuspendUser, user, scene) };
};

describe('unsuspending an account', () => {
  it('is moot while the account is enabled', async () => {
    assert.deepEqual(await setUp({}).on.plan(), {
      kind: 'moot',
      reason: 'The account of Alex Weber is not suspended.',
    });
  });

  it('says that the account is suspended, and that undo suspends it again', async () => {
    const plan = offered(await setUp().on.plan());

    assert.match(plan.says[0] ?? '', /^The account of Alex Weber is suspended: this allows sign-in again/);
    assert.match(plan.undo.says, /suspends the account again/);
  });

  it('is offered for a guest, and says that it is about this organisation only', async () => {
    const { says } = offered(await setUp({ user: { enabled: false, guest: true } }).on.plan());

    assert.match(says[1] ?? '', /is a guest: this is about signing in to this organisation only/);
  });

  it('enables the account, once proven by reading it again, and suspends it again by an undo', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');
    await on.execute(before);
    await on.execute(before);
    assert.equal((await on.verify(before)).kind, 'took-effect');
    const after = await on.read();

    assert.deepEqual(on.differences(before, after, after), []);
    assert.deepEqual(on.differences(before, after, before), [
      { part: 'Account', before: 'suspended', left: 'may sign in', now: 'suspended' },
    ]);
    await on.revert(before, after);

    assert.deepEqual(scene.done, { enable: 2, disable: 1 });
    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
    assert.deepEqual(await on.read(), before);
  });

  it('says that nobody here knows why the account was suspended', async () => {
    assert.match(
      offered(await setUp().on.plan()).says.join(' '),
      /not known here\. It may have been for another reason, such as that they left\./,
    );
  });

  it('opens both where Active Directory owns the account, and looks once more after the next sync', async () => {
    let later = 0;
    const { scene, on } = setUp({ user: { ...SYNCED, enabled: false }, later: () => later });
    offered(await on.plan());
    const before = await on.read();
    await on.execute(before);

    const first = await on.verify(before);
    on.checks.push(new Date().toISOString());
    later = 45 * 60_000;
    const last = await on.verify(before);

    assert.deepEqual(scene.done, { 'ad-enable': 1, enable: 1 });
    assert.ok(first.kind === 'took-effect' && first.followUp);
    assert.ok(last.kind === 'took-effect' && !last.followUp);
  });

  it('is offered where either of the two keeps them out, and says which', async () => {
    const { scene, on } = setUp({ user: SYNCED });
    assert.equal((await on.plan()).kind, 'moot');

    scene.setUser({ enabled: false });

    assert.match(
      offered(await on.plan()).says[0] ?? '',
      /is suspended in Entra, not in Active Directory: this allows/,
    );
  });

  it('is refused for an account from Active Directory without Defender for Identity', async () => {
    const synced = setUp({ user: { synced: true, enabled: false } });

    assert.match(
      reasonOf(await synced.on.plan()),
      /Defender for Identity, which could enable it there, is not/,
    );
  });
});
