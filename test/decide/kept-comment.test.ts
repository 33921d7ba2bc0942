// What somebody has typed is not lost when the button that they pressed is refused.
import assert from 'node:assert/strict';
import { people, SECURITY_TEAM } from '../../src/sandbox/people.ts';
import { actorOf, createTestApp, type TestApp } from '../helpers/app.ts';
import { settings } from '../helpers/cases.ts';

describe('a comment', () => {
  let test: TestApp;
  before(async () => {
    test = await createTestApp();
  });
  after(() => test.close());

  it('stands in the field again where the button was refused', async () => {
    const about = await test.open('bucket-public');
    const asked = { caseRef: about.ref, questionId: about.question?.id ?? '', offer: 'no-such-offer' };
    const comment = 'Not agreed with *anybody*';

    const reply = await test.app.chat.clicked({ verb: 'approve', ...asked, comment }, actorOf(people.morgan));

    assert.ok(reply.kind === 'card');
    assert.equal(reply.card.data.comment, comment);
    assert.match(test.draw(reply), /"id":"comment"[^}]*"value":"Not agreed with \*anybody\*"/);
  });

  it("stands in nobody else's field: not in a channel, where all of them press one card", async () => {
    const about = await test.open('guest');
    const asked = { caseRef: about.ref, questionId: about.question?.id ?? '', offer: 'no-such-offer' };
    const [member] = SECURITY_TEAM;
    assert.ok(member);
    const conversation = { id: settings.security.channel, serviceUrl: 'https://teams.example' };

    const reply = await test.app.chat.clicked(
      { verb: 'approve', ...asked, comment: 'Mine alone' },
      { ...actorOf(member), conversation },
    );

    assert.doesNotMatch(test.draw(reply), /Mine alone/);
  });
});
