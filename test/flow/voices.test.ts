// Who else has a say: the security team proposes, the person in question states, a second person confirms. By line and by button.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { DENY_POLICY, denyOf } from '../../src/govern/aws/explicit-denies.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { settings } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const { alex, ben, morgan, priya, yuki } = people;

describe('who else has a say', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await createTestApp({
      governance: { ...settings.governance, capsPerHour: { 'entra.user.suspend': 1 } },
    });
  });
  afterEach(() => test.close());

  /** "Was this you?" */
  const asked = async ({ ref }: Case): Promise<Case> => {
    await test.say(yuki, `propose ${ref} entra.user.notify`);
    const { question } = await test.settled(ref);
    const offer = question?.offers.find(({ actions }) => actions[0]?.action === 'entra.user.notify');
    await test.say(yuki, `approve ${ref} ${offer?.key}`);
    return test.settled(ref);
  };
  const copiesOf = async (about: Case, reader: string) =>
    (await test.store.copiesOf(about.id)).filter((copy) => copy.reader === reader);

  it('offers what the security team proposes, with its preview, and carries it out like any other', async () => {
    const about = await test.open('mass-download');
    const said = await test.say(yuki, `propose ${about.ref} entra.user.confirm-compromised`);
    assert.match(said, /Yuki \w+ proposes: .* on Alex Weber\. The security team is asked anew/);
    const asked = await test.settled(about.ref);

    assert.equal(asked.state, 'asking');
    assert.equal(asked.question?.approver.kind, 'security');
    const [offer] = asked.question?.offers ?? [];
    assert.equal(offer?.key, 'proposed-1');
    assert.ok((offer.actions[0]?.says.length ?? 0) > 0);
    await test.say(ben, `approve ${about.ref} proposed-1`);
    assert.equal((await test.settled(about.ref)).state, 'contained');
  });

  it('lets nobody but the security team propose', async () => {
    const about = await test.open('mass-download');
    for (const person of [morgan, priya, alex])
      assert.match(
        await test.say(person, `propose ${about.ref} entra.user.confirm-compromised`),
        /Nothing was done|no such case/,
      );
    assert.equal((await test.settled(about.ref)).proposals, undefined);
  });

  it('hears the person in question, by button and by line, and shows them nothing but their own words', async () => {
    const about = await asked(await test.open('mass-download'));
    const card = await test.click(alex, { verb: 'not-me', about });

    assert.match(card, /You said that it was not you/);
    assert.doesNotMatch(card, /Morgan|Suspend|approve/);
    await test.settled(about.ref);
    const line = await test.say(alex, `was-me ${about.ref} it was a test`);
    assert.equal(line, 'It is on record that you say it was you.');
    const heard = await test.settled(about.ref);
    assert.deepEqual(
      heard.statements?.map(({ was, comment }) => [was, comment]),
      [
        ['not-me', undefined],
        ['me', 'it was a test'],
      ],
    );
    assert.equal(heard.state, 'asking');
    assert.deepEqual(heard.decisions, about.decisions);
    const [mine, ...more] = await copiesOf(about, alex.id);
    assert.deepEqual(more, [], 'a line leaves no further card');
    const shown = JSON.stringify(test.world.cards.get(mine?.activityId ?? ''));
    assert.match(shown, /You said that it was you/, 'the card that they have says it');
  });

  it('tells the person in question nothing before they were asked, and hears nothing', async () => {
    const about = await test.open('mass-download');
    const words = 'Nothing was done. This question is with somebody else.';

    assert.equal(await test.say(alex, `was-me ${about.ref}`), words);
    assert.equal(await test.click(alex, { verb: 'not-me', about }), words);

    assert.equal((await test.settled(about.ref)).version, about.version);
    assert.deepEqual(await copiesOf(about, alex.id), []);
  });

  it('hears nobody else, and tells them nothing', async () => {
    const about = await test.open('mass-download');
    for (const person of [morgan, yuki, priya]) {
      assert.equal(
        await test.click(person, { verb: 'not-me', about }),
        'Nothing was done. This question is with somebody else.',
      );
      assert.equal(
        await test.say(person, `not-me ${about.ref}`),
        'Nothing was done. This question is with somebody else.',
      );
    }
    assert.equal(
      await test.say(alex, 'not-me ZZZZZZZZ'),
      'Nothing was done. This question is with somebody else.',
    );
    assert.equal((await test.settled(about.ref)).statements, undefined);
  });

  it('asks again when it was said to be expected, and then the person says that it was not them', async () => {
    const about = await asked(await test.open('bucket-public'));
    await test.say(yuki, `dismiss ${about.ref}`);
    assert.equal((await test.settled(about.ref)).state, 'dismissed');
    await test.say(alex, `not-me ${about.ref}`);
    const reopened = await test.settled(about.ref);

    assert.equal(reopened.state, 'asking');
    assert.equal(reopened.question?.approver.kind, 'security');
    assert.match(english(reopened.question.reason), /says that it was not them/);
  });

  describe('on what is their own in AWS,', () => {
    const KEY = 'iam-user:123456789012:ben';
    let app: TestApp;
    beforeEach(async () => {
      const iamUsers = { 'arn:aws:iam::123456789012:user/ben': ben.userPrincipalName };
      app = await createTestApp({ aws: { ...settings.aws, iamUsers } });
      app.world.state.principals.set(KEY, { arn: 'arn:aws:iam::123456789012:user/ben', path: '/' });
      app.world.state.inlinePolicies.set(`${KEY} ${DENY_POLICY}`, denyOf('AAAAAAAA'));
    });
    afterEach(() => app.close());

    it('lets nobody of the security team decide in the case of somebody else, however the settings name them', async () => {
      const { ref } = await app.open('mass-download');
      await app.say(ben, `propose ${ref} aws.iam.detach-deny ${KEY}`);
      const { question, named } = await app.settled(ref);
      assert.equal(question?.offers[0]?.key, 'proposed-1');
      assert.ok(named.includes(ben.id), 'the directory said who that is');

      for (const line of [`approve ${ref} proposed-1`, `dismiss ${ref}`])
        assert.match(await app.say(ben, line), /Nothing was done|no such case/);

      assert.equal((await app.settled(ref)).state, 'asking');
      assert.equal(app.world.state.inlinePolicies.size, 1);
      await app.say(yuki, `case ${ref}`);
      assert.doesNotMatch(await app.say(yuki, `approve ${ref} proposed-1`), /Nothing was done/);
    });
  });

  it('has a second person of the security team confirm what a limit stopped, by line', async () => {
    const first = await test.open('mass-download');
    await test.say(morgan, `approve ${first.ref} suspend`);
    await test.settled(first.ref);
    const second = await test.open('no-manager');
    assert.match(
      await test.say(yuki, `approve ${second.ref} suspend`),
      /The limit of 1 of these decided in an hour is reached/,
    );
    await test.settled(second.ref);
    assert.match(
      await test.say(yuki, `approve ${second.ref} suspend`),
      /You chose this already; somebody else has to confirm it/,
    );
    assert.equal((await test.settled(second.ref)).state, 'asking');
    await test.say(ben, `approve ${second.ref} suspend`);

    const done = await test.settled(second.ref);
    assert.equal(done.state, 'contained');
    assert.deepEqual(
      (await test.store.runsOf(done.id)).map((run) => run.state),
      ['verified'],
    );
  });
});
