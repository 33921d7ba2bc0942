import assert from 'node:assert/strict';
import { isCountersignError } from '../../../src/case/errors.ts';
import { targetKey } from '../../../src/case/target.ts';
import type { GovernanceAction } from '../../../src/govern/action.ts';
import { revokeRoleSessions } from '../../../src/govern/actions/revoke-role-sessions.ts';
import { inLanguage } from '../../helpers/english.ts';
import { createGovernStage } from '../../helpers/govern-stage.ts';
import {
  type AwsSite,
  aims,
  alex,
  createAwsSite,
  denyBy,
  deploy,
  FOREIGN,
  inlineOf,
  NOW,
  REF,
  setInline,
} from './aws-site.ts';
import { offered, reasonOf, tryOut } from './scene.ts';

const NAME = 'CountersignRevokeOlderSessions';
const olderThan = (at: string) => ({ DateLessThan: { 'aws:TokenIssueTime': at } });
const EARLIER = denyBy('Countersign0TH3RCASrun0', olderThan('2026-03-01T10:00:00.000Z'));
/** What is begun or renewed before all of AWS knows of it ends as well. */
const CUTOFF = '2026-03-02T10:05:30.000Z';
const OURS = denyBy(`Countersign${REF}run1`, olderThan(CUTOFF));

const setUp = (minutes = { later: 0 }, dress: (site: AwsSite) => void = () => {}) => {
  const site = createAwsSite({ now: () => Date.parse(NOW) + minutes.later * 60_000 });
  dress(site);
  return { site, on: tryOut(revokeRoleSessions, deploy, site) };
};
const withEarlier = (site: AwsSite): void => setInline(site, deploy, NAME, EARLIER);

describe('ending the sessions of a role', () => {
  it('acts on roles alone: those that called, else, of nobody known, those that a call gave something to', async () => {
    const { world } = setUp().site;
    const other = { ...deploy, name: 'Other' };

    assert.deepEqual(await revokeRoleSessions.find(aims([deploy, alex], [other]), world), [deploy]);
    assert.deepEqual(await revokeRoleSessions.find(aims([alex], [other]), world), []);
    assert.deepEqual(await revokeRoleSessions.find(aims([], [other, alex]), world), [other]);
  });

  it('says who is shut out, who can come back, and what undo does', async () => {
    const plan = offered(await setUp().on.plan());

    assert.match(
      plan.says[0] ?? '',
      /^Ends every session of the role Deploy that is open by then or begins within 30 seconds after, /,
    );
    assert.equal(plan.says[1], 'Whoever may assume the role can start a new session after that.');
    assert.equal(plan.says[2], 'Sessions of other roles that were begun with it go on until they expire.');
    assert.match(plan.says[3] ?? '', /Machines and functions/);
    assert.equal(plan.says.length, 4);
    assert.match(plan.undo.says, /makes the older sessions valid again that have not expired/);
  });

  it('says the same a minute later: no moment is in the plan', async () => {
    const minutes = { later: 0 };
    const { on } = setUp(minutes);
    const first = await on.plan();
    minutes.later = 1;

    assert.deepEqual(await on.plan(), first);
  });

  it('is asked again where the role was deleted and made anew under its name since the answer', async () => {
    const { site } = setUp();
    const known = site.state.principals.get(targetKey(deploy));
    assert.ok(known);
    site.state.principals.set(targetKey(deploy), { ...known, uniqueId: 'AROAFIRST' });
    const stage = await createGovernStage({
      actions: [revokeRoleSessions as unknown as GovernanceAction],
      offers: { end: [[revokeRoleSessions.id, deploy]] },
      settings: site.settings,
      world: { identities: site.world.identities },
    });
    const about = await stage.open();
    await stage.approve(about, 'end');
    site.state.principals.set(targetKey(deploy), { ...known, uniqueId: 'AROASECOND' });

    const asked = await stage.run(about);
    await stage.close();

    assert.equal(asked.state, 'asking');
    assert.deepEqual(site.done, {});
  });

  it('denies everything to tokens from before the call and from the time that AWS takes to know of it, and reads it back', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');

    await on.execute(before);

    assert.deepEqual(inlineOf(site, deploy, NAME), OURS);
    assert.deepEqual(await on.verify(before), {
      kind: 'took-effect',
      says: `Everything is denied to sessions of the role Deploy from before 2 Mar 2026, 11:05:30 CET: read back from its policy ${NAME}.`,
    });
  });

  it('names the moment as the reader writes moments', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    await on.execute(before);

    const { says } = await revokeRoleSessions.verify(on.task(before), site.world);

    assert.equal(
      inLanguage('de', says),
      `Sitzungen der Rolle Deploy von vor 2. März 2026, 11:05:30 MEZ wird alles verweigert: nachgelesen in der Richtlinie ${NAME}.`,
    );
  });

  it('keeps the moment that is written when it runs again', async () => {
    const minutes = { later: 0 };
    const { site, on } = setUp(minutes);
    const before = await on.read();
    await on.execute(before);
    minutes.later = 7;

    await on.execute(before);

    assert.deepEqual(inlineOf(site, deploy, NAME), OURS);
    assert.deepEqual(site.done, { 'inline-put': 1 });
  });

  it('takes the place of an earlier one, of the same case as well, says so, and puts exactly that back', async () => {
    for (const earlier of [EARLIER, denyBy(`Countersign${REF}run0`, olderThan('2026-03-02T10:00:00.000Z'))]) {
      const { site, on } = setUp({ later: 0 }, (one) => setInline(one, deploy, NAME, earlier));
      const plan = offered(await on.plan());
      const ref = earlier === EARLIER ? '0TH3RCAS' : REF;
      assert.equal(plan.says.at(-1), `It takes the place of what case ${ref} did to older sessions.`);
      assert.match(plan.undo.says, new RegExp(`^Undo puts back what case ${ref} did;`));
      const before = await on.read();
      assert.equal((await on.verify(before)).kind, 'not-yet');

      await on.execute(before);
      assert.deepEqual(inlineOf(site, deploy, NAME), OURS);
      const after = await on.read();
      await on.revert(before, after);

      assert.deepEqual(inlineOf(site, deploy, NAME), earlier);
      assert.match((await on.verifyRevert(before, after)).says, /exactly as it was/);
    }
  });

  it('is refused for a policy of that name that is not ours', async () => {
    for (const policy of [FOREIGN, denyBy('Countersign0TH3RCAS'), denyBy('Mine', olderThan(NOW))]) {
      const { on } = setUp({ later: 0 }, (site) => setInline(site, deploy, NAME, policy));

      assert.match(reasonOf(await on.plan()), /that Countersign did not write/);
    }
  });

  it('writes over nothing that came since it was decided', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    withEarlier(site);

    await assert.rejects(
      on.execute(before),
      (error) => isCountersignError(error) && error.code === 'govern.policy-in-the-way',
    );
    assert.deepEqual(inlineOf(site, deploy, NAME), EARLIER);
  });

  it('is undone by deleting the policy where there was none', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();

    await on.revert(before, after);

    assert.equal(inlineOf(site, deploy, NAME), null);
    assert.match((await on.verifyRevert(before, after)).says, /older sessions are valid until they expire/);
  });

  it('leaves its undo alone, in words, where the role is gone or another one has its name', async () => {
    const { site, on } = setUp();
    const known = site.state.principals.get(targetKey(deploy));
    assert.ok(known);
    site.state.principals.set(targetKey(deploy), { ...known, uniqueId: 'AROAFIRST' });
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    site.state.principals.delete(targetKey(deploy));
    const gone = await on.read();
    site.state.principals.set(targetKey(deploy), { ...known, uniqueId: 'AROASECOND' });
    const another = await on.read();

    assert.match(on.gone(before, gone) ?? '', /no role Deploy .* nothing is left to undo\.$/);
    assert.match(on.gone(before, another) ?? '', /^The role Deploy is not the one that this was about/);
    assert.equal(on.gone(before, after), null);
    await assert.rejects(on.revert(before, after), /AROASECOND by now, and AROAFIRST was decided about/);
    await assert.rejects(on.execute(before), /AROASECOND by now/);
  });

  it('shows what became of it since, three ways', async () => {
    const { site, on } = setUp({ later: 0 }, withEarlier);
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    assert.deepEqual(on.differences(before, after, await on.read()), []);
    setInline(site, deploy, NAME, FOREIGN);

    assert.deepEqual(on.differences(before, after, await on.read()), [
      {
        part: `Policy ${NAME}`,
        before: 'sessions from before 1 Mar 2026, 11:00:00 CET denied by case 0TH3RCAS',
        left: `sessions from before 2 Mar 2026, 11:05:30 CET denied by case ${REF}`,
        now: 'a policy that Countersign did not write',
      },
    ]);
  });
});
