import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createKey, publicKeyOf, readPrivateKey, readPublicKey } from '../../src/audit/key.ts';

describe('the audit key', () => {
  it('is a new Ed25519 key every time, and gives its public half', () => {
    const pem = createKey();
    assert.notEqual(createKey(), pem);

    const publicKey = publicKeyOf(readPrivateKey(pem));

    assert.equal(publicKey.asymmetricKeyType, 'ed25519');
    const asPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    assert.ok(readPublicKey(asPem).equals(publicKey));
    assert.ok(readPublicKey(pem).equals(publicKey));
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  for (const [what, text] of Object.entries({
    nothing: '',
    'other text': 'secret',
    'an RSA key': rsa.toString(),
  }))
    it(`refuses ${what} without repeating it`, () => {
      for (const read of [readPrivateKey, readPublicKey])
        assert.throws(
          () => read(text),
          (error: Error & { code?: string }) => {
            assert.equal(error.code, 'audit.key');
            assert.ok(text === '' || !error.message.includes(text));
            return true;
          },
        );
    });
});
