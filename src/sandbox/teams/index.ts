// The sandbox's Teams: the service that the bot talks to, and in front of it, unless it is left out, Microsoft's local client:
// one window for each person who is played, Morgan Reyes unless told.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Issuer } from '../issuer.ts';
import { BOT_APP_ID, PEOPLE, type Person, PLAYED_MANAGER, people, TENANT_ID } from '../people.ts';
import type { Channel } from './activities.ts';
import type { Message } from './conversations.ts';
import { freePort } from './free-port.ts';
import { type Playground, startPlayground } from './playground.ts';
import { startTeamsService, type TeamsService } from './service.ts';

export const SECURITY_CHANNEL: Channel = {
  id: '19:5e1f0c9a7b3d4e2f8a6b1c0d9e8f7a6b@thread.tacv2',
  name: 'Countersign',
  teamId: '19:0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e@thread.tacv2',
};
const TEAM_GROUP_ID = '8d3f6a1c-52b7-4c0e-9a64-7e1b0d2c3f45';
const SAVE_DELAY_MS = 200;
/** Whom a client knows beside its own person. */
const CAST = [people.alex, people.priya, people.dana, people.yuki, people.ben, people.morgan];

export interface TeamsOptions {
  readonly directory: string;
  readonly botPort: number;
  /** Microsoft's client, or scripts alone. */
  readonly client: boolean;
  readonly issuer: Issuer;
  /** Who is played, a window each. */
  readonly players?: readonly Person[];
  /** Of the page; the service takes the next one. Any free ones where they are taken, and for 0 or none. */
  readonly port?: number;
}

export interface SandboxTeams {
  /** The page to open; without the client, where scripts look and act. */
  readonly url: string;
  /** Of each who is played, in their order; none without the client. */
  readonly pages: readonly string[];
  /** The bot writes here, and scripts look and act here, with the client too. */
  readonly serviceUrl: string;
  readonly service: TeamsService;
  /** The app came to somebody through Graph: Teams tells the bot. */
  installed(person: Person): Promise<void>;
  close(): Promise<void>;
}

/** What was written in an earlier run in the same directory is there again. */
export async function openTeams(options: TeamsOptions): Promise<SandboxTeams> {
  const { directory, botPort, issuer, port = 0 } = options;
  const memory = createMemory(path.join(directory, 'world-teams.json'));
  const service = await startTeamsService({
    port: await freePort(port && port + 1),
    botUrl: `http://127.0.0.1:${botPort}/api/messages`,
    issuer,
    appId: BOT_APP_ID,
    tenantId: TENANT_ID,
    people: PEOPLE,
    channel: SECURITY_CHANNEL,
    saved: memory.saved,
    onChange: memory.keep,
  });
  const { players = [PLAYED_MANAGER] } = options;
  const playgrounds = options.client ? await openPlaygrounds(players, service, directory, port) : [];
  const pages = playgrounds.map((playground) => playground.url);
  return {
    url: pages[0] ?? service.url,
    pages,
    serviceUrl: service.url,
    service,
    installed: (person) => service.install(person),
    async close() {
      await Promise.all([...playgrounds.map((playground) => playground.stop()), service.close()]);
      memory.flush();
    },
  };
}

/** All of them, or none is left running. */
async function openPlaygrounds(
  players: readonly Person[],
  service: TeamsService,
  directory: string,
  port: number,
): Promise<readonly Playground[]> {
  const opened: Playground[] = [];
  try {
    for (const [place, me] of players.entries()) {
      const playground = await startPlayground({
        // The first keeps the folder that it had before there were others.
        directory: path.join(directory, place === 0 ? 'teams-client' : `teams-client-${place + 1}`),
        port: place === 0 ? port : 0,
        botEndpoint: service.clientEndpoint(me),
        tenantId: TENANT_ID,
        appId: BOT_APP_ID,
        me,
        others: CAST.filter(({ id }) => id !== me.id),
        channel: SECURITY_CHANNEL,
        teamName: 'Contoso Security',
        teamGroupId: TEAM_GROUP_ID,
      });
      opened.push(playground);
      service.attachClient(me, playground.serviceUrl);
    }
    return opened;
  } catch (error) {
    await Promise.all([...opened.map((playground) => playground.stop()), service.close()]);
    throw error;
  }
}

/** The file is written a moment after the last change, not with each: a burst of cards is one write. */
function createMemory(file: string) {
  let unsaved: readonly Message[] | null = null;
  let timer: NodeJS.Timeout | null = null;
  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!unsaved) return;
    writeFileSync(`${file}.new`, JSON.stringify(unsaved));
    renameSync(`${file}.new`, file);
    unsaved = null;
  }
  return {
    saved: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Message[]) : [],
    keep(messages: readonly Message[]): void {
      unsaved = messages;
      timer ??= setTimeout(flush, SAVE_DELAY_MS).unref();
    },
    flush,
  };
}
