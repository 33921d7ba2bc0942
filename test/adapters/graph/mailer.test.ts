import assert from 'node:assert/strict';
import { createGraphMailer } from '../../../src/adapters/graph/mailer.ts';
import type { Mailer } from '../../../src/ports/mailer.ts';
import { people } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const MAIL = {
  to: people.alex.mail,
  subject: 'Was this you?',
  text: 'At 10:42 you opened a bucket.\n\nWas it you?',
};

describe('mail through Graph', () => {
  let world: World;
  let mailer: Mailer;
  before(async () => {
    world = await startWorld();
    mailer = createGraphMailer(world.client, people.yuki.userPrincipalName);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  const last = () => world.graph.state().tenant.mails.at(-1);

  it('goes out as plain text from the one mailbox, is kept there, and answers the request id', async () => {
    const { requestId } = await mailer.send(MAIL);

    const { at: _now, ...sent } = last() ?? {};
    assert.ok(requestId);
    assert.deepEqual(sent, {
      from: people.yuki.userPrincipalName,
      subject: MAIL.subject,
      body: { contentType: 'Text', content: MAIL.text },
      toRecipients: [{ emailAddress: { address: people.alex.mail } }],
      saveToSentItems: true,
    });
  });

  for (const [what, subject, shown] of [
    ['line breaks', 'Bucket\r\nBcc: x@attacker.example', 'Bucket Bcc: x@attacker.example'],
    ['every other line end', 'a\u0085b\u2028c\u2029d\u000be', 'a b c d e'],
    ['what turns text around or hides it', 'in\u202evoice\u200b', 'in voice'],
    ['spaces in a row', '  a \t  b ', 'a b'],
  ] as const)
    it(`makes one line of a subject with ${what}`, async () => {
      await mailer.send({ ...MAIL, subject });

      assert.equal(last()?.subject, shown);
    });

  it('cuts a subject to what a message holds, and no sign in half', async () => {
    await mailer.send({ ...MAIL, subject: '🦊'.repeat(300) });

    assert.equal(last()?.subject, '🦊'.repeat(127));
  });

  it('leaves the text as it is: it is no markup', async () => {
    const text = '<b>x</b>\r\nBcc: y@attacker.example';
    await mailer.send({ ...MAIL, text });

    assert.deepEqual(last()?.body, { contentType: 'Text', content: text });
  });

  for (const to of [
    '',
    'alex',
    'alex@contoso.example, x@attacker.example',
    'alex@contoso.example;x@attacker.example',
    'Alex <alex@contoso.example>',
    'alex@contoso.example\r\nBcc: x@attacker.example',
    'a@b@contoso.example',
    `${'a'.repeat(65)}@contoso.example`,
    'al\u202eex@contoso.example',
  ])
    it(`goes nowhere for ${JSON.stringify(to.slice(0, 40))}`, async () => {
      const before = world.graph.requests.length;

      const error = await failureOf(mailer.send({ ...MAIL, to }));

      assert.equal(error.code, 'graph.bad-address');
      assert.equal(error.retryable, false);
      assert.doesNotMatch(error.message, /attacker|contoso/);
      assert.equal(world.graph.requests.length, before);
    });

  it('says so when the mailbox is not there', async () => {
    const error = await failureOf(createGraphMailer(world.client, 'nobody@contoso.example').send(MAIL));

    assert.equal(error.code, 'graph.not-found');
    assert.equal(english(error.say), 'The mailbox that Countersign sends from is not there.');
  });

  itMeetsTrouble(
    () => world,
    [
      {
        name: 'send',
        method: 'POST',
        path: /sendMail$/,
        permission: 'Mail.Send',
        call: () => mailer.send(MAIL),
      },
    ],
  );
});
