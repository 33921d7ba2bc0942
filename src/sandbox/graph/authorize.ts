// Where people of the sandbox sign in, as Entra's authorize page would have them: whoever is picked is signed in, once, for one code.
// A link with `sandbox_person` picks without a look at the page, for scripts; `sandbox_error` is a sign-in that comes to nothing.
import { createHash, randomBytes } from 'node:crypto';
import type { Issuer } from '../issuer.ts';
import type { Person } from '../people.ts';
import type { LoginClient } from './login.ts';
import type { Call, Reply, Route } from './reply.ts';

export interface AuthorizeOptions {
  readonly issuer: Issuer;
  readonly tenantId: string;
  readonly clients: readonly LoginClient[];
  readonly people: readonly Person[];
  /** Who is suspended cannot sign in. */
  isEnabled(person: Person): boolean;
  readonly now: () => number;
  readonly url: () => string;
}

interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
  readonly person: Person;
  /** In seconds; absent where nobody asked (`max_age`), as Entra leaves it out. */
  readonly authTime?: number;
  readonly untilMs: number;
}

const CODE_MS = 10 * 60_000;
/** How long ago the session began that answers whoever does not ask for a fresh sign-in. */
const SESSION_SECONDS = 3_600;
const LIFETIME_SECONDS = 3_600;

export function createAuthorize(options: AuthorizeOptions) {
  const { clients, people, tenantId, now } = options;
  const grants = new Map<string, Grant>();

  function authorize({ query, params }: Call): Reply {
    const client = clients.find(({ clientId }) => clientId === query.get('client_id'));
    const redirectUri = query.get('redirect_uri') ?? '';
    if (params.tenant !== tenantId) return refusal('AADSTS90002: Tenant not found.');
    if (!client) return refusal('AADSTS700016: Application not found in the directory.');
    // Never sent on: an address that nobody registered may be anybody's.
    if (!client.redirectUris?.includes(redirectUri))
      return refusal('AADSTS50011: The redirect URI does not match the ones of the application.');
    const error = query.get('sandbox_error');
    if (error) return back(redirectUri, query, { error, error_description: 'The user has cancelled.' });
    if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256')
      return back(redirectUri, query, { error: 'invalid_request' });
    const wanted = query.get('sandbox_person')?.toLowerCase();
    const person = people.find((one) => one.id === wanted || one.userPrincipalName.toLowerCase() === wanted);
    if (!person) return choice(query);
    if (!options.isEnabled(person)) return refusal('AADSTS50057: The user account is disabled.');
    const code = randomBytes(32).toString('base64url');
    const isFresh = query.get('prompt') === 'login' || query.get('max_age') === '0';
    const seconds = Math.floor(now() / 1_000) - (isFresh ? 0 : SESSION_SECONDS);
    grants.set(code, {
      clientId: client.clientId,
      redirectUri,
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce') ?? '',
      person,
      ...(query.has('max_age') && { authTime: seconds }),
      untilMs: now() + CODE_MS,
    });
    return back(redirectUri, query, { code, session_state: randomBytes(16).toString('hex') });
  }

  /** Of the token endpoint, once the client has proven itself. */
  async function redeem(form: URLSearchParams, client: LoginClient): Promise<Reply> {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    if (!grant || grant.clientId !== client.clientId)
      return invalidGrant('AADSTS54005: OAuth2 Authorization code was already redeemed.');
    if (now() > grant.untilMs)
      return invalidGrant('AADSTS70008: The provided authorization code has expired.');
    if (grant.redirectUri !== form.get('redirect_uri'))
      return invalidGrant('AADSTS500112: The reply address does not match.');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (proof !== grant.challenge)
      return invalidGrant('AADSTS501481: The Code_Verifier does not match the code_challenge.');
    const { person, nonce, authTime } = grant;
    const idToken = await options.issuer.sign(
      {
        aud: client.clientId,
        iss: `${options.url()}/${tenantId}/v2.0`,
        tid: tenantId,
        oid: person.id,
        sub: createHash('sha256').update(person.id).digest('base64url'),
        name: person.displayName,
        preferred_username: person.userPrincipalName,
        nonce,
        ver: '2.0',
        ...(authTime !== undefined && { auth_time: authTime }),
      },
      { expiresInSeconds: LIFETIME_SECONDS },
    );
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        scope: 'openid profile',
        expires_in: LIFETIME_SECONDS,
        // Good for nothing: Graph here knows applications alone.
        access_token: randomBytes(24).toString('base64url'),
        id_token: idToken,
      },
    };
  }

  const choice = (query: URLSearchParams): Reply => {
    const link = (more: Readonly<Record<string, string>>): string =>
      escapeHtml(`?${new URLSearchParams({ ...Object.fromEntries(query), ...more })}`);
    const lines = people
      .filter((one) => options.isEnabled(one))
      .map(
        (one) =>
          `<li><a href="${link({ sandbox_person: one.userPrincipalName })}">${escapeHtml(one.displayName)}</a></li>`,
      );
    return html(
      200,
      `<h1>Sign in to contoso.example</h1><p>A made-up sign-in of the sandbox: pick who you are.</p>
<ul>${lines.join('')}</ul><p><a href="${link({ sandbox_error: 'access_denied' })}">Cancel</a></p>`,
    );
  };

  const routes: Route[] = [['GET', '/:tenant/oauth2/v2.0/authorize', authorize]];
  return { routes, redeem };
}

const invalidGrant = (description: string): Reply => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: description },
});

function back(redirectUri: string, query: URLSearchParams, answer: Readonly<Record<string, string>>): Reply {
  const state = query.get('state');
  const Location = `${redirectUri}?${new URLSearchParams({ ...answer, ...(state && { state }) })}`;
  return { status: 302, headers: { Location } };
}

const refusal = (why: string): Reply => html(400, `<h1>Sorry</h1><p>${escapeHtml(why)}</p>`);

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const html = (status: number, body: string): Reply => ({
  status,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  },
  text: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem}li{padding:.25rem 0}</style>
${body}</html>`,
});
