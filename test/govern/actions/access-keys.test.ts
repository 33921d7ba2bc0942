import assert from 'node:assert/strict';
import { targetKey } from '../../../src/case/target.ts';
import { deactivateKey } from '../../../src/govern/actions/deactivate-key.ts';
import { reactivateKey } from '../../../src/govern/actions/reactivate-key.ts';
import { inLanguage } from '../../helpers/english.ts';
import { type AwsSite, aims, alex, createAwsSite, key, otherKey } from './aws-site.ts';
import { offered, reasonOf, tryOut } from './scene.ts';

const setKeys = ({ state }: AwsSite, ...keys: readonly (readonly [string, boolean])[]): void =>
  void state.keys.set(
    targetKey(alex),
    keys.map(([id, active]) => ({ id, active })),
  );
const off = (site = createAwsSite()) => ({ site, on: tryOut(deactivateKey, key, site) });
const on = (site = createAwsSite()) => ({ site, on: tryOut(reactivateKey, key, site) });

describe('deactivating an access key', () => {
  it('acts on the keys that called, and on those that a call made, once each', async () => {
    const { site } = off();

    assert.deepEqual(await deactivateKey.find(aims([key, alex], [otherKey, key, alex]), site.world), [
      key,
      otherKey,
    ]);
    assert.deepEqual(await deactivateKey.find({ subject: null, targets: [] }, site.world), []);
  });

  it('says whose key it is, what stops, what goes on, and how many keys stay', async () => {
    const plan = offered(await off().on.plan());

    assert.deepEqual(plan.says, [
      `Deactivates the access key ${key.id} of alex. Programs that use it stop working.`,
      'All of AWS knows within seconds as a rule, and within minutes at worst.',
      `1 of 2 active keys of alex stays as it is: ${otherKey.id}.`,
      'Temporary credentials that were made with it, under whatever name, go on until they expire, and so does a console sign-in. Denying everything to alex ends those, but not sessions of roles.',
    ]);
    assert.deepEqual(plan.basis, { others: [otherKey.id] });
    assert.equal(plan.undo.possible, true);
  });

  it('counts and lists the keys that stay as the reader does', async () => {
    const { site, on: one } = off();
    setKeys(site, [key.id, true], [otherKey.id, true], ['AKIATHIRD', true]);
    const plan = deactivateKey.plan(key, await one.read(), site.settings);
    assert.ok(plan.kind === 'offered');
    const others = plan.says[2] ?? '';

    assert.equal(
      inLanguage('en', others),
      `2 of 3 active keys of alex stay as they are: ${otherKey.id} and AKIATHIRD.`,
    );
    assert.equal(
      inLanguage('fr', others),
      `2 clés actives sur 3 de l’utilisateur alex restent inchangées : ${otherKey.id} et AKIATHIRD.`,
    );
  });

  it('counts active keys alone', async () => {
    const { site, on: one } = off();
    setKeys(site, [key.id, true], [otherKey.id, false]);

    assert.equal(offered(await one.plan()).says[2], 'It is the only active key of alex.');
  });

  for (const [why, dress, reason] of [
    ['is inactive already', (site) => setKeys(site, [key.id, false]), /inactive already/],
    [
      'was deleted',
      (site) => setKeys(site, [otherKey.id, true]),
      /^The user alex has no access key AKIAIOSFODNN7EXAMPLE\. If there was one, it was deleted, or/,
    ],
    [
      'belonged to a user who is gone',
      ({ state }) => void state.principals.clear(),
      /no user alex in the AWS account 123456789012; a renamed user keeps its keys/,
    ],
  ] as const satisfies readonly (readonly [string, (site: AwsSite) => void, RegExp])[])
    it(`is refused for one that ${why}, in words`, async () => {
      const { site, on: one } = off();
      dress(site);

      const plan = await one.plan();

      assert.equal(plan.kind, 'refused');
      assert.match(reasonOf(plan), reason);
    });

  it('turns off that key and no other, and reads it back', async () => {
    const { site, on: one } = off();
    const before = await one.read();
    assert.equal((await one.verify(before)).kind, 'not-yet');

    await one.execute(before);
    await one.execute(before);

    assert.deepEqual(site.state.keys.get(targetKey(alex)), [
      { id: key.id, active: false },
      { id: otherKey.id, active: true },
    ]);
    assert.deepEqual(one.noted, ['key-off-1', 'key-off-2']);
    assert.deepEqual(await one.verify(before), {
      kind: 'took-effect',
      says: `The access key ${key.id} of alex is inactive: read back from the keys of alex.`,
    });
  });

  it('is not proven by a key or a user that is not there: whoever renames the user keeps the key', async () => {
    const { site, on: one } = off();
    const before = await one.read();
    assert.equal((await one.verify(before)).kind, 'not-yet');
    setKeys(site, [otherKey.id, true]);
    const withoutKey = await one.verify(before);
    site.state.principals.delete(targetKey(alex));
    site.state.keys.delete(targetKey(alex));

    const withoutUser = await one.verify(before);

    assert.deepEqual([withoutKey.kind, withoutUser.kind], ['not-done', 'not-done']);
    assert.match(withoutKey.says, /deleted, or another user has it/);
    assert.match(withoutUser.says, /There is no user alex .* a renamed user keeps its keys/);
  });

  it('is neither proven nor disproven in an account that is no longer listed', async () => {
    const { site, on: one } = off();
    const before = await one.read();
    const settings = { ...site.settings, aws: { ...site.settings.aws, accounts: [] } };
    const blind = tryOut(deactivateKey, key, { settings, world: { ...site.world, settings } });

    await assert.rejects(blind.verify(before), /not among aws\.accounts/);
    await assert.rejects(blind.verifyRevert(before, before), /not among aws\.accounts/);
  });

  it('is undone by activating it again', async () => {
    const { site, on: one } = off();
    const before = await one.read();
    const picture = site.picture();
    await one.execute(before);
    const after = await one.read();
    assert.equal((await one.verifyRevert(before, after)).kind, 'not-yet');

    await one.revert(before, after);

    assert.deepEqual(site.picture(), picture);
    assert.equal((await one.verifyRevert(before, after)).kind, 'took-effect');
    setKeys(site);
    assert.equal((await one.verifyRevert(before, after)).kind, 'not-done');
  });

  it('shows what became of the key since, three ways, and nothing of the others', async () => {
    const { site, on: one } = off();
    const before = await one.read();
    await one.execute(before);
    const after = await one.read();
    setKeys(site, [key.id, false]);
    assert.deepEqual(one.differences(before, after, await one.read()), []);
    setKeys(site);

    assert.deepEqual(one.differences(before, after, await one.read()), [
      { part: 'Access key', before: 'active', left: 'inactive', now: 'deleted' },
    ]);
  });
});

describe('reactivating an access key', () => {
  it('is moot unless there is one that is inactive', async () => {
    const { site, on: one } = on();
    assert.equal((await one.plan()).kind, 'moot');
    setKeys(site, [otherKey.id, false]);
    assert.equal((await one.plan()).kind, 'moot');
    setKeys(site, [key.id, false]);

    assert.deepEqual(offered(await one.plan()).says, [
      `Activates the access key ${key.id} of alex again.`,
      'Whoever has its secret can do again what alex may do.',
    ]);
  });

  it('turns it on, is proven by reading it, and undone by turning it off', async () => {
    const { site, on: one } = on();
    setKeys(site, [key.id, false]);
    const picture = site.picture();
    const before = await one.read();

    await one.execute(before);

    assert.equal((await one.verify(before)).kind, 'took-effect');
    const after = await one.read();
    assert.equal(after.active, true);
    await one.revert(before, after);
    assert.deepEqual(site.picture(), picture);
    assert.equal((await one.verifyRevert(before, after)).kind, 'took-effect');
  });
});
