// What bounds an approval: dry run, a cap an hour, a target that another case is changing, a protected account.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until, type WorldOptions } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;

describe('the bounds of an approval', function () {
  this.timeout(60_000);
  let world: TestWorld;
  const start = async (options: WorldOptions = {}): Promise<void> => {
    world = await startWorld({ waits: { backOff: () => 5 }, ...options });
  };
  afterEach(() => world.close());

  const access = (bucket = 'contoso-invoices') => world.sandbox.s3.world.state().buckets[bucket];
  const account = () => world.sandbox.graph.state().accounts[people.alex.id];
  const changes = (): readonly string[] => [
    ...world.sandbox.s3.world.calls
      .filter((one) => one.caller.includes('assumed-role') && /^(Put|Delete)/.test(one.operation))
      .map((one) => one.operation),
    ...world.sandbox.graph.requests
      .filter(
        (one) =>
          one.method !== 'GET' && one.path.startsWith('/v1.0/users/') && !one.path.includes('teamwork'),
      )
      .map((one) => `${one.method} ${one.path}`),
  ];
  const alertAtMicrosoft = (): Record<string, unknown> => world.sandbox.graph.state().alerts.at(-1) ?? {};

  describe('in a dry run', () => {
    beforeEach(() => start({ settings: { governance: { dryRun: true, capsPerHour: {} } } }));

    it('plans, asks and records, but changes nothing, and the card says so', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const before = { access: access(), account: account() };
      const question = await world.cardFor(MORGAN, ref);
      assert.match(question.words, /Dry run: whatever is answered here is recorded, and nothing is changed/);
      await world.say(MORGAN, `approve ${ref} contain`);
      await world.untilState(ref, 'contained');
      await world.untilIdle();

      assert.deepEqual(changes(), []);
      assert.deepEqual({ access: access(), account: account() }, before);
      const card = await world.cardFor(MORGAN, ref);
      assert.match(card.words, /Dry run: nothing was changed/);
      assert.doesNotMatch(card.words, /"Done"/);
      // Nothing of it can be undone, so the answer itself can be taken back.
      assert.deepEqual(
        card.buttons.map(({ title }) => title),
        ['That was a mistake'],
      );
      assert.deepEqual(
        (await world.runs(ref)).map((run) => run.state),
        ['dry-run', 'dry-run'],
      );
      assert.match(await world.say(MORGAN, `undo ${ref}`), /This is a dry run, so nothing is undone either/);
    });

    for (const [what, line, state] of [
      ['approved', 'approve', 'contained'],
      ['expected', 'dismiss', 'dismissed'],
    ] as const)
      it(`leaves the alert at Microsoft as it is where it was ${what}, and says so wherever the case is shown`, async () => {
        const ref = refOf(await world.fire('mass-download'));
        await world.cardFor(MORGAN, ref);
        const before = JSON.stringify(alertAtMicrosoft());
        await world.say(
          MORGAN,
          line === 'approve' ? `approve ${ref} suspend-and-sign-out` : `dismiss ${ref}`,
        );
        await world.untilState(ref, state);
        await world.untilIdle();

        assert.deepEqual(changes(), []);
        assert.equal(JSON.stringify(alertAtMicrosoft()), before);
        assert.match((await world.cardFor(MORGAN, ref)).words, /Dry run: /);
        assert.match(await world.say(YUKI, 'cases'), new RegExp(`${ref}.*${state}, dry run`));
      });
  });

  describe('with a cap an hour', () => {
    beforeEach(() =>
      start({
        settings: { governance: { dryRun: false, capsPerHour: { 'aws.s3.make-bucket-private': 1 } } },
      }),
    );

    it('asks a second person about the one too many, who may go beyond it', async () => {
      const first = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, first);
      await world.say(MORGAN, `approve ${first} make-private`);
      await world.untilState(first, 'contained');
      const done = changes();

      const second = refOf(await world.fire('bucket-public-acl'));
      const card = await world.cardFor(MORGAN, second);
      const before = access('contoso-press-kit');
      const title = card.buttons.find((one) => one.data.offer === 'contain')?.title;
      const answer = await world.click({ user: MORGAN, activityId: card.activityId, title });
      assert.match(
        JSON.stringify(answer.answer),
        /One more person has to agree\. The limit of 1 of these decided in an hour is reached\./,
      );
      await world.untilState(second, 'asking');
      await world.untilIdle();
      assert.deepEqual(changes(), done);
      assert.deepEqual(access('contoso-press-kit'), before);
      assert.deepEqual(await world.runs(second), []);
      assert.match((await world.cardFor('channel', second)).words, /One more person has to agree/);
      assert.match(await world.say(MORGAN, `approve ${second} contain`), /Nothing was done/);

      await world.say(YUKI, `approve ${second} contain`);
      await world.untilState(second, 'contained');
      assert.notDeepEqual(access('contoso-press-kit'), before);
      const { decisions } = await world.theCase(second);
      assert.deepEqual(
        decisions.map((one) => [one.by.id, one.awaits !== undefined]),
        [
          [people.morgan.id, true],
          [people.yuki.id, false],
        ],
      );
    });

    it('refuses the same person in words, and leaves what has no limit of its own to choose', async () => {
      const first = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, first);
      await world.say(MORGAN, `approve ${first} make-private`);
      await world.untilState(first, 'contained');
      const second = refOf(await world.fire('bucket-public-acl'));
      await world.cardFor(MORGAN, second);
      assert.match(
        await world.say(YUKI, `approve ${second} make-private`),
        /One more person has to agree\. The limit of 1 of these decided in an hour is reached\./,
      );
      await world.untilState(second, 'asking');

      assert.match(
        await world.say(YUKI, `approve ${second} make-private`),
        /You chose this already; somebody else has to confirm it/,
      );
      assert.deepEqual(await world.runs(second), []);
      assert.ok((await world.trail(second)).includes('decision.refused'));
      await world.say(YUKI, `approve ${second} suspend`);
      await world.untilState(second, 'contained');
    });
  });

  describe('on a target that another case is changing', () => {
    it('waits in line, says for whom, and goes on by itself', async () => {
      await start({ waits: { backOff: () => 2_000 } });
      const download = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, download);
      const opened = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, opened);
      await world.untilIdle();
      world.sandbox.graph.faults.add({ path: /revokeSignInSessions$/, answer: { kind: 'throttle' } });
      await world.say(MORGAN, `approve ${download} sign-out`);
      await until('the other case to be at it', async () => world.sandbox.graph.faults.pending() === 0);
      const before = access();

      const words = await world.say(MORGAN, `approve ${opened} contain`);
      const line = `Waiting for case ${download}, which is at work on Alex Weber.`;
      assert.ok(words.includes(line), words);
      assert.deepEqual(allEnglish((await world.theCase(opened)).outcome), [line]);
      assert.deepEqual(access(), before, 'no part of it begins');
      const card = await until('the card to say so', async () => {
        const latest = await world.cardFor(MORGAN, opened);
        return latest.words.includes('Waiting for case') ? latest : null;
      });
      assert.match(card.words, new RegExp(`Waiting for case ${download}`));

      await world.untilState(download, 'contained');
      const done = await world.untilState(opened, 'contained');
      assert.equal(
        allEnglish(done.outcome).some((one) => one.includes('Waiting')),
        false,
      );
      assert.notDeepEqual(access(), before);
    });

    it('lets go of the target when it is done', async () => {
      await start();
      const download = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, download);
      const opened = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, opened);
      await world.say(MORGAN, `approve ${download} sign-out`);
      await world.untilState(download, 'contained');

      await world.say(MORGAN, `approve ${opened} contain`);
      await world.untilState(opened, 'contained');
    });
  });

  describe('on a protected account', () => {
    beforeEach(() => start({ settings: { protectedUsers: [people.alex.id] } }));

    it('offers nothing on it and says why, and offers the rest', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const card = await world.cardFor(MORGAN, ref);

      assert.match(card.words, /The account of Alex Weber is protected by the settings/);
      const { question } = await world.theCase(ref);
      assert.deepEqual(
        question?.offers.map((offer) => offer.key),
        ['make-private', 'remove-collaborators', 'block-account'],
      );
      assert.match(await world.say(MORGAN, `approve ${ref} suspend`), /Nothing was done/);
      assert.deepEqual(changes(), []);
    });

    it('asks anew at the last moment when it became protected after the card was sent', async () => {
      await world.close();
      await start();
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      // An administrator's hand: Countersign is started again with the account protected.
      await world.restart(async () => world.changeSettings({ protectedUsers: [people.alex.id] }));
      await world.say(MORGAN, `approve ${ref} suspend`);
      await until('the decision to be void', async () => (await world.trail(ref)).includes('run.voided'));
      await world.untilState(ref, 'asking');

      const { question } = await world.theCase(ref);
      assert.match(english(question?.withheld[0]?.reason ?? ''), /The account of Alex Weber is protected/);
      assert.equal(account()?.accountEnabled, true);
      assert.deepEqual(changes(), []);
    });
  });
});
