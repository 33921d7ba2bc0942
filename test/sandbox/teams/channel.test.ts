import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createIssuer } from '../../../src/sandbox/issuer.ts';
import { BOT_APP_ID, chatIdOf, PEOPLE, PLAYED_MANAGER, TENANT_ID } from '../../../src/sandbox/people.ts';
import { createTeamsRelay } from '../../../src/sandbox/teams/channel.ts';
import { openTeams } from '../../../src/sandbox/teams/index.ts';
import { createTeamsWorld, doneCard } from '../../helpers/teams-channel.ts';

/** A bot that only listens. */
async function listeningBot() {
  const heard: { authorization: string; activity: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const activity = JSON.parse(Buffer.concat(chunks).toString());
    heard.push({ authorization: request.headers.authorization ?? '', activity });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const botUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
  return { botUrl, heard, close: () => server.close() };
}

describe('what lies between Teams and the bot', () => {
  it('signs each activity for this bot and this service URL, and adds what a client leaves out', async () => {
    const bot = await listeningBot();
    const issuer = await createIssuer();
    const tell = createTeamsRelay({
      botUrl: bot.botUrl,
      issuer,
      appId: BOT_APP_ID,
      tenantId: TENANT_ID,
      people: PEOPLE,
    });

    await tell({
      type: 'message',
      serviceUrl: 'http://127.0.0.1:1/x',
      from: { id: PLAYED_MANAGER.teamsId },
      conversation: { id: 'c', conversationType: 'personal' },
    });
    bot.close();

    const { activity, authorization } = bot.heard[0] ?? assert.fail('the bot heard nothing');
    const { payload } = await jwtVerify(
      authorization.slice('Bearer '.length),
      createLocalJWKSet(issuer.jwks),
    );
    assert.deepEqual(
      [payload.iss, payload.aud, payload.serviceurl],
      ['https://api.botframework.com', BOT_APP_ID, 'http://127.0.0.1:1/x'],
    );
    assert.deepEqual(activity, {
      channelId: 'msteams',
      type: 'message',
      serviceUrl: 'http://127.0.0.1:1/x',
      from: {
        id: PLAYED_MANAGER.teamsId,
        name: PLAYED_MANAGER.displayName,
        aadObjectId: PLAYED_MANAGER.id,
      },
      conversation: { id: 'c', conversationType: 'personal', tenantId: TENANT_ID },
      channelData: { tenant: { id: TENANT_ID } },
    });
  });

  it('changes nothing that the client said itself: a foreign tenant stays foreign', async () => {
    const bot = await listeningBot();
    const tell = createTeamsRelay({
      botUrl: bot.botUrl,
      issuer: await createIssuer(),
      appId: BOT_APP_ID,
      tenantId: TENANT_ID,
      people: PEOPLE,
    });
    const foreign = { id: 'c', tenantId: 'other' };

    await tell({
      serviceUrl: 'x',
      from: { id: 'nobody' },
      conversation: foreign,
      channelData: { tenant: { id: 'o' } },
    });
    bot.close();

    assert.deepEqual(bot.heard[0]?.activity.conversation, foreign);
    assert.deepEqual(bot.heard[0]?.activity.from, { id: 'nobody' });
    assert.deepEqual(bot.heard[0]?.activity.channelData, { tenant: { id: 'o' } });
  });
});

describe("the sandbox's Teams from run to run", () => {
  it('still has the cards of the run before, and lets the bot edit them', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'countersign-teams-'));
    const run = () =>
      createTeamsWorld({
        openTeams: async ({ issuer, botPort }) => {
          const teams = await openTeams({ directory, botPort, client: false, issuer });
          return { ...teams.service, close: teams.close };
        },
      });
    const first = await run();
    const conversation = { id: chatIdOf(PLAYED_MANAGER), serviceUrl: first.service.url };
    const { activityId } = await first.messenger.send(conversation, doneCard('Working on it.'));
    await first.close();

    const second = await run();
    await second.messenger.update(
      { ...conversation, serviceUrl: second.service.url },
      activityId,
      doneCard('The bucket is private.'),
    );
    const answer = await fetch(`${second.service.url}/messages?user=${PLAYED_MANAGER.id}`);
    const shown = (await answer.json()) as { activityId: string; words: string[] }[];
    await second.close();
    rmSync(directory, { recursive: true });

    assert.deepEqual(
      shown.map((one) => [one.activityId, one.words]),
      [[activityId, ['The bucket is private.']]],
    );
  });
});
