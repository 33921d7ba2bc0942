// Who answers in somebody's place: set, shown and taken back in a line, on the whole app.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import type { UserId } from '../../src/case/ids.ts';
import { NO_CASE } from '../../src/decide/conversation.ts';
import { type Person, people, SECURITY_TEAM } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

const { alex, morgan, priya, dana, yuki, jonas, tom, robin, lee } = people;
/** A Friday morning in Berlin. */
const NOW = Date.parse('2026-11-20T09:00:00Z');
const FRIDAY_NEXT = '2026-11-27T22:59:59.999Z';

describe('somebody else in my place', () => {
  let test: TestApp;
  let now: number;
  beforeEach(async () => {
    now = NOW;
    test = await createTestApp({}, { clock: { now: () => now } });
  });
  afterEach(() => test.close());

  const delegationOf = (person: Person) =>
    test.store.transact((tx) => tx.delegations.of(person.id, new Date(now).toISOString()));
  const entries = async () =>
    (await test.store.entriesOf(NO_CASE)).map(({ kind, facts }) => ({ kind, facts }));
  const refusedAs = async (): Promise<unknown> => (await entries()).at(-1);
  const isRefused = async (person: Person, line: string, why: RegExp, code: string): Promise<void> => {
    assert.match(await test.say(person, line), why);
    assert.equal(await delegationOf(person), null);
    assert.deepEqual(await refusedAs(), { kind: 'decision.refused', facts: { code } });
  };
  const rename = (person: Person, displayName: string): void => {
    const user = test.world.state.users.get(person.id);
    assert.ok(user);
    test.world.state.users.set(person.id, { ...user, displayName });
  };

  for (const [how, name] of [
    ['principal name', 'priya.nair@contoso.example'],
    ['principal name in capitals', 'PRIYA.NAIR@CONTOSO.EXAMPLE'],
    ['whole name', 'Priya Nair'],
    ['whole name in any letter case', 'priya  nair'],
    ['mention', '@Priya Nair'],
    ['split mention', '@Priya @Nair'],
    ['address as a message of ours shows it', 'priya.nair\u200b@contoso\u200b.example'],
    ['object id', priya.id],
  ] as const)
    it(`is named by ${how}`, async () => {
      await test.say(morgan, `delegate to ${name} until next friday`);

      const set = await delegationOf(morgan);
      assert.equal(set?.to, priya.id);
      assert.equal(set?.toName, 'Priya Nair');
      assert.equal(set?.until, FRIDAY_NEXT);
    });

  it('is named by mail address where that is another', async () => {
    const user = test.world.state.users.get(priya.id);
    assert.ok(user);
    test.world.state.users.set(priya.id, { ...user, mail: 'p.nair@contoso.example' });

    await test.say(morgan, 'delegate to p.nair@contoso.example until next friday');

    assert.equal((await delegationOf(morgan))?.to, priya.id);
  });

  it('is told from when until when, in the own zone, and how to take it back; and that is on record', async () => {
    const text = await test.say(morgan, 'delegate to Priya Nair until next friday');

    assert.match(text, /go to Priya Nair, from 10:00:00 CET until the end of 27 Nov 2026/);
    assert.match(text, /delegate off/);
    const set = await delegationOf(morgan);
    assert.equal(set?.setAt, new Date(NOW).toISOString());
    assert.deepEqual(await entries(), [
      { kind: 'delegation.set', facts: { delegation: set?.id, until: FRIDAY_NEXT } },
    ]);
  });

  it('keeps who it was out of the audit chain itself', async () => {
    await test.say(morgan, 'delegate to Priya Nair until next friday');

    const [entry] = await test.store.entriesOf(NO_CASE);
    assert.ok(!JSON.stringify(entry?.facts).includes(priya.id));
    assert.ok(JSON.stringify(entry?.personal).includes(priya.id));
  });

  it('may be anybody above, and anybody of the security team', async () => {
    for (const person of [dana, ...SECURITY_TEAM]) {
      await test.say(morgan, `delegate to ${person.userPrincipalName} until next friday`);
      assert.equal((await delegationOf(morgan))?.to, person.id);
    }
  });

  describe('is asked', () => {
    const askedAbout = async (name: string) => {
      const approver = (await test.open(name)).question?.approver;
      return approver?.kind === 'person' ? approver.id : approver?.kind;
    };

    it('from then on', async () => {
      await test.say(morgan, 'delegate to Priya Nair until next friday');

      assert.equal(await askedAbout('bucket-public'), priya.id);
    });

    it('no more once it is taken back', async () => {
      await test.say(morgan, 'delegate to Priya Nair until next friday');
      await test.say(morgan, 'delegate off');

      assert.equal(await askedAbout('bucket-public'), morgan.id);
    });
  });

  it('is shown, replaced and taken back', async () => {
    assert.match(await test.say(morgan, 'delegate'), /Nobody answers in your place/);

    await test.say(morgan, 'delegate to Priya Nair until next friday');
    assert.match(await test.say(morgan, 'delegate'), /Priya Nair.*27 Nov 2026.*delegate off/);
    await test.say(morgan, 'delegate to Yuki Mori until tomorrow');
    assert.match(await test.say(morgan, 'delegate'), /Yuki Mori/);

    assert.match(await test.say(morgan, 'DELEGATE OFF'), /come to you again/);
    assert.equal(await delegationOf(morgan), null);
    assert.match(await test.say(morgan, 'delegate off'), /nothing to take back/);
    assert.deepEqual(
      (await entries()).map(({ kind }) => kind),
      ['delegation.set', 'delegation.set', 'delegation.ended'],
    );
  });

  it('is over when it is over', async () => {
    await test.say(morgan, 'delegate to Priya Nair until next friday');
    now = Date.parse(FRIDAY_NEXT);

    assert.match(await test.say(morgan, 'delegate'), /Nobody answers in your place/);
    assert.match(await test.say(morgan, 'delegate off'), /nothing to take back/);
  });

  it("is nobody's business but one's own", async () => {
    await test.say(morgan, 'delegate to Priya Nair until next friday');

    assert.match(await test.say(priya, 'delegate'), /Nobody answers in your place/);
    await test.say(priya, 'delegate off');
    assert.equal((await delegationOf(morgan))?.to, priya.id);
  });

  it('is set once, however often the line arrives', async () => {
    await Promise.all(
      Array.from({ length: 5 }, () => test.say(morgan, 'delegate to Priya Nair until next friday')),
    );

    await test.say(morgan, 'delegate off');
    assert.equal(await delegationOf(morgan), null);
  });

  describe('is refused', () => {
    const cases: readonly (readonly [why: string, who: Person, to: Person, says: RegExp])[] = [
      ['to oneself', morgan, morgan, /is you/],
      ['to whoever stands below', morgan, alex, /neither one of your managers/],
      ['to whoever stands beside', jonas, lee, /neither one of your managers/],
      ['to a guest', morgan, tom, /is a guest/],
      ['to whoever left', morgan, robin, /account that is disabled/],
    ];
    for (const [why, who, to, says] of cases)
      it(why, () =>
        isRefused(
          who,
          `delegate to ${to.userPrincipalName} until next friday`,
          new RegExp(`Nothing was done.*${says.source}`),
          'decide.not-to-them',
        ),
      );

    it('to a guest even of the security team', async () => {
      const user = test.world.state.users.get(yuki.id);
      assert.ok(user);
      test.world.state.users.set(yuki.id, { ...user, guest: true });

      await isRefused(
        morgan,
        `delegate to ${yuki.userPrincipalName} until next friday`,
        /is a guest/,
        'decide.not-to-them',
      );
    });

    it('where several are called that, and says who', async () => {
      rename(dana, 'Priya Nair');

      const line = 'delegate to Priya Nair until next friday';
      await isRefused(morgan, line, /Several people.*dana\.holt.*priya\.nair/, 'decide.several');
    });

    it('where nobody is called exactly that', async () => {
      await isRefused(morgan, 'delegate to Priya until next friday', /exactly.*Priya Nair/, 'decide.several');
      await isRefused(morgan, 'delegate to Nobody until next friday', /Nobody is called/, 'decide.nobody');
      const address = 'delegate to nobody@contoso.example until next friday';
      await isRefused(morgan, address, /Nobody is called/, 'decide.nobody');
    });

    it('beyond what the settings allow, and takes the last day that they do to its limit', async () => {
      const line = (day: string) => `delegate to Priya Nair until ${day}`;
      await isRefused(morgan, line('2027-02-20'), /90 days at most/, 'decide.not-then');
      await isRefused(morgan, line('2099-01-01'), /90 days at most/, 'decide.not-then');

      await test.say(morgan, line('2027-02-18'));
      assert.equal((await delegationOf(morgan))?.until, '2027-02-18T09:00:00.000Z');
    });

    it('to a guest who asks, without a word about who there is', async () => {
      await isRefused(
        tom,
        'delegate to Priya until next friday',
        /does not know you/,
        'decide.unknown-person',
      );
    });

    it('while people cannot be looked up, and leaves what was set', async () => {
      await test.say(morgan, 'delegate to Yuki Mori until next friday');
      const busy = new CountersignError('graph.throttled', 'busy', { retryable: true });
      test.world.world.directory.managerOf = async (_id: UserId) => {
        throw busy;
      };

      await assert.rejects(test.say(morgan, 'delegate to Priya Nair until tomorrow'), {
        code: 'graph.throttled',
      });

      assert.equal((await delegationOf(morgan))?.to, yuki.id);
    });
  });

  it('says a hostile name without believing it', async () => {
    rename(priya, '**Priya** [x](https://evil.example) {time:2026-01-01T00:00:00Z}');

    const text = await test.say(morgan, `delegate to ${priya.userPrincipalName} until next friday`);

    assert.ok(!text.includes('](https://evil.example)'), text);
    assert.ok(!text.includes('**Priya**'), text);
  });
});
