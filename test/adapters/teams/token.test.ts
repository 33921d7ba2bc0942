import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { createTokenCheck } from '../../../src/adapters/teams/token.ts';
import { createIssuer } from '../../../src/sandbox/issuer.ts';

const APP_ID = '3b81893d-d1de-42fa-9230-862c60973552';
const ISSUER = 'https://api.botframework.com';

describe('the check of a Bot Framework token', () => {
  /** Serves metadata and keys; `state` decides how well. */
  async function serve(keys: () => readonly object[]) {
    const state = { up: true, metadataReads: 0, keyReads: 0 };
    const server = createServer((request, response) => {
      const isMetadata = request.url === '/metadata';
      if (isMetadata) state.metadataReads += 1;
      else state.keyReads += 1;
      response.statusCode = state.up ? 200 : 500;
      response.end(JSON.stringify(isMetadata ? { jwks_uri: `${origin}/keys` } : { keys: keys() }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const check = createTokenCheck({
      appId: APP_ID,
      tokenIssuer: ISSUER,
      openIdMetadataUrl: `${origin}/metadata`,
    });
    return { state, check, close: () => server.close() };
  }

  async function keyServer(...given: readonly unknown[]) {
    const endorsements = given.length > 0 ? given[0] : ['msteams'];
    const issuer = await createIssuer();
    const served = await serve(() => issuer.jwks.keys.map((key) => ({ ...key, endorsements })));
    const claims = { iss: ISSUER, aud: APP_ID, serviceurl: 'https://x/' };
    return { ...served, token: async () => `Bearer ${await issuer.sign(claims)}` };
  }

  it('answers the service URL and the endorsements of the key that signed', async () => {
    const { check, token, close } = await keyServer(['msteams', 'webchat']);

    const verified = await check(await token());
    close();

    assert.equal(verified.serviceUrl, 'https://x/');
    assert.deepEqual(verified.endorsements, ['msteams', 'webchat']);
  });

  it('reads the keys once for many tokens', async () => {
    const { check, token, state, close } = await keyServer();

    await Promise.all(Array.from({ length: 20 }, async () => check(await token())));
    close();

    assert.deepEqual([state.metadataReads, state.keyReads], [1, 1]);
  });

  it('does not read the keys again for every token with an unknown key', async () => {
    const { check, token, state, close } = await keyServer();
    await check(await token());
    const stranger = await createIssuer();

    for (let i = 0; i < 20; i += 1) {
      const forged = await stranger.sign({ iss: ISSUER, aud: APP_ID });
      await assert.rejects(check(`Bearer ${forged}`), { status: 401 });
    }
    close();

    assert.equal(state.keyReads, 1);
  });

  it('takes RS256 and nothing else, even from a key that would allow more', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', endorsements: ['msteams'] }];
    const { check, close } = await serve(() => keys);
    const sign = (alg: string) =>
      new SignJWT({ iss: ISSUER, aud: APP_ID })
        .setProtectedHeader({ alg, kid: 'k' })
        .setExpirationTime('5m')
        .sign(privateKey);
    const [good, other] = [await sign('RS256'), await sign('PS256')];

    await check(`Bearer ${good}`);
    await assert.rejects(check(`Bearer ${other}`), { status: 401 });
    close();
  });

  it('says 503 and not 401 while the keys cannot be read, and recovers', async () => {
    const { check, token, state, close } = await keyServer();
    state.up = false;
    await assert.rejects(check(await token()), { status: 503, code: 'keys-unavailable' });
    state.up = true;

    const verified = await check(await token());
    close();

    assert.equal(verified.serviceUrl, 'https://x/');
  });

  for (const endorsements of [undefined, null, 'msteams', [1]]) {
    it(`takes no endorsement from a key that has ${JSON.stringify(endorsements)}`, async () => {
      const { check, token, close } = await keyServer(endorsements);

      const verified = await check(await token());
      close();

      assert.deepEqual(verified.endorsements, []);
    });
  }
});
