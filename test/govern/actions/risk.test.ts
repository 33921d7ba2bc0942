import assert from 'node:assert/strict';
import { confirmCompromised } from '../../../src/govern/actions/confirm-compromised.ts';
import { dismissRisk } from '../../../src/govern/actions/dismiss-risk.ts';
import { ALEX, createScene, offered, reasonOf, type SceneParts, tryOut, user } from './scene.ts';

const risk = (state: string, level = 'medium') => ({ level, state, updatedAt: '2026-03-02T09:00:00Z' });
const setUp = (held: ReturnType<typeof risk> | null, parts: SceneParts = {}) => {
  const scene = createScene(parts);
  if (held) scene.state.risks.set(ALEX, held);
  return {
    scene,
    confirm: tryOut(confirmCompromised, user, scene),
    dismiss: tryOut(dismissRisk, user, scene),
  };
};

describe('confirming somebody as compromised', () => {
  it('says what Entra does with it, and what undo cannot put back', async () => {
    const plan = offered(await setUp(null).confirm.plan());

    assert.match(plan.says[0] ?? '', /Alex Weber is compromised: their risk becomes high\.$/);
    assert.match(plan.says[1] ?? '', /^Conditional Access policies on user risk react to it/);
    assert.deepEqual(plan.undo, {
      possible: true,
      says: 'Undo dismisses the risk. Entra cannot put an earlier one back, so it takes two people where there was one.',
    });
  });

  it('is refused where that is confirmed already, and for guests, whose risk is kept elsewhere', async () => {
    const { confirm } = setUp(risk('confirmedCompromised', 'high'));
    const guest = setUp(null, { user: { guest: true } }).confirm;

    assert.match(reasonOf(await confirm.plan()), /compromised already/);
    assert.match(reasonOf(await guest.plan()), /is a guest/);
  });

  it('is proven by the register alone', async () => {
    const { scene, confirm } = setUp(risk('atRisk'));
    const before = await confirm.read();
    assert.equal((await confirm.verify(before)).kind, 'not-yet');

    await confirm.execute(before);
    const once = scene.picture();
    await confirm.execute(before);

    assert.deepEqual(scene.picture(), once);
    assert.deepEqual(await confirm.verify(before), {
      kind: 'took-effect',
      says: 'Entra holds Alex Weber as compromised (risk high).',
    });
  });

  it('is undone by dismissing the risk', async () => {
    const { scene, confirm } = setUp(risk('atRisk'));
    const before = await confirm.read();
    await confirm.execute(before);
    const after = await confirm.read();
    assert.equal((await confirm.verifyRevert(before, after)).kind, 'not-yet');

    await confirm.revert(before, after);

    assert.deepEqual(scene.done, { compromised: 1, 'risk-dismissed': 1 });
    assert.equal((await confirm.verifyRevert(before, after)).kind, 'took-effect');
  });

  it('is undone by two people where something was held before, and by one where nothing was', async () => {
    const account = await setUp(null).confirm.read();
    const takesTwo = (held: ReturnType<typeof risk> | null) =>
      confirmCompromised.revert?.letsIn?.({ ...account, risk: held });

    assert.equal(takesTwo(risk('atRisk', 'low')), true);
    for (const nothing of [null, risk('dismissed', 'none'), risk('remediated', 'none')])
      assert.equal(takesTwo(nothing), false);
  });

  it('shows what it was, what we left and what it is, where Entra has changed its mind since', async () => {
    const { confirm } = setUp(risk('atRisk'));
    const before = await confirm.read();
    const after = { ...before, risk: risk('confirmedCompromised', 'high') };
    const now = { ...before, risk: risk('remediated', 'none') };

    assert.deepEqual(confirm.differences(before, after, { ...after, enabled: false }), []);
    assert.deepEqual(confirm.differences(before, after, now), [
      {
        part: 'Risk',
        before: 'medium, at risk',
        left: 'high, confirmed compromised',
        now: 'none, remediated',
      },
    ]);
  });
});

describe('dismissing a risk', () => {
  it('is not proven by an account that is gone, neither as an action nor as an undo', async () => {
    const { scene, confirm, dismiss } = setUp(risk('atRisk'));
    const before = await dismiss.read();
    scene.state.users.delete(ALEX);
    scene.state.risks.delete(ALEX);

    for (const seen of [await dismiss.verify(before), await confirm.verifyRevert(before, before)])
      assert.deepEqual(seen, { kind: 'not-done', says: 'There is no account of Alex Weber any more.' });
  });

  for (const held of [
    null,
    risk('none', 'none'),
    risk('dismissed', 'none'),
    risk('remediated', 'none'),
    risk('confirmedSafe', 'none'),
  ])
    it(`is moot where nothing is held: ${held?.state ?? 'not in the register'}`, async () => {
      assert.equal((await setUp(held).dismiss.plan()).kind, 'moot');
    });

  for (const state of ['atRisk', 'confirmedCompromised', 'whatMicrosoftAddsNext'])
    it(`is offered where somebody is ${state}`, async () => {
      offered(await setUp(risk(state, 'high')).dismiss.plan());
    });

  it('says first that it cannot be undone, and which risk it is', async () => {
    const plan = offered(await setUp(risk('confirmedCompromised', 'high')).dismiss.plan());

    assert.match(plan.says[0] ?? '', /^This cannot be undone/);
    assert.equal(plan.says[1], 'Dismisses the risk of Alex Weber (high, confirmed compromised).');
    assert.deepEqual(plan.basis, { level: 'high', state: 'confirmedCompromised' });
    assert.equal(dismissRisk.revert, undefined);
  });

  it('is proven by the register alone', async () => {
    const { scene, dismiss } = setUp(risk('atRisk'));
    const before = await dismiss.read();
    assert.equal((await dismiss.verify(before)).kind, 'not-yet');

    await dismiss.execute(before);
    await dismiss.execute(before);

    assert.equal(scene.state.risks.get(ALEX)?.state, 'dismissed');
    assert.equal((await dismiss.verify(before)).kind, 'took-effect');
  });
});
