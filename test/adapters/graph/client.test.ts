import assert from 'node:assert/strict';
import { createGraphClient, literal, segment } from '../../../src/adapters/graph/client.ts';
import { createCredential } from '../../../src/adapters/graph/credential.ts';
import { BOT_APP_ID, people, TENANT_ID } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { SECRET } from '../../sandbox/graph/start.ts';
import { failureOf, startWorld, type World } from './start.ts';

const PATH = /^\/v1\.0\/users\//;
const NOBODY = '11111111-1111-4111-8111-111111111111';

describe('the Graph client', () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  const get = (client = world.unwatched): Promise<unknown> =>
    client.call({ method: 'GET', path: `/users/${people.alex.id}`, permissions: ['User.Read.All'] });
  const seen = (): number => world.graph.requests.length;

  it('answers status, body and the request id, over TLS with a token of the real credential', async () => {
    const answer = await world.unwatched.call({
      method: 'GET',
      path: `/users/${people.alex.id}`,
      query: { $select: 'id,displayName' },
      permissions: [],
    });

    assert.equal(answer.status, 200);
    assert.equal((answer.body as { displayName: string }).displayName, 'Alex Weber');
    assert.match(answer.requestId, /^[0-9a-f-]{36}$/);
  });

  it('sends no body and no content type where there is nothing to say', async () => {
    await world.unwatched.call({
      method: 'POST',
      path: `/users/${people.sam.id}/revokeSignInSessions`,
      permissions: [],
    });

    const last = world.graph.requests.at(-1);
    assert.equal(last?.body, undefined);
    assert.equal(last?.headers['content-type'], undefined);
  });

  describe('sends a call once, and says whether it may be repeated:', () => {
    const unavailable = [408, 500, 502, 503, 504];
    for (const status of unavailable)
      it(`${status} is graph.unavailable`, async () => {
        world.graph.faults.add({ path: PATH, answer: { kind: 'status', status } });
        const before = seen();

        const error = await failureOf(get());

        assert.equal(error.code, 'graph.unavailable');
        assert.equal(error.retryable, true);
        assert.ok(error.requestId);
        assert.equal(seen() - before, 1);
      });

    it('429 is graph.throttled, after the seconds that Retry-After names', async () => {
      world.graph.faults.add({ path: PATH, answer: { kind: 'throttle', retryAfter: '17' } });
      const before = seen();

      const error = await failureOf(get());

      assert.equal(error.code, 'graph.throttled');
      assert.equal(error.retryable, true);
      assert.equal(error.retryAfterMs, 17_000);
      assert.equal(seen() - before, 1);
    });

    it('429 without Retry-After leaves the wait to the step', async () => {
      world.graph.faults.add({ path: PATH, answer: { kind: 'throttle' } });

      assert.equal((await failureOf(get())).retryAfterMs, undefined);
    });

    it("a proxy's page instead of Graph's answer is graph.unavailable", async () => {
      world.graph.faults.add({ path: PATH, answer: { kind: 'html' } });

      assert.equal((await failureOf(get())).code, 'graph.unavailable');
    });

    for (const kind of ['drop', 'lose-answer'] as const)
      it(`a connection that breaks (${kind}) is graph.unavailable`, async () => {
        world.graph.faults.add({ path: PATH, answer: { kind } });

        const error = await failureOf(get());

        assert.equal(error.code, 'graph.unavailable');
        assert.equal(error.retryable, true);
      });

    it('an answer that does not come in time is graph.unavailable', async () => {
      world.graph.faults.add({ path: PATH, answer: { kind: 'hang' } });
      const impatient = createGraphClient({
        baseUrl: world.graph.url,
        getToken: async () => 'never looked at',
        timeoutMs: 50,
      });

      const error = await failureOf(get(impatient));

      assert.equal(error.code, 'graph.unavailable');
      assert.match(error.message, /no answer in time/);
    });

    it('401 is graph.unauthorised, for good', async () => {
      const client = createGraphClient({
        baseUrl: world.graph.url,
        getToken: async () => 'forged',
        timeoutMs: 5000,
      });

      const error = await failureOf(get(client));

      assert.equal(error.code, 'graph.unauthorised');
      assert.equal(error.retryable, false);
      assert.equal(error.message.includes('forged'), false);
    });

    it('403 is graph.forbidden, for good, and names the permissions to check', async () => {
      world.graph.faults.add({ path: PATH, answer: { kind: 'status', status: 403 } });

      const error = await failureOf(get());

      assert.equal(error.code, 'graph.forbidden');
      assert.match(english(error.say), /User\.Read\.All/);
      assert.equal(error.retryable, false);
      assert.match(error.message, /User\.Read\.All/);
    });

    it('404 is an error unless the caller takes it for an answer, and never one in a foreign form', async () => {
      const nobody = (answers: readonly number[]) =>
        world.unwatched.call({ method: 'GET', path: `/users/${NOBODY}`, permissions: [], answers });

      assert.equal((await failureOf(nobody([]))).code, 'graph.not-found');
      assert.equal((await nobody([404])).status, 404);
      world.graph.faults.add({ path: PATH, answer: { kind: 'html' } });
      assert.equal((await failureOf(nobody([502]))).code, 'graph.unavailable');
    });
  });

  describe('stays on its host:', () => {
    const elsewhere = [
      'https://graph.microsoft.com/v1.0/users/x',
      'https://localhost:1/v1.0/users/x',
      'https://localhost.attacker.example/v1.0/users/x',
    ];
    for (const path of elsewhere)
      it(`refuses ${path}, and asks for no token`, async () => {
        let asked = 0;
        const client = createGraphClient({
          baseUrl: world.graph.url,
          getToken: async () => {
            asked += 1;
            return 'token';
          },
          timeoutMs: 5000,
        });

        const error = await failureOf(client.call({ method: 'GET', path, permissions: [] }));

        assert.equal(error.code, 'graph.host-refused');
        assert.equal(asked, 0);
      });

    it('follows no redirect, not even to itself', async () => {
      const location = `${world.graph.url}/v1.0/users/${people.sam.id}`;
      world.graph.faults.add({ path: PATH, answer: { kind: 'redirect', location } });
      const before = seen();

      const error = await failureOf(get());

      assert.equal(error.code, 'graph.refused');
      assert.equal(error.retryable, false);
      assert.equal(seen() - before, 1);
    });

    it('keeps hostile ids inside one segment', () => {
      assert.equal(segment("o'neil/../x?$filter=1#y"), 'o%27neil%2F..%2Fx%3F%24filter%3D1%23y');
      assert.equal(literal("o'neil"), "'o''neil'");
      for (const id of ['', '.', '..', 'x'.repeat(600), '\ud800'])
        assert.throws(() => segment(id), { code: 'graph.bad-id' });
    });
  });

  describe('gets its token from Entra, and', () => {
    const LOGIN = /oauth2\/v2\.0\/token$/;
    const clientWith = (change: { readonly clientId?: string; readonly clientSecret?: string } = {}) =>
      createGraphClient({
        baseUrl: world.graph.url,
        credential: createCredential(
          {
            kind: 'secret',
            tenantId: TENANT_ID,
            clientId: BOT_APP_ID,
            clientSecret: SECRET,
            authorityHost: world.graph.url,
            ...change,
          },
          100,
        ),
        timeoutMs: 5000,
      });

    it('asks once for many calls', async () => {
      const client = clientWith();
      await get(client);
      world.graph.faults.add({ path: LOGIN, answer: { kind: 'status', status: 503 } });

      await get(client);

      assert.equal(world.graph.faults.pending(), 1);
    });

    const refusals = [
      ['a wrong secret', { clientSecret: 'wrong secret' }],
      ['an unknown client', { clientId: NOBODY }],
    ] as const;
    for (const [what, change] of refusals)
      it(`is graph.unauthorised with ${what}, without repeating it`, async () => {
        const before = seen();

        const error = await failureOf(get(clientWith(change)));

        assert.equal(error.code, 'graph.unauthorised');
        assert.equal(error.retryable, false);
        assert.equal(error.message.includes('wrong secret'), false);
        assert.equal(seen(), before);
      });

    for (const answer of [
      { kind: 'status', status: 503 },
      { kind: 'throttle', retryAfter: '9' },
      { kind: 'html' },
      { kind: 'drop' },
      { kind: 'hang' },
    ] as const)
      it(`is graph.unavailable when the login answers with ${answer.kind}`, async () => {
        world.graph.faults.add({ path: LOGIN, answer });

        const error = await failureOf(get(clientWith()));

        assert.equal(error.code, 'graph.unavailable');
        assert.equal(error.retryable, true);
      });

    it('gives a hanging login up by itself, so that no connection is left behind', async () => {
      world.graph.faults.add({ path: LOGIN, answer: { kind: 'hang' } });
      const settings = {
        kind: 'secret',
        tenantId: TENANT_ID,
        clientId: BOT_APP_ID,
        clientSecret: SECRET,
        authorityHost: world.graph.url,
      } as const;

      await assert.rejects(createCredential(settings, 100).getToken('https://graph.microsoft.com/.default'));
    });

    it('ends the call in time when the credential never answers', async () => {
      const client = createGraphClient({
        baseUrl: world.graph.url,
        getToken: () => new Promise(() => {}),
        timeoutMs: 50,
      });

      assert.equal((await failureOf(get(client))).code, 'graph.unavailable');
    });
  });
});
