import assert from 'node:assert/strict';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { BOT_APP_ID, PUSHER_APP_ID, TENANT_ID } from '../../../src/sandbox/people.ts';
import { SECRET, type Started, startGraph } from './start.ts';

describe('the login part of the sandbox', () => {
  let started: Started;
  before(async () => {
    started = await startGraph();
  });
  after(() => started.stop());

  const ask = (form: Record<string, string>, tenant = TENANT_ID): Promise<Response> =>
    fetch(`${started.graph.url}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: BOT_APP_ID,
        client_secret: SECRET,
        scope: 'https://graph.microsoft.com/.default',
        ...form,
      }),
    });
  const claimsFor = async (form: Record<string, string>): Promise<JWTPayload> => {
    const { access_token: token } = (await (await ask(form)).json()) as { access_token: string };
    return decodeJwt(token);
  };
  const json = async (path: string): Promise<Record<string, string>> =>
    (await (await fetch(`${started.graph.url}${path}`)).json()) as Record<string, string>;

  it('gives a known client a token that the published keys verify', async () => {
    const metadata = await json(`/${TENANT_ID}/.well-known/openid-configuration`);

    const { access_token: token } = (await (await ask({})).json()) as { access_token: string };

    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri ?? ''));
    const { payload } = await jwtVerify(token, keys, {
      audience: 'https://graph.microsoft.com',
      issuer: metadata.issuer ?? '',
    });
    assert.equal(payload.tid, TENANT_ID);
    assert.equal(payload.appid, BOT_APP_ID);
  });

  it('gives bot tokens for the Bot Framework', async () => {
    const claims = await claimsFor({ scope: 'https://api.botframework.com/.default' });

    assert.equal(claims.aud, 'https://api.botframework.com');
    assert.equal(claims.roles, undefined);
  });

  it('puts the roles of a client into tokens for an API, in the version that the client is set to', async () => {
    const pusher = { client_id: PUSHER_APP_ID, scope: `api://${BOT_APP_ID}/.default` };

    const claims = await claimsFor(pusher);

    const metadata = await json(`/${TENANT_ID}/v2.0/.well-known/openid-configuration`);
    assert.deepEqual(claims.roles, ['Alerts.Push']);
    assert.equal(claims.aud, BOT_APP_ID);
    assert.equal(claims.azp, PUSHER_APP_ID);
    assert.equal(claims.iss, metadata.issuer);
    const bot = await claimsFor({ scope: `api://${BOT_APP_ID}/.default` });
    assert.equal(bot.aud, `api://${BOT_APP_ID}`);
    assert.equal(bot.roles, undefined);
  });

  const refusals = [
    ['a wrong secret', { client_secret: 'guess' }, TENANT_ID, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'nobody' }, TENANT_ID, 400, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, TENANT_ID, 400, 'unsupported_grant_type'],
    ['a scope without .default', { scope: 'User.Read' }, TENANT_ID, 400, 'invalid_scope'],
    ['another tenant', {}, '3f0c3a37-0000-4000-8000-000000000000', 400, 'invalid_request'],
  ] as const;
  for (const [what, form, tenant, status, error] of refusals)
    it(`refuses ${what}`, async () => {
      const response = await ask(form, tenant);

      assert.equal(response.status, status);
      assert.equal(((await response.json()) as { error: string }).error, error);
    });

  it('publishes endorsed keys for the Bot Framework', async () => {
    const metadata = await json('/v1/.well-known/openidconfiguration');

    assert.equal(metadata.issuer, 'https://api.botframework.com');
    const { keys } = (await (await fetch(metadata.jwks_uri ?? '')).json()) as { keys: unknown };
    assert.deepEqual(keys, started.issuer.jwks.keys);
  });

  it('keeps no record of logins, for they carry secrets', async () => {
    await ask({});

    assert.equal(JSON.stringify(started.graph.requests).includes(SECRET), false);
  });
});
