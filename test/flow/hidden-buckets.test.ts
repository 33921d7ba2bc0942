// A bucket whose own policy keeps Countersign's role out, through the product's own doors: S3's refusal, the card, and the end of it.
import assert from 'node:assert/strict';
import { COUNTERSIGN_ROLE } from '../../src/sandbox/identities.ts';
import { SAMPLE_ACCOUNT } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { allEnglish } from '../helpers/english.ts';
import { startWorld, type TestWorld, until } from '../helpers/world.ts';

const HIDDEN = 'contoso-press-kit';

describe('a bucket that keeps Countersign out', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** The watch looks when the service starts, and not again before a test is over. */
  const watch = (policy: object | null) =>
    world.restart(async () => {
      const bucket = world.sandbox.s3.world.state().buckets[HIDDEN];
      assert.ok(bucket);
      world.sandbox.s3.world.putBucket({ ...bucket, policy: policy as typeof bucket.policy });
      const accounts = [{ id: SAMPLE_ACCOUNT, roleArn: COUNTERSIGN_ROLE }];
      world.changeSettings({ aws: { accounts, watchBuckets: '7d' } });
    });
  const theOne = async () =>
    (await world.store.listCases()).find(({ policy }) => policy.id === 'aws-s3-bucket-unreadable');

  it('is asked about, by its name and with what AWS says, until it can be looked at again', async () => {
    await watch({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: COUNTERSIGN_ROLE },
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${HIDDEN}`, `arn:aws:s3:::${HIDDEN}/*`],
        },
      ],
    });
    const { ref } = await until('the case', theOne);
    const card = await world.cardFor('channel', ref);

    assert.match(
      card.words,
      /Countersign cannot look at contoso-press-kit, so nobody would see if it were public/,
    );
    assert.match(card.words, /It was found by looking: nobody was seen doing it/);
    assert.match(card.words, /AWS says that a bucket's own policy denies it to Countersign's role/);
    assert.deepEqual(
      card.buttons.map(({ title }) => title),
      ['Block all public access', 'This was expected', 'Expected until that day', 'Ask them instead'],
    );

    await watch(null);
    await world.untilState(ref, 'closed');
    assert.match(allEnglish((await world.theCase(ref)).outcome).join(' '), /can be looked at again/);
  });
});
