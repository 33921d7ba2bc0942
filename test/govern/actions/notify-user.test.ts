import assert from 'node:assert/strict';
import type { CaseId } from '../../../src/case/ids.ts';
import { notifyUser } from '../../../src/govern/actions/notify-user.ts';
import { SUSPECT } from '../../helpers/fake-world.ts';
import { CASE, createScene, offered, reasonOf, type SceneParts, tryOut, user } from './scene.ts';

const setUp = (parts: SceneParts = {}) => {
  const scene = createScene(parts);
  return { scene, on: tryOut(notifyUser, user, scene) };
};

describe('asking the person in question', () => {
  it('says first that it cannot be undone, that they will know, and which way it goes', async () => {
    const teams = offered(await setUp({ reach: 'teams' }).on.plan());
    const mail = offered(await setUp({ reach: 'mail' }).on.plan());

    assert.match(teams.says[0] ?? '', /^This cannot be undone: they will know that they are under question/);
    assert.match(teams.says[1] ?? '', /^Asks Alex Weber whether it was them, by a card in Teams\.$/);
    assert.match(mail.says[1] ?? '', /by mail, because Teams does not reach them\.$/);
    assert.match(mail.says[2] ?? '', /^A mail has no buttons/);
    assert.notDeepEqual(teams.basis, mail.basis);
    assert.equal(notifyUser.revert, undefined);
  });

  it('only informs, and gives way to everything else', () => {
    assert.equal(notifyUser.informs, true);
    assert.equal(notifyUser.strength, 0);
  });

  it('says that it may become a mail, where the settings name a mailbox to write from', async () => {
    const users = { restrictDownloadsGroup: null, removableGroups: null, mailFrom: 'it@contoso.example' };
    const plan = offered(await setUp({ settings: { users } }).on.plan());

    assert.match(plan.says[1] ?? '', /by a card in Teams, or by mail should that not reach them\.$/);
  });

  it('is refused where there is no way to ask them, and says why', async () => {
    const suspended = setUp({ reach: null, user: { enabled: false } });

    assert.match(
      reasonOf(await setUp({ reach: null }).on.plan()),
      /Teams does not reach them, and neither does/,
    );
    assert.match(reasonOf(await suspended.on.plan()), /the account is suspended/);
  });

  it('is offered for administrators and protected people: nothing about their account is changed', async () => {
    const { scene, on } = setUp({ settings: { protectedUsers: [user.id] } });
    scene.state.administrators.add(user.id);

    offered(await on.plan());
  });

  for (const named of [user.id, SUSPECT.userPrincipalName.toUpperCase()])
    it(`is refused for the mailbox that Countersign writes from, named as ${named}`, async () => {
      const users = { restrictDownloadsGroup: null, removableGroups: null, mailFrom: named };

      assert.match(reasonOf(await setUp({ settings: { users } }).on.plan()), /is one of Countersign's own/);
    });

  it('asks once, however often it is run, and is proven by what is on record', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-done');

    await on.execute(before);
    await on.execute(before);

    assert.equal(scene.state.mails.length, 1);
    assert.deepEqual(on.noted, ['notice-1']);
    assert.deepEqual(await on.verify(before), {
      kind: 'took-effect',
      says: 'Alex Weber was asked by a card in Teams at 2 Mar 2026, 11:00:00 CET.',
    });
  });

  it('is not offered again where the case has asked already, and says when it did', async () => {
    const { scene, on } = setUp();
    const planFor = async (about?: CaseId) =>
      notifyUser.plan(user, await notifyUser.read(user, scene.world, about), scene.settings);
    offered(await planFor(CASE));

    await on.execute(await on.read());

    const again = await planFor(CASE);
    assert.deepEqual(
      { ...again, reason: reasonOf(again) },
      {
        kind: 'refused',
        met: true,
        reason: 'Alex Weber was asked by a card in Teams at 2 Mar 2026, 11:00:00 CET.',
      },
    );
    offered(await planFor('another-case' as CaseId));
  });

  it('makes no call at all where the case has asked already', async () => {
    const { scene, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const notices = { ...scene.world.notices, ask: () => Promise.reject(new Error('asked again')) };

    await notifyUser.execute(on.task(before), { ...scene.world, notices }, async () => {});
  });
});
