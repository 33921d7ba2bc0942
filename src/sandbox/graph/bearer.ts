// Who may call the sandbox's Graph: an unexpired token of its own issuer, for this audience and tenant. Everything else is 401.
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Issuer } from '../issuer.ts';
import { GraphFault } from './reply.ts';

export const GRAPH_AUDIENCE = 'https://graph.microsoft.com';

export interface BearerOptions {
  readonly issuer: Issuer;
  readonly tenantId: string;
  readonly ownUrl: () => string;
}

const refusal = (why: string): GraphFault =>
  new GraphFault(401, 'InvalidAuthenticationToken', why, { 'WWW-Authenticate': 'Bearer' });

/** Answers the caller's app id. */
export function createBearerCheck({ issuer, tenantId, ownUrl }: BearerOptions) {
  const keys = createLocalJWKSet(issuer.jwks);
  return async (authorization: string | undefined): Promise<string> => {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw refusal('Access token is empty.');
    const verified = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      audience: [GRAPH_AUDIENCE, ownUrl()],
      requiredClaims: ['exp'],
    }).catch(() => {
      throw refusal('Access token validation failure.');
    });
    if (verified.payload.tid !== tenantId) throw refusal('Access token is of another tenant.');
    return String(verified.payload.appid ?? verified.payload.azp ?? '');
  };
}
