import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTeams } from '../../../src/adapters/teams/index.ts';
import { isServiceHostAllowed } from '../../../src/adapters/teams/service-hosts.ts';
import type { CountersignError } from '../../../src/case/errors.ts';
import { BOT_APP_ID, chatIdOf, PLAYED_MANAGER, people, TENANT_ID } from '../../../src/sandbox/people.ts';
import type { PlannedFault } from '../../../src/sandbox/teams/connector-routes.ts';
import { createTeamsWorld, doneCard, spoken, type TeamsWorld } from '../../helpers/teams-channel.ts';

describe('the messenger', () => {
  let world: TeamsWorld;
  before(async () => {
    world = await createTeamsWorld({ timeoutMs: 3_000 });
  });
  after(() => world.close());

  const chat = (person = PLAYED_MANAGER) => ({
    id: chatIdOf(person),
    serviceUrl: world.service.url,
  });
  const shown = async (person = PLAYED_MANAGER): Promise<readonly unknown[]> =>
    (await (await fetch(`${world.service.url}/messages?user=${person.id}`)).json()) as unknown[];
  const failure = (work: Promise<unknown>): Promise<CountersignError> =>
    work.then(
      () => assert.fail('it should have failed'),
      (error) => error,
    );

  it('sends a card as the only content of the activity and answers its id', async () => {
    const { activityId } = await world.messenger.send(chat(people.dana), doneCard('Hello.'));

    const [message] = (await shown(people.dana)) as { activityId: string; kind: string }[];
    assert.equal(message?.activityId, activityId);
    assert.equal(message?.kind, 'card');
  });

  const table: readonly [string, PlannedFault, Partial<CountersignError>][] = [
    [
      '429',
      { kind: 'throttled', times: 1, retryAfterSeconds: 7 },
      { code: 'teams.throttled', retryable: true, retryAfterMs: 7_000 },
    ],
    ['403', { kind: 'forbidden', times: 1 }, { code: 'teams.unreachable', retryable: false }],
    ['404', { kind: 'missing', times: 1 }, { code: 'teams.unreachable', retryable: false }],
    ['502', { kind: 'unavailable', times: 1 }, { code: 'teams.unavailable', retryable: true }],
    ['no answer', { kind: 'lost-answer', times: 1 }, { code: 'teams.unavailable', retryable: true }],
  ];
  for (const [what, fault, expected] of table) {
    it(`translates ${what}, for a card and for an edit, and tries once`, async () => {
      const { activityId } = await world.messenger.send(chat(), doneCard('first'));
      const before = (await shown()).length;

      world.service.fault(fault);
      const sending = await failure(world.messenger.send(chat(), doneCard('second')));
      const afterSend = (await shown()).length;
      world.service.fault(fault);
      const editing = await failure(world.messenger.update(chat(), activityId, doneCard('third')));

      for (const error of [sending, editing]) {
        for (const [key, value] of Object.entries(expected))
          assert.equal(error[key as keyof typeof error], value);
      }
      assert.equal(afterSend - before, fault.kind === 'lost-answer' ? 1 : 0);
    });
  }

  it('edits a card that Teams does not know as unreachable', async () => {
    const error = await failure(world.messenger.update(chat(), 'no-such-card', doneCard('x')));

    assert.equal(error.code, 'teams.unreachable');
  });

  describe('against a server that answers', () => {
    let server: Server;
    let answer: { status: number; headers?: Record<string, string>; body?: string; hang?: boolean };
    let asked: number;
    beforeEach(async () => {
      asked = 0;
      server = createServer((request, response) => {
        asked += 1;
        request.resume();
        if (answer.hang) return;
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.body ?? '{"error":{"code":"Made up"}}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });
    function messenger(timeoutMs = 3_000) {
      const { port } = server.address() as AddressInfo;
      const teams = createTeams({
        appId: BOT_APP_ID,
        appType: 'SingleTenant',
        appPassword: 'made-up-secret',
        tenantId: TENANT_ID,
        endpoints: world.endpoints,
        serviceHosts: [`127.0.0.1:${port}`],
        renderCard: () => ({ type: 'AdaptiveCard' }),
        ...spoken,
        log: world.log,
        timeoutMs,
      });
      return {
        send: () => teams.messenger.send({ id: 'c', serviceUrl: `http://127.0.0.1:${port}` }, doneCard('x')),
      };
    }

    const statuses: readonly [number, string, boolean][] = [
      [400, 'teams.refused', false],
      [401, 'teams.unauthorised', true],
      [408, 'teams.unavailable', true],
      [412, 'teams.throttled', true],
      [413, 'teams.too-large', false],
      [429, 'teams.throttled', true],
      [500, 'teams.unavailable', true],
      [503, 'teams.unavailable', true],
      [504, 'teams.unavailable', true],
    ];
    for (const [status, code, retryable] of statuses) {
      it(`${status}: ${code}, after one request`, async () => {
        answer = { status, headers: { 'retry-after': '0' } };

        const error = await failure(messenger().send());

        assert.deepEqual([error.code, error.retryable, asked], [code, retryable, 1]);
      });
    }

    it('a Retry-After that is a date, as milliseconds from now', async () => {
      answer = { status: 429, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } };

      const error = await failure(messenger().send());

      assert.ok((error.retryAfterMs ?? 0) > 50_000 && (error.retryAfterMs ?? 0) <= 60_000);
    });

    it('nothing: unavailable once its own time is up', async () => {
      answer = { status: 200, hang: true };

      const error = await failure(messenger(200).send());

      assert.deepEqual([error.code, error.retryable], ['teams.unavailable', true]);
      assert.match(error.message, /in time/);
    });

    it('201 without an id: an error, for an edit could never find that card', async () => {
      answer = { status: 201, body: '{}' };

      assert.equal((await failure(messenger().send())).code, 'teams.no-activity-id');
    });

    it('never asked, when the service URL is not on a listed host', async () => {
      answer = { status: 201, body: '{"id":"1"}' };
      const { port } = server.address() as AddressInfo;

      const error = await failure(
        world.messenger.send({ id: 'c', serviceUrl: `http://127.0.0.1:${port}` }, doneCard('x')),
      );

      assert.deepEqual([error.code, error.retryable, asked], ['teams.host-refused', false, 0]);
    });
  });

  it("calls a login that refuses the bot's secret unauthorised, and waits for the operator", async () => {
    const teams = createTeams({
      appId: BOT_APP_ID,
      appType: 'SingleTenant',
      appPassword: 'wrong',
      tenantId: TENANT_ID,
      endpoints: world.endpoints,
      serviceHosts: [new URL(world.service.url).host],
      renderCard: () => ({ type: 'AdaptiveCard' }),
      ...spoken,
      log: world.log,
    });

    const error = await failure(teams.messenger.send(chat(), doneCard('x')));

    assert.deepEqual([error.code, error.retryable], ['teams.unauthorised', true]);
    assert.doesNotMatch(error.message, /wrong/);
  });

  it('refuses a single-tenant bot without a secret when it is put together', () => {
    const make = () =>
      createTeams({
        appId: BOT_APP_ID,
        appType: 'SingleTenant',
        tenantId: TENANT_ID,
        serviceHosts: [],
        renderCard: () => ({ type: 'AdaptiveCard' }),
        ...spoken,
        log: world.log,
      });

    assert.throws(make, { code: 'teams.no-secret' });
  });
});

describe('the list of service hosts', () => {
  const hosts = ['smba.trafficmanager.net', '127.0.0.1:56151'];
  const urls: readonly [string, boolean][] = [
    ['https://smba.trafficmanager.net/emea/', true],
    ['https://SMBA.trafficmanager.net/emea/', true],
    ['http://127.0.0.1:56151', true],
    ['http://smba.trafficmanager.net/emea/', false],
    ['https://smba.trafficmanager.net.evil.example/', false],
    ['https://evil.example/smba.trafficmanager.net', false],
    ['https://smba.trafficmanager.net@evil.example/', false],
    ['https://user:pass@smba.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net:8443/', false],
    ['http://127.0.0.1:56152', false],
    ['http://127.0.0.1', false],
    ['http://169.254.169.254/metadata', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['not a url', false],
    ['', false],
  ];
  for (const [url, allowed] of urls) {
    it(`${allowed ? 'lets' : 'keeps'} the bot ${allowed ? 'write to' : 'from'} ${url || 'an empty text'}`, () => {
      assert.equal(isServiceHostAllowed(url, hosts), allowed);
    });
  }
});
