// Two questions over a month that the test owns, from the first card to the last escalation: at every step the service ends and
// begins again on the same store. Who gets a card, and whose cards change, is written down for each of them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DateTime } from 'luxon';
import { createCheckpointFile } from '../../src/adapters/store/checkpoint-file.ts';
import { publicKeyOf, readPrivateKey } from '../../src/audit/key.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { people, SECURITY_TEAM } from '../../src/sandbox/people.ts';
import { SECURITY_CHANNEL } from '../../src/sandbox/teams/index.ts';
import { onEachStore } from '../helpers/each-store.ts';
import { activitiesOf, deliver } from '../helpers/teams-activities.ts';
import { type Message, refOf, type TestWorld } from '../helpers/world.ts';

const { morgan, priya, dana, yuki, ben, alex } = people;
const MORGAN = morgan.userPrincipalName;
const READERS: Readonly<Record<string, string>> = {
  morgan: MORGAN,
  priya: priya.userPrincipalName,
  dana: dana.userPrincipalName,
  yuki: yuki.userPrincipalName,
  ben: ben.userPrincipalName,
  channel: 'channel',
};
const INVOICE = '/contoso-invoices/invoices-2026.csv';
const ZONE = 'Europe/Berlin';
const CLOSE_MS = 10 * 60_000;

/** The days count from a Wednesday in June; the Thursday after it is a holiday. */
type Moment = readonly [day: number, time: string];
const [WEDNESDAY, THURSDAY, FRIDAY] = [0, 1, 2] as const;
const SECOND_WEDNESDAY = 14;
const LAST_MONDAY = 26;
const MONTH = 30;

/** `+priya`: a card came. `~priya`: a card of theirs reads otherwise now. */
const HIGH: readonly (readonly [Moment, string])[] = [
  [[WEDNESDAY, '11:15'], '~morgan +morgan'],
  [[WEDNESDAY, '11:45'], '~morgan +priya'],
  [[WEDNESDAY, '14:45'], '~morgan ~priya +yuki +channel'],
  [[WEDNESDAY, '15:15'], '~yuki +yuki ~channel +channel'],
  [[WEDNESDAY, '15:45'], '~morgan ~priya ~yuki +ben ~channel'],
  [[WEDNESDAY, '18:45'], '~yuki +yuki ~ben +ben ~channel +channel'],
  [[WEDNESDAY, '22:45'], '~yuki +yuki ~ben +ben ~channel +channel'],
  [[THURSDAY, '06:45'], '~morgan ~priya ~yuki +yuki ~ben +ben ~channel +channel'],
  [[THURSDAY, '22:45'], '~yuki +yuki ~ben +ben ~channel +channel'],
  // Theirs are good as well: the days that they let one choose from move on, without a sound.
  ...Array.from({ length: MONTH - 2 }, (_, index): readonly [Moment, string] => [
    [FRIDAY + index, '22:45'],
    '~morgan ~priya ~yuki +yuki ~ben +ben ~channel +channel',
  ]),
];
/** In the manager's working time: 6.5 hours on Wednesday, none on Thursday, 8.5 hours a day from Friday on, none at the weekend. */
const MEDIUM: readonly (readonly [Moment, string])[] = [
  [[WEDNESDAY, '14:30'], '~morgan +morgan'],
  [[FRIDAY, '10:00'], '~morgan +priya'],
  [[SECOND_WEDNESDAY, '14:00'], '~morgan +morgan ~priya +priya +channel'],
  [[SECOND_WEDNESDAY + 1, '09:30'], '~morgan ~morgan +morgan ~priya ~priya +priya ~channel'],
  [[SECOND_WEDNESDAY + 1, '13:30'], '~morgan ~morgan ~priya ~priya +dana ~channel'],
];
/** With the very first one, which was there before any of these. */
const cardsIn = (steps: typeof HIGH): number =>
  1 + steps.reduce((sum, [, lines]) => sum + (lines.match(/\+/g)?.length ?? 0), 0);
/** All but everybody's first one, which goes on pointing to the newer ones. */
const RELEASED = '~morgan ~morgan ~morgan ~priya ~priya ~dana ~channel';

onEachStore('a month in which nobody answers', (store) => {
  let world: TestWorld;
  let start: DateTime;
  let high: string;
  let medium: string;
  let seen: Map<string, Message>;

  const at = ([day, time]: Moment): number => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return start.plus({ days: day }).set({ hour, minute }).toMillis();
  };
  /** Everything that is different in Teams since the last look, a line for each case. */
  async function news(): Promise<{ readonly edited: number; of(ref: string): string }> {
    const lines: (readonly [Message, string])[] = [];
    let edited = 0;
    for (const [name, user] of Object.entries(READERS))
      for (const message of await world.messages(user)) {
        const before = seen.get(message.activityId);
        if (message.edits > (before?.edits ?? 0)) edited += 1;
        if (!before) lines.push([message, `+${name}`]);
        else if (JSON.stringify(message.card) !== JSON.stringify(before.card))
          lines.push([message, `~${name}`]);
        seen.set(message.activityId, message);
      }
    const of = (ref: string) =>
      lines.flatMap(([{ words }, line]) => (words.includes(ref) ? [line] : [])).join(' ');
    return { edited, of };
  }
  /** What is due next is due then; the process that asked is gone by that time. */
  async function pass(moment: Moment): Promise<void> {
    const due = world.clock.now() + ((await world.store.nextDueInMs()) ?? assert.fail('nothing is due'));
    const says = `due at ${new Date(due).toISOString()}, not on day ${moment.join(' at ')}`;
    assert.ok(Math.abs(due - at(moment)) < CLOSE_MS, says);
    await skipTo(due);
  }
  async function skipTo(ms: number): Promise<void> {
    await world.restart(async () => world.later(ms - world.clock.now() + 1));
    await world.untilIdle();
  }
  const strangersGet = async (): Promise<number> => (await fetch(`${world.running.s3}${INVOICE}`)).status;
  const cardsAbout = async (user: string, ref: string) =>
    (await world.messages(user)).filter(({ words }) => words.includes(ref));
  const cardsOf = async (ref: string): Promise<number> =>
    (await Promise.all(Object.values(READERS).map((user) => cardsAbout(user, ref)))).flat().length;
  /** What is on record of the question and its answers, counted. */
  async function askingOf(ref: string): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const kind of await world.trail(ref))
      if (/^(?:question\.(?!reminder-shown)|decision\.)/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  beforeEach(async () => {
    seen = new Map();
    world = await store.begin();
    const june = DateTime.fromMillis(Date.now(), { zone: ZONE })
      .plus({ years: 1 })
      .startOf('year')
      .set({ month: 6 });
    start = june.plus({ days: (10 - june.weekday) % 7 });
    const file = path.join(world.directory, 'holidays.yml');
    writeFileSync(file, `${ZONE}: [${start.plus({ days: THURSDAY }).toISODate()}]\n`);
    const members = SECURITY_TEAM.map(({ id }) => id);
    world.changeSettings({
      security: { members, onCall: members, channel: SECURITY_CHANNEL.id },
      asking: {
        ...{ related: '0s', holidays: file, containFirst: ['aws.s3.make-bucket-private'] },
        patience: { medium: { timeOut: '80h', onTimeOut: 'contain' } },
      },
    });
    await world.restart(async () => world.later(at([WEDNESDAY, '10:30']) - world.clock.now()));
    medium = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, medium);
    world.later(at([WEDNESDAY, '10:45']) - world.clock.now());
    high = refOf(await world.fire('mass-download-high'));
    await world.cardFor(MORGAN, high);
    await world.untilIdle();
    await news();
  });

  it('asks, reminds, asks others besides, contains first, and is answered on the last day', async () => {
    const firstCard = (await cardsAbout(MORGAN, medium))[0] ?? assert.fail();
    let channelCard: Message | undefined;
    const steps = [
      ...HIGH.map(([moment, expected]) => ({ ref: high, moment, expected })),
      ...MEDIUM.map(([moment, expected]) => ({ ref: medium, moment, expected })),
    ].toSorted((one, other) => at(one.moment) - at(other.moment));

    for (const { ref, moment, expected } of steps) {
      if (at(moment) > at([LAST_MONDAY, '10:00']) && (await world.theCase(medium)).state === 'asking')
        await sayExpected();
      await pass(moment);

      const { edited, of } = await news();
      const other = ref === high ? medium : high;
      assert.deepEqual([of(ref), of(other)], [expected, ''], `day ${moment.join(' at ')}`);
      // As many in the last week as in the first: what is out of date is left alone.
      assert.ok(edited <= 8, `${edited} cards were edited on day ${moment.join(' at ')}`);
      channelCard ??= (await cardsAbout('channel', high))[0];
      const isContained =
        at(moment) >= at([SECOND_WEDNESDAY, '14:00']) && at(moment) < at([LAST_MONDAY, '10:00']);
      assert.equal(await strangersGet(), isContained ? 403 : 200);
    }

    await skipTo(at([MONTH, '10:45']));
    await answerInChannel(channelCard ?? assert.fail());
    await check();

    /** Pressed on the first day's card, which has been replaced, and then on the one that is good. */
    async function sayExpected(): Promise<void> {
      await skipTo(at([LAST_MONDAY, '10:00']));
      const stale = firstCard.buttons.find(({ verb }) => verb === 'dismiss') ?? assert.fail();
      const activities = activitiesOf(world);
      const refused = await deliver(
        world,
        activities.pressed({ person: morgan }, firstCard.activityId, { type: 'Action.Execute', ...stale }),
      );
      assert.match(refused.text, /That question has been replaced by a newer one, which is shown now/);
      assert.match(refused.text, /Expected: release it/);
      assert.equal((await world.theCase(medium)).state, 'asking');
      await world.click({ user: MORGAN, verb: 'dismiss' });
      await world.untilState(medium, 'undone');
      await world.untilIdle();
      assert.equal((await news()).of(medium), RELEASED);
    }

    /** With the button as it was on the first day: a phone may show a card as it was. */
    async function answerInChannel(card: Message): Promise<void> {
      const button = card.buttons.find(({ data }) => data.offer === 'suspend-and-sign-out') ?? assert.fail();
      const place = { person: yuki, channel: SECURITY_CHANNEL, threadId: card.activityId };
      const { status } = await deliver(
        world,
        activitiesOf(world).pressed(place, card.activityId, { type: 'Action.Execute', ...button }),
      );
      assert.equal(status, 200);
      await world.untilState(high, 'contained');
      assert.equal(world.sandbox.graph.state().accounts[alex.id]?.accountEnabled, false);
    }

    async function check(): Promise<void> {
      await news();
      await skipTo(at([MONTH + 3, '10:45']));
      const { of } = await news();
      assert.doesNotMatch(of(high) + of(medium), /\+/);
      assert.deepEqual([await cardsOf(high), await cardsOf(medium)], [cardsIn(HIGH), cardsIn(MEDIUM)]);
      assert.deepEqual(await askingOf(high), {
        ...{ 'question.asked': 2, 'question.sent': cardsIn(HIGH), 'question.asked-besides': 2 },
        ...{ 'question.reminded': 34, 'question.timed-out': 1, 'decision.approve': 1 },
      });
      assert.deepEqual(await askingOf(medium), {
        // One of the cards is the security team's word of what was done first.
        ...{ 'question.asked': 2, 'question.sent': cardsIn(MEDIUM) - 1, 'question.asked-besides': 2 },
        ...{ 'question.reminded': 2, 'decision.approve': 1, 'decision.dismiss': 1, 'decision.refused': 1 },
      });
      const { decisions } = await world.theCase(medium);
      const [contained, released] = decisions.map(({ by }) => by.kind);
      assert.deepEqual([contained, released], ['system', 'person']);
      await world.restart();
      const report = await verifyTrail({
        trail: world.store,
        log: createCheckpointFile(world.config.audit.checkpoints),
        publicKey: publicKeyOf(readPrivateKey(world.config.audit.key.reveal())),
      });
      assert.deepEqual(report.problems, []);
    }
  });
});
