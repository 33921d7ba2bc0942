// What is said to Entra's login: where a browser is sent, and what a code is worth. The only importer of openid-client.
// Every address is built from the configured login host; nothing is discovered, so no answer can name another one.
import * as oidc from 'openid-client';

/** How the application proves to the login that it is itself. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** A token of the managed identity that the application trusts, asked for anew each time. */
  | { readonly kind: 'assertion'; readonly get: () => Promise<string> };

export interface EntraLoginOptions {
  readonly loginUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly redirectUri: string;
  readonly timeoutMs: number;
}

/** What one round through the login has to bring back, or send along. */
export interface Round {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type Claims = Readonly<Record<string, unknown>>;

export interface EntraLogin {
  newRound(): Round;
  /** Where the browser goes: a sign-in that no session of theirs can answer (`prompt=login`, `max_age=0`). */
  addressFor(round: Round): Promise<string>;
  /**
   * The claims of the ID token that the code is worth: signed by our tenant, for our application, with the nonce of this round.
   * What it throws, `refusalOf` explains.
   */
  redeem(answer: URLSearchParams, round: Round): Promise<Claims>;
}

const TOLERANCE_SECONDS = 120;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export function createEntraLogin(options: EntraLoginOptions): EntraLogin {
  const { loginUrl, tenantId, clientId, proof, redirectUri, timeoutMs } = options;
  const tenant = `${loginUrl}/${tenantId}`;
  let assertion = '';
  const prove: oidc.ClientAuth =
    proof.kind === 'secret'
      ? oidc.ClientSecretPost(proof.secret)
      : (_server, _client, body) => {
          body.set('client_id', clientId);
          body.set('client_assertion_type', ASSERTION_TYPE);
          body.set('client_assertion', assertion);
        };
  const config = new oidc.Configuration(
    {
      issuer: `${tenant}/v2.0`,
      authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${tenant}/oauth2/v2.0/token`,
      jwks_uri: `${tenant}/discovery/v2.0/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    },
    clientId,
    { id_token_signed_response_alg: 'RS256', [oidc.clockTolerance]: TOLERANCE_SECONDS },
    prove,
  );
  config.timeout = timeoutMs / 1_000;
  // TLS alone would do by the standard; a signature that nobody checked is nothing to decide on.
  oidc.enableNonRepudiationChecks(config);

  return {
    newRound: () => ({
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }),
    async addressFor({ state, nonce, verifier }) {
      return oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        response_mode: 'query',
        prompt: 'login',
        max_age: '0',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).href;
    },
    async redeem(answer, { state, nonce, verifier }) {
      if (proof.kind === 'assertion') assertion = await proof.get();
      const tokens = await oidc.authorizationCodeGrant(config, new URL(`${redirectUri}?${answer}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return tokens.claims() ?? {};
    },
  };
}

/** Why a round brought nothing. `code` is for the log: it holds no part of a token. */
export interface Failure {
  /** `declined`: they did not sign in. `void`: this code is worth nothing (any more). `ours`: our registration is at fault. */
  readonly kind: 'declined' | 'void' | 'ours' | 'unreachable' | 'untrue';
  readonly code: string;
}

/** Errors of the application itself: "Microsoft identity platform and OAuth 2.0 authorization code flow", error codes. */
const OURS: readonly string[] = ['invalid_client', 'unauthorized_client', 'invalid_request', 'invalid_scope'];

export function failureOf(error: unknown): Failure {
  if (error instanceof oidc.AuthorizationResponseError)
    return {
      kind: OURS.includes(error.error) ? 'ours' : 'declined',
      code: error.error.slice(0, 40),
    };
  if (error instanceof oidc.ResponseBodyError) {
    if (error.status >= 500 || error.status === 429) return { kind: 'unreachable', code: error.error };
    return { kind: OURS.includes(error.error) ? 'ours' : 'void', code: error.error };
  }
  if (!(error instanceof oidc.ClientError)) return { kind: 'unreachable', code: 'network' };
  const code = error.code ?? 'unknown';
  return { kind: UNREACHABLE.includes(code) ? 'unreachable' : 'untrue', code };
}

const UNREACHABLE: readonly string[] = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'unknown',
];
