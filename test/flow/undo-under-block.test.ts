// Undo of "make private" while the whole account is blocked: AWS would take the bucket's own blocks off and refuse the rest.
import assert from 'node:assert/strict';
import { ALL_BLOCKS } from '../../src/case/public-access.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLE_ACCOUNT } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { allEnglish } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;

describe('an undo under a block of the whole account', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ waits: { backOff: () => 5 } });
  });
  afterEach(() => world.close());

  const bucket = () => world.sandbox.s3.world.state().buckets['contoso-invoices'];
  const block = (value: typeof ALL_BLOCKS | null) =>
    world.sandbox.s3.world.putAccountBlock(SAMPLE_ACCOUNT, value);
  const undo = async (ref: string, state: 'contained' | 'undone') => {
    await world.say(MORGAN, `undo ${ref}`);
    await world.untilState(ref, state);
    await world.untilIdle();
  };

  it('changes nothing, says why, and puts everything back once the block is lifted', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const open = bucket();
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    await world.untilIdle();
    const closed = bucket();
    assert.notDeepEqual(closed, open);

    block(ALL_BLOCKS);
    await undo(ref, 'contained');

    assert.deepEqual(bucket(), closed);
    const outcome = allEnglish((await world.theCase(ref)).outcome);
    assert.ok(
      outcome.some((line) => /left alone\. Public access is blocked for the whole AWS account/.test(line)),
      outcome.join('\n'),
    );
    assert.ok((await world.runs(ref)).every((run) => run.state === 'verified' || run.state === 'reverted'));

    block(null);
    await undo(ref, 'undone');

    assert.deepEqual(bucket(), open);
  });
});
