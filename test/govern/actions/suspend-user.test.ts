import assert from 'node:assert/strict';
import { suspendUser } from '../../../src/govern/actions/suspend-user.ts';
import type { DirectoryUser } from '../../../src/ports/directory.ts';
import { createFakeDirectory, protecting, settings, target } from './fake-directory.ts';

const { plan, read, verify, execute, revert } = suspendUser;
const note = async (): Promise<void> => {};

describe('suspending an account', () => {
  it('is offered for an ordinary account, with an undo', async () => {
    const { world } = createFakeDirectory();

    const offered = plan(target, await read(target, world), settings);

    assert.equal(offered.kind, 'offered');
    assert.match(
      offered.kind === 'offered' ? (offered.says[0] ?? '') : '',
      /^Blocks sign-in for Alex Weber\./,
    );
    assert.equal(offered.kind === 'offered' && offered.undo.possible, true);
  });

  const refusals: readonly [string, Partial<DirectoryUser> | null, RegExp][] = [
    ['a guest', { guest: true }, /is a guest: the account belongs to another organisation/],
    ['an account synced from on-premises AD', { synced: true }, /the next sync would undo it/],
    ['an account that is suspended already', { enabled: false }, /already suspended/],
    ['a person who does not exist', null, /no account of Alex Weber/],
  ];
  for (const [who, user, reason] of refusals)
    it(`is refused for ${who}, and says why`, async () => {
      const refused = plan(target, await read(target, createFakeDirectory(user).world), settings);

      assert.equal(refused.kind, 'refused');
      assert.match(refused.kind === 'refused' ? refused.reason : '', reason);
    });

  it('is refused for an administrator, and says why', async () => {
    const { world, account } = createFakeDirectory();
    account.administrator = true;

    const refused = plan(target, await read(target, world), settings);

    assert.match(refused.kind === 'refused' ? refused.reason : '', /is an administrator/);
  });

  it('is refused for protected accounts', async () => {
    const refused = plan(target, await read(target, createFakeDirectory().world), protecting);

    assert.match(refused.kind === 'refused' ? refused.reason : '', /protected by the settings/);
  });

  it('is not planned at all when it cannot be known whether somebody is an administrator', async () => {
    const { world } = createFakeDirectory();
    const broken = {
      ...world,
      directory: { ...world.directory, isAdministrator: () => Promise.reject(new Error('down')) },
    };

    await assert.rejects(read(target, broken), /down/);
  });

  it('disables the account once, notes the request id, and is proven by reading it again', async () => {
    const { world, account } = createFakeDirectory();
    const before = await read(target, world);
    const noted: string[] = [];
    assert.equal((await verify(target, before, world)).kind, 'not-yet');

    await execute(target, before, world, async (id) => void noted.push(id));

    assert.deepEqual(account.changes, ['disable']);
    assert.deepEqual(noted, ['request-1']);
    assert.equal((await verify(target, before, world)).kind, 'took-effect');
  });

  it('is not proven while the directory still shows the account as enabled', async () => {
    const { world, account } = createFakeDirectory();
    account.settled = false;
    const before = await read(target, world);
    await execute(target, before, world, note);

    assert.equal((await verify(target, before, world)).kind, 'not-yet');
  });

  describe('can be undone:', () => {
    it('enables the account again, and reads it again for proof', async () => {
      const { world, account } = createFakeDirectory();
      const before = await read(target, world);
      await execute(target, before, world, note);
      const after = await read(target, world);

      assert.deepEqual(revert?.difference(after, await read(target, world)), []);
      assert.equal((await revert?.verify(target, before, world))?.kind, 'not-yet');
      await revert?.execute(target, before, after, world, note);

      assert.deepEqual(account.changes, ['disable', 'enable']);
      assert.equal((await revert?.verify(target, before, world))?.kind, 'took-effect');
    });

    const after = { exists: true, enabled: false, administrator: false, guest: false, synced: false };

    it('only while the account is as we left it', () => {
      assert.deepEqual(revert?.difference(after, { ...after, enabled: true }), [
        'Somebody has enabled the account already.',
      ]);
      assert.deepEqual(revert?.difference(after, { ...after, exists: false }), [
        'The account no longer exists.',
      ]);
    });

    it('whatever else has become of the account', () => {
      assert.deepEqual(revert?.difference(after, { ...after, administrator: true, synced: true }), []);
    });
  });
});
