import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { BOT_APP_ID, people, TENANT_ID } from '../../../src/sandbox/people.ts';
import { SECRET, type Started, startGraph } from './start.ts';

const BACK = 'http://127.0.0.1:3978/sign-in/callback';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const { morgan } = people;

describe('the sign-in of people in the sandbox', () => {
  let started: Started;
  let now = Date.now();
  beforeEach(async () => {
    now = Date.now();
    started = await startGraph({
      clients: [{ clientId: BOT_APP_ID, clientSecret: SECRET, redirectUris: [BACK] }],
      now: () => now,
    });
  });
  afterEach(() => started.stop());

  const open = (over: Record<string, string> = {}): Promise<Response> =>
    fetch(
      `${started.graph.url}/${TENANT_ID}/oauth2/v2.0/authorize?${new URLSearchParams({
        ...{ client_id: BOT_APP_ID, redirect_uri: BACK, response_type: 'code', scope: 'openid profile' },
        ...{ state: 'a state', nonce: 'a nonce', code_challenge: CHALLENGE, code_challenge_method: 'S256' },
        ...{ prompt: 'login', max_age: '0', ...over },
      })}`,
      { redirect: 'manual' },
    );
  const answerOf = (response: Response): Record<string, string> =>
    Object.fromEntries(new URL(response.headers.get('location') ?? 'http://nowhere.example').searchParams);
  const codeFor = async (over: Record<string, string> = {}): Promise<string> =>
    answerOf(await open({ sandbox_person: morgan.userPrincipalName, ...over })).code ?? assert.fail();
  async function redeem(code: string, over: Record<string, string> = {}) {
    const response = await fetch(`${started.graph.url}/${TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'authorization_code', client_id: BOT_APP_ID, client_secret: SECRET },
        ...{ code, redirect_uri: BACK, code_verifier: VERIFIER, ...over },
      }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }
  const claimsOf = async (code: string) => {
    const { body } = await redeem(code);
    return (await jwtVerify(body.id_token ?? '', createLocalJWKSet(started.issuer.jwks))).payload;
  };

  it('lets a person be picked on a page, and everybody who can sign in', async () => {
    const response = await open();

    const page = await response.text();
    assert.equal(response.status, 200);
    assert.match(page, /sandbox_person=morgan.reyes%40contoso.example/);
    assert.doesNotMatch(page, /Robin Castillo/, 'whose account is disabled');
  });

  it('says who signed in, when, and for which round', async () => {
    const claims = await claimsOf(await codeFor());

    assert.equal(claims.iss, `${started.graph.url}/${TENANT_ID}/v2.0`);
    assert.deepEqual(
      [claims.aud, claims.tid, claims.oid, claims.name, claims.nonce, claims.auth_time],
      [BOT_APP_ID, TENANT_ID, morgan.id, 'Morgan Reyes', 'a nonce', Math.floor(now / 1_000)],
    );
  });

  it('gives back the state with the code', async () => {
    assert.equal(answerOf(await open({ sandbox_person: morgan.id })).state, 'a state');
  });

  it('answers by an earlier session where nobody insists, and says no time where nobody asks', async () => {
    const earlier = await claimsOf(await codeFor({ prompt: 'select_account', max_age: '86400' }));
    assert.equal(earlier.auth_time, Math.floor(now / 1_000) - 3_600);

    const url = new URL(`${started.graph.url}/${TENANT_ID}/oauth2/v2.0/authorize`);
    const { max_age: _, ...rest } = { max_age: '', client_id: BOT_APP_ID, redirect_uri: BACK };
    for (const [name, value] of Object.entries({
      ...{ ...rest, response_type: 'code', nonce: 'n', code_challenge: CHALLENGE },
      ...{ code_challenge_method: 'S256', sandbox_person: morgan.id },
    }))
      url.searchParams.set(name, value);
    const silent = await claimsOf(answerOf(await fetch(url, { redirect: 'manual' })).code ?? '');
    assert.equal(silent.auth_time, undefined);
  });

  const refused: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['an address that nobody registered', { redirect_uri: 'https://evil.example/' }, /AADSTS50011/],
    ['one that only begins like it', { redirect_uri: `${BACK}.evil.example` }, /AADSTS50011/],
    ['an unknown application', { client_id: TENANT_ID }, /AADSTS700016/],
    ['whoever is disabled', { sandbox_person: people.robin.id }, /AADSTS50057/],
  ];
  for (const [what, over, words] of refused)
    it(`sends nobody on for ${what}`, async () => {
      const response = await open({ sandbox_person: morgan.id, ...over });

      assert.equal(response.status, 400);
      assert.equal(response.headers.get('location'), null);
      assert.match(await response.text(), words);
    });

  it('takes a code once', async () => {
    const code = await codeFor();

    assert.equal((await redeem(code)).status, 200);
    assert.match((await redeem(code)).body.error_description ?? '', /AADSTS54005/);
  });

  const worthless: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['without the verifier', { code_verifier: '' }, /AADSTS501481/],
    ['with another verifier', { code_verifier: 'w'.repeat(43) }, /AADSTS501481/],
    ['for another address', { redirect_uri: `${BACK}/` }, /AADSTS500112/],
    ['without the secret', { client_secret: 'x' }, /AADSTS7000215/],
  ];
  for (const [what, over, words] of worthless)
    it(`gives nothing for a code ${what}`, async () => {
      const { status, body } = await redeem(await codeFor(), over);

      assert.ok(status >= 400);
      assert.match(body.error_description ?? '', words);
      assert.equal(body.id_token, undefined);
    });

  it('gives nothing for a code of more than ten minutes ago', async () => {
    const code = await codeFor();
    now += 10 * 60_000 + 1;

    assert.match((await redeem(code)).body.error_description ?? '', /AADSTS70008/);
  });

  it('takes a no, and a page that is bent, for an answer', async () => {
    assert.equal(answerOf(await open({ sandbox_error: 'access_denied' })).error, 'access_denied');
    assert.equal(answerOf(await open({ response_type: 'token' })).error, 'invalid_request');
    assert.equal(answerOf(await open({ code_challenge_method: 'plain' })).error, 'invalid_request');
    assert.doesNotMatch(await (await open({ state: '"><script>' })).text(), /<script>/);
  });
});
