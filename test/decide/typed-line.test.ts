// A line of text means the question that its writer could see when they wrote it, like a button.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

describe('a line of text', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await createTestApp();
  });
  afterEach(() => test.close());

  it('decides nothing when another question has taken the place of the one that was seen, between look and claim', async () => {
    const about = await test.open('bucket-public');
    const other = SAMPLES['bucket-public-acl'];
    assert.ok(other);
    const { store } = test;
    const transact = store.transact.bind(store);
    let once = true;
    // The claim is the next transaction: right before it, something new is asked about.
    const late = async (): Promise<void> => {
      await test.app.acceptCloudTrail(other.build(new Date(), randomUUID()));
      await test.settled(about.ref);
    };
    Object.assign(store, {
      copiesOf: async (id: Parameters<typeof store.copiesOf>[0]) => {
        const copies = await transact((tx) => tx.copiesOf(id));
        if (once) {
          once = false;
          await late();
        }
        return copies;
      },
    });

    const said = await test.say(people.morgan, `approve ${about.ref} make-private`);

    const after = await test.settled(about.ref);
    assert.notEqual(after.question?.id, about.question?.id, 'it was asked anew');
    assert.deepEqual(after.decisions, []);
    assert.match(said, /Nothing was done|replaced by a newer one/);
  });
});
