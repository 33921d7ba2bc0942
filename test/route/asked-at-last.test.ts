// A question is asked however much comes in while it is being looked up: what changes nothing of it starts nothing over.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

describe('a question that is being looked up', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await createTestApp();
  });
  afterEach(() => test.close());

  /** Lets something happen during each of the next look-ups, and counts them. */
  const meanwhile = (happen: () => Promise<unknown>): { looks: number } => {
    const { directory } = test.world.world;
    const managerOf = directory.managerOf.bind(directory);
    const count = { looks: 0 };
    Object.assign(directory, {
      managerOf: async (id: typeof people.alex.id) => {
        count.looks += 1;
        if (count.looks > 20) assert.fail('it starts over and over');
        await happen();
        return managerOf(id);
      },
    });
    return count;
  };

  it('is asked though the same is done again and again', async () => {
    const sample = SAMPLES['bucket-public'];
    assert.ok(sample);
    const when = new Date();
    meanwhile(() => test.app.acceptCloudTrail(sample.build(when, randomUUID())));

    const about = await test.open('bucket-public');

    assert.equal(about.state, 'asking');
    assert.ok(about.seen > 1);
  });

  it('is planned anew where it is about something else by then', async () => {
    const other = SAMPLES['bucket-public-acl'];
    assert.ok(other);
    let once = false;
    const count = meanwhile(async () => {
      if (once) return;
      once = true;
      await test.app.acceptCloudTrail(other.build(new Date(), randomUUID()));
    });

    const about = await test.open('bucket-public');

    const settled = await test.settled(about.ref);
    assert.equal(settled.state, 'asking');
    assert.ok(count.looks > 1);
    const planned = JSON.stringify(settled.question?.offers);
    for (const { kind, name } of settled.targets as readonly { kind: string; name: string }[])
      if (kind === 'bucket') assert.ok(planned.includes(name), `${name} is planned`);
  });
});
