// The alert doors as a stranger, a forger and a clumsy relay meet them: over HTTP, against the running service.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { createIssuer } from '../../src/sandbox/issuer.ts';
import { BOT_APP_ID, TENANT_ID } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { startWorld, type TestWorld } from '../helpers/world.ts';

const GRAPH = '/api/alerts/graph';
const CLOUDTRAIL = '/api/alerts/cloudtrail';
const alertOf = (sample = 'mass-download') =>
  SAMPLES[sample]?.build(new Date(), randomUUID()) as Record<string, unknown>;
const eventOf = (sample = 'bucket-public') =>
  SAMPLES[sample]?.build(new Date(), randomUUID()) as { detail: Record<string, unknown> };

describe('the alert doors', () => {
  let world: TestWorld;
  let token: string;
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
  const key = () => ({ 'x-countersign-key': world.running.cloudtrailKey });

  before(async () => {
    world = await startWorld();
    token = await world.token();
  });
  after(() => world.close());

  const countCases = async (): Promise<number> => (await world.store.listCases({ limit: 1000 })).length;

  /** A 4xx in our own words, no stack, nothing stored, and the process answers afterwards. */
  async function refused(
    response: Response,
    status: number,
    says: RegExp,
    casesBefore: number,
  ): Promise<void> {
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.match(text, says);
    assert.doesNotMatch(text, /\bat .+:\d+:\d+|node_modules/);
    assert.equal(await countCases(), casesBefore);
    assert.equal((await fetch(`${world.url}/healthz`)).status, 200);
  }

  describe('for Graph alerts', () => {
    const claims = {
      iss: '',
      aud: `api://${BOT_APP_ID}`,
      tid: TENANT_ID,
      appid: '11111111-2222-4333-8444-555555555555',
      roles: ['Alerts.Push'],
    };
    const sign = async (over: Record<string, unknown>, expiresInSeconds = 600) => {
      // The sandbox's issuer signs through its login; forged claims need a key of our own, so the good ones do as well.
      const issuer = await createIssuer();
      return issuer.sign(
        { ...claims, iss: `${world.running.graph}/${TENANT_ID}/`, ...over },
        { expiresInSeconds },
      );
    };

    it('refuses a missing token', async () => {
      const before = await countCases();
      await refused(await world.post(GRAPH, alertOf()), 401, /bearer token/, before);
    });

    it('refuses words that are no token', async () => {
      const before = await countCases();
      for (const value of ['', 'x', 'a.b.c', `${token}x`, token.split('').reverse().join('')])
        await refused(await world.post(GRAPH, alertOf(), bearer(value)), 401, /token/, before);
    });

    it('refuses a token that another key signed', async () => {
      const before = await countCases();
      await refused(await world.post(GRAPH, alertOf(), bearer(await sign({}))), 401, /not valid/, before);
    });

    it('refuses alg none, and HS256 with the public key as its secret', async () => {
      const before = await countCases();
      const [, payload = ''] = token.split('.');
      const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
      await refused(await world.post(GRAPH, alertOf(), bearer(none)), 401, /token/, before);
      const jwks = await (await fetch(`${world.running.graph}/${TENANT_ID}/discovery/v2.0/keys`)).json();
      const confused = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: (jwks as { keys: { kid: string }[] }).keys[0]?.kid ?? '' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(JSON.stringify(jwks)));
      await refused(await world.post(GRAPH, alertOf(), bearer(confused)), 401, /not valid/, before);
    });

    it('refuses a token without the app role', async () => {
      const before = await countCases();
      const { privateKey } = await generateKeyPair('RS256');
      assert.ok(privateKey);
      const response = await fetch(`${world.running.graph}/${TENANT_ID}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: BOT_APP_ID,
          client_secret: world.sandbox.env.COUNTERSIGN_BOT_APP_PASSWORD ?? '',
          scope: `${world.running.audience}/.default`,
        }),
      });
      const { access_token: without } = (await response.json()) as { access_token: string };
      await refused(await world.post(GRAPH, alertOf(), bearer(without)), 403, /Alerts\.Push/, before);
    });

    it('refuses a token for another audience', async () => {
      const before = await countCases();
      const response = await fetch(`${world.running.graph}/${TENANT_ID}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: world.running.pusher.clientId,
          client_secret: world.running.pusher.clientSecret,
          scope: 'https://graph.microsoft.com/.default',
        }),
      });
      const { access_token: other } = (await response.json()) as { access_token: string };
      await refused(await world.post(GRAPH, alertOf(), bearer(other)), 401, /aud/, before);
    });

    it('refuses what is not JSON, not UTF-8, compressed or of another type', async () => {
      const before = await countCases();
      await refused(await world.post(GRAPH, '{"id":', bearer(token)), 400, /not JSON/, before);
      await refused(
        await world.post(GRAPH, new Uint8Array([0x22, 0xff, 0x22]), bearer(token)),
        400,
        /UTF-8/,
        before,
      );
      await refused(
        await world.post(GRAPH, alertOf(), { ...bearer(token), 'content-encoding': 'gzip' }),
        415,
        /content-encoding/,
        before,
      );
      await refused(
        await world.post(GRAPH, alertOf(), { ...bearer(token), 'content-type': 'text/plain' }),
        415,
        /application\/json/,
        before,
      );
    });

    it('names the field that is malformed, and stores nothing of the list around it', async () => {
      const before = await countCases();
      const list = [alertOf(), { ...alertOf(), lastUpdateDateTime: 'yesterday' }];
      await refused(await world.post(GRAPH, list, bearer(token)), 400, /lastUpdateDateTime/, before);
      for (const body of [null, 7, '"x"', [[]], {}, { value: {} }, [null]])
        await refused(
          await world.post(GRAPH, typeof body === 'string' ? body : JSON.stringify(body), bearer(token)),
          400,
          /error/,
          before,
        );
    });

    it('refuses an alert from the future, which would make the true ones after it look old', async () => {
      const before = await countCases();
      const ahead = { ...alertOf(), lastUpdateDateTime: new Date(Date.now() + 3_600_000).toISOString() };
      await refused(
        await world.post(GRAPH, ahead, bearer(token)),
        400,
        /lastUpdateDateTime: lies in the future/,
        before,
      );
    });

    it('refuses legacy shapes and says what to send instead', async () => {
      const before = await countCases();
      const v1 = {
        id: '1',
        azureTenantId: TENANT_ID,
        vendorInformation: { provider: 'MCAS' },
        userStates: [],
      };
      await refused(await world.post(GRAPH, v1, bearer(token)), 400, /alerts_v2/, before);
      const mcas = { _id: '1', URL: 'https://portal.example', entities: [], statusValue: 0, timestamp: 1 };
      await refused(await world.post(GRAPH, mcas, bearer(token)), 400, /alerts_v2/, before);
    });

    it("refuses another tenant's alert", async () => {
      const before = await countCases();
      const foreign = { ...alertOf(), tenantId: '99999999-2222-4333-8444-555555555555' };
      await refused(await world.post(GRAPH, foreign, bearer(token)), 403, /tenant/, before);
    });

    it('refuses a body that is too large, announced or not', async () => {
      const before = await countCases();
      const huge = JSON.stringify({ ...alertOf(), description: 'x'.repeat(4_300_000) });
      await refused(await world.post(GRAPH, huge, bearer(token)), 413, /larger than/, before);
      const status = await sendChunked(world.url, GRAPH, token, 5_000_000);
      assert.equal(status, 413);
      assert.equal(await countCases(), before);
    });

    it('survives depth, strange keys and values never seen before', async () => {
      const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
      const response = await world.post(GRAPH, `{"id":"deep","x":${deep}}`, bearer(token));
      assert.ok(response.status >= 400 && response.status < 500, String(response.status));
      const strange = {
        ...alertOf(),
        severity: 'apocalyptic',
        serviceSource: 'microsoftDefenderForToasters',
        status: 'undead',
        detectionSource: 'clairvoyance',
      };
      const odd = JSON.stringify(strange).replace('{', '{"__proto__":{"polluted":true},');
      assert.equal((await world.post(GRAPH, odd, bearer(token))).status, 202);
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });

    it('answers 202 when it is new, then 200 with the same case for a repeat, in a list as well', async () => {
      const alert = alertOf('no-manager');
      const first = await world.post(GRAPH, alert, bearer(token));
      const again = await world.post(GRAPH, { value: [alert] }, bearer(token));

      assert.equal(first.status, 202);
      assert.equal(again.status, 200);
      const [one] = ((await first.json()) as { alerts: { case: string; outcome: string }[] }).alerts;
      const [two] = ((await again.json()) as { alerts: { case: string; outcome: string }[] }).alerts;
      assert.equal(one?.outcome, 'opened');
      assert.equal(two?.outcome, 'repeat');
      assert.equal(two?.case, one?.case);
    });
  });

  describe('for CloudTrail', () => {
    it('refuses a missing and a wrong key', async () => {
      const before = await countCases();
      await refused(await world.post(CLOUDTRAIL, eventOf()), 401, /x-countersign-key/, before);
      for (const wrong of ['x', world.running.cloudtrailKey.slice(1), `${world.running.cloudtrailKey}0`])
        await refused(
          await world.post(CLOUDTRAIL, eventOf(), { 'x-countersign-key': wrong }),
          401,
          /wrong/,
          before,
        );
    });

    it('does not take a Graph token instead of the key', async () => {
      const before = await countCases();
      await refused(await world.post(CLOUDTRAIL, eventOf(), bearer(token)), 401, /x-countersign-key/, before);
    });

    it('refuses an account that is not listed', async () => {
      const before = await countCases();
      const event = eventOf();
      const foreign = {
        ...event,
        account: '999999999999',
        detail: { ...event.detail, recipientAccountId: '999999999999' },
      };
      await refused(await world.post(CLOUDTRAIL, foreign, key()), 403, /account/, before);
    });

    it('names the field that is malformed', async () => {
      const before = await countCases();
      const event = eventOf();
      const { eventID: _gone, ...without } = event.detail;
      await refused(
        await world.post(CLOUDTRAIL, { ...event, detail: without }, key()),
        400,
        /eventID/,
        before,
      );
      await refused(
        await world.post(CLOUDTRAIL, { Records: [event.detail, 7] }, key()),
        400,
        /Records\[1\]/,
        before,
      );
    });

    it('knows the same call through both of its shapes', async () => {
      const event = eventOf('public-access-block-removed');
      const first = await world.post(CLOUDTRAIL, event, key());
      const again = await world.post(CLOUDTRAIL, { Records: [event.detail] }, key());
      assert.equal(first.status, 202);
      assert.equal(again.status, 200);
    });
  });

  it('answers 404 and 405 elsewhere, in JSON and without a stack', async () => {
    for (const [method, path] of [
      ['GET', GRAPH],
      ['DELETE', CLOUDTRAIL],
      ['GET', '/api/nothing'],
      ['GET', '/../../etc/passwd'],
      ['GET', '/%00'],
    ] as const) {
      const response = await fetch(`${world.url}${path}`, { method });
      assert.ok([404, 405, 400].includes(response.status), `${method} ${path}: ${response.status}`);
      assert.doesNotMatch(await response.text(), /node_modules|\bat .+:\d+:\d+/);
    }
  });
});

describe('the rate limit', () => {
  it('answers 429 with Retry-After to a flood, and lets the service live', async () => {
    const world = await startWorld({ limits: { rate: 5, burst: 10 } });
    try {
      const statuses = new Map<number, number>();
      let retryAfter: string | null = null;
      for (let index = 0; index < 40; index++) {
        const response = await world.post(CLOUDTRAIL, {}, {});
        await response.arrayBuffer();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (response.status === 429) retryAfter = response.headers.get('retry-after');
      }
      assert.ok((statuses.get(429) ?? 0) > 10, JSON.stringify([...statuses]));
      assert.equal(retryAfter, '1');
      assert.equal((await fetch(`${world.url}/healthz`)).status, 200);
    } finally {
      await world.close();
    }
  });
});

/** A body without content-length, to see that the limit holds while it streams. */
function sendChunked(base: string, path: string, token: string, bytes: number): Promise<number> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      if (status) {
        socket.destroy();
        resolve(Number(status));
      }
    });
    socket.on('error', (error) => (answer ? undefined : reject(error)));
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = 'x'.repeat(65_536);
    for (let sent = 0; sent < bytes; sent += chunk.length)
      socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  });
}
