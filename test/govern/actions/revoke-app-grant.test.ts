import assert from 'node:assert/strict';
import { revokeAppGrant } from '../../../src/govern/actions/revoke-app-grant.ts';
import {
  ALEX,
  APP,
  appGrant,
  createScene,
  GRAPH_API,
  offered,
  PRINCIPAL,
  reasonOf,
  tryOut,
} from './scene.ts';

const TOKENS_LIVE_MS = 90 * 60_000;
const KEY = `${ALEX} ${PRINCIPAL}`;
const OTHER_API = '22222222-3333-4444-8555-666666666666';
const setUp = (later: () => number = () => 0) => {
  const scene = createScene({ later });
  scene.state.grants.set(KEY, [{ id: 'grant-1', resource: GRAPH_API, scope: 'offline_access Mail.Read' }]);
  return { scene, on: tryOut(revokeAppGrant, appGrant, scene) };
};
/** With a second API and an assignment: three calls. */
const setUpThree = () => {
  const all = setUp();
  const [first] = all.scene.state.grants.get(KEY) ?? [];
  assert.ok(first);
  all.scene.state.grants.set(KEY, [
    first,
    { id: 'grant-2', resource: OTHER_API, scope: 'user_impersonation' },
  ]);
  all.scene.state.roles.set(KEY, [{ id: 'role-1', resource: PRINCIPAL, role: 'default' }]);
  return all;
};

describe('taking back what somebody allowed an app', () => {
  it('is found for the subject and each app that the case is about', async () => {
    const { scene } = setUp();
    const subject = { id: ALEX, name: 'Alex Weber', userPrincipalName: 'alex.weber@contoso.example' };
    const targets = [
      { kind: 'app', id: APP, label: 'what the alert called it' },
      { kind: 'group', id: APP, label: 'A group' },
    ] as const;

    assert.deepEqual(await revokeAppGrant.find({ subject, targets }, scene.world), [appGrant]);
    assert.deepEqual(await revokeAppGrant.find({ subject: null, targets }, scene.world), []);
  });

  it('counts and names the permissions, says that tokens live for up to an hour and a half, and that it can be undone', async () => {
    const plan = offered(await setUp().on.plan());

    assert.equal(
      plan.says[0],
      'Takes back 2 permissions of "Invoice Helper": read mail (Mail.Read) and stay signed in (offline_access).',
    );
    assert.match(plan.says[1] ?? '', /up to an hour and a half/);
    assert.equal(plan.undo.says, 'Undo grants exactly the same permissions again.');
  });

  it('names what it knows no words for as it is called, and counts the rest of a long list', async () => {
    const { scene, on } = setUp();
    const scope = Array.from({ length: 12 }, (_, at) => `Odd.Scope${at}`).join(' ');
    scene.state.grants.set(KEY, [{ id: 'grant-1', resource: GRAPH_API, scope }]);

    const [first = ''] = offered(await on.plan()).says;

    assert.match(first, /^Takes back 12 permissions of "Invoice Helper": Odd\.Scope0, .* and 2 more\.$/);
  });

  it('says where the app goes on because an administrator allowed it for everybody', async () => {
    const { scene, on } = setUp();
    const alone = offered(await on.plan());
    scene.state.allowedForEverybody.add(PRINCIPAL);
    const both = offered(await on.plan());

    assert.doesNotMatch(alone.says.join(' '), /for everybody/);
    assert.match(both.says.join(' '), /An administrator allowed the app for everybody/);
    assert.notDeepEqual(both.basis, alone.basis);
  });

  it('says how many permissions the app holds by itself, with which it goes on, before and with the proof', async () => {
    const { scene, on } = setUp();
    const alone = offered(await on.plan());
    scene.state.ownPermissions.set(PRINCIPAL, 2);
    const both = offered(await on.plan());
    const before = await on.read();
    await on.execute(before);
    const says =
      '"Invoice Helper" also has 2 permissions of its own from an administrator: with those, it goes on whatever anybody takes back.';

    assert.doesNotMatch(alone.says.join(' '), /of its own/);
    assert.equal(both.says.at(-1), says);
    assert.notDeepEqual(both.basis, alone.basis);
    assert.ok((await on.verify(before)).says.endsWith(says));
  });

  it('is refused for Countersign itself', async () => {
    const { scene, on } = setUp();
    scene.state.apps.set(APP, { id: PRINCIPAL, displayName: 'Countersign', ours: true });

    assert.equal(
      reasonOf(await on.plan()),
      'The app "Countersign" is Countersign itself: what it may do is only changed by the security team, by hand.',
    );
  });

  it('says that an assignment of their own is not the only way to use an app', async () => {
    const says = offered(await setUpThree().on.plan()).says.join(' ');

    assert.match(
      says,
      /Takes away 1 assignment of their own to "Invoice Helper"\. Where a group of theirs or/,
    );
  });

  it('says with the proof where the app goes on because an administrator allowed it for everybody', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const alone = await on.verify(before);
    scene.state.allowedForEverybody.add(PRINCIPAL);
    const both = await on.verify(before);

    assert.doesNotMatch(alone.says, /administrator/);
    assert.match(
      both.says,
      /An administrator allowed it for everybody: with that, it goes on working for them too\.$/,
    );
  });

  it('is refused where they allowed it nothing, and where the app has gone', async () => {
    const { scene, on } = setUp();
    scene.state.grants.clear();
    assert.equal(reasonOf(await on.plan()), 'Alex Weber has allowed "Invoice Helper" nothing.');
    scene.state.allowedForEverybody.add(PRINCIPAL);
    assert.match(reasonOf(await on.plan()), /nothing: an administrator allowed it for everybody\.$/);
    scene.state.apps.clear();
    assert.match(reasonOf(await on.plan()), /^The tenant knows no app "[^"]*"\.$/);
    assert.equal((await on.verify(await on.read())).kind, 'not-done');
  });

  it('stands for the exact permissions, whatever their ids and their order', async () => {
    const { scene, on } = setUp();
    const { basis } = offered(await on.plan());

    scene.state.grants.set(KEY, [{ id: 'grant-9', resource: GRAPH_API, scope: 'Mail.Read  offline_access' }]);
    assert.deepEqual(offered(await on.plan()).basis, basis);
    scene.state.grants.set(KEY, [{ id: 'grant-9', resource: GRAPH_API, scope: 'Mail.Read' }]);
    assert.notDeepEqual(offered(await on.plan()).basis, basis);
  });

  it('leaves what others allowed alone', async () => {
    const { scene, on } = setUpThree();
    const theirs = [{ id: 'grant-5', resource: GRAPH_API, scope: 'Mail.Read' }];
    scene.state.grants.set(`somebody-else ${PRINCIPAL}`, theirs);

    await on.execute(await on.read());

    assert.deepEqual(scene.state.grants.get(`somebody-else ${PRINCIPAL}`), theirs);
    assert.deepEqual(scene.state.grants.get(KEY), []);
    assert.deepEqual(scene.state.roles.get(KEY), []);
  });

  it('makes no further call when it is run again', async () => {
    const { scene, on } = setUpThree();
    const before = await on.read();
    await on.execute(before);
    const once = { ...scene.done };

    await on.execute(before);

    assert.deepEqual(scene.done, once);
  });

  it('is waited for while Entra still shows a part of it', async () => {
    const { on } = setUpThree();
    const before = await on.read();

    assert.equal((await on.verify(before)).kind, 'not-yet');
  });

  it('is followed up until the tokens have ended', async () => {
    let later = 0;
    const { on } = setUp(() => later);
    const before = await on.read();
    await on.execute(before);

    const first = await on.verify(before);
    on.checks.push(new Date().toISOString());
    const second = await on.verify(before);
    later = TOKENS_LIVE_MS;
    const last = await on.verify(before);

    assert.ok(first.kind === 'took-effect' && first.followUp?.afterMs === TOKENS_LIVE_MS);
    assert.match(first.followUp.says, /^Not yet everywhere: .* up to an hour and a half\.$/);
    assert.ok(second.kind === 'took-effect' && second.followUp);
    assert.ok(last.kind === 'took-effect' && !last.followUp);
  });

  it('is undone exactly, though every id is a new one', async () => {
    const { scene, on } = setUpThree();
    const original = scene.picture();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    assert.deepEqual(on.differences(before, after, after), []);
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-done');

    await on.revert(before, after);
    await on.revert(before, after);

    assert.deepEqual(scene.picture(), original);
    assert.notDeepEqual((await on.read()).grants, before.grants);
    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
    assert.equal(scene.done['grant-added'], 2);
  });

  it('shows what was allowed, what we left and what they allowed since; and replaces that when it must', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    scene.state.grants.set(KEY, [{ id: 'grant-7', resource: GRAPH_API, scope: 'Mail.Send' }]);

    assert.deepEqual(on.differences(before, after, await on.read()), [
      {
        part: 'Permissions',
        before: 'read mail (Mail.Read) and stay signed in (offline_access)',
        left: 'none',
        now: 'send mail (Mail.Send)',
      },
    ]);
    await on.revert(before, after);
    assert.deepEqual(
      scene.state.grants.get(KEY)?.map(({ scope }) => scope),
      ['offline_access Mail.Read'],
    );
  });

  it('shows assignments apart from permissions, and an app that has gone', async () => {
    const { scene, on } = setUpThree();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    scene.state.roles.set(KEY, [{ id: 'role-2', resource: PRINCIPAL, role: 'another' }]);

    assert.deepEqual(on.differences(before, after, await on.read()), [
      { part: 'Assignments to the app', before: '1', left: 'none', now: '1' },
    ]);
    scene.state.apps.clear();
    assert.equal(on.differences(before, after, await on.read())?.[0]?.now, 'the app does not exist');
    assert.match(on.gone(before, await on.read()) ?? '', /knows no app .* nothing is left to undo\.$/);
  });
});
