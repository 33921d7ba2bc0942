// Verifies the Bot Framework's token before the SDK sees the request: the SDK answers 500 to a forged one and
// remembers every tenant that an unverified token names. Never trusts a claim before the signature holds.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { DoorRefusal } from './refusal.ts';

/** "Authenticate requests with the Bot Connector API": clocks may differ by five minutes, keys may be kept for a day. */
const CLOCK_TOLERANCE_SECONDS = 5 * 60;
const KEYS_MAX_AGE_MS = 24 * 60 * 60 * 1000;
const METADATA_TIMEOUT_MS = 5_000;
const MAX_TOKEN_LENGTH = 8_192;

const Metadata = z.object({ jwks_uri: z.url() });
/** Bot Framework keys name the channels that they may speak for. */
const Endorsed = z.object({ endorsements: z.array(z.string()) });
type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

export interface VerifiedToken {
  /** Without the scheme; only for the SDK, never for a log. */
  readonly raw: string;
  readonly serviceUrl: string;
  /** Channels that the signing key may speak for. */
  readonly endorsements: readonly string[];
}
export type TokenCheck = (authorization: string | undefined) => Promise<VerifiedToken>;

export interface TokenCheckOptions {
  readonly appId: string;
  readonly tokenIssuer: string;
  readonly openIdMetadataUrl: string;
}

/** Throws DoorRefusal: 401 for any token that does not hold, 503 when the issuer's keys cannot be had. */
export function createTokenCheck(options: TokenCheckOptions): TokenCheck {
  let keys: Promise<RemoteKeys> | null = null;
  const loadKeys = (): Promise<RemoteKeys> => {
    keys ??= findKeys(options.openIdMetadataUrl).catch((error: unknown) => {
      keys = null;
      throw error;
    });
    return keys;
  };

  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token || token.length > MAX_TOKEN_LENGTH) {
      throw new DoorRefusal(401, 'token-missing', 'A Bot Framework token is required.');
    }
    try {
      const remoteKeys = await loadKeys();
      const { payload, protectedHeader } = await jwtVerify(token, remoteKeys, {
        algorithms: ['RS256'],
        issuer: options.tokenIssuer,
        audience: options.appId,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return {
        raw: token,
        serviceUrl: serviceUrlOf(payload),
        endorsements: endorsementsOf(remoteKeys, protectedHeader.kid),
      };
    } catch (error) {
      throw asRefusal(error);
    }
  };
}

async function findKeys(metadataUrl: string): Promise<RemoteKeys> {
  const answer = await fetch(metadataUrl, {
    signal: AbortSignal.timeout(METADATA_TIMEOUT_MS),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`OpenID metadata answered ${answer.status}`);
  const { jwks_uri } = Metadata.parse(await answer.json());
  return createRemoteJWKSet(new URL(jwks_uri), { cacheMaxAge: KEYS_MAX_AGE_MS });
}

const serviceUrlOf = (payload: JWTPayload): string =>
  typeof payload.serviceurl === 'string' ? payload.serviceurl : '';

function endorsementsOf(keys: RemoteKeys, kid: string | undefined): readonly string[] {
  const key = keys.jwks()?.keys.find((one) => one.kid === kid);
  return Endorsed.safeParse(key).data?.endorsements ?? [];
}

function asRefusal(error: unknown): DoorRefusal {
  const ours =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC';
  return ours
    ? new DoorRefusal(401, 'token-refused', 'The token was not accepted.', error)
    : new DoorRefusal(
        503,
        'keys-unavailable',
        'The signing keys cannot be read right now. Try again.',
        error,
      );
}
