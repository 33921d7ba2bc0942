// The sign-in page against everything that could come back from a login, from a browser, or from somebody who sends a browser here:
// whatever is not a sign-in of just now, of our tenant, in the browser that began it, puts nothing on record.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import type { JWTPayload } from 'jose';
import {
  cookieKeyFrom,
  createSignInPages,
  type SignInOptions,
  type SignInPages,
} from '../../../src/adapters/sign-in/index.ts';
import { createIssuer } from '../../../src/sandbox/issuer.ts';
import { people } from '../../../src/sandbox/people.ts';
import { testWords } from '../../helpers/english.ts';
import { type Answer, type ForgingLogin, startForgingLogin } from '../../helpers/forging-login.ts';

const TENANT = '00000000-0000-4000-8000-0000000000aa';
const APP = '00000000-0000-4000-8000-0000000000bb';
const OTHER = '00000000-0000-4000-8000-0000000000ff';
const PUBLIC = 'https://countersign.contoso.example';
const MINUTE_MS = 60_000;
const { morgan } = people;
/** Claims, true or not. */
type Said = Readonly<Record<string, unknown>>;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('the sign-in page', () => {
  let login: ForgingLogin;
  let remembered: [string, string][];
  let clock: { ms: number; now(): number };
  before(async () => {
    login = await startForgingLogin();
  });
  after(() => login.close());
  beforeEach(() => {
    remembered = [];
    login.asked.length = 0;
    clock = { ms: Math.floor(Date.now() / 1_000) * 1_000, now: () => clock.ms };
  });

  const pagesWith = (over: Partial<SignInOptions> = {}): SignInPages =>
    createSignInPages({
      publicUrl: PUBLIC,
      loginUrl: login.url,
      tenantId: TENANT,
      clientId: APP,
      proof: { kind: 'secret', secret: 'a secret of the application' },
      cookieKey: cookieKeyFrom('a secret of every replica'),
      freshSignInMs: 10 * MINUTE_MS,
      words: testWords,
      tenant: { locale: 'en-GB', timeZone: 'Europe/Berlin' },
      clock,
      log: silent,
      timeoutMs: 1_000,
      remember: async (user, authTime) => void remembered.push([user, authTime]),
      localeOf: async () => null,
      ...over,
    });

  interface Begun {
    readonly pages: SignInPages;
    /** As a browser sends it back. */
    readonly cookie: string;
    readonly setCookie: string;
    readonly address: URL;
    readonly state: string;
  }
  async function begin(query = '', pages = pagesWith()): Promise<Begun> {
    const { status, headers } = await pages.begin(new URLSearchParams(query));
    assert.equal(status, 302);
    const setCookie = headers['Set-Cookie'] ?? '';
    const address = new URL(headers.Location ?? '');
    return {
      pages,
      setCookie,
      cookie: setCookie.split(';')[0] ?? '',
      address,
      state: address.searchParams.get('state') ?? '',
    };
  }
  const finish = (
    begun: Begun,
    query: Readonly<Record<string, string>> = {},
    cookie = begun.cookie,
    languages?: string,
  ) =>
    begun.pages.finish(
      new URLSearchParams({ code: 'a-code', state: begun.state, ...query }),
      cookie,
      languages,
    );

  const goodClaims = (begun: Begun): JWTPayload => ({
    iss: `${login.url}/${TENANT}/v2.0`,
    aud: APP,
    tid: TENANT,
    oid: morgan.id,
    sub: 'pairwise',
    name: morgan.displayName,
    nonce: begun.address.searchParams.get('nonce') ?? '',
    auth_time: clock.ms / 1_000,
  });
  const tokens = (idToken: string | undefined): Answer => ({
    body: { token_type: 'Bearer', access_token: 'opaque', expires_in: 3_600, id_token: idToken },
  });
  /** The login says this of whoever signed in, over what is true. */
  const says = (begun: Begun, over: Said = {}, expiresInSeconds = 3_600): void => {
    login.token = async () =>
      tokens(await login.issuer.sign({ ...goodClaims(begun), ...over }, { expiresInSeconds }));
  };

  it('sends to the login of our tenant, for a sign-in that no session can answer, with PKCE', async () => {
    const { address } = await begin();

    assert.equal(address.origin + address.pathname, `${login.url}/${TENANT}/oauth2/v2.0/authorize`);
    const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(address.searchParams);
    assert.deepEqual(rest, {
      client_id: APP,
      redirect_uri: `${PUBLIC}/sign-in/callback`,
      response_type: 'code',
      response_mode: 'query',
      scope: 'openid profile',
      prompt: 'login',
      max_age: '0',
      code_challenge_method: 'S256',
    });
    for (const random of [state, nonce, challenge]) assert.match(random ?? '', /^[\w-]{43}$/);
    assert.deepEqual(login.asked, [], 'nobody is asked where the login is');
  });

  it('takes a new state, nonce and challenge each time', async () => {
    const [first, second] = [await begin(), await begin()];

    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.notEqual(first.address.searchParams.get(name), second.address.searchParams.get(name));
  });

  it('keeps the round in a cookie that scripts, other hosts and plain http never see, and that says nothing', async () => {
    const { setCookie, address, state } = await begin();

    const [pair = '', ...rules] = setCookie.split('; ');
    assert.match(pair, /^__Host-countersign-sign-in=[\w.-]+$/);
    assert.deepEqual(rules, ['Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure', 'Max-Age=600']);
    const nonce = address.searchParams.get('nonce') ?? '';
    const decoded = pair
      .split(/[=.]/)
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join(' ');
    for (const secret of [state, nonce]) assert.ok(!pair.includes(secret) && !decoded.includes(secret));
  });

  it('works over plain http on a laptop, with a cookie that such a browser takes', async () => {
    const begun = await begin('', pagesWith({ publicUrl: 'http://127.0.0.1:3978' }));
    says(begun);

    assert.match(
      begun.setCookie,
      /^countersign-sign-in=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    assert.equal((await finish(begun)).status, 200);
  });

  it('puts on record who signed in and when, thanks them, and ends the round', async () => {
    const begun = await begin('for=K7M2PQRS');
    says(begun);
    let form = new URLSearchParams();
    const { token } = login;
    login.token = (given) => {
      form = given;
      return token(given);
    };

    const { status, headers, body } = await finish(begun);

    assert.equal(status, 200);
    assert.deepEqual(remembered, [[morgan.id, new Date(clock.ms).toISOString()]]);
    assert.match(body, /<h1>Thank you, Morgan Reyes<\/h1>/);
    assert.match(body, /press the button of case K7M2PQRS again within 10 minutes/);
    assert.match(headers['Set-Cookie'] ?? '', /^__Host-countersign-sign-in=; .*Max-Age=0$/);
    const { code_verifier: verifier = '', ...rest } = Object.fromEntries(form);
    assert.equal(
      createHash('sha256').update(verifier).digest('base64url'),
      begun.address.searchParams.get('code_challenge'),
    );
    assert.deepEqual(rest, {
      grant_type: 'authorization_code',
      code: 'a-code',
      redirect_uri: `${PUBLIC}/sign-in/callback`,
      client_id: APP,
      client_secret: 'a secret of the application',
    });
  });

  it('thanks in the language of their Teams, whatever the browser says', async () => {
    const asked: string[] = [];
    const localeOf = async (user: string) => {
      asked.push(user);
      return 'de-AT';
    };
    const begun = await begin('for=K7M2PQRS', pagesWith({ localeOf }));
    says(begun);

    const { body } = await finish(begun, {}, begun.cookie, 'fr-FR,fr;q=0.9');

    assert.deepEqual(asked, [morgan.id]);
    assert.match(body, /<html lang="de-AT">/);
    assert.match(body, /<h1>Vielen Dank, Morgan Reyes<\/h1>/);
    assert.match(
      body,
      /drücken Sie erneut auf die Schaltfläche des Vorgangs K7M2PQRS\. Ihre Anmeldung gilt 10 Minuten\./,
    );
  });

  it('thanks them all the same where nobody can say in which language', async () => {
    const begun = await begin('', pagesWith({ localeOf: async () => assert.fail('the store is away') }));
    says(begun);

    const { status, body } = await finish(begun, {}, begun.cookie, 'es');

    assert.equal(status, 200);
    assert.match(body, /<html lang="es-ES">[\s\S]*<h1>Gracias, Morgan Reyes<\/h1>/);
  });

  const browsers: readonly (readonly [languages: string | undefined, tenant: string, lang: string])[] = [
    ['de-DE,de;q=0.9,en;q=0.8', 'en-GB', 'de-DE'],
    ['en;q=0.1, FR-ca ; q=0.9', 'de-DE', 'fr-CA'],
    ['it-IT,it;q=0.9,es;q=0.5', 'en-GB', 'es-ES'],
    ['de;q=0,*', 'fr-FR', 'fr-FR'],
    ['it', 'de-DE', 'de-DE'],
    [undefined, 'es-ES', 'es-ES'],
    ['', 'en-GB', 'en-GB'],
    ['de";q=9;<script>', 'en-GB', 'en-GB'],
    [`${'it,'.repeat(10_000)}de`, 'en-GB', 'en-GB'],
  ];
  for (const [languages, locale, lang] of browsers)
    it(`is in ${lang} for a browser that asks for ${languages?.slice(0, 40)}, in a tenant of ${locale}`, async () => {
      const tenant = { locale, timeZone: 'Europe/Berlin' };
      const pages = pagesWith({ tenant });

      const { body } = await pages.finish(new URLSearchParams(), undefined, languages);

      assert.ok(body.includes(`<html lang="${lang}">`), body.slice(0, 60));
    });

  it('says in German what went wrong, and where the way on is', async () => {
    const pages = pagesWith();

    const { body } = await pages.finish(new URLSearchParams(), undefined, 'de');
    const sorry = pages.sorry('too-long', 'de');

    assert.match(body, /<title>Diese Anmeldung ist beendet<\/title>/);
    assert.match(body, /<a href="\/sign-in">Erneut anmelden<\/a>/);
    assert.equal(sorry.status, 414);
    assert.match(sorry.body, /Diese Adresse ist zu lang\./);
    assert.equal(sorry.headers['Set-Cookie'], undefined);
  });

  it('answers a page that runs nothing, loads nothing, and is kept by nobody', async () => {
    const begun = await begin();
    says(begun);

    const { headers, body } = await finish(begun);

    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    assert.equal(
      headers['Content-Security-Policy'],
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    assert.equal(headers['X-Frame-Options'], 'DENY');
    assert.equal(headers['X-Content-Type-Options'], 'nosniff');
    assert.equal(headers['Referrer-Policy'], 'no-referrer');
    assert.equal(headers['Cache-Control'], 'no-store');
    assert.doesNotMatch(body, /<script|<link|<img|https?:|\bon\w+=|\bstyle=/);
  });

  it('is finished by any replica that has the same secret, and by no other', async () => {
    const begun = await begin();
    says(begun);
    const stranger = pagesWith({ cookieKey: cookieKeyFrom('another secret') });

    assert.equal((await finish({ ...begun, pages: stranger })).status, 400);
    assert.equal((await finish({ ...begun, pages: pagesWith() })).status, 200);
  });

  it('vouches for the application by a managed identity where there is no secret', async () => {
    let asked = 0;
    const get = async () => `token ${++asked} of the identity`;
    const begun = await begin('', pagesWith({ proof: { kind: 'assertion', get } }));
    says(begun);
    const forms: Record<string, string>[] = [];
    const { token } = login;
    login.token = (form) => {
      forms.push(Object.fromEntries(form));
      return token(form);
    };

    assert.equal((await finish(begun)).status, 200);

    assert.equal(forms[0]?.client_assertion, 'token 1 of the identity');
    assert.equal(forms[0]?.client_assertion_type, 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    assert.equal(forms[0]?.client_secret, undefined);
  });

  it('never lets a clock that is ahead make a sign-in last longer', async () => {
    const begun = await begin();
    says(begun, { auth_time: clock.ms / 1_000 + 60 });

    await finish(begun);

    assert.deepEqual(remembered, [[morgan.id, new Date(clock.ms).toISOString()]]);
  });

  it('takes a login whose clock is a little behind', async () => {
    const begun = await begin();
    says(begun, { auth_time: clock.ms / 1_000 - 60 });

    assert.equal((await finish(begun)).status, 200);
  });

  describe('puts nothing on record', () => {
    const nothing = async (
      reply: ReturnType<typeof finish>,
      status: number,
      words: RegExp,
    ): Promise<string> => {
      const { status: got, body, headers } = await reply;
      assert.equal(got, status, body);
      assert.match(body, words);
      assert.equal(headers['Content-Type'], 'text/html; charset=utf-8');
      assert.deepEqual(remembered, []);
      return body;
    };

    const lies: readonly (readonly [string, Said, number, RegExp])[] = [
      ['of somebody of another tenant', { tid: OTHER }, 403, /another organisation/],
      ['without a tenant', { tid: undefined }, 403, /another organisation/],
      ['from the issuer of another tenant', { iss: `https://localhost/${OTHER}/v2.0` }, 403, /not accepted/],
      ['for another application', { aud: OTHER }, 403, /not accepted/],
      ['for several applications', { aud: [APP, OTHER] }, 403, /not accepted/],
      ['of another round', { nonce: 'another' }, 403, /not accepted/],
      ['of no round', { nonce: undefined }, 403, /not accepted/],
      ['without a subject', { sub: undefined }, 403, /not accepted/],
      ['without a person', { oid: undefined }, 403, /not say who you are/],
      ['of a person who is none', { oid: 'morgan' }, 403, /not say who you are/],
      ['that does not say when', { auth_time: undefined }, 500, /does not say when it was/],
      ['that says when in words', { auth_time: 'now' }, 403, /not accepted/],
    ];
    for (const [what, claims, status, words] of lies)
      it(`for a sign-in ${what}`, async () => {
        const begun = await begin();
        says(begun, claims);

        await nothing(finish(begun), status, words);
      });

    const times: readonly (readonly [string, number, number])[] = [
      ['from before the round began', -3 * MINUTE_MS, 0],
      ['of yesterday', -86_400_000, 0],
      ['of the time when computers began', Number.NEGATIVE_INFINITY, 0],
      ['of the future', 3 * MINUTE_MS, 0],
      ['that took too long to come back', 0, 6 * MINUTE_MS],
    ];
    for (const [what, agoMs, laterMs] of times)
      it(`for a sign-in ${what}`, async () => {
        const begun = await begin('', pagesWith({ freshSignInMs: 5 * MINUTE_MS }));
        says(begun, { auth_time: Math.max(0, (clock.ms + agoMs) / 1_000) });
        clock.ms += laterMs;

        await nothing(finish(begun), 403, /is an earlier one/);
      });

    it('for a token that has expired', async () => {
      const begun = await begin();
      says(begun, {}, -600);

      await nothing(finish(begun), 403, /not accepted/);
    });

    const forged: readonly (readonly [
      string,
      (claims: JWTPayload, good: string) => Promise<string | undefined>,
    ])[] = [
      ['that nobody signed (alg none)', async (_, good) => resigned(good, { alg: 'none' }, () => '')],
      [
        'that is signed with our public key as a secret (HS256)',
        async (_, good) =>
          resigned(good, { alg: 'HS256' }, (text) =>
            createHmac('sha256', JSON.stringify(login.issuer.jwks)).update(text).digest('base64url'),
          ),
      ],
      ['that another key signed', async (claims) => (await createIssuer()).sign(claims)],
      [
        'that another key signed under the name of ours',
        async (claims) =>
          resigned(await (await createIssuer()).sign(claims), { kid: login.issuer.jwks.keys[0]?.kid }),
      ],
      [
        'whose person was changed after it was signed',
        async (_, good) => {
          const [head, claims = '', seal] = good.split('.');
          const given = Buffer.from(claims, 'base64url').toString('utf8');
          const other = given.replace(morgan.id, people.dana.id);
          assert.notEqual(other, given);
          return `${head}.${Buffer.from(other).toString('base64url')}.${seal}`;
        },
      ],
      ['that is no token', async () => 'not.a.token'],
      ['that is not there', async () => undefined],
    ];
    for (const [what, forge] of forged)
      it(`for a token ${what}`, async () => {
        const begun = await begin();
        const claims = goodClaims(begun);
        login.token = async () => tokens(await forge(claims, await login.issuer.sign(claims)));

        await nothing(finish(begun), 403, /not accepted/);
      });

    const answers: readonly (readonly [string, Answer, number, RegExp])[] = [
      ['takes the code for used', { status: 400, body: { error: 'invalid_grant' } }, 400, /sign-in is over/],
      ['does not know us', { status: 401, body: { error: 'invalid_client' } }, 500, /not set up rightly/],
      ['is down', { status: 503, body: 'no' }, 503, /cannot be reached/],
      ['is throttled', { status: 429, body: { error: 'temporarily_unavailable' } }, 503, /cannot be reached/],
      [
        'says something else',
        { headers: { 'Content-Type': 'text/html' }, body: '<html>' },
        503,
        /cannot be reached/,
      ],
      ['is silent', { hangs: true }, 503, /cannot be reached/],
      [
        'sends us elsewhere',
        { status: 307, headers: { Location: '/elsewhere/oauth2/v2.0/token' } },
        503,
        /cannot be reached/,
      ],
    ];
    for (const [what, answer, status, words] of answers)
      it(`where the login ${what}`, async () => {
        const begun = await begin();
        login.token = () => answer;

        await nothing(finish(begun), status, words);
        assert.deepEqual(login.asked, [`/${TENANT}/oauth2/v2.0/token`], 'and nobody else was asked');
      });

    it('where the managed identity gives no token', async () => {
      const get = async () => assert.fail('no identity here');
      const begun = await begin('', pagesWith({ proof: { kind: 'assertion', get } }));

      await nothing(finish(begun), 503, /cannot be reached/);
      assert.deepEqual(login.asked, []);
    });

    it('where the store does not take it, and says so', async () => {
      const begun = await begin('', pagesWith({ remember: async () => assert.fail('the store is away') }));
      says(begun);

      await nothing(finish(begun), 503, /could not be kept/);
    });

    it('where they cancelled', async () => {
      const begun = await begin();

      await nothing(finish(begun, { error: 'access_denied' }), 403, /You were not signed in/);
      assert.deepEqual(login.asked, []);
    });

    const rounds: readonly (readonly [
      string,
      (begun: Begun) => ReturnType<typeof finish> | Promise<ReturnType<typeof finish>>,
    ])[] = [
      [
        'in a browser that began nothing (a link with a code of somebody else)',
        (one) =>
          one.pages.finish(new URLSearchParams({ code: 'a-code', state: one.state }), undefined, undefined),
      ],
      ['with the state of another round', async (one) => finish(one, { state: (await begin()).state })],
      [
        'without a state',
        (one) => one.pages.finish(new URLSearchParams({ code: 'a-code' }), one.cookie, undefined),
      ],
      ['with an empty state', (one) => finish(one, { state: '' })],
      ['with the cookie of another round', async (one) => finish(one, {}, (await begin()).cookie)],
      ['with a cookie that somebody changed', (one) => finish(one, {}, `${one.cookie.slice(0, -2)}AA`)],
      [
        'with a cookie that somebody made up',
        (one) => finish(one, {}, '__Host-countersign-sign-in=e30.e30.e30'),
      ],
      [
        'with a cookie from plain http beside a host of ours',
        (one) => finish(one, {}, one.cookie.replace('__Host-', '')),
      ],
      [
        'with two cookies, one of them planted',
        async (one) => finish(one, {}, `${one.cookie}; ${(await begin()).cookie}`),
      ],
    ];
    for (const [what, attempt] of rounds)
      it(`${what}, asks the login nothing, and leaves the true round as it is`, async () => {
        const begun = await begin();
        says(begun);

        await nothing(Promise.resolve(attempt(begun)), 400, /sign-in is over/);

        assert.deepEqual(login.asked, []);
        assert.equal((await finish(begun)).status, 200);
      });

    it('after ten minutes, with a cookie that a browser kept', async () => {
      const begun = await begin();
      clock.ms += 10 * MINUTE_MS + 1_000;
      says(begun);

      await nothing(finish(begun), 400, /sign-in is over/);
    });

    const odd: readonly (readonly [string, string])[] = [
      ['a state given twice', 'code=a&state=S&state=S'],
      ['a code given twice', 'code=a&code=b&state=S'],
      ['an answer of another login', 'code=a&state=S&iss=https%3A%2F%2Flogin.example%2F'],
      ['a token in the address', 'code=a&state=S&id_token=a.b.c'],
      ['no code', 'state=S'],
    ];
    for (const [what, query] of odd)
      it(`for ${what}`, async () => {
        const begun = await begin();
        login.token = () => ({ status: 400, body: { error: 'invalid_grant' } });
        const params = new URLSearchParams(query.replaceAll('=S', `=${begun.state}`));

        const { status } = await begun.pages.finish(params, begun.cookie, undefined);

        assert.ok(status === 400 || status === 403, String(status));
        assert.deepEqual(remembered, []);
      });
  });

  it('sends nobody anywhere but to the login, whatever its links say', async () => {
    for (const wanted of ['https://evil.example', '//evil.example', 'K7M2PQRS%22%3E', '../../x', 'k7m2pqru'])
      for (const name of ['for', 'redirect_uri', 'state', 'returnTo']) {
        const begun = await begin(`${name}=${wanted}`);
        const { address, pages, cookie } = begun;
        assert.equal(address.origin, login.url);
        assert.equal(address.searchParams.get('redirect_uri'), `${PUBLIC}/sign-in/callback`);
        const refused = await pages.finish(new URLSearchParams(`${name}=${wanted}`), cookie, undefined);
        says(begun);
        const thanked = await finish(begun);
        assert.deepEqual([refused.status, thanked.status], [400, 200]);
        for (const { body } of [refused, thanked])
          assert.doesNotMatch(body, /evil|\.\.\/|of case|for=|k7m2pqru/i);
      }
  });

  it('writes a name as it is, and never as a part of the page', async () => {
    const begun = await begin();
    says(begun, { name: `<script>alert("1")</script>&'${'x'.repeat(500)}` });

    const { body } = await finish(begun);

    assert.match(
      body,
      /<h1>Thank you, &lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;&amp;&#39;x{60,80}<\/h1>/,
    );
  });

  it('logs no code, no token, no cookie and no secret', async () => {
    const lines: string[] = [];
    const write = (...parts: readonly unknown[]): void => void lines.push(JSON.stringify(parts));
    const log = { debug: write, info: write, warn: write, error: write };
    const outcomes: Said[] = [{}, { tid: OTHER }, { nonce: 'x' }, { auth_time: undefined }];

    for (const over of outcomes) {
      const begun = await begin('', pagesWith({ log }));
      says(begun, over);
      await finish(begun, { code: 'the-code-itself' });
      await finish(begun, { code: 'the-code-itself', state: 'x' });
      await finish(begun, { error: 'access_denied', error_description: 'the-code-itself' });
      for (const line of lines)
        for (const secret of [
          'the-code-itself',
          begun.cookie.split('=')[1] ?? '-',
          begun.state,
          'eyJ',
          'a secret',
        ])
          assert.ok(!line.includes(secret), line);
    }

    assert.equal(lines.length, 3 * outcomes.length);
  });
});

/** The same claims under another head, with a seal of the forger's. */
function resigned(
  token: string,
  over: Readonly<Record<string, unknown>>,
  seal?: (text: string) => string,
): string {
  const [head = '', claims = '', old = ''] = token.split('.');
  const given = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
  const text = `${Buffer.from(JSON.stringify({ ...given, ...over })).toString('base64url')}.${claims}`;
  return `${text}.${seal ? seal(text) : old}`;
}
