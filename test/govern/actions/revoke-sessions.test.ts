import assert from 'node:assert/strict';
import { revokeSessions } from '../../../src/govern/actions/revoke-sessions.ts';
import { ALEX, createScene, offered, reasonOf, type SceneParts, tryOut, user } from './scene.ts';

const TOKENS_LIVE_MS = 90 * 60_000;
const setUp = (parts: SceneParts = {}) => {
  const scene = createScene(parts);
  return { scene, on: tryOut(revokeSessions, user, scene) };
};

describe('signing out everywhere', () => {
  it('says first that it cannot be undone, and offers no revert', async () => {
    const plan = offered(await setUp().on.plan());

    assert.equal(plan.says[0], 'This cannot be undone: they will have to sign in again.');
    assert.equal(plan.undo.possible, false);
    assert.equal(revokeSessions.revert, undefined);
  });

  it('does not promise to end what Entra does not end: sessions and keys of AWS', async () => {
    const says = offered(await setUp().on.plan()).says.join(' ');

    assert.match(says, /every app and device that takes their work account\./);
    assert.match(says, /Sessions in AWS and access keys go on/);
  });

  it('says that it takes minutes, and up to an hour and a half where access is not evaluated continuously', async () => {
    const says = offered(await setUp().on.plan()).says.join(' ');

    assert.match(says, /few minutes/);
    assert.match(says, /up to an hour and a half/);
  });

  it('is offered for suspended accounts too, for their sessions may live on', async () => {
    offered(await setUp({ user: { enabled: false } }).on.plan());
  });

  it('is refused for guests, whose sessions Entra does not end', async () => {
    assert.match(reasonOf(await setUp({ user: { guest: true } }).on.plan()), /is a guest/);
  });

  it('revokes once, notes the request id, and is proven by a later sign-in time', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');

    await on.execute(before);

    assert.deepEqual(scene.done, { revoke: 1 });
    assert.deepEqual(on.noted, ['revoke-1']);
    const proof = await on.verify(before);
    assert.match(proof.says, /^Every sign-in of Alex Weber from before .*\d\d:\d\d:\d\d CES?T is void\.$/);
  });

  it('is not proven by the answer to the call alone: until the directory shows the new time, it is looked at again', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    scene.setUser({ sessionsValidFrom: '2024-01-01T00:00:00Z' });

    const seen = await on.verify(before);

    assert.equal(seen.kind, 'not-yet');
    assert.ok(seen.kind === 'not-yet' && seen.retryInMs > 0);
  });

  it('is proven where there was no time before', async () => {
    const { on } = setUp();
    const before = { ...(await on.read()), sessionsValidFrom: null };

    assert.equal((await on.verify(before)).kind, 'took-effect');
  });

  it('is followed up for an hour and a half, and then says that every older session has ended', async () => {
    let later = 0;
    const { on } = setUp({ later: () => later });
    const before = await on.read();
    await on.execute(before);

    const first = await on.verify(before);
    later = TOKENS_LIVE_MS - 60_000;
    const early = await on.verify(before);
    later = TOKENS_LIVE_MS;
    const last = await on.verify(before);

    assert.ok(first.kind === 'took-effect' && first.followUp);
    assert.ok(first.followUp.afterMs >= TOKENS_LIVE_MS && first.followUp.afterMs < TOKENS_LIVE_MS + 1_000);
    assert.match(first.followUp.says, /^Not yet everywhere: .* up to an hour and a half\.$/);
    assert.ok(early.kind === 'took-effect' && early.followUp);
    assert.ok(last.kind === 'took-effect' && !last.followUp);
    assert.match(last.says, /^Every session of Alex Weber from before .* has ended\.$/);
  });

  it('waits longer where the clock of Entra runs ahead, so that one look is enough', async () => {
    let later = -120_000;
    const { on } = setUp({ later: () => later });
    const before = await on.read();
    await on.execute(before);

    const first = await on.verify(before);
    assert.ok(first.kind === 'took-effect' && first.followUp);
    later += first.followUp.afterMs;

    const last = await on.verify(before);
    assert.ok(last.kind === 'took-effect' && !last.followUp);
  });

  it('is not done where the time has gone back, or the account has gone', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    await on.execute(before);

    scene.setUser({ sessionsValidFrom: '2023-12-31T00:00:00Z' });
    assert.equal((await on.verify(before)).kind, 'not-done');
    scene.state.users.delete(ALEX);
    assert.equal((await on.verify(before)).kind, 'not-done');
  });
});
