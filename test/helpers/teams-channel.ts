// Everything between a Teams client and the bot's door, on loopback: login, the sandbox's Teams, restify and a chat
// double that records. Tests of the app's own chat pass theirs in.
import path from 'node:path';
import restify from 'restify';
import { systemClock } from '../../src/adapters/system.ts';
import type { BotEndpoints } from '../../src/adapters/teams/clouds.ts';
import { createTeams } from '../../src/adapters/teams/index.ts';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import type { Reachable } from '../../src/ports/case-store.ts';
import type { Chat, ChatActor, ChatReply, Click } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import type { CardContent, Messenger } from '../../src/ports/messenger.ts';
import { createCertificate, trust } from '../../src/sandbox/certificate.ts';
import { createGraphServer, type GraphServer } from '../../src/sandbox/graph/server.ts';
import { createIssuer, type Issuer } from '../../src/sandbox/issuer.ts';
import { BOT_APP_ID, PEOPLE, TENANT_ID } from '../../src/sandbox/people.ts';
import { SECURITY_CHANNEL } from '../../src/sandbox/teams/index.ts';
import { startTeamsService, type TeamsService } from '../../src/sandbox/teams/service.ts';
import { forgetBotKeys } from './bot-keys.ts';
import { testWords } from './english.ts';

export const TEST_CARDS = path.join(import.meta.dirname, '../adapters/teams/cards');
const SECRET = 'made-up-secret';
const BOT_TOKEN_ISSUER = 'https://api.botframework.com';

export interface ChatDouble extends Chat {
  readonly sightings: Reachable[];
  readonly departures: { readonly tenantId: string; readonly id: string }[];
  readonly clicks: { readonly click: Click; readonly actor: ChatActor }[];
  readonly lines: { readonly text: string; readonly actor: ChatActor }[];
  /** How many calls of any kind came through. */
  calls(): number;
  answer: (click: Click | null) => ChatReply | Promise<ChatReply>;
}

export function createChatDouble(): ChatDouble {
  const double: ChatDouble = {
    sightings: [],
    departures: [],
    clicks: [],
    lines: [],
    calls: () =>
      double.sightings.length + double.departures.length + double.clicks.length + double.lines.length,
    answer: () => ({ kind: 'text', text: 'Noted.' }),
    async seen(reachable) {
      double.sightings.push(reachable);
    },
    async gone(tenantId, id) {
      double.departures.push({ tenantId, id });
    },
    async clicked(click, actor) {
      double.clicks.push({ click, actor });
      return double.answer(click);
    },
    async said(text, actor) {
      double.lines.push({ text, actor });
      return double.answer(null);
    },
  };
  return double;
}

export interface LogDouble extends Log {
  readonly lines: { readonly level: string; readonly facts: unknown; readonly message: string }[];
}
export function createLogDouble(): LogDouble {
  const lines: LogDouble['lines'] = [];
  const write = (level: string) => (facts: unknown, message: string) =>
    void lines.push({ level, facts, message });
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export const askCard = (headline: string, data: CardContent['data'] = {}): CardContent => ({
  template: 'ask',
  data: { headline, notice: '', ref: 'AB12CD34', questionId: 'q-1', facts: [], ...data },
});
export const doneCard = (outcome: string): CardContent => ({ template: 'done', data: { outcome } });

/** In what the door apologises. */
export const spoken = {
  words: testWords,
  tenant: { locale: 'en-GB', timeZone: 'Europe/Berlin' },
  clock: systemClock,
};

export interface TeamsWorldOptions {
  readonly chat?: Chat;
  /** Brings its own Teams, for example one with Microsoft's client; closed with the world, or by the test. */
  readonly openTeams?: (given: {
    readonly issuer: Issuer;
    readonly botPort: number;
  }) => Promise<TeamsService>;
  /** For one call of the bot to Teams. */
  readonly timeoutMs?: number;
}
export interface TeamsWorld {
  readonly issuer: Issuer;
  readonly graph: GraphServer;
  readonly service: TeamsService;
  readonly messenger: Messenger;
  readonly chat: ChatDouble;
  readonly log: LogDouble;
  readonly endpoints: BotEndpoints;
  /** The door itself, behind restify. */
  readonly botUrl: string;
  close(): Promise<void>;
}

export async function createTeamsWorld(options: TeamsWorldOptions = {}): Promise<TeamsWorld> {
  forgetBotKeys();
  const issuer = await createIssuer();
  const certificate = await createCertificate();
  trust(certificate.cert);
  const graph = await createGraphServer({
    port: 0,
    people: PEOPLE,
    issuer,
    certificate,
    tenantId: TENANT_ID,
    clients: [{ clientId: BOT_APP_ID, clientSecret: SECRET }],
  });
  const server = restify.createServer({ name: 'bot' });
  server.use(restify.plugins.bodyParser({ maxBodySize: 256 * 1024, mapParams: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const botPort: number = server.address().port;
  const botUrl = `http://127.0.0.1:${botPort}/api/messages`;
  const service = options.openTeams
    ? await options.openTeams({ issuer, botPort })
    : await startTeamsService({
        port: 0,
        botUrl,
        issuer,
        appId: BOT_APP_ID,
        tenantId: TENANT_ID,
        people: PEOPLE,
        channel: SECURITY_CHANNEL,
      });
  const endpoints: BotEndpoints = {
    loginHost: graph.url,
    tokenIssuer: BOT_TOKEN_ISSUER,
    openIdMetadataUrl: `${graph.url}/v1/.well-known/openidconfiguration`,
    oauthScope: BOT_TOKEN_ISSUER,
    oauthUrl: BOT_TOKEN_ISSUER,
    callerId: 'urn:botframework:azure',
  };
  const log = createLogDouble();
  const chat = createChatDouble();
  const teams = createTeams({
    appId: BOT_APP_ID,
    appType: 'SingleTenant',
    appPassword: SECRET,
    tenantId: TENANT_ID,
    endpoints,
    serviceHosts: [new URL(service.url).host],
    renderCard: createCardRenderer(TEST_CARDS),
    ...spoken,
    log,
    rate: { take: () => undefined },
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  const door = teams.openDoor(options.chat ?? chat);
  server.post('/api/messages', async (request: restify.Request, response: restify.Response) =>
    door.handle(request, response),
  );

  return {
    issuer,
    graph,
    service,
    messenger: teams.messenger,
    chat,
    log,
    endpoints,
    botUrl,
    async close() {
      await service.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await graph.close();
    },
  };
}
