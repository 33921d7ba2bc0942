import assert from 'node:assert/strict';
import type { GraphState } from '../../../src/sandbox/graph/server.ts';
import { createIssuer } from '../../../src/sandbox/issuer.ts';
import { chatIdOf, groups, people, TENANT_ID } from '../../../src/sandbox/people.ts';
import { faultOf, type Started, startGraph } from './start.ts';

const AUDIENCE = 'https://graph.microsoft.com';

describe('the sandbox Graph server', () => {
  let started: Started;
  let time = Date.parse('2026-03-02T10:00:00Z');
  let saved: GraphState | undefined;
  const installed: string[] = [];
  before(async () => {
    started = await startGraph({
      now: () => time,
      sessionsDelayMs: 60_000,
      maxPageSize: 2,
      onChange: (state) => {
        saved = state;
      },
      onInstalled: (_person, chatId) => installed.push(chatId),
    });
  });
  after(() => started.stop());
  afterEach(() => started.graph.faults.clear());

  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await (await started.call('GET', path)).json()) as Record<string, unknown>;
  const sessionsOf = async (id: string): Promise<unknown> =>
    (await get(`/users/${id}?$select=signInSessionsValidFromDateTime`)).signInSessionsValidFromDateTime;

  describe('asks for a token and', () => {
    const good = { aud: AUDIENCE, tid: TENANT_ID };
    const status = async (authorization?: string): Promise<number> => {
      const headers: Record<string, string> = authorization ? { Authorization: authorization } : {};
      return (await fetch(`${started.graph.url}/v1.0/users/${people.alex.id}`, { headers })).status;
    };

    it('accepts its own issuer, for Graph or for itself', async () => {
      assert.equal(await status(`Bearer ${await started.issuer.sign(good)}`), 200);
      const own = await started.issuer.sign({ ...good, aud: started.graph.url });
      assert.equal(await status(`Bearer ${own}`), 200);
    });

    it('answers 401 InvalidAuthenticationToken to none, garbage, forged, expired and foreign ones', async () => {
      const forger = await createIssuer();
      const bad = [
        undefined,
        'Bearer nonsense',
        `Bearer ${await forger.sign(good)}`,
        `Bearer ${await started.issuer.sign(good, { expiresInSeconds: -10 })}`,
        `Bearer ${await started.issuer.sign({ ...good, aud: 'https://vault.azure.net' })}`,
        `Bearer ${await started.issuer.sign({ ...good, tid: '3f0c3a37-0000-4000-8000-000000000000' })}`,
      ];
      for (const authorization of bad) assert.equal(await status(authorization), 401);
      const response = await fetch(`${started.graph.url}/v1.0/users/${people.alex.id}`);
      assert.deepEqual(await faultOf(response), { status: 401, code: 'InvalidAuthenticationToken' });
      assert.ok(response.headers.get('request-id'));
    });
  });

  describe('serves users and', () => {
    it('finds them by id and by principal name, with the selected properties only', async () => {
      const byName = await get(
        `/users/${encodeURIComponent(people.tom.userPrincipalName)}?$select=id,userType`,
      );

      assert.equal(byName.id, people.tom.id);
      assert.equal(byName.userType, 'Guest');
      assert.equal(byName.displayName, undefined);
      assert.equal((await get(`/users/${people.tom.id}`)).accountEnabled, undefined);
    });

    it('names managers with their type, and 404 where there is none', async () => {
      const user = await get(`/users/${people.alex.id}/manager`);
      const contact = await get(`/users/${people.kai.id}/manager`);
      const none = await started.call('GET', `/users/${people.sam.id}/manager`);

      assert.equal(user['@odata.type'], '#microsoft.graph.user');
      assert.equal(user.id, people.morgan.id);
      assert.equal(contact['@odata.type'], '#microsoft.graph.orgContact');
      assert.deepEqual(await faultOf(none), { status: 404, code: 'Request_ResourceNotFound' });
    });

    it('disables an account and enables it again, and remembers', async () => {
      const change = await started.call('PATCH', `/users/${people.alex.id}`, { accountEnabled: false });

      assert.equal(change.status, 204);
      assert.equal((await get(`/users/${people.alex.id}?$select=accountEnabled`)).accountEnabled, false);
      assert.equal(saved?.accounts[people.alex.id]?.accountEnabled, false);
      await started.call('PATCH', `/users/${people.alex.id}`, { accountEnabled: true });
      assert.equal((await get(`/users/${people.alex.id}?$select=accountEnabled`)).accountEnabled, true);
    });

    it('refuses to disable administrators and to change anything else', async () => {
      for (const admin of [people.ravi, people.hana]) {
        const response = await started.call('PATCH', `/users/${admin.id}`, { accountEnabled: false });
        assert.deepEqual(await faultOf(response), { status: 403, code: 'Authorization_RequestDenied' });
      }
      const other = await started.call('PATCH', `/users/${people.alex.id}`, { jobTitle: 'King' });
      assert.equal(other.status, 400);
    });

    it('moves the session time at once in truth, and after the delay in reads', async () => {
      const before = await sessionsOf(people.mia.id);

      const response = await started.call('POST', `/users/${people.mia.id}/revokeSignInSessions`);

      assert.equal(((await response.json()) as { value: unknown }).value, true);
      assert.equal(await sessionsOf(people.mia.id), before);
      time += 60_000;
      assert.equal(await sessionsOf(people.mia.id), '2026-03-02T10:00:00Z');
    });

    it('pages memberships', async () => {
      const first = await get(`/users/${people.alex.id}/memberOf?$top=1`);
      const next = await get(String(first['@odata.nextLink']).split('/v1.0')[1] ?? '');

      assert.equal((first.value as unknown[]).length, 1);
      assert.equal((next.value as unknown[]).length, 1);
      assert.equal(next['@odata.nextLink'], undefined);
    });

    it('says which of up to 20 groups somebody is in, nested ones included', async () => {
      const check = (groupIds: unknown) =>
        started.call('POST', `/users/${people.alex.id}/checkMemberGroups`, { groupIds });
      const { sales, commercial } = groups;

      const answer = (await (await check([people.alex.id, commercial.id, sales.id])).json()) as {
        value: unknown;
      };

      assert.deepEqual(answer.value, [commercial.id, sales.id]);
      assert.equal((await check(Array.from({ length: 21 }, () => sales.id))).status, 400);
      assert.equal((await check(sales.id)).status, 400);
    });

    it('answers 404 for nobody, and for operations that it does not have', async () => {
      const nobody = await started.call('GET', '/users/nobody@contoso.example');
      const route = await started.call('GET', '/me');

      assert.deepEqual(await faultOf(nobody), { status: 404, code: 'Request_ResourceNotFound' });
      assert.equal(route.status, 404);
    });
  });

  describe('serves alerts and', () => {
    it('lists what changed since a time, newest first and page by page', async () => {
      for (const minute of ['01', '02', '03', '04'])
        started.graph.addAlert({ id: `list-${minute}`, lastUpdateDateTime: `2026-01-01T00:${minute}:00Z` });

      const filter = encodeURIComponent('lastUpdateDateTime ge 2026-01-01T00:02:00Z');
      const first = await get(`/security/alerts_v2?$filter=${filter}&$top=50`);
      const second = await get(String(first['@odata.nextLink']).split('/v1.0')[1] ?? '');

      const ids = [first, second].map((one) => (one.value as { id: string }[]).map(({ id }) => id));
      assert.deepEqual(ids, [['list-04', 'list-03'], ['list-02']]);
    });

    it('refuses the options that the vendor does not document', async () => {
      const response = await started.call('GET', '/security/alerts_v2?$orderby=createdDateTime');

      assert.equal(response.status, 400);
    });

    it('moves lastUpdateDateTime with every change and comment', async () => {
      const made = started.graph.addAlert({ id: 'echo', title: 'Mass download' });

      const patched = await started.call('PATCH', '/security/alerts_v2/echo', { status: 'inProgress' });
      const changed = (await patched.json()) as Record<string, unknown>;
      const comment = { '@odata.type': 'microsoft.graph.security.alertComment', comment: 'Decided.' };
      const posted = await started.call('POST', '/security/alerts_v2/echo/comments', comment);

      const now = await get('/security/alerts_v2/echo');
      assert.equal(posted.status, 200);
      assert.equal(now.status, 'inProgress');
      assert.equal((now.comments as unknown[]).length, 1);
      assert.ok(String(made.lastUpdateDateTime) < String(changed.lastUpdateDateTime));
      assert.ok(String(changed.lastUpdateDateTime) < String(now.lastUpdateDateTime));
    });

    it('refuses changes that the vendor does not allow', async () => {
      started.graph.addAlert({ id: 'fixed' });
      for (const change of [{ title: 'other' }, { determination: 'compromisedUser' }, { status: 3 }])
        assert.equal((await started.call('PATCH', '/security/alerts_v2/fixed', change)).status, 400);
    });

    it('takes alerts from a script, as JSON only', async () => {
      const post = (type: string): Promise<Response> =>
        fetch(`${started.graph.url}/sandbox/alerts`, {
          method: 'POST',
          headers: { 'Content-Type': type },
          body: JSON.stringify({ id: 'scripted', title: 'From a script' }),
        });

      assert.equal((await post('text/plain')).status, 415);
      assert.equal((await post('application/json')).status, 201);
      assert.equal((await get('/security/alerts_v2/scripted')).title, 'From a script');
    });
  });

  describe('serves the Teams app and', () => {
    const filter = encodeURIComponent("teamsApp/externalId eq 'b4875fb5-5ffd-480f-9cb2-de79544129da'");
    const bind = { 'teamsApp@odata.bind': 'https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/' };
    const install = async (person: { readonly id: string }): Promise<Response> => {
      const found = await get(
        "/appCatalogs/teamsApps?$filter=externalId eq 'b4875fb5-5ffd-480f-9cb2-de79544129da'",
      );
      const [app] = found.value as { id: string }[];
      const body = { 'teamsApp@odata.bind': `${bind['teamsApp@odata.bind']}${app?.id}` };
      return started.call('POST', `/users/${person.id}/teamwork/installedApps`, body);
    };

    it('installs it once, tells the chat, and answers 409 after that', async () => {
      assert.equal((await install(people.priya)).status, 201);
      assert.equal((await install(people.priya)).status, 409);

      const list = await get(
        `/users/${people.priya.id}/teamwork/installedApps?$expand=teamsApp&$filter=${filter}`,
      );
      const [one] = list.value as { id: string }[];
      const chat = await get(
        `/users/${people.priya.id}/teamwork/installedApps/${encodeURIComponent(one?.id ?? '')}/chat`,
      );
      assert.equal(chat.id, chatIdOf(people.priya));
      assert.deepEqual(installed, [chatIdOf(people.priya)]);
    });

    it('refuses those whom policy keeps it from', async () => {
      assert.deepEqual(await faultOf(await install(people.nils)), {
        status: 403,
        code: 'Authorization_RequestDenied',
      });
    });
  });

  describe('makes trouble on demand:', () => {
    const path = /\/users\//;

    it('throttles the calls that fit, as often as told, and then no more', async () => {
      started.graph.faults.add({ path, times: 2, answer: { kind: 'throttle', retryAfter: '7' } });

      const answers = [];
      for (let n = 0; n < 3; n += 1) answers.push(await started.call('GET', `/users/${people.alex.id}`));

      assert.deepEqual(
        answers.map((one) => one.status),
        [429, 429, 200],
      );
      assert.equal(answers[0]?.headers.get('retry-after'), '7');
      assert.equal(started.graph.faults.pending(), 0);
    });

    it('cuts a call off before or after it took effect', async () => {
      const method = 'PATCH';
      started.graph.faults.add({ method, path, answer: { kind: 'drop' } });
      started.graph.faults.add({ method, path, answer: { kind: 'lose-answer' } });
      const disable = (): Promise<Response> =>
        started.call(method, `/users/${people.lee.id}`, { accountEnabled: false });

      await assert.rejects(disable());
      assert.equal((await get(`/users/${people.lee.id}?$select=accountEnabled`)).accountEnabled, true);
      await assert.rejects(disable());
      assert.equal((await get(`/users/${people.lee.id}?$select=accountEnabled`)).accountEnabled, false);
    });
  });

  describe('keeps what happened and', () => {
    it('starts again where it was', async () => {
      const again = await startGraph(saved ? { state: saved } : {});
      try {
        const alert = await again.call('GET', '/security/alerts_v2/echo');
        assert.equal(((await alert.json()) as { status: string }).status, 'inProgress');
      } finally {
        await again.graph.close();
      }
    });
  });
});
