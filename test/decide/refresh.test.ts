// A client fetches the card anew while somebody looks at it: everybody sees what is theirs to see, and nothing happens by it.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { type Person, people } from '../../src/sandbox/people.ts';
import { actorOf, createTestApp, type TestApp } from '../helpers/app.ts';
import { settings } from '../helpers/cases.ts';

const { morgan, alex, priya, yuki } = people;
const NEUTRAL = /A question for somebody else/;

describe('refreshing a card', () => {
  let test: TestApp;
  let about: Case;
  beforeEach(async () => {
    test = await createTestApp();
    about = await test.open('bucket-public');
  });
  afterEach(() => test.close());

  const trail = async () => (await test.store.entriesOf(about.id)).map(({ kind }) => kind);
  const copies = () => test.store.copiesOf(about.id);
  const refresh = async (
    person: Person,
    over: { readonly activityId?: string; readonly chat?: string; readonly caseRef?: string } = {},
  ) => {
    const { chat, activityId, caseRef = about.ref } = over;
    const actor = actorOf(person);
    const conversation = { ...actor.conversation, ...(chat && { id: chat }) };
    const reply = await test.app.chat.clicked(
      { verb: 'refresh', caseRef, questionId: 'whatever', ...(activityId && { activityId }) },
      { ...actor, conversation },
    );
    assert.equal(reply.kind, 'card', JSON.stringify(reply));
    return test.draw(reply);
  };

  it('shows whoever is asked the question, as it stands now', async () => {
    assert.match(await refresh(morgan), /This was expected/);

    await test.click(morgan, { verb: 'escalate', about });
    await test.settled(about.ref);

    const words = await refresh(morgan);
    assert.match(words, /With the security team/);
    assert.doesNotMatch(words, /"verb":"approve"/);
  });

  it('decides nothing, marks nothing, and writes nothing into the trail, whoever looks', async () => {
    const [[before, kinds], known] = [[await test.settled(about.ref), await trail()], await copies()];

    for (const person of [morgan, alex, priya, yuki]) await refresh(person);

    assert.deepEqual(await test.settled(about.ref), before);
    assert.deepEqual(await trail(), kinds);
    assert.deepEqual(await copies(), known);
  });

  it('shows a stranger, its subject and whoever it names that it is for somebody else, and nothing of it', async () => {
    const named = await test.store.transact(async (tx) => {
      const current = await tx.lockCase(about.id);
      assert.ok(current);
      return current.named;
    });
    assert.ok(named.includes(alex.id));

    for (const person of [priya, alex]) {
      const words = await refresh(person);
      assert.match(words, NEUTRAL);
      for (const secret of [about.ref, 'Alex', 'invoices', 'bucket', '192.0.2'])
        assert.ok(!words.includes(secret), `${person.displayName} is shown ${secret}: ${words}`);
    }
    assert.match(await refresh(morgan, { caseRef: 'NOTTHERE' }), NEUTRAL);
  });

  it('shows whoever it names by now that it is for somebody else, even where a card of it lies with them', async () => {
    const other = await test.open('manager-is-suspect');
    const named = Object.values(people).find(
      ({ id }) => other.named.includes(id) && id !== other.subject?.id,
    );
    const [copy] = await test.store.copiesOf(other.id);
    assert.ok(named && copy);
    await test.store.transact((tx) =>
      tx.saveCopy({ ...copy, id: 'copy-2' as typeof copy.id, activityId: 'theirs', reader: named.id }),
    );

    assert.match(await refresh(named, { caseRef: other.ref, activityId: 'theirs' }), NEUTRAL);
  });

  it('shows each member of the security team in the channel the card as they see it', async () => {
    assert.match(await refresh(yuki, { chat: settings.security.channel }), /"verb":"dismiss"/);
  });

  it("takes a card on whose sending was lost, in a chat as its reader's and in the channel as the team's", async () => {
    const before = (await copies()).length;

    await refresh(morgan, { activityId: 'lost-in-a-chat' });
    await refresh(morgan, { activityId: 'lost-in-a-chat' });
    await refresh(yuki, {
      activityId: 'lost-in-the-channel',
      chat: `${settings.security.channel};messageid=1`,
    });
    await refresh(yuki, { activityId: 'elsewhere', chat: '19:others@thread.tacv2' });
    await refresh(priya, { activityId: 'pasted' });

    const added = (await copies()).slice(before).map(({ activityId, reader }) => [activityId, reader]);
    assert.deepEqual(added.sort(), [
      ['lost-in-a-chat', morgan.id],
      ['lost-in-the-channel', 'security'],
    ]);
  });

  it('points from an older card of the same reader to the newer one', async () => {
    const [copy] = await copies();
    assert.ok(copy);
    await test.store.transact(async (tx) => {
      await tx.saveCopy({ ...copy, questionId: 'older' as typeof copy.questionId });
      await tx.saveCopy({ ...copy, id: 'copy-2' as typeof copy.id, activityId: 'newer' });
    });

    assert.match(await refresh(morgan, { activityId: copy.activityId }), /There is a newer card/);
    assert.doesNotMatch(await refresh(morgan, { activityId: 'newer' }), /There is a newer card/);
  });
});

describe('whom a card is fetched anew for', () => {
  it('is its reader in their chat, and in the channel the members of the security team that are known', async () => {
    const test = await createTestApp();
    try {
      const about = await test.open('bucket-public');
      const know = (person: Person, teamsId: string) => {
        const { tenantId, id, conversation } = actorOf(person);
        return test.app.chat.seen({ tenantId, id, conversation, teamsId });
      };
      const readersOf = async (person: Person) => {
        const click = { verb: 'refresh', caseRef: about.ref, questionId: '' };
        const reply = await test.app.chat.clicked(click, actorOf(person));
        return reply.kind === 'card' && reply.card.refresh;
      };

      assert.equal(await readersOf(morgan), undefined, 'nobody whose Teams id is not known');
      await know(morgan, '29:morgan');
      await know(yuki, '29:yuki');

      assert.deepEqual(await readersOf(morgan), {
        caseRef: about.ref,
        questionId: about.question?.id,
        readers: ['29:morgan'],
      });
      assert.deepEqual(await readersOf(priya), undefined);
      await test.click(morgan, { verb: 'escalate', about });
      await test.settled(about.ref);
      const lying = (await test.store.copiesOf(about.id)).find(({ reader }) => reader === 'security');
      assert.deepEqual(test.world.cards.get(lying?.activityId ?? '')?.refresh?.readers, ['29:yuki']);
    } finally {
      await test.close();
    }
  });
});
