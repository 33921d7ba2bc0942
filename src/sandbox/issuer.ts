// The sandbox's own token issuer: one RS256 key, made at start, that signs what Entra and the Bot Framework would sign.
// It must never be trusted outside the sandbox: nothing in production points at its keys.
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

const HOUR_SECONDS = 3600;

/** A public key with the channel endorsement that Bot Framework keys carry. */
export interface EndorsedKey extends JWK {
  readonly endorsements: string[];
}

export interface Issuer {
  readonly jwks: { readonly keys: EndorsedKey[] };
  /** Signs `claims` with `iat`, `nbf` and `exp` (an hour unless told; a negative number gives an expired token). Claims given win. */
  sign(claims: JWTPayload, options?: { readonly expiresInSeconds?: number }): Promise<string>;
}

export async function createIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const jwk = await exportJWK(publicKey);
  return {
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256', endorsements: ['msteams'] }] },
    sign(claims, options = {}) {
      const now = Math.floor(Date.now() / 1000);
      const expiresIn = options.expiresInSeconds ?? HOUR_SECONDS;
      const issuedAt = expiresIn > 0 ? now : now + expiresIn - HOUR_SECONDS;
      return new SignJWT({ iat: issuedAt, nbf: issuedAt, exp: now + expiresIn, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .sign(privateKey);
    },
  };
}
