import assert from 'node:assert/strict';
import { BOT_APP_ID, chatIdOf, PLAYED_MANAGER, people, TENANT_ID } from '../../../src/sandbox/people.ts';
import { SECURITY_CHANNEL } from '../../../src/sandbox/teams/index.ts';
import { askCard, createTeamsWorld, doneCard, type TeamsWorld } from '../../helpers/teams-channel.ts';

const MORGAN = PLAYED_MANAGER.userPrincipalName;

interface ShownMessage {
  readonly activityId: string;
  readonly words?: readonly string[];
  readonly buttons?: readonly { readonly title: string; readonly verb: string }[];
}

describe("the sandbox's Teams", () => {
  let world: TeamsWorld;
  beforeEach(async () => {
    world = await createTeamsWorld();
  });
  afterEach(() => world.close());

  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${world.service.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  };
  const messages = async (user: string): Promise<ShownMessage[]> =>
    (await fetch(`${world.service.url}/messages?user=${encodeURIComponent(user)}`)).json() as Promise<
      ShownMessage[]
    >;
  const chatOf = (person: { readonly id: typeof PLAYED_MANAGER.id }) => ({
    id: chatIdOf(person),
    serviceUrl: world.service.url,
  });

  it('shows a card that the bot sent, its words and its buttons', async () => {
    const { activityId } = await world.messenger.send(
      chatOf(PLAYED_MANAGER),
      askCard('The bucket became public.', { facts: [{ label: 'Bucket', value: 'sales\\_exports' }] }),
    );

    const shown = (await messages(MORGAN))[0];

    assert.equal(shown?.activityId, activityId);
    assert.deepEqual(shown?.words, ['The bucket became public.', 'Bucket: sales_exports']);
    assert.deepEqual(
      shown?.buttons?.map((button) => [button.title, button.verb]),
      [['Make the bucket private', 'approve']],
    );
  });

  it("presses a button with the card's own data and puts the answer in the card's place", async () => {
    await world.messenger.send(chatOf(PLAYED_MANAGER), askCard('The bucket became public.'));
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Working on it.') });

    const pressed = await post('/click', { user: MORGAN, verb: 'approve', inputs: { comment: 'Not ours.' } });

    assert.equal(pressed.body.status, 200);
    assert.deepEqual(world.chat.clicks[0]?.click, {
      verb: 'approve',
      caseRef: 'AB12CD34',
      questionId: 'q-1',
      offer: 'make-private',
      comment: 'Not ours.',
      activityId: pressed.body.activityId,
    });
    assert.equal(world.chat.clicks[0]?.actor.id, PLAYED_MANAGER.id);
    assert.deepEqual((await messages(MORGAN))[0]?.words, ['Working on it.']);
  });

  it('shows the card as the bot last edited it', async () => {
    const chat = chatOf(PLAYED_MANAGER);
    const { activityId } = await world.messenger.send(chat, askCard('The bucket became public.'));

    await world.messenger.update(chat, activityId, doneCard('The bucket is private.'));

    const shown = await messages(MORGAN);
    assert.equal(shown.length, 1);
    assert.deepEqual(shown[0]?.words, ['The bucket is private.']);
  });

  it('lets somebody press in the security channel, where the post stays one post', async () => {
    const channel = { id: SECURITY_CHANNEL.id, serviceUrl: world.service.url };
    await world.messenger.send(channel, askCard('Nobody else can answer.'));
    world.chat.answer = () => ({ kind: 'card', card: doneCard('Yuki decided.') });

    const pressed = await post('/click', {
      user: people.yuki.userPrincipalName,
      verb: 'approve',
      channel: true,
    });

    assert.equal(pressed.body.status, 200);
    assert.equal(world.chat.clicks[0]?.actor.id, people.yuki.id);
    assert.deepEqual(
      (await messages('channel')).map((one) => one.words),
      [['Yuki decided.']],
    );
    assert.deepEqual(
      world.chat.sightings.map((one) => one.id),
      [SECURITY_CHANNEL.id],
    );
  });

  it('answers what somebody wrote with what the bot replied', async () => {
    const said = await post('/say', { user: MORGAN, text: '<at>Countersign</at> cases' });

    assert.deepEqual(
      world.chat.lines.map((line) => line.text),
      ['cases'],
    );
    assert.deepEqual(
      said.body.replies.map((reply: { text: string }) => reply.text),
      ['Noted.'],
    );
  });

  it('says what somebody’s Teams speaks: as the directory has it, until they choose another, or none', async () => {
    await post('/say', { user: MORGAN, text: 'cases' });
    for (const locale of ['de-DE', null]) {
      assert.equal((await post('/language', { user: MORGAN, locale })).status, 204);
      await post('/say', { user: MORGAN, text: 'cases' });
    }

    assert.deepEqual(
      world.chat.lines.map(({ actor }) => actor.locale),
      ['en-GB', 'de-DE', undefined],
    );
  });

  it('refuses the bot once the app is removed, until it is installed again', async () => {
    await post('/uninstall', { user: MORGAN });
    const refused = await world.messenger.send(chatOf(PLAYED_MANAGER), doneCard('x')).catch((error) => error);
    await post('/install', { user: MORGAN });
    const sent = await world.messenger.send(chatOf(PLAYED_MANAGER), doneCard('x'));

    assert.deepEqual(world.chat.departures, [{ tenantId: TENANT_ID, id: PLAYED_MANAGER.id }]);
    assert.equal(refused.code, 'teams.unreachable');
    assert.equal(world.chat.sightings.length, 1);
    assert.ok(sent.activityId);
  });

  it('refuses a bot without a token, and one with a token for another app', async () => {
    const url = `${world.service.url}/v3/conversations/${encodeURIComponent(chatIdOf(PLAYED_MANAGER))}/activities`;
    const foreign = await world.issuer.sign({ aud: 'https://api.botframework.com', appid: 'another' });
    const wrongAudience = await world.issuer.sign({ aud: 'https://graph.microsoft.com', appid: BOT_APP_ID });

    for (const token of ['', foreign, wrongAudience]) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ type: 'message', text: 'hello' }),
      });
      assert.equal(answer.status, 401);
    }
    assert.deepEqual(await messages(MORGAN), []);
  });

  it('answers nonsense with a 4xx that names the field', async () => {
    const wrong: [string, unknown, number][] = [
      ['/click', {}, 400],
      ['/click', { user: MORGAN, verb: 'approve' }, 404],
      ['/say', { user: 'nobody@contoso.example', text: 'x' }, 404],
      ['/say', { user: MORGAN }, 400],
      ['/language', { user: MORGAN }, 400],
      ['/faults', { kind: 'meteor' }, 400],
      ['/elsewhere', {}, 404],
    ];
    for (const [path, body, status] of wrong) assert.equal((await post(path, body)).status, status, path);

    const form = await fetch(`${world.service.url}/say`, { method: 'POST', body: 'user=x' });
    assert.equal(form.status, 415);
    assert.equal(world.chat.calls(), 0);
  });
});
