// The sign-in page as a browser, a stranger and an attacker meet it: over HTTP, against the running service and the sandbox's login.
import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { people } from '../../src/sandbox/people.ts';
import { createBrowser, signInAt } from '../helpers/sign-in.ts';
import { startWorld, type TestWorld } from '../helpers/world.ts';

describe('the door of the sign-in page', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let link: string;
  before(async () => {
    world = await startWorld();
    link = `${world.url}/sign-in?for=K7M2PQRS`;
  });
  after(() => world.close());

  const { morgan, dana, lee } = people;
  /** In milliseconds since 1970. */
  function signedIn(user = morgan): number | null {
    const database = new DatabaseSync(path.join(world.directory, 'countersign.sqlite'), { readOnly: true });
    const row = database.prepare('select auth_ms from sign_in where user_id = ?').get(user.id);
    database.close();
    return row ? Number(row.auth_ms) : null;
  }

  it('takes somebody through the login and puts them on record', async () => {
    const browser = createBrowser();
    const before = Math.floor(Date.now() / 1_000) * 1_000;

    const { status, text, headers } = await browser.open(await browser.signInAs(morgan, link));

    assert.equal(status, 200);
    assert.match(text, /Thank you, Morgan Reyes/);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.ok((signedIn() ?? 0) >= before);
    assert.equal(browser.cookies.size, 0, 'the round is over');
  });

  it('takes a code once, in the browser that began, and from nobody else', async () => {
    const [victim, attacker] = [createBrowser(), createBrowser()];
    const back = await victim.signInAs(dana, link);
    await attacker.open(link);

    const stolen = await attacker.open(back);
    assert.equal(stolen.status, 400);
    assert.equal(signedIn(dana), null, 'the code of another browser is worth nothing');
    const kept = createBrowser(new Map(victim.cookies));
    assert.equal((await victim.open(back)).status, 200);
    assert.equal((await victim.open(back)).status, 400, 'the round is over');
    assert.match((await kept.open(back)).text, /Microsoft takes each sign-in once/);
  });

  it('signs in whoever opens a prepared address as themselves, nowhere', async () => {
    const attacker = createBrowser();
    const { location } = await attacker.open(link);

    const victim = createBrowser();
    const back = await signInAt(location, { sandbox_person: lee.id });

    assert.equal((await victim.open(back)).status, 400);
    assert.equal(signedIn(lee), null);
  });

  const bent: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    [
      'an earlier session, by leaving out that it must be fresh',
      { prompt: '', max_age: '86400' },
      /is an earlier one/,
    ],
    ['no time at all, by leaving out the age', { max_age: '' }, /does not say when it was/],
    ['another challenge', { code_challenge: 'x'.repeat(43) }, /This sign-in is over/],
    ['another nonce', { nonce: 'of-the-attacker' }, /not accepted/],
    ['another state', { state: 'of-the-attacker' }, /This sign-in is over/],
    ['a refusal', { sandbox_error: 'access_denied' }, /You were not signed in/],
  ];
  for (const [what, change, words] of bent)
    it(`takes no address that was bent to get ${what}`, async () => {
      const browser = createBrowser();

      const { status, text } = await browser.open(await browser.signInAs(people.grace, link, change));

      assert.ok(status >= 400, String(status));
      assert.match(text, words);
      assert.equal(signedIn(people.grace), null);
    });

  it('refuses addresses that are too long before it reads them, and stays up', async () => {
    for (const at of ['/sign-in', '/sign-in/callback']) {
      assert.equal((await fetch(`${world.url}${at}?for=${'A'.repeat(9_000)}`)).status, 414);
      const huge = await fetch(`${world.url}${at}?for=${'A'.repeat(200_000)}`).then(
        ({ status }) => status,
        () => 431,
      );
      assert.equal(huge, 431);
    }
    const parts = Array.from({ length: 2_000 }, (_, at) => `a${at}=`)
      .join('&')
      .slice(0, 8_000);
    assert.equal((await fetch(`${world.url}/sign-in/callback?${parts}`)).status, 400);
    assert.equal((await fetch(`${world.url}/sign-in/callback?state=%00%ff%&code=%`)).status, 400);
    assert.equal((await fetch(`${world.url}/healthz`)).status, 200);
  });

  it('answers in the language that the browser asks for, else in that of the tenant', async () => {
    const at = (query: string, languages: string) =>
      fetch(`${world.url}/sign-in/callback?${query}`, { headers: { 'accept-language': languages } }).then(
        (response) => response.text(),
      );

    assert.match(await at('state=a&code=b', 'de-DE,de;q=0.9'), /Diese Anmeldung ist beendet/);
    assert.match(await at('A'.repeat(9_000), 'fr'), /Cette adresse est trop longue/);
    assert.match(await at('state=a&code=b', 'it'), /This sign-in is over/);
  });

  it('refuses cookies of any size and shape', async () => {
    for (const cookie of [
      'countersign-sign-in',
      '=;=;',
      `countersign-sign-in=${'a.'.repeat(5_000)}`,
      '\u00ff',
    ])
      assert.equal(
        (await fetch(`${world.url}/sign-in/callback?state=a&code=b`, { headers: { cookie } })).status,
        400,
        cookie.slice(0, 40),
      );
  });

  it('is for reading addresses alone', async () => {
    for (const at of ['/sign-in', '/sign-in/callback'])
      for (const method of ['POST', 'PUT', 'DELETE'])
        assert.equal((await fetch(`${world.url}${at}`, { method })).status, 405, `${method} ${at}`);
  });

  it('begins nothing by itself for a caller of another name: it knows where it is reached', async () => {
    const response = await fetch(link, {
      redirect: 'manual',
      headers: { 'x-forwarded-host': 'evil.example' },
    });

    const { searchParams } = new URL(response.headers.get('location') ?? '');
    assert.equal(searchParams.get('redirect_uri'), `${world.url}/sign-in/callback`);
  });
});

describe('the sign-in page under load, and where there is none', function () {
  this.timeout(60_000);

  it('is throttled as the other doors are', async () => {
    const world = await startWorld({ limits: { rate: 2, burst: 4 } });
    try {
      const statuses = await Promise.all(
        Array.from(
          { length: 20 },
          async () => (await fetch(`${world.url}/sign-in`, { redirect: 'manual' })).status,
        ),
      );

      assert.ok(statuses.includes(302));
      assert.ok(statuses.filter((status) => status === 429).length >= 10, statuses.join(' '));
    } finally {
      await world.close();
    }
  });

  it('is not there where it was not set up', async () => {
    const world = await startWorld({ env: { COUNTERSIGN_PUBLIC_URL: '' } });
    try {
      assert.equal((await fetch(`${world.url}/sign-in`)).status, 404);
      assert.equal((await fetch(`${world.url}/sign-in/callback?code=a&state=b`)).status, 404);
    } finally {
      await world.close();
    }
  });
});
