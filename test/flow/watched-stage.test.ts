// A policy that was tried out first, then asks: what the watch had found by then is asked about.
import assert from 'node:assert/strict';
import { COUNTERSIGN_ROLE } from '../../src/sandbox/identities.ts';
import { SAMPLE_ACCOUNT } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { startWorld, type TestWorld, until } from '../helpers/world.ts';

const NAME = 'contoso-press-kit';
const POLICY = 'aws-s3-bucket-publicly-accessible';

describe('a public bucket that was found while its policy did not ask', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** The watch looks when the service starts, and not again before a test is over. */
  const watch = (stage: string) =>
    world.restart(async () => {
      const bucket = world.sandbox.s3.world.state().buckets[NAME];
      assert.ok(bucket);
      const Statement = [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${NAME}/*` },
      ];
      world.sandbox.s3.world.putBucket({
        ...bucket,
        publicAccessBlock: null,
        policy: { Version: '2012-10-17', Statement },
      });
      const accounts = [{ id: SAMPLE_ACCOUNT, roleArn: COUNTERSIGN_ROLE }];
      world.changeSettings({
        aws: { accounts, watchBuckets: '7d' },
        detection: { policies: { [POLICY]: { stage } } },
      });
    });
  const isFound = async () =>
    (await world.store.readMark(`inventory.public.${SAMPLE_ACCOUNT}`))?.includes(NAME);
  const inState = (state: string) => async () =>
    (await world.store.listCases()).find((one) => one.policy.id === POLICY && one.state === state);

  it('is asked about once it asks, after it only watched', async () => {
    await watch('monitor');
    await until('the trial', inState('monitored'));

    await watch('ask');

    assert.ok(await until('the question', inState('asking')));
  });

  it('is asked about once it asks, after it was off', async () => {
    await watch('off');
    await until('the look', isFound);

    await watch('ask');

    assert.ok(await until('the question', inState('asking')));
  });
});
