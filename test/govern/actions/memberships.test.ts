import assert from 'node:assert/strict';
import { removeFromGroup } from '../../../src/govern/actions/remove-from-group.ts';
import { restrictDownloads } from '../../../src/govern/actions/restrict-downloads.ts';
import type { GroupFacts } from '../../../src/ports/groups.ts';
import {
  ALEX,
  createScene,
  GROUP,
  membership,
  offered,
  reasonOf,
  type SceneParts,
  TEAM,
  tryOut,
  user,
} from './scene.ts';

const IN = `${GROUP} ${ALEX}`;
const IN_TEAM = `${TEAM} ${ALEX}`;
/** Both groups are as `group` says. */
const setUp = (parts: SceneParts = {}, group: Partial<GroupFacts> | null = {}) => {
  const scene = createScene(parts);
  for (const [id, found] of scene.state.groups)
    if (group) scene.state.groups.set(id, { ...found, ...group });
    else scene.state.groups.delete(id);
  return {
    scene,
    restrict: tryOut(restrictDownloads, user, scene),
    remove: tryOut(removeFromGroup, membership, scene),
  };
};
const withGroups = (
  users: Partial<{ restrictDownloadsGroup: string | null; removableGroups: readonly string[] }>,
) => ({
  settings: { users: { restrictDownloadsGroup: GROUP, removableGroups: null, mailFrom: null, ...users } },
});

/** Groups that neither action changes. */
const UNCHANGEABLE: readonly [string, Partial<GroupFacts> | null, RegExp][] = [
  ['gives directory roles', { roleAssignable: true }, /may give directory roles/],
  ['a rule fills', { dynamic: true }, /^A rule decides who is in the group "[^"]+"/],
  ['Active Directory owns', { synced: true }, /comes from on-premises Active Directory/],
  ['Exchange owns', { ofExchange: true }, /^Exchange keeps the group .* only be changed there\.$/],
  ['Exchange owns on top of it', { ofExchange: true, synced: true }, /^Exchange keeps the group/],
];

describe('restricting downloads', () => {
  it('says that a session policy does the rest, and within how long', async () => {
    const plan = offered(await setUp().restrict.plan());

    assert.match(
      plan.says[0] ?? '',
      /^Adds Alex Weber to the group "Restricted downloads"\. .*session policy/,
    );
    assert.match(plan.says[1] ?? '', /new sign-ins within minutes; .* up to a day\.$/);
    assert.deepEqual(plan.basis, { group: GROUP });
  });

  for (const [what, group, reason] of UNCHANGEABLE)
    it(`is refused where the group is one that ${what}`, async () => {
      assert.match(reasonOf(await setUp({}, group).restrict.plan()), reason);
    });

  it('is refused where no group is configured, where it has gone, and for whoever is in it', async () => {
    const member = setUp();
    member.scene.state.members.add(IN);

    assert.match(
      reasonOf(await setUp(withGroups({ restrictDownloadsGroup: null })).restrict.plan()),
      /^The settings name no group/,
    );
    assert.match(reasonOf(await setUp({}, null).restrict.plan()), /does not exist any more/);
    assert.match(reasonOf(await member.restrict.plan()), /^Alex Weber is already restricted/);
  });

  it('adds them, is proven by the group, and undone by taking them out', async () => {
    const { scene, restrict } = setUp();
    const before = await restrict.read();
    assert.equal((await restrict.verify(before)).kind, 'not-yet');
    await restrict.execute(before);
    await restrict.execute(before);
    assert.equal(
      (await restrict.verify(before)).says,
      'Alex Weber is in the group "Restricted downloads": read back from it.',
    );
    const after = await restrict.read();
    assert.deepEqual(restrict.differences(before, after, after), []);

    await restrict.revert(before, after);

    assert.equal((await restrict.verifyRevert(before, after)).kind, 'took-effect');
    assert.deepEqual(await restrict.read(), before);
    assert.equal(scene.done.leave, 1);
  });

  it('is undone in the group that was planned with, even if the settings name another one by now', async () => {
    const { scene, restrict } = setUp();
    const before = await restrict.read();
    await restrict.execute(before);
    const after = await restrict.read();
    const world = {
      ...scene.world,
      settings: { ...scene.settings, users: { ...scene.settings.users, restrictDownloadsGroup: null } },
    };

    const now = await restrictDownloads.read(user, world);
    await restrictDownloads.revert?.execute(restrict.undoTask(before, after), world, async () => {});

    assert.deepEqual(restrict.differences(before, after, now), [
      {
        part: 'Membership',
        before: 'not in "Restricted downloads"',
        left: 'in "Restricted downloads"',
        now: 'the group does not exist',
      },
    ]);
    assert.equal(scene.state.members.has(IN), false);
  });
});

describe('removing somebody from a group', () => {
  const inIt = (parts: SceneParts = {}, group: Partial<GroupFacts> | null = {}) => {
    const all = setUp(parts, group);
    all.scene.state.members.add(IN_TEAM);
    return all;
  };

  it('finds the groups of the case that the subject is directly in', async () => {
    const { scene } = inIt();
    const subject = { id: ALEX, name: 'Alex Weber', userPrincipalName: 'alex.weber@contoso.example' };
    const targets = [
      { kind: 'group', id: TEAM, label: 'what the alert called it' },
      { kind: 'group', id: 'another', label: 'Not in it' },
      { kind: 'app', id: TEAM, label: 'An app' },
    ] as const;

    assert.deepEqual(await removeFromGroup.find({ subject, targets }, scene.world), [membership]);
    assert.deepEqual(await removeFromGroup.find({ subject: null, targets }, scene.world), []);
  });

  it('names the group as the directory does, and says that undo adds them again', async () => {
    const plan = offered(await inIt().remove.plan());

    assert.match(plan.says[0] ?? '', /^Takes Alex Weber out of the group "Field sales"/);
    assert.equal(plan.undo.says, 'Undo adds them to the group again.');
  });

  for (const [what, group, reason] of UNCHANGEABLE)
    it(`is refused where the group is one that ${what}`, async () => {
      assert.match(reasonOf(await inIt({}, group).remove.plan()), reason);
    });

  it('is refused where the group has gone, for whoever is not in it, and where the settings do not list it', async () => {
    const listed = inIt(withGroups({ removableGroups: [TEAM] }));
    const other = inIt(withGroups({ removableGroups: ['another'] }));
    const none = inIt(withGroups({ removableGroups: [] }));

    assert.match(
      reasonOf(await inIt({}, null).remove.plan()),
      /^There is no group "what the alert called it"/,
    );
    assert.match(reasonOf(await setUp().remove.plan()), /is not in the group "Field sales" directly/);
    offered(await listed.remove.plan());
    for (const { remove } of [other, none])
      assert.match(reasonOf(await remove.plan()), /^The settings let nobody be taken out of the group/);
  });

  it('never lifts a restriction of downloads: what undoes it is the undo of the case that restricted them', async () => {
    const { remove } = inIt(withGroups({ restrictDownloadsGroup: TEAM.toUpperCase() }));

    assert.equal(
      reasonOf(await remove.plan()),
      'Downloads are restricted through the group "Field sales": to take Alex Weber out of it, undo the case that restricted them. ' +
        'Where no case did, the security team takes them out by hand.',
    );
  });

  it('takes them out, is proven by the group, and undone by adding them', async () => {
    const { scene, remove } = inIt();
    const before = await remove.read();
    assert.equal((await remove.verify(before)).kind, 'not-yet');
    await remove.execute(before);
    await remove.execute(before);
    assert.equal(
      (await remove.verify(before)).says,
      'Alex Weber is no longer in the group "Field sales": read back from it.',
    );
    const after = await remove.read();
    assert.deepEqual(remove.differences(before, after, after), []);
    assert.deepEqual(remove.differences(before, after, before), [
      {
        part: 'Membership',
        before: 'in "Field sales"',
        left: 'not in "Field sales"',
        now: 'in "Field sales"',
      },
    ]);

    await remove.revert(before, after);

    assert.equal((await remove.verifyRevert(before, after)).kind, 'took-effect');
    assert.deepEqual(await remove.read(), before);
    assert.equal(scene.done.join, 1);
  });
});

describe('a place in a group', () => {
  it('is not proven by an account that is gone, be it taken or given', async () => {
    const { scene, restrict, remove } = setUp();
    const before = await remove.read();
    scene.state.users.delete(ALEX);
    scene.state.members.delete(IN_TEAM);

    for (const seen of [
      await remove.verify(before),
      await restrict.verify(before),
      await restrict.verifyRevert(before, before),
    ])
      assert.deepEqual(seen, { kind: 'not-done', says: 'There is no account of Alex Weber any more.' });
  });
});
