// Through the whole product: what changed between the answer and the change is asked again, and what was done is seen twice.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import { people } from '../../src/sandbox/people.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const SUPPLIER = {
  Sid: 'SupplierReads',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::777788889999:root' },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::contoso-invoices/*',
};

describe('a preview that no longer holds', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ waits: { backOff: () => 5 } });
  });
  afterEach(() => world.close());
  const bucket = () => world.sandbox.s3.world.state().buckets['contoso-invoices'];
  const writes = () =>
    world.sandbox.s3.world.calls.filter(
      (one) => one.caller.includes('assumed-role') && /^(Put|Delete)/.test(one.operation),
    );

  it('is asked anew: nothing is changed, the card says why, and the next answer is carried out and seen twice', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    const now = bucket();
    assert.ok(now);
    const { Statement: statements } = now.policy as { readonly Statement: readonly JsonObject[] };
    const policy = { Version: '2012-10-17', Statement: [...statements, SUPPLIER] };
    const { name, account, region, publicAccessBlock } = now;
    world.sandbox.s3.world.putBucket({ name, account, region, policy, publicAccessBlock });
    const first = await world.theCase(ref);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await until('a new question', async () => {
      const about = await world.theCase(ref);
      return about.state === 'asking' && about.question?.id !== first.question?.id;
    });
    await world.untilIdle();

    assert.deepEqual(writes(), []);
    const card = await world.cardFor(MORGAN, ref);
    assert.match(card.words, /What you approved has changed since/);
    assert.ok(card.buttons.some((one) => one.data.offer === 'make-private'));
    assert.ok((await world.trail(ref)).includes('run.voided'));

    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    const done = await world.cardFor(MORGAN, ref);
    assert.match(done.words, /Took effect at .*, checked twice/);
    const [, run] = await world.runs(ref);
    assert.equal(run?.checks?.length, 2);
  });
});

describe('a question that was asked as a dry run', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ waits: { backOff: () => 5 }, settings: { governance: { dryRun: true } } });
  });
  afterEach(() => world.close());

  it('changes nothing once the dry run is over: it is asked anew, for real', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const dry = await world.cardFor(MORGAN, ref);
    const first = await world.theCase(ref);
    assert.match(dry.words, /Dry run: whatever is answered here is recorded/);
    world.changeSettings({ governance: { dryRun: false } });
    await world.restart();

    await world.say(MORGAN, `approve ${ref} make-private`);
    await until('a new question', async () => {
      const about = await world.theCase(ref);
      return about.state === 'asking' && about.question?.id !== first.question?.id;
    });
    await world.untilIdle();

    assert.equal(world.sandbox.s3.world.state().buckets['contoso-invoices']?.publicAccessBlock ?? null, null);
    const card = await world.cardFor(MORGAN, ref);
    assert.match(card.words, /it was asked as a dry run, and now it would be done for real/);
    assert.doesNotMatch(card.words, /Dry run: whatever/);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
  });
});
