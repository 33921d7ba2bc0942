import assert from 'node:assert/strict';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createIssuer } from '../../../src/sandbox/issuer.ts';

describe('the sandbox issuer', () => {
  it('signs tokens that its published keys verify', async () => {
    const issuer = await createIssuer();

    const token = await issuer.sign({ aud: 'somebody', iss: 'https://issuer.example' });

    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(issuer.jwks), {
      audience: 'somebody',
      issuer: 'https://issuer.example',
    });
    assert.equal(protectedHeader.kid, issuer.jwks.keys[0]?.kid);
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 3600);
  });

  it('endorses its key for Teams, as the Bot Framework does, and publishes nothing private', async () => {
    const [key] = (await createIssuer()).jwks.keys;

    assert.deepEqual(key?.endorsements, ['msteams']);
    assert.equal(key?.d, undefined);
  });

  it('signs expired tokens when asked to, for the doors that must refuse them', async () => {
    const issuer = await createIssuer();

    const token = await issuer.sign({ aud: 'somebody' }, { expiresInSeconds: -60 });

    await assert.rejects(jwtVerify(token, createLocalJWKSet(issuer.jwks)), { code: 'ERR_JWT_EXPIRED' });
  });

  it('has a key of its own: another issuer does not verify its tokens', async () => {
    const [one, other] = await Promise.all([createIssuer(), createIssuer()]);

    const token = await one.sign({ aud: 'somebody' });

    await assert.rejects(jwtVerify(token, createLocalJWKSet(other.jwks)), {
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });
});
