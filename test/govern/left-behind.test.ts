// What an earlier decision, or an earlier release, left behind: it is looked at and settled, and overrules nobody.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import type { GovernanceAction } from '../../src/govern/action.ts';
import { allEnglish } from '../helpers/english.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

describe('what is left behind', () => {
  let made: MadeUp;
  let stage: Stage;
  beforeEach(async () => {
    made = madeUpAction();
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: {
        both: [
          ['test.thing.close', thing('a')],
          ['test.thing.close', thing('b')],
        ],
        last: [['test.thing.close', thing('c')]],
      },
    });
  });
  afterEach(() => stage.close());
  const forget = (): void => (stage.parts.actions as Map<string, GovernanceAction>).clear();

  it('by an action that this release does not have comes to a person, whatever its run was doing', async () => {
    for (const begun of [0, 1]) {
      const about = await stage.open();
      await stage.approve(about, 'last');
      for (let step = 0; step < begun; step++) await stage.step();
      forget();

      const settled = await stage.run(about);

      assert.notEqual(settled.state, 'executing');
      assert.match(allEnglish(settled.outcome).join(' '), /does not know that action/);
      assert.equal((await stage.runs(about))[0]?.state === 'failed' || begun === 1, true);
      (stage.parts.actions as Map<string, GovernanceAction>).set('test.thing.close', erased(made.action));
    }
  });

  it('by an earlier decision is not made again over a later one', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    // `a` is seen once, `b` is refused for good: the case goes to security while the second look at `a` is still to come.
    await stage.step();
    await stage.step();
    made.errors.push(new CountersignError('aws.forbidden', 'refused', { say: 'Refused.' }));
    await stage.step();
    const asked = await stage.store.readCase(about.id);
    assert.equal(asked?.state, 'routing');
    const reopened = await stage.open();
    assert.ok(reopened);
    const again = await stage.run(about);
    assert.equal(again.state, 'asking');
    await stage.approve(again, 'last', 'security');
    made.things.set('a', 'opened by somebody');
    made.calls.length = 0;

    await stage.later(about, 5_000);
    await stage.later(about, 5_000);
    const done = await stage.run(about);

    assert.deepEqual(
      made.calls.filter((name) => name === 'a'),
      [],
      'an earlier decision changes nothing any more',
    );
    const runs = await stage.runs(about);
    assert.equal(
      runs.find(({ target }) => target.kind === 'bucket' && target.name === 'c')?.state,
      'verified',
    );
    assert.notEqual(done.state, 'executing');
  });
});
