import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { CountersignError } from '../../../src/case/errors.ts';
import { createIssuer } from '../../../src/sandbox/issuer.ts';
import { BOT_APP_ID, chatIdOf, PLAYED_MANAGER, TENANT_ID } from '../../../src/sandbox/people.ts';
import { activityBuilder } from '../../../src/sandbox/teams/activities.ts';
import { askCard, createTeamsWorld, doneCard, type TeamsWorld } from '../../helpers/teams-channel.ts';

const OTHER_TENANT = '00000000-1111-4222-8333-444444444444';
type Json = Record<string, unknown>;

describe("the bot's door", () => {
  let world: TeamsWorld;
  before(async () => {
    world = await createTeamsWorld();
  });
  after(() => world.close());
  beforeEach(() => {
    const { sightings, departures, clicks, lines } = world.chat;
    for (const list of [sightings, departures, clicks, lines]) list.length = 0;
    world.chat.answer = () => ({ kind: 'text', text: 'Noted.' });
  });

  const build = () =>
    activityBuilder({ appId: BOT_APP_ID, tenantId: TENANT_ID, serviceUrl: world.service.url });
  const place = { person: PLAYED_MANAGER };
  const button = {
    type: 'Action.Execute',
    title: 'x',
    verb: 'approve',
    data: { case: 'AB12', question: 'q' },
  };
  const said = (over: Json = {}): Json => ({ ...build().said(place, 'hello'), ...over });
  const pressed = (over: Json = {}): Json => ({ ...build().pressed(place, 'card-1', button), ...over });
  const goodClaims = (over: JWTPayload = {}): JWTPayload => ({
    iss: 'https://api.botframework.com',
    aud: BOT_APP_ID,
    serviceurl: world.service.url,
    ...over,
  });
  const signed = (over: JWTPayload = {}) => world.issuer.sign(goodClaims(over));

  async function knock(body: unknown, token: string | null, raw?: string) {
    const answer = await fetch(world.botUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: raw ?? JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, text, json: text.startsWith('{') ? JSON.parse(text) : null };
  }
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1000);

  describe('turns away, with a short answer and before the chat hears of it,', () => {
    const forged: readonly [string, () => string | null | Promise<string | null>][] = [
      ['no token', () => null],
      ['a word instead of a token', () => 'let-me-in'],
      ['a token of three empty parts', () => '..'],
      ['a token of 12,000 characters', () => `${'a'.repeat(12_000)}.b.c`],
      ['an expired token', () => world.issuer.sign(goodClaims(), { expiresInSeconds: -600 })],
      ['a token that is not valid yet', () => signed({ nbf: now() + 3600 })],
      ['a token without an expiry', () => signed({ exp: undefined as unknown as number })],
      ['a token for another bot', () => signed({ aud: 'e7b9db1c-d987-43cd-bf14-99076a616c7b' })],
      ['a token of another issuer', () => signed({ iss: 'https://sts.windows.net/evil/' })],
      [
        'a token of the emulator',
        () => signed({ iss: 'https://login.microsoftonline.com/common/v2.0', ver: '2.0', azp: BOT_APP_ID }),
      ],
      [
        'a token without a signature (alg none)',
        () => `${base64({ alg: 'none', typ: 'JWT' })}.${base64({ ...goodClaims(), exp: now() + 600 })}.`,
      ],
      [
        'a token without a signature, with one made up',
        () => `${base64({ alg: 'none' })}.${base64({ ...goodClaims(), exp: now() + 600 })}.x`,
      ],
      ['a token signed with the public key as a shared secret (HS256)', withPublicKeyAsSecret],
      ['a token of a key that nobody knows', async () => (await createIssuer()).sign(goodClaims())],
      ['a token of another key under a known key id', underKnownKeyId],
      ['a token whose payload was changed', async () => changed(await signed())],
    ];
    for (const [what, token] of forged) {
      it(`${what}: 401`, async () => {
        const answer = await knock(pressed(), await token());

        assert.equal(answer.status, 401);
        assert.match(answer.json.error.code, /^token-/);
        assertBland(answer.text);
        assert.equal(world.chat.calls(), 0);
      });
    }

    async function withPublicKeyAsSecret() {
      const jwk = world.issuer.jwks.keys[0];
      assert.ok(jwk);
      const pem = createPublicKey({ key: jwk as unknown as JsonWebKey, format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      });
      const head = base64({ alg: 'HS256', typ: 'JWT', kid: jwk.kid });
      const body = base64({ ...goodClaims(), exp: now() + 600 });
      const mac = createHmac('sha256', pem).update(`${head}.${body}`).digest('base64url');
      return `${head}.${body}.${mac}`;
    }
    async function underKnownKeyId() {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const kid = world.issuer.jwks.keys[0]?.kid ?? '';
      return new SignJWT({ ...goodClaims(), exp: now() + 600 })
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(privateKey);
    }
    function changed(token: string) {
      const [head, , signature] = token.split('.');
      return `${head}.${base64({ ...goodClaims({ sub: 'admin' }), exp: now() + 600 })}.${signature}`;
    }
  });

  describe('refuses, although the token holds,', () => {
    const elsewhere: Json = { serviceUrl: 'https://evil.example/' };
    const refused: readonly [string, JWTPayload, () => Json][] = [
      ['a service URL that the token does not name', { serviceurl: 'https://other.example' }, () => said()],
      ['a token without a service URL', { serviceurl: undefined }, () => said()],
      ['a service URL outside the cloud', { serviceurl: 'https://evil.example/' }, () => said(elsewhere)],
      ['another channel', {}, () => said({ channelId: 'webchat' })],
      ['the emulator', {}, () => said({ channelId: 'emulator' })],
      ['another tenant', {}, () => said({ conversation: inTenant(OTHER_TENANT), channelData: null })],
      ['two tenants, one of them ours', {}, () => said({ channelData: { tenant: { id: OTHER_TENANT } } })],
      ['no tenant at all', {}, () => said({ conversation: inTenant(undefined), channelData: null })],
      ['a click without an Entra identity', {}, () => pressed({ from: { id: '29:x', name: 'x' } })],
      ['a line without an Entra identity', {}, () => said({ from: { id: '29:x', aadObjectId: 'root' } })],
      [
        'an installation for another tenant',
        {},
        () => ({ ...build().installed(place), channelData: { tenant: { id: OTHER_TENANT } } }),
      ],
    ];
    for (const [what, claims, activity] of refused) {
      it(`${what}: 403`, async () => {
        const answer = await knock(activity(), await signed(claims));

        assert.equal(answer.status, 403);
        assertBland(answer.text);
        assert.equal(world.chat.calls(), 0);
      });
    }
    function inTenant(tenantId: string | undefined): Json {
      return { id: chatIdOf(PLAYED_MANAGER), conversationType: 'personal', tenantId };
    }
  });

  describe('answers 4xx to', () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    const malformed: readonly [string, () => unknown, string | undefined, number][] = [
      ['an empty body', () => null, '', 400],
      ['a list', () => [said()], undefined, 400],
      ['a number', () => 7, undefined, 400],
      ['no activity type', () => said({ type: undefined }), undefined, 400],
      ['a type that is an object', () => said({ type: { $ne: 1 } }), undefined, 400],
      ['no conversation', () => said({ conversation: null }), undefined, 400],
      [
        'a conversation id of 5,000 characters',
        () => said({ conversation: { id: 'x'.repeat(5_000) } }),
        undefined,
        400,
      ],
      ['no sender', () => said({ from: undefined }), undefined, 400],
      ['text that is a list', () => said({ text: ['x'] }), undefined, 400],
      ['5,000 new members', () => said({ membersAdded: Array(5_000).fill({ id: 'x' }) }), undefined, 400],
      ['5,000 levels of nesting', () => null, deep, 400],
      ['broken JSON', () => null, '{"type": "mess', 400],
      ['a megabyte', () => said({ text: 'x'.repeat(1_000_000) }), undefined, 413],
      ['a button without data', () => pressed({ value: { action: { verb: 'approve' } } }), undefined, 400],
      [
        'a button without a verb',
        () => pressed({ value: { action: { data: { case: 'x' } } } }),
        undefined,
        400,
      ],
      [
        'a button whose data is text',
        () => pressed({ value: { action: { verb: 'a', data: 'x' } } }),
        undefined,
        400,
      ],
      ['a button whose case is a list', () => withData({ case: ['AB12'] }), undefined, 400],
      [
        'a button with a verb of 1,000 characters',
        () => pressed({ value: { action: { verb: 'a'.repeat(1_000), data: {} } } }),
        undefined,
        400,
      ],
      ['a button without a value', () => pressed({ value: null }), undefined, 400],
      ['a submit that is none of ours', () => said({ text: '', value: { hello: 1 } }), undefined, 400],
    ];
    for (const [what, body, raw, status] of malformed) {
      it(`${what}: ${status}`, async () => {
        const answer = await knock(body(), await signed(), raw);

        assert.equal(answer.status, status);
        assertBland(answer.text);
        assert.equal(world.chat.calls(), 0);
      });
    }
    function withData(data: Json): Json {
      return pressed({ value: { action: { verb: 'approve', data } } });
    }

    it('none of it kills the process: the next good knock is answered', async () => {
      const answer = await knock(said(), await signed());

      assert.equal(answer.status, 200);
      assert.equal(world.chat.lines.length, 1);
    });
  });

  it('hears a click as nine texts, and drops whatever else the payload claims', async () => {
    const data = {
      case: 'AB12CD34',
      question: 'q-1',
      offer: 'make-private',
      comment: '  Not ours.  ',
      until: '2026-12-01',
      to: PLAYED_MANAGER.id,
      digest: '0f0f',
      shown: '7',
      actor: 'ceo@contoso.example',
      approver: { id: PLAYED_MANAGER.id },
      __proto__: { admin: true },
    };

    const answer = await knock(pressed({ value: { action: { verb: 'approve', data } } }), await signed());

    assert.equal(answer.status, 200);
    assert.deepEqual(world.chat.clicks[0]?.click, {
      verb: 'approve',
      caseRef: 'AB12CD34',
      questionId: 'q-1',
      offer: 'make-private',
      comment: 'Not ours.',
      until: '2026-12-01',
      to: PLAYED_MANAGER.id,
      digest: '0f0f',
      shown: '7',
      activityId: 'card-1',
    });
    assert.deepEqual(world.chat.clicks[0]?.actor, {
      tenantId: TENANT_ID,
      id: PLAYED_MANAGER.id,
      name: PLAYED_MANAGER.displayName,
      conversation: { id: chatIdOf(PLAYED_MANAGER), serviceUrl: world.service.url },
      locale: 'en-GB',
      timeZone: 'Europe/Berlin',
    });
  });

  it('takes inputs that were left empty for none', async () => {
    const data = { case: 'AB12CD34', question: 'q-1', comment: ' ', until: '', to: '' };

    await knock(pressed({ value: { action: { verb: 'dismiss', data } } }), await signed());

    assert.deepEqual(Object.keys(world.chat.clicks[0]?.click ?? {}), [
      'verb',
      'caseRef',
      'questionId',
      'activityId',
    ]);
  });

  it('hears a client that fetches a card anew as a click of that name, and answers with the card', async () => {
    world.chat.answer = () => ({ kind: 'card', card: doneCard('As it stands.') });
    const data = { verb: 'refresh', case: 'AB12CD34', question: 'q-1' };
    const action = { type: 'Action.Execute', title: 'Refresh', verb: 'refresh', data };

    const answer = await knock(pressed({ value: { action, trigger: 'automatic' } }), await signed());

    assert.equal(world.chat.clicks[0]?.click.verb, 'refresh');
    assert.equal(answer.json.value.body[0].text, 'As it stands.');
  });

  it('answers a click with the card, as an invoke response', async () => {
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Working on it.') });

    const answer = await knock(pressed(), await signed());

    assert.equal(answer.status, 200);
    assert.equal(answer.json.statusCode, 200);
    assert.equal(answer.json.type, 'application/vnd.microsoft.card.adaptive');
    assert.equal(answer.json.value.body[0].text, 'Working on it.');
  });

  it('answers a click with words, as an invoke response', async () => {
    const answer = await knock(pressed(), await signed());

    assert.deepEqual(answer.json, {
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'Noted.',
    });
  });

  it('takes a click under a post in a channel, and stores the channel and not the person', async () => {
    const channel = { id: '19:abc@thread.tacv2', name: 'Security', teamId: '19:team@thread.tacv2' };
    const inThread = build().pressed({ ...place, channel, threadId: '17000' }, '17000', button);

    await knock(inThread, await signed());

    assert.equal(world.chat.clicks[0]?.actor.id, PLAYED_MANAGER.id);
    assert.equal(world.chat.clicks[0]?.actor.conversation.id, '19:abc@thread.tacv2;messageid=17000');
    assert.deepEqual(
      world.chat.sightings.map((one) => [one.id, one.conversation.id, one.teamsId]),
      [[channel.id, channel.id, '']],
    );
  });

  it('says what went wrong in words for the person, and never a stack', async () => {
    world.chat.answer = () => {
      throw new CountersignError('case.closed', 'row 17 is closed', { say: 'This case is closed.' });
    };
    const known = await knock(pressed(), await signed());
    world.chat.answer = () => {
      throw new TypeError('undefined is not a function at secret-file.ts:12');
    };
    const unknown = await knock(pressed(), await signed());

    assert.equal(known.json.value, 'This case is closed.');
    assert.match(unknown.json.value, /went wrong on our side/);
    assertBland(unknown.text);
  });

  for (const [how, over, said] of [
    ['their client', { locale: 'de-AT' }, /^Bei uns ist etwas schiefgegangen\./],
    ['their system', { locale: 'fr_FR' }, /^Une erreur s’est produite/],
    ['the tenant, where theirs is not there', { locale: 'it-IT' }, /^Something went wrong/],
  ] as const)
    it(`apologises in the language of ${how}`, async () => {
      world.chat.answer = () => {
        throw new Error('the store is away');
      };

      const answer = await knock(pressed(over), await signed());

      assert.match(answer.json.value, said);
    });

  it('keeps the language of whoever writes, and the new one when they have changed it in Teams', async () => {
    for (const locale of ['en-GB', 'de', 'de-DE', 'de_DE']) await knock(said({ locale }), await signed());

    assert.deepEqual(
      world.chat.sightings.map((one) => one.locale),
      ['en-GB', 'de', 'de-DE', 'de-DE'],
    );
    assert.deepEqual(
      world.chat.lines.map(({ actor }) => actor.locale),
      ['en-GB', 'de', 'de-DE', 'de-DE'],
    );
  });

  it('keeps the decision and answers in words when the card cannot be drawn', async () => {
    world.chat.answer = () => ({ kind: 'card', card: { template: 'no-such-card', data: {} } });

    const answer = await knock(pressed(), await signed());

    assert.equal(answer.status, 200);
    assert.equal(answer.json.type, 'application/vnd.microsoft.activity.message');
    assert.equal(world.chat.clicks.length, 1);
  });

  it('answers 501 to an invoke that is not a button', async () => {
    const answer = await knock(pressed({ name: 'composeExtension/query' }), await signed());

    assert.equal(answer.status, 501);
    assert.equal(world.chat.calls(), 0);
  });

  it('takes the fallback of older clients for the same click, and answers in the chat', async () => {
    await world.messenger.send(
      { id: chatIdOf(PLAYED_MANAGER), serviceUrl: world.service.url },
      askCard('The bucket became public.'),
    );
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Working on it.') });
    const submit = {
      type: 'Action.Submit',
      title: 'x',
      data: { verb: 'approve', case: 'AB12', question: 'q' },
    };

    const answer = await knock(build().pressed(place, 'card-1', submit), await signed());

    assert.equal(answer.status, 200);
    assert.deepEqual(world.chat.clicks[0]?.click, {
      verb: 'approve',
      caseRef: 'AB12',
      questionId: 'q',
      activityId: 'card-1',
    });
    const shown = await (await fetch(`${world.service.url}/messages?user=${PLAYED_MANAGER.id}`)).text();
    assert.match(shown, /Working on it\./);
  });

  const lines: readonly [string, string, string][] = [
    ['without the mention', '<at>Countersign</at> cases', 'cases'],
    ['without any mention', '<at id="0">A</at> undo <at>B</at> AB12', 'undo AB12'],
    ['on one line', '  case\n\n AB12&nbsp;CD34 ', 'case AB12 CD34'],
    ['cut to 2,000 characters', 'x'.repeat(9_000), 'x'.repeat(2_000)],
    ['with an unfinished mention left as it is', '<at>help', '<at>help'],
  ];
  for (const [how, text, heard] of lines) {
    it(`hears a line ${how}`, async () => {
      await knock(said({ text }), await signed());

      assert.equal(world.chat.lines[0]?.text, heard);
    });
  }

  it('hears whom a line mentions, but for the bot itself and for whoever no entity explains', async () => {
    const bot = said().recipient;
    const entities = [
      { type: 'mention', text: '<at>Countersign</at>', mentioned: bot },
      { type: 'mention', text: '<at>Priya Nair</at>', mentioned: { id: '29:priya', name: 'Priya Nair' } },
      { type: 'mention', text: '<at>Odd</at>', mentioned: 'nobody' },
    ];
    const text = '<at>Countersign</at> delegate to <at>Priya Nair</at><at>Odd</at><at>New</at> until friday';

    await knock(said({ text, entities }), await signed());

    assert.equal(world.chat.lines[0]?.text, 'delegate to @Priya Nair until friday');
  });

  it('answers 200 to a line even when the reply cannot be sent', async () => {
    world.service.fault({ kind: 'unavailable', times: 1 });

    const answer = await knock(said(), await signed());

    assert.equal(answer.status, 200);
    assert.equal(world.chat.lines.length, 1);
    assert.ok(world.log.lines.some((line) => line.message === 'a reply in Teams was not sent'));
  });

  it('answers 503 to an installation that could not be stored, so that it is noticed', async () => {
    const { seen } = world.chat;
    Object.assign(world.chat, { seen: () => Promise.reject(new Error('the disk is full')) });

    const answer = await knock(build().installed(place), await signed());
    Object.assign(world.chat, { seen });

    assert.equal(answer.status, 503);
    assertBland(answer.text);
  });

  it('never logs a token, a line or a payload', () => {
    const logged = JSON.stringify(world.log.lines);

    assert.doesNotMatch(logged, /eyJ/);
    assert.doesNotMatch(logged, /hello|AB12|Not ours/);
  });
});

/** Short JSON: no stack, no path, no library's name. */
function assertBland(text: string): void {
  assert.ok(text.length < 300, text);
  assert.doesNotMatch(text, /\bat .*:\d+|node_modules|\.ts\b|\.js\b|jose|botbuilder|zod/i);
}
