import assert from 'node:assert/strict';
import { revokeSessions } from '../../../src/govern/actions/revoke-sessions.ts';
import { AFTER, createFakeDirectory, protecting, settings, target } from './fake-directory.ts';

const { plan, read, verify, execute } = revokeSessions;

describe('signing out everywhere', () => {
  it('says first that it cannot be undone, and offers no revert', async () => {
    const { world } = createFakeDirectory();

    const offered = plan(target, await read(target, world), settings);

    assert.equal(offered.kind, 'offered');
    assert.equal(
      offered.kind === 'offered' && offered.says[0],
      'This cannot be undone: they will have to sign in again.',
    );
    assert.equal(offered.kind === 'offered' && offered.undo.possible, false);
    assert.equal(revokeSessions.revert, undefined);
  });

  it('says that it takes minutes, and up to an hour where access is not evaluated continuously', async () => {
    const offered = plan(target, await read(target, createFakeDirectory().world), settings);

    const says = offered.kind === 'offered' ? offered.says.join(' ') : '';
    assert.match(says, /few minutes/);
    assert.match(says, /up to an hour/);
  });

  it('is refused for protected people and for people who do not exist, with the reason', async () => {
    const known = await read(target, createFakeDirectory().world);
    const gone = await read(target, createFakeDirectory(null).world);

    assert.deepEqual(plan(target, known, protecting), {
      kind: 'refused',
      reason: 'The account of Alex Weber is protected by the settings.',
    });
    assert.deepEqual(plan(target, gone, settings), {
      kind: 'refused',
      reason: 'There is no account of Alex Weber any more.',
    });
  });

  it('is offered for suspended accounts too, for their sessions may live on', async () => {
    const { world } = createFakeDirectory({ enabled: false });

    assert.equal(plan(target, await read(target, world), settings).kind, 'offered');
  });

  it('revokes once and notes the request id', async () => {
    const { world, account } = createFakeDirectory();
    const noted: string[] = [];

    await execute(target, await read(target, world), world, async (id) => void noted.push(id));

    assert.deepEqual(account.changes, ['revoke']);
    assert.deepEqual(noted, ['request-1']);
  });

  it('is proven by a sign-in time later than before', async () => {
    const { world } = createFakeDirectory();
    const before = await read(target, world);
    await execute(target, before, world, async () => {});

    assert.deepEqual(await verify(target, before, world), {
      kind: 'took-effect',
      says: 'Every sign-in of Alex Weber from before {time:2026-03-02T10:05:00.000Z} is void.',
    });
  });

  it('is not proven by the answer to the call alone: until the directory shows the new time, it is looked at again', async () => {
    const { world, account } = createFakeDirectory();
    account.settled = false;
    const before = await read(target, world);
    await execute(target, before, world, async () => {});

    const seen = await verify(target, before, world);

    assert.equal(seen.kind, 'not-yet');
    assert.ok(seen.kind === 'not-yet' && seen.retryInMs > 0);
  });

  it('is proven where there was no time before', async () => {
    const { world } = createFakeDirectory({ sessionsValidFrom: AFTER });

    const seen = await verify(target, { exists: true, sessionsValidFrom: null }, world);

    assert.equal(seen.kind, 'took-effect');
  });

  it('is never proven for an account that has gone', async () => {
    const { world } = createFakeDirectory(null);

    assert.equal((await verify(target, { exists: true, sessionsValidFrom: null }, world)).kind, 'not-done');
  });
});
