// Runs of one case beside each other: which comes next, and which has had its hands on a thing.
import assert from 'node:assert/strict';
import type { RunId } from '../../src/case/ids.ts';
import type { Run } from '../../src/case/run.ts';
import { targetLabel } from '../../src/case/target.ts';
import { firstPending, sharesTarget } from '../../src/govern/runs.ts';
import { createGovernStage } from '../helpers/govern-stage.ts';
import { erased, madeUpAction, thing } from '../helpers/made-up-action.ts';

const CLOSE = 'test.thing.close';

describe('runs of one decision', () => {
  it('carry out three targets in the order that the card lists', async () => {
    const names = ['logs', 'invoices', 'press'];
    const made = madeUpAction();
    const stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: { three: names.map((name) => [CLOSE, thing(name)] as const) },
      recheckMs: 0,
    });
    const about = await stage.open();
    const [offer] = about.question?.offers ?? [];

    await stage.approve(about, 'three');
    await stage.run(about);
    await stage.close();

    assert.deepEqual(
      offer?.actions.map(({ target }) => targetLabel(target)),
      names,
    );
    assert.deepEqual(made.calls, names);
  });

  const run = (id: string, over: Partial<Run> = {}): Run => ({
    ...({ id: id as RunId, action: CLOSE, target: thing('invoices'), position: 0 } as Run),
    ...{ state: 'verified', decision: 0, before: { value: 'open' }, after: { value: 'closed' } },
    ...over,
  });

  it('go on with the first that waits, however they are listed', () => {
    const [second, third] = [1, 2].map((position) => run(`run-${position}`, { position, state: 'pending' }));

    assert.ok(second && third);
    assert.equal(firstPending([third, run('run-0'), second])?.id, 'run-1');
    assert.equal(firstPending([run('run-0')]), undefined);
  });

  describe('share a thing', () => {
    const next = run('next', { state: 'pending', before: null, after: null });
    const sharesWith = (over: Partial<Run>): boolean => sharesTarget(next, [next, run('other', over)]);

    it('where another one changed it, or may have', () => {
      assert.equal(sharesWith({}), true);
      assert.equal(sharesWith({ state: 'executing', after: null }), true);
      assert.equal(sharesWith({ state: 'failed', after: null }), true);
    });

    it('not where it was so already, was only planned, never began, or is another thing', () => {
      assert.equal(sharesWith({ after: null }), false);
      assert.equal(sharesWith({ state: 'pending' }), false);
      assert.equal(sharesWith({ state: 'void' }), false);
      assert.equal(sharesWith({ state: 'failed', before: null }), false);
      assert.equal(sharesWith({ target: thing('logs') }), false);
    });

    it('not with what another decision did', () => assert.equal(sharesWith({ decision: 1 }), false));
  });
});
