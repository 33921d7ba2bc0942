// What the bot tells whom, on the whole app: people see the cases that they were asked about, the security team sees all of
// them, and nobody sees one about themselves.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

const { morgan, alex, priya, robin, mia, yuki, ben, dana } = people;
const NO_SUCH = 'There is no such case for you. Write "cases" to see yours.';

describe('who sees what', () => {
  let test: TestApp;
  let bucket: Case;
  /** About somebody whose manager is the chief executive. */
  let other: Case;
  beforeEach(async () => {
    test = await createTestApp();
    bucket = await test.open('bucket-public');
    other = await test.open('administrator');
  });
  afterEach(() => test.close());

  it('shows a manager the cases that they are asked about, and no others', async () => {
    const approvers = [bucket, other].map((one) => one.question?.approver);
    assert.deepEqual(
      approvers.map((one) => one?.kind === 'person' && one.id),
      [morgan.id, dana.id],
    );

    for (const [person, mine, theirs] of [
      [morgan, bucket, other],
      [dana, other, bucket],
    ] as const) {
      const listed = await test.say(person, 'cases');
      assert.ok(listed.includes(mine.ref) && !listed.includes(theirs.ref), listed);
      assert.match(await test.say(person, `case ${mine.ref}`), new RegExp(mine.ref));
      assert.equal(await test.say(person, `case ${theirs.ref}`), NO_SUCH);
    }
    assert.equal(await test.say(priya, 'cases'), 'There are no cases for you.');
  });

  it('shows the security team all of them', async () => {
    for (const person of [yuki, ben]) {
      const listed = await test.say(person, 'cases');
      for (const about of [bucket, other]) {
        assert.match(listed, new RegExp(about.ref));
        assert.match(await test.say(person, `case ${about.ref}`), new RegExp(about.ref));
      }
    }
  });

  it('never shows anybody a case about themselves, nor that there is one', async () => {
    for (const line of [
      `case ${bucket.ref}`,
      `undo ${bucket.ref}`,
      `dismiss ${bucket.ref}`,
      `approve ${bucket.ref}`,
    ])
      assert.equal(await test.say(alex, line), NO_SUCH);
    assert.equal(await test.say(alex, 'cases'), 'There are no cases for you.');
    assert.equal((await test.settled(bucket.ref)).version, bucket.version);
  });

  it('never shows one to its subject, even in the security team', async () => {
    const odd = await createTestApp({
      security: { members: [alex.id, yuki.id], channel: '19:security@thread.tacv2', onCall: [], admins: [] },
    });
    try {
      const about = await odd.open('bucket-public');

      assert.equal(await odd.say(alex, 'cases'), 'There are no cases for you.');
      assert.equal(await odd.say(alex, `case ${about.ref}`), NO_SUCH);
      assert.match(await odd.say(yuki, 'cases'), new RegExp(about.ref));
    } finally {
      await odd.close();
    }
  });

  it('answers the same about a case of somebody else as about one that does not exist', async () => {
    for (const person of [dana, mia, robin, priya])
      for (const verb of ['case', 'approve', 'dismiss', 'escalate', 'undo']) {
        assert.equal(await test.say(person, `${verb} ${bucket.ref}`), NO_SUCH);
        assert.equal(await test.say(person, `${verb} ZZZZZZZZ`), NO_SUCH);
      }
  });

  it('still shows a case to the manager who handed it over, and to no colleague', async () => {
    await test.say(morgan, `escalate ${bucket.ref} not mine`);
    const handed = await test.settled(bucket.ref);
    assert.equal(handed.question?.approver.kind, 'security');

    assert.match(await test.say(morgan, 'cases'), new RegExp(bucket.ref));
    assert.match(await test.say(morgan, `case ${bucket.ref}`), new RegExp(bucket.ref));
    assert.equal(await test.say(priya, `case ${bucket.ref}`), NO_SUCH);
  });

  it('reads a reference in any letter case', async () => {
    for (const ref of [
      bucket.ref,
      bucket.ref.toLowerCase(),
      `${bucket.ref.slice(0, 3).toLowerCase()}${bucket.ref.slice(3)}`,
    ])
      assert.match(await test.say(morgan, `case ${ref}`), new RegExp(bucket.ref));

    await test.say(morgan, `dismiss ${bucket.ref.toLowerCase()}`);
    assert.equal((await test.settled(bucket.ref)).state, 'dismissed');
  });
});
