// What holds for every action on users: whole sentences, what cannot be undone said first, and permissions that are explained.
import assert from 'node:assert/strict';
import { GRAPH_PERMISSIONS } from '../../../src/adapters/graph/permissions.ts';
import { canonicalJson } from '../../../src/case/json.ts';
import { LANGUAGES } from '../../../src/case/languages.ts';
import type { Said } from '../../../src/case/said.ts';
import { inLanguage } from '../../helpers/english.ts';
import { offered, tryOut } from './scene.ts';
import { SAMPLES } from './user-actions.ts';

describe('an action on users', () => {
  for (const { name, action, target, scene } of SAMPLES)
    describe(name, () => {
      it('says in whole sentences what it would do, and first where it cannot be undone', async () => {
        const { says, undo } = offered(await tryOut(action, target, scene()).plan());

        for (const sentence of [...says, undo.says]) assert.match(sentence, /^[A-Z].{10,}\.$/);
        assert.equal(says[0]?.includes('cannot be undone'), !undo.possible);
        if (!action.revert) assert.equal(undo.possible, false);
      });

      it('says it in every language, title, plan and proof', async () => {
        const { world, settings } = scene();
        const before = await action.read(target, world);
        const plan = action.plan(target, before, settings);
        assert.ok(plan.kind === 'offered');
        const { says: proof } = await action.verify(
          tryOut(action, target, { world, settings }).task(before),
          world,
        );
        const all: readonly Said[] = [action.title, ...plan.says, plan.undo.says, proof];

        const written = LANGUAGES.map((language) => all.map((one) => inLanguage(language, one)));

        for (const [index] of all.entries())
          assert.equal(new Set(written.map((one) => one[index])).size, LANGUAGES.length);
        for (const [title = ''] of written) assert.ok(title.length <= 40, title);
      });

      it('plans the same twice, and reads what a store can keep', async () => {
        const on = tryOut(action, target, scene());
        const state = await on.read();

        assert.deepEqual(await on.plan(), await on.plan());
        assert.deepEqual(JSON.parse(canonicalJson(state)), state);
      });

      it('is seen to have taken effect once it was carried out, and not before', async () => {
        const on = tryOut(action, target, scene());
        const before = await on.read();
        assert.notEqual((await on.verify(before)).kind, 'took-effect');

        await on.execute(before);

        assert.equal((await on.verify(before)).kind, 'took-effect');
        assert.ok(on.noted.length > 0, 'with the ids of its requests');
      });

      it('needs no permission that is not explained', () => {
        for (const permission of action.permissions.graph ?? [])
          assert.ok(Object.hasOwn(GRAPH_PERMISSIONS, permission), permission);
        assert.match(action.needs, /^[A-Z].{10,}\.$/);
      });
    });
});
