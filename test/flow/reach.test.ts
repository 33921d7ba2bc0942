// How somebody is reached in Teams who has never talked to the bot, what happens when they cannot be, and whom the bot believes
// about where to write.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openStore } from '../../src/adapters/store/index.ts';
import { systemClock } from '../../src/adapters/system.ts';
import type { Conversation } from '../../src/case/case.ts';
import { chatIdOf, type Person, people, TENANT_ID } from '../../src/sandbox/people.ts';
import { english, testWords } from '../helpers/english.ts';
import { activitiesOf, deliver } from '../helpers/teams-activities.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const { morgan, priya, nils, alex } = people;
const OTHER_TENANT = '5f7c1c1e-7e5d-4b0e-9d43-2f1d7c0a9b11';

describe('reaching somebody in Teams', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ waits: { backOff: () => 5 } });
  });
  afterEach(() => world.close());

  const known = (person: Person) => world.store.findReachable(TENANT_ID, person.id);
  const cardFor = (person: Person, ref: string) => world.cardFor(person.userPrincipalName, ref);
  const cardsOf = async (person: Person) =>
    (await world.messages(person.userPrincipalName)).filter((one) => one.kind === 'card');
  const askedIn = async (ref: string): Promise<string> => {
    const { question } = await world.theCase(ref);
    return question?.approver.kind === 'person' ? question.approver.name : 'the security team';
  };
  const change = async (user: string, path: '/install' | '/uninstall'): Promise<void> => {
    const response = await fetch(`${world.running.teams}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
    assert.equal(((await response.json()) as { status: number }).status, 200);
  };
  /** What an earlier deployment may have stored. */
  async function store(person: Person, conversation: Conversation): Promise<void> {
    const writer = await openStore({ words: testWords, directory: world.directory, clock: systemClock });
    await writer.saveReachable({ tenantId: TENANT_ID, id: person.id, teamsId: person.teamsId, conversation });
    await writer.close();
  }
  const passedOver = async (ref: string): Promise<readonly string[]> =>
    ((await world.theCase(ref)).question?.path ?? [])
      .filter((rung) => rung.outcome === 'passed-over')
      .map((rung) => english(rung.reason));

  describe('who has never talked to the bot', () => {
    it('installs the app through Graph, reads the chat, sends the card, and learns their Teams id', async () => {
      assert.equal(await known(morgan), null);
      const ref = refOf(await world.fire('mass-download'));
      await cardFor(morgan, ref);

      const calls = world.sandbox.graph.requests
        .filter((one) => /installedApps|appCatalogs/.test(one.path))
        .map(
          (one) =>
            `${one.method} ${one.path.split('?')[0]?.replace(/installedApps\/[^/]+/, 'installedApps/ID')}`,
        );
      const apps = `/v1.0/users/${morgan.id}/teamwork/installedApps`;
      assert.deepEqual(calls, [
        `GET ${apps}`,
        'GET /v1.0/appCatalogs/teamsApps',
        `POST ${apps}`,
        `GET ${apps}`,
        `GET ${apps}/ID/chat`,
      ]);
      const stored = await until('their Teams id', async () => {
        const found = await known(morgan);
        return found?.teamsId ? found : null;
      });
      assert.deepEqual(
        [stored.teamsId, stored.conversation],
        [morgan.teamsId, { id: chatIdOf(morgan), serviceUrl: world.sandbox.teams.serviceUrl }],
      );
    });

    it('installs it once for two cases at once', async () => {
      const refs = [refOf(await world.fire('mass-download')), refOf(await world.fire('bucket-public'))];
      for (const ref of refs) await cardFor(morgan, ref);
      await world.untilIdle();
      const again = refOf(await world.fire('synced-user'));
      await cardFor(morgan, again);

      const installed = world.sandbox.graph.state().installations;
      assert.deepEqual(Object.keys(installed), [morgan.id]);
      assert.equal((await cardsOf(morgan)).length, 3);
    });

    it('passes over a manager for whom policy forbids it, and the card says so', async () => {
      const ref = refOf(await world.fire('unreachable-manager'));
      const card = await cardFor(morgan, ref);

      assert.match(card.words, /Nils Berg is Chloe Martin's manager but cannot be reached in Teams/);
      assert.match(card.words, /Morgan Reyes is 2 levels above Chloe Martin/);
      assert.equal((await cardsOf(nils)).length, 0);
    });

    for (const [status, what] of [
      [403, 'forbids the installation'],
      [404, 'does not know the person or the app'],
    ] as const)
      it(`passes over a manager when Graph ${what} (${status})`, async () => {
        const path = new RegExp(`${morgan.id}/teamwork/installedApps$`);
        world.sandbox.graph.faults.add({
          method: 'POST',
          path,
          answer: { kind: 'status', status, code: 'No' },
        });
        const ref = refOf(await world.fire('mass-download'));
        const card = await cardFor(priya, ref);

        assert.match(card.words, /Morgan Reyes is Alex Weber's manager but cannot be reached in Teams/);
        assert.equal(world.sandbox.graph.faults.pending(), 0);
        assert.equal((await cardsOf(morgan)).length, 0);
      });

    it('goes to the security team when the app is not in the catalogue at all', async () => {
      const answer = { kind: 'status', status: 404, code: 'NotFound' } as const;
      world.sandbox.graph.faults.add({ path: /appCatalogs/, times: 10, answer });
      const ref = refOf(await world.fire('mass-download'));
      const card = await until('the question in the channel', async () =>
        (await world.messages('channel')).find(
          (one) => one.words.includes(ref) && one.words.includes('Nobody above Alex Weber can answer'),
        ),
      );

      assert.ok(card.buttons.some(({ verb }) => verb === 'dismiss'));
      assert.equal((await passedOver(ref)).length, 3);
      // Once for all who could not be reached.
      const told = (await world.messages('channel')).filter(({ words }) =>
        words.includes('permission and setup'),
      );
      assert.equal(told.length, 1);
    });
  });

  describe('whose conversation is stored', () => {
    for (const kind of ['forbidden', 'missing'] as const)
      it(`asks the next level when it answers ${kind === 'forbidden' ? 403 : 404}, and does not try it again`, async () => {
        await change(morgan.userPrincipalName, '/install');
        assert.ok(await known(morgan));
        world.sandbox.teams.service.fault({ kind, times: 1 });
        const ref = refOf(await world.fire('mass-download'));
        const card = await cardFor(priya, ref);

        assert.match(card.words, /Morgan Reyes is Alex Weber's manager but cannot be reached in Teams/);
        assert.equal(await known(morgan), null);
        assert.equal((await cardsOf(morgan)).length, 0);
        assert.deepEqual((await world.theCase(ref)).unreachable, [morgan.id]);
        // The person who was asked first and never heard of it has no say any more.
        await change(morgan.userPrincipalName, '/install');
        assert.match(await world.say(morgan.userPrincipalName, `dismiss ${ref}`), /no such case/);
      });

    it('goes on asking the security team while its channel refuses, for there is nobody else', async () => {
      world.sandbox.teams.service.fault({ kind: 'missing', times: 3 });
      const ref = refOf(await world.fire('no-manager'));

      await world.cardFor('channel', ref);
      assert.equal(await askedIn(ref), 'the security team');
    });
  });

  describe('by what Teams says of installations', () => {
    it('stores who installed the app, and where', async () => {
      await change(morgan.userPrincipalName, '/install');

      assert.deepEqual((await known(morgan))?.conversation, {
        id: chatIdOf(morgan),
        serviceUrl: world.sandbox.teams.serviceUrl,
      });
    });

    it('forgets who removed it, and installs it anew for the next question', async () => {
      await change(morgan.userPrincipalName, '/install');
      await change(morgan.userPrincipalName, '/uninstall');
      assert.equal(await known(morgan), null);

      const ref = refOf(await world.fire('mass-download'));
      await cardFor(morgan, ref);
      assert.deepEqual(Object.keys(world.sandbox.graph.state().installations), [morgan.id]);
    });

    it('asks the next level when they removed it and Graph has not noticed', async () => {
      await cardFor(morgan, refOf(await world.fire('mass-download')));
      await change(morgan.userPrincipalName, '/uninstall');
      const ref = refOf(await world.fire('synced-user'));
      const card = await cardFor(priya, ref);

      assert.match(card.words, /Morgan Reyes is Grace Obi's manager but cannot be reached in Teams/);
      assert.equal(await known(morgan), null);
    });

    it('asks them again once they have it again', async () => {
      await change(morgan.userPrincipalName, '/uninstall');
      await change(morgan.userPrincipalName, '/install');

      const ref = refOf(await world.fire('mass-download'));
      await cardFor(morgan, ref);
    });
  });

  describe('only where the cloud lives', () => {
    let elsewhere: Server;
    let url: string;
    let heard: string[];
    beforeEach(async () => {
      heard = [];
      elsewhere = createServer((request, response) => {
        heard.push(`${request.method} ${request.url}`);
        response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"1"}');
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', () => resolve()));
      url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    });
    afterEach(() => {
      elsewhere.closeAllConnections();
      elsewhere.close();
    });

    it('neither stores nor answers at a service URL of another host, whatever token comes with it', async () => {
      for (const serviceUrl of [
        url,
        'https://smba.trafficmanager.net.evil.example/emea/',
        'https://evil.example/',
      ]) {
        const activities = activitiesOf(world, serviceUrl);
        for (const activity of [
          activities.installed({ person: morgan }),
          activities.said({ person: morgan }, 'help'),
        ])
          assert.equal((await deliver(world, activity)).status, 403);
      }

      assert.equal(await known(morgan), null);
      assert.deepEqual(heard, []);
    });

    it('never writes to a stored service URL of another host: the right place is looked up again', async () => {
      await store(morgan, { id: chatIdOf(morgan), serviceUrl: url });
      const ref = refOf(await world.fire('mass-download'));
      const card = await cardFor(morgan, ref);

      assert.match(card.words, /Morgan Reyes is Alex Weber's manager/);
      assert.deepEqual(heard, []);
      assert.notEqual((await known(morgan))?.conversation.serviceUrl, url);
    });
  });

  describe('only in our own tenant', () => {
    /** The same activity, as it would come from another company. */
    const foreign = (activity: Readonly<Record<string, unknown>>) => ({
      ...activity,
      conversation: { ...(activity.conversation as object), tenantId: OTHER_TENANT },
      channelData: { tenant: { id: OTHER_TENANT } },
    });

    it('refuses what another tenant says, presses and installs, and stores nothing', async () => {
      const ref = refOf(await world.fire('mass-download'));
      const card = await cardFor(morgan, ref);
      await world.untilIdle();
      const before = await world.trail(ref);
      const activities = activitiesOf(world);
      const [button] = card.buttons;
      assert.ok(button);
      for (const activity of [
        activities.installed({ person: alex }),
        activities.said({ person: morgan }, `dismiss ${ref}`),
        activities.pressed({ person: morgan }, card.activityId, { type: 'Action.Execute', ...button }),
      ])
        assert.equal((await deliver(world, foreign(activity))).status, 403);

      assert.equal(await known(alex), null);
      assert.equal(await world.store.findReachable(OTHER_TENANT, alex.id), null);
      assert.equal((await world.theCase(ref)).state, 'asking');
      assert.deepEqual(await world.trail(ref), before);
      // The same line from here is an answer.
      assert.equal((await deliver(world, activities.said({ person: morgan }, `dismiss ${ref}`))).status, 200);
      await world.untilState(ref, 'dismissed');
    });

    it('refuses an activity that names two tenants', async () => {
      const activity = activitiesOf(world).installed({ person: alex });
      const mixed = { ...activity, channelData: { tenant: { id: OTHER_TENANT } } };
      assert.equal((await deliver(world, mixed)).status, 403);
      assert.equal(await known(alex), null);
    });
  });
});
