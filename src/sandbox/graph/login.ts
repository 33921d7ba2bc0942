// The login part of the sandbox: what login.microsoftonline.com and login.botframework.com answer to a client with a secret.
// It knows only the clients it was given, and its tokens are worth nothing elsewhere.
import type { JWTPayload } from 'jose';
import type { JsonObject } from '../../case/json.ts';
import type { Issuer } from '../issuer.ts';
import type { Person } from '../people.ts';
import { createAuthorize } from './authorize.ts';
import type { Call, Reply, Route } from './reply.ts';

export interface LoginClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** App roles in tokens for `api://...`: none unless named. */
  readonly roles?: readonly string[];
  /** Which form the resource asks for in `api://...` tokens: 1 unless told, as app registrations do. */
  readonly tokenVersion?: 1 | 2;
  /** Where people may be sent back to once they have signed in to it: nowhere unless named. */
  readonly redirectUris?: readonly string[];
}

export interface LoginOptions {
  readonly issuer: Issuer;
  readonly tenantId: string;
  readonly clients: readonly LoginClient[];
  readonly people: readonly Person[];
  isEnabled(person: Person): boolean;
  readonly now: () => number;
  /** `https://localhost:PORT` */
  readonly url: () => string;
}

const LIFETIME_SECONDS = 3600;
const API = /^api:\/\/([^/]+)$/;

const oauthError = (status: number, error: string, description: string): Reply => ({
  status,
  body: { error, error_description: description },
});

export function loginRoutes(options: LoginOptions): Route[] {
  const { issuer, tenantId, clients, url } = options;
  const people = createAuthorize(options);
  const jwks = (): JsonObject => JSON.parse(JSON.stringify(issuer.jwks));
  const v1Issuer = (): string => `${url()}/${tenantId}/`;
  const v2Issuer = (): string => `${url()}/${tenantId}/v2.0`;

  function claimsFor(client: LoginClient, resource: string): JWTPayload {
    const api = API.exec(resource)?.[1];
    const common = { tid: tenantId, oid: client.clientId, sub: client.clientId, idtyp: 'app' };
    const roles = api && client.roles?.length ? { roles: [...client.roles] } : {};
    return api && client.tokenVersion === 2
      ? { ...common, ...roles, aud: api, iss: v2Issuer(), azp: client.clientId, azpacr: '1', ver: '2.0' }
      : {
          ...common,
          ...roles,
          aud: resource,
          iss: v1Issuer(),
          appid: client.clientId,
          appidacr: '1',
          ver: '1.0',
        };
  }

  async function token(call: Call): Promise<Reply> {
    const form = new URLSearchParams(call.text);
    if (call.params.tenant !== tenantId)
      return oauthError(400, 'invalid_request', 'AADSTS90002: Tenant not found.');
    const client = clients.find((one) => one.clientId === form.get('client_id'));
    if (!client)
      return oauthError(400, 'unauthorized_client', 'AADSTS700016: Application not found in the directory.');
    if (form.get('client_secret') !== client.clientSecret)
      return oauthError(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
    if (form.get('grant_type') === 'authorization_code') return people.redeem(form, client);
    if (form.get('grant_type') !== 'client_credentials')
      return oauthError(400, 'unsupported_grant_type', 'AADSTS70003: This grant type is not supported.');
    const scope = form
      .get('scope')
      ?.split(' ')
      .find((one) => one.endsWith('/.default'));
    if (!scope) return oauthError(400, 'invalid_scope', 'AADSTS1002012: The scope must end with /.default.');
    const claims = claimsFor(client, scope.slice(0, -'/.default'.length));
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        expires_in: LIFETIME_SECONDS - 1,
        ext_expires_in: LIFETIME_SECONDS - 1,
        access_token: await issuer.sign(claims, { expiresInSeconds: LIFETIME_SECONDS }),
      },
    };
  }

  const metadata = (issuerUrl: () => string) => (): Reply => ({
    status: 200,
    body: {
      issuer: issuerUrl(),
      authorization_endpoint: `${url()}/${tenantId}/oauth2/v2.0/authorize`,
      token_endpoint: `${url()}/${tenantId}/oauth2/v2.0/token`,
      end_session_endpoint: `${url()}/${tenantId}/oauth2/v2.0/logout`,
      jwks_uri: `${url()}/${tenantId}/discovery/v2.0/keys`,
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  });
  const keys = (): Reply => ({ status: 200, body: jwks() });

  /** What MSAL asks of an authority it does not know. */
  function instance(): Reply {
    const { host } = new URL(url());
    const metadata = [{ preferred_network: host, preferred_cache: host, aliases: [host] }];
    const tenant_discovery_endpoint = `${v2Issuer()}/.well-known/openid-configuration`;
    return { status: 200, body: { tenant_discovery_endpoint, 'api-version': '1.1', metadata } };
  }

  return [
    ['GET', '/common/discovery/instance', instance],
    [
      'GET',
      '/v1/.well-known/openidconfiguration',
      () => ({
        status: 200,
        body: {
          issuer: 'https://api.botframework.com',
          authorization_endpoint: 'https://invalid.botframework.com',
          jwks_uri: `${url()}/v1/.well-known/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
          token_endpoint_auth_methods_supported: ['private_key_jwt'],
        },
      }),
    ],
    ['GET', '/v1/.well-known/keys', keys],
    ...people.routes,
    ['POST', '/:tenant/oauth2/v2.0/token', token],
    ['GET', `/${tenantId}/v2.0/.well-known/openid-configuration`, metadata(v2Issuer)],
    ['GET', `/${tenantId}/.well-known/openid-configuration`, metadata(v1Issuer)],
    ['GET', `/${tenantId}/discovery/v2.0/keys`, keys],
  ];
}
