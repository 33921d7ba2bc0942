// "Was this you?": asked once, by the way that reaches the person, with nothing of the case but what was done in their name.
import assert from 'node:assert/strict';
import { randomIds, systemClock } from '../../src/adapters/system.ts';
import { createNotices, type NoticeParts } from '../../src/ask/notices.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { say } from '../../src/case/said.ts';
import type { Mail } from '../../src/ports/mailer.ts';
import { people, TENANT_ID } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { english } from '../helpers/english.ts';

const NOBODY = { openChat: async () => null };

describe('asking the person in question', () => {
  let test: TestApp;
  let about: Case;
  let mails: Mail[];
  beforeEach(async () => {
    mails = [];
    test = await createTestApp();
    about = await test.open('bucket-public');
  });
  afterEach(() => test.close());

  const notices = (over: Partial<NoticeParts> = {}) =>
    createNotices({
      store: test.store,
      messenger: test.world.messenger,
      installer: test.world.installer,
      directory: test.world.world.directory,
      mailer: {
        send: async (mail) => {
          mails.push(mail);
          return { requestId: 'mail-1' };
        },
      },
      clock: systemClock,
      ids: randomIds,
      tenantId: TENANT_ID,
      draw: async () => ({ template: 'notice', data: {} }),
      writeFor: async () => english,
      ...over,
    });
  const cards = () => test.world.done.card ?? 0;
  const alex = people.alex.id;

  it('is done in Teams, where they are known there or the app can be installed for them', async () => {
    const before = cards();

    await notices().ask(about.id, alex);

    assert.equal(cards(), before + 1);
    assert.deepEqual(mails, []);
    assert.equal((await notices().asked(about.id, alex))?.way, 'teams');
  });

  it('is done by mail where Teams does not reach them', async () => {
    await notices({ installer: NOBODY }).ask(about.id, alex);

    assert.equal(mails[0]?.to, people.alex.mail);
    assert.equal((await notices().asked(about.id, alex))?.way, 'mail');
  });

  it('is done by mail where Teams refuses the card', async () => {
    const messenger = {
      ...test.world.messenger,
      send: async () => {
        throw new CountersignError('teams.unreachable', 'blocked');
      },
    };

    await notices({ messenger }).ask(about.id, alex);

    assert.equal(mails.length, 1);
  });

  it('waits where Teams only is busy: no mail goes out on account of that', async () => {
    const messenger = {
      ...test.world.messenger,
      send: async () => {
        throw new CountersignError('teams.throttled', 'busy', { retryable: true });
      },
    };

    await assert.rejects(notices({ messenger }).ask(about.id, alex), { code: 'teams.throttled' });
    assert.deepEqual(mails, []);
    assert.equal(await notices().asked(about.id, alex), null);
  });

  it('fails with words where there is no way at all', async () => {
    await assert.rejects(notices({ installer: NOBODY, mailer: null }).ask(about.id, alex), {
      code: 'notice.unreachable',
      say: say('ask.notice.unreachable', { name: 'Alex Weber' }),
    });
  });

  it('is done once, however often it is tried', async () => {
    const before = cards();

    await notices().ask(about.id, alex);
    await notices().ask(about.id, alex);

    assert.equal(cards(), before + 1);
  });

  it('reaches nobody whose account is suspended or gone, and a guest only by mail', async () => {
    const { users } = test.world.state;
    const user = users.get(alex);
    assert.ok(user);

    const reached = async (over: object | null) => {
      if (over) users.set(alex, { ...user, mail: 'alex@fabrikam.example', ...over });
      else users.delete(alex);
      return notices().reach(alex);
    };

    assert.equal(await reached({}), 'teams');
    assert.equal(await reached({ guest: true }), 'mail');
    assert.equal(await reached({ enabled: false }), null);
    assert.equal(await reached(null), null);
  });

  it('asks a guest the way that was said before: by mail, or in Teams where they are known there', async () => {
    const { users } = test.world.state;
    const user = users.get(alex);
    assert.ok(user);
    users.set(alex, { ...user, guest: true, mail: 'alex@fabrikam.example' });
    assert.equal(await notices().reach(alex), 'mail');

    await notices().ask(about.id, alex);

    assert.equal((await notices().asked(about.id, alex))?.way, 'mail');
    assert.equal(mails[0]?.to, 'alex@fabrikam.example');
  });

  it('says in a mail what was done, whom to call, and nothing to press', async () => {
    await notices({ installer: NOBODY }).ask(about.id, alex);

    const [mail] = mails;
    assert.match(mail?.subject ?? '', new RegExp(`Was this you.*${about.ref}`));
    assert.match(
      mail?.text ?? '',
      /S3 Bucket Made Public[\s\S]*contoso-invoices[\s\S]*call your security team/,
    );
    assert.doesNotMatch(mail?.text ?? '', /https?:|www\./);
    assert.doesNotMatch(
      mail?.text ?? '',
      /Morgan|Make private/,
      'nothing of who is asked, or what is offered',
    );
  });

  it('puts the card among the copies that are kept true, and it then shows the answer', async () => {
    const { ref } = about;
    await test.say(people.yuki, `propose ${ref} entra.user.notify`);
    const asked = await test.settled(ref);
    await test.say(people.yuki, `approve ${ref} ${asked.question?.offers[0]?.key}`);
    await test.settled(ref);

    await test.say(people.alex, `not-me ${ref} I was on a plane`);
    const after = await test.settled(ref);

    const copies = await test.store.copiesOf(after.id);
    const mine = copies.filter(({ reader }) => reader === alex);
    assert.equal(mine.length, 1);
    const shown = JSON.stringify(test.world.cards.get(mine[0]?.activityId ?? ''));
    assert.match(shown, /You said that it was not you/);
    assert.doesNotMatch(shown, /Morgan|Make private|Suspend/);
    const other = copies.find(({ reader }) => reader !== alex);
    assert.match(
      JSON.stringify(test.world.cards.get(other?.activityId ?? '')),
      /it was NOT me: I was on a plane/,
    );
    assert.equal(after.state, 'asking', 'the question goes on');
  });
});
