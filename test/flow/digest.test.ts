// A flood through the whole app: the real chain of rooms puts questions on a list, and takes what is pressed on it.
import assert from 'node:assert/strict';
import { DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import { people } from '../../src/sandbox/people.ts';
import { actorOf, createTestApp, type TestApp } from '../helpers/app.ts';

describe('a list of questions, through the app', function () {
  this.timeout(30_000);
  let test: TestApp;
  beforeEach(async () => {
    // Every question is one too many for a card of its own; nothing one person did is joined.
    const asking = { ...DEFAULT_ASKING_SETTINGS, digest: { after: 0, withinMs: 600_000 }, relatedMs: 0 };
    test = await createTestApp({ asking });
  });
  afterEach(() => test.close());

  const lists = () => [...test.world.cards].filter(([, { template }]) => template === 'digest');
  const press = (verb: string, about: Case, offer?: string) => {
    const [[activityId, { data }] = assert.fail()] = lists();
    return test.app.chat.clicked(
      {
        ...{ verb, caseRef: about.ref, questionId: about.question?.id ?? '', activityId },
        ...{ digest: String(data.digest), shown: String(data.version) },
        ...(offer && { offer }),
      },
      actorOf(people.morgan),
    );
  };
  const now = async ({ ref }: Case) => (await test.store.findCase(ref)) ?? assert.fail();

  it('carries out what is pressed on a line, and the list says so', async () => {
    const first = await test.open('bucket-public');
    const second = await test.open('guest');
    assert.equal(lists().length, 1);

    const reply = await press('approve', first, first.question?.offers[0]?.key);
    await test.settled(first.ref);

    assert.ok(reply.kind === 'card' && reply.card.template === 'digest');
    assert.equal((await now(first)).state, 'contained');
    assert.equal((await now(second)).state, 'asking');
    assert.equal(lists().length, 1);
    assert.match(JSON.stringify(lists()[0]?.[1].data.lines), /Morgan Reyes chose .* Done\./);
  });

  it('shows the list for a word, which is then the one that is kept true', async () => {
    const about = await test.open('bucket-public');

    const said = await test.say(people.morgan, 'digest');
    const stranger = await test.say(people.priya, 'digest');

    assert.match(said, /1 question for you/);
    assert.ok(said.includes(about.ref));
    assert.match(stranger, /There is no list of questions for you/);
  });

  it('opens a line as the card of its case, which is kept true as well', async () => {
    const about = await test.open('bucket-public');

    await press('digest-open', about);
    const own = [...test.world.cards].filter(([, { template }]) => template === 'question');
    assert.equal(own.length, 1);
    await press('dismiss', about);
    await test.settled(about.ref);

    assert.equal(test.world.cards.get(own[0]?.[0] ?? '')?.template, 'outcome');
    assert.equal(lists()[0]?.[1].data.headline, 'Nothing here waits for you any more');
  });
});
