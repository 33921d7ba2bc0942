// Checks the Entra app token of a pushed alert: signature, issuer (v1 and v2 form), audience, tenant, role, expiry.
// Source of the claims: "Access token claims reference" (Microsoft identity platform).
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { CountersignError } from '../../case/errors.ts';

export interface EntraTokenOptions {
  readonly tenantId: string;
  readonly loginUrl: string;
  readonly v1IssuerUrl: string;
  /** `aud` as v1 tokens carry it (App ID URI); v2 tokens carry the client id. */
  readonly audiences: readonly string[];
  readonly role: string;
}

export type Authorise = (authorization: string | undefined) => Promise<void>;

const CLOCK_TOLERANCE_SECONDS = 120;
const JWKS_TIMEOUT_MS = 5_000;

/** Throws `http.unauthenticated` (401), `http.forbidden` (403: the role is missing) or `http.unavailable` (keys not reachable). */
export function createEntraAuthoriser(options: EntraTokenOptions): Authorise {
  const keys = createRemoteJWKSet(new URL(`${options.loginUrl}/${options.tenantId}/discovery/v2.0/keys`), {
    timeoutDuration: JWKS_TIMEOUT_MS,
  });
  const issuers = [
    `${options.loginUrl}/${options.tenantId}/v2.0`,
    `${options.v1IssuerUrl}/${options.tenantId}/`,
  ];
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1];
    if (!token) throw unauthenticated('a bearer token of your Entra tenant is required');
    const claims = await verify(token);
    if (claims.tid !== options.tenantId) throw unauthenticated('the token is of another tenant');
    if (!Array.isArray(claims.roles) || !claims.roles.includes(options.role))
      throw new CountersignError('http.forbidden', `the app role ${options.role} is missing from the token`);
  };

  async function verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: issuers,
        audience: [...options.audiences],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'tid'],
      });
      return payload;
    } catch (error) {
      throw tokenError(error);
    }
  }
}

const unauthenticated = (message: string, cause?: unknown) =>
  new CountersignError('http.unauthenticated', message, { cause });

function tokenError(error: unknown): CountersignError {
  if (error instanceof errors.JWTExpired) return unauthenticated('the token has expired', error);
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(`the token's claim ${error.claim} is not accepted`, error);
  const isTokensFault = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
  // A bad answer from the key endpoint is a plain JOSEError with a generic code; that is not the caller's fault.
  if (isTokensFault && (error as errors.JOSEError).code !== 'ERR_JOSE_GENERIC')
    return unauthenticated('the token is not valid', error);
  return new CountersignError('http.unavailable', 'the signing keys of Entra cannot be reached', {
    retryable: true,
    cause: error,
  });
}
