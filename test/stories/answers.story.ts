// Two, three and ten people who answer one question at once, over HTTP, on PostgreSQL at two replicas: one decision, one change, and
// everybody else is told who decided and when, on every card there is.
import assert from 'node:assert/strict';
import path from 'node:path';
import { createLog } from '../../src/adapters/log.ts';
import { type Person, people } from '../../src/sandbox/people.ts';
import { type Service, startService } from '../../src/service.ts';
import { onEachStore } from '../helpers/each-store.ts';
import { sendAbout } from '../helpers/sample-about.ts';
import { activitiesOf, deliver } from '../helpers/teams-activities.ts';
import type { TestWorld } from '../helpers/world.ts';

const ANSWERING: readonly Person[] = [
  ...[people.dana, people.priya, people.morgan, people.grace, people.jonas],
  ...[people.hana, people.mia, people.ines, people.chloe, people.lee],
];
/** One for each order: what was done about one of them would change what can be done. */
const SUBJECTS: readonly Person[] = [
  ...[people.alex, people.lucas, people.emma, people.finn, people.kai, people.sam],
];
/** What each of them presses, in turn: a verb, or the key of an offer, with what it changes in the directory. */
const ANSWERS: readonly (readonly [string, readonly RegExp[]])[] = [
  ['sign-out', [/revokeSignInSessions$/]],
  ['dismiss', []],
  ['suspend-and-sign-out', [/^PATCH/, /revokeSignInSessions$/]],
  ['restrict', [/groups\/.*members/]],
];

/** Every order of three; of more, a few that differ. */
const permutations = <One>(items: readonly One[]): readonly (readonly One[])[] =>
  items.length < 2
    ? [items]
    : items.flatMap((first, at) =>
        permutations(items.filter((_, index) => index !== at)).map((rest) => [first, ...rest]),
      );
const ten = (): readonly (readonly Person[])[] => [
  ANSWERING,
  ANSWERING.toReversed(),
  [...ANSWERING.slice(5), ...ANSWERING.slice(0, 5)],
];

onEachStore('people who answer one question at once', (store) => {
  let world: TestWorld;
  let second: Service | null;
  afterEach(async () => {
    await second?.stop();
    second = null;
  });

  async function start(
    asked: readonly Person[],
    rule: number | 'first' = 'first',
  ): Promise<readonly string[]> {
    const approvers = asked.map(({ userPrincipalName }) => userPrincipalName);
    world = await store.begin({
      settings: {
        detection: { policies: { 'm365-mass-download': { asking: { approvers, rule } } } },
        asking: { related: '0s', digest: { after: 100 } },
      },
    });
    second = null;
    if (!world.config.databaseUrl) return [world.url];
    const checkpoints = path.join(world.directory, 'checkpoints-2.jsonl');
    const config = { ...world.config, port: 0, audit: { ...world.config.audit, checkpoints } };
    second = await startService(config, createLog(config.logLevel), {
      rate: { take: () => undefined },
      limits: { rate: 5_000, burst: 5_000 },
      waits: { recheckMs: 0 },
    });
    return [world.url, second.url];
  }

  /** By what they change in the directory. */
  const changes = (): readonly string[] =>
    world.sandbox.graph.requests
      .filter(({ method, path: where }) => method !== 'GET' && /\/(?:users|groups)\//.test(where))
      .filter(({ path: where }) => !/teamwork|checkMemberGroups/.test(where))
      .map(({ method, path: where }) => `${method} ${where}`);

  for (const [count, orders] of [
    [2, permutations(ANSWERING.slice(0, 2))],
    [3, permutations(ANSWERING.slice(0, 3))],
    [10, ten()],
  ] as const)
    it(`make one decision: ${count} people, in ${orders.length} orders`, async () => {
      const replicas = await start(ANSWERING.slice(0, count));
      for (const [round, order] of orders.entries()) {
        const ref = await sendAbout(world, 'mass-download', SUBJECTS[round] ?? assert.fail());
        const cards = await Promise.all(order.map((person) => world.cardFor(person.userPrincipalName, ref)));
        await world.untilIdle();
        const before = changes().length;
        const activities = activitiesOf(world);
        const replies = await Promise.all(
          order.map((person, at) => {
            const [wish = ''] = ANSWERS[at % ANSWERS.length] ?? [];
            const { activityId, buttons } = cards[at] ?? assert.fail();
            const button =
              buttons.find(({ verb, data }) => data.offer === wish || verb === wish) ?? assert.fail(wish);
            const press = activities.pressed({ person }, activityId, { type: 'Action.Execute', ...button });
            return deliver(world, press, replicas[at % replicas.length]);
          }),
        );
        await world.untilIdle();

        const { decisions } = await world.theCase(ref);
        const [decision, ...others] = decisions;
        assert.ok(decision);
        assert.deepEqual(others, []);
        assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]));
        const told = replies.filter(({ text }) =>
          new RegExp(`Already decided by ${decision.by.name} at \\d`).test(text),
        );
        assert.equal(told.length, order.length - 1);
        const [, expected] =
          ANSWERS.find(([answer]) => answer === (decision.offer ?? decision.verb)) ?? assert.fail();
        const made = changes().slice(before);
        assert.equal(made.length, expected.length, made.join('\n'));
        for (const one of expected)
          assert.ok(
            made.some((change) => one.test(change)),
            made.join('\n'),
          );
        for (const person of order) {
          const { words, buttons } = await world.cardFor(person.userPrincipalName, ref);
          assert.ok(words.includes(decision.by.name), words);
          assert.ok(!buttons.some(({ verb }) => verb === 'approve' || verb === 'dismiss'));
        }
      }
    });

  it('make one decision: ten people, of whom three have to agree', async () => {
    const replicas = await start(ANSWERING, 3);
    const ref = await sendAbout(world, 'mass-download', people.alex);
    const cards = await Promise.all(ANSWERING.map((person) => world.cardFor(person.userPrincipalName, ref)));
    await world.untilIdle();
    const activities = activitiesOf(world);
    const replies = await Promise.all(
      ANSWERING.map((person, at) => {
        const { activityId, buttons } = cards[at] ?? assert.fail();
        const button = buttons.find(({ verb }) => verb === 'dismiss') ?? assert.fail();
        const press = activities.pressed({ person }, activityId, { type: 'Action.Execute', ...button });
        return deliver(world, press, replicas[at % replicas.length]);
      }),
    );
    await world.untilState(ref, 'dismissed');
    await world.untilIdle();

    const { decisions } = await world.theCase(ref);
    assert.deepEqual([decisions.length, new Set(decisions.map(({ by }) => by.id)).size], [3, 3]);
    assert.equal(replies.filter(({ text }) => /Already decided by [\w ]+ at \d/.test(text)).length, 7);
    const { status, comments } = world.sandbox.graph.state().alerts.at(-1) ?? {};
    assert.equal(status, 'resolved');
    // The word of a signature may be written before the next one comes, or not at all.
    const said = (comments as readonly { readonly comment: string }[]).map(({ comment }) => comment);
    const last = decisions.at(-1)?.by.name ?? '';
    assert.equal(said.filter((one) => !one.includes(', as one of several, ')).length, 1, said.join('\n'));
    assert.match(said.at(-1) ?? '', new RegExp(`^${last} said that this was expected at `));
  });
});
