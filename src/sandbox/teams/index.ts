// The sandbox's Teams: Microsoft's local client played by Morgan Reyes, or one without a screen; both behind the relay that
// signs what they send.
import path from 'node:path';
import type { Issuer } from '../issuer.ts';
import { BOT_APP_ID, PEOPLE, type Person, PLAYED_MANAGER, people, TENANT_ID } from '../people.ts';
import type { Channel } from './activities.ts';
import { createTeamsRelay } from './channel.ts';
import { startPlayground } from './playground.ts';
import { type Screenless, startScreenless } from './screenless.ts';

export const SECURITY_CHANNEL: Channel = {
  id: '19:5e1f0c9a7b3d4e2f8a6b1c0d9e8f7a6b@thread.tacv2',
  name: 'Security',
  teamId: '19:0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e@thread.tacv2',
};
const TEAM_GROUP_ID = '8d3f6a1c-52b7-4c0e-9a64-7e1b0d2c3f45';

export interface TeamsOptions {
  readonly directory: string;
  readonly botPort: number;
  readonly client: boolean;
  readonly issuer: Issuer;
  /** Wanted; any free one where it is taken or absent. */
  readonly port?: number;
}

export interface SandboxTeams {
  /** The page to open, or where scripts look and act. */
  readonly url: string;
  readonly serviceUrl: string;
  /** Only without a screen: for tests. */
  readonly screenless: Screenless | null;
  /** The app came to somebody through Graph: Teams tells the bot. */
  installed(person: Person): Promise<void>;
  close(): Promise<void>;
}

export async function openTeams(options: TeamsOptions): Promise<SandboxTeams> {
  const { issuer } = options;
  const relay = await createTeamsRelay({
    port: 0,
    botUrl: `http://127.0.0.1:${options.botPort}/api/messages`,
    issuer,
    appId: BOT_APP_ID,
    tenantId: TENANT_ID,
    people: PEOPLE,
  });
  if (!options.client) {
    const screenless = await startScreenless({
      port: options.port ?? 0,
      botEndpoint: relay.url,
      issuer,
      appId: BOT_APP_ID,
      tenantId: TENANT_ID,
      people: PEOPLE,
      channel: SECURITY_CHANNEL,
    });
    return {
      url: screenless.url,
      serviceUrl: screenless.serviceUrl,
      screenless,
      installed: (person) => screenless.install(person),
      close: async () => {
        await Promise.all([screenless.close(), relay.close()]);
      },
    };
  }
  const playground = await startPlayground({
    directory: path.join(options.directory, 'teams-client'),
    port: options.port ?? 0,
    botEndpoint: relay.url,
    tenantId: TENANT_ID,
    appId: BOT_APP_ID,
    me: PLAYED_MANAGER,
    others: [people.alex, people.priya, people.dana, people.yuki, people.ben],
    channel: SECURITY_CHANNEL,
    teamName: 'Contoso Security',
    teamGroupId: TEAM_GROUP_ID,
  });
  return {
    url: playground.url,
    serviceUrl: playground.serviceUrl,
    screenless: null,
    // The local client has no installations: the chat that Graph names is all there is.
    installed: async () => {},
    close: async () => {
      await Promise.all([playground.stop(), relay.close()]);
    },
  };
}
