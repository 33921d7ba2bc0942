// Installs the Teams app for one person and reads their chat with the bot ("Proactive installation of apps using Graph API").
// What a tenant's policy forbids is an answer (null), not an error: then somebody else is asked.
import { z } from 'zod';
import type { Conversation } from '../../case/case.ts';
import { CountersignError } from '../../case/errors.ts';
import type { UserId } from '../../case/ids.ts';
import type { AppInstaller } from '../../ports/app-installer.ts';
import { type GraphCall, type GraphClient, literal, segment } from './client.ts';
import { parseAnswer } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

export interface AppInstallerOptions {
  /** The manifest's `id`, which the catalogue calls externalId. */
  readonly appExternalId: string;
  /** Where the bot channel takes messages for chats that nobody has written in yet. */
  readonly serviceUrl: string;
}

const CATALOGUE: readonly GraphPermission[] = ['AppCatalog.Read.All'];
const INSTALL: readonly GraphPermission[] = ['TeamsAppInstallation.ReadWriteSelfForUser.All'];
const withId = z.object({ id: z.string().min(1) });
/** How long Teams is given to show an installation. */
const SETTLE_MS = 5000;
const listBody = z.object({ value: z.array(withId) });

export function createGraphAppInstaller(client: GraphClient, options: AppInstallerOptions): AppInstaller {
  const { appExternalId, serviceUrl } = options;

  /** The first entry's id, or null when there is none, or when it is not for us (403) or not there (404). */
  async function firstId(call: GraphCall): Promise<string | null> {
    const answer = await client.call({ ...call, answers: [403, 404] });
    if (answer.status !== 200) return null;
    return parseAnswer(listBody, answer, 'a list of apps').value[0]?.id ?? null;
  }

  const installationOf = (user: UserId): Promise<string | null> =>
    firstId({
      method: 'GET',
      path: `/users/${segment(user)}/teamwork/installedApps`,
      query: { $expand: 'teamsApp', $filter: `teamsApp/externalId eq ${literal(appExternalId)}` },
      permissions: INSTALL,
    });

  /** False when policy forbids it. Installed already (409) is as good as installed now. */
  async function install(user: UserId): Promise<boolean> {
    const app = await firstId({
      method: 'GET',
      path: '/appCatalogs/teamsApps',
      query: { $filter: `externalId eq ${literal(appExternalId)}` },
      permissions: CATALOGUE,
    });
    if (!app) return false;
    const { status } = await client.call({
      method: 'POST',
      path: `/users/${segment(user)}/teamwork/installedApps`,
      body: { 'teamsApp@odata.bind': `${client.baseUrl}/v1.0/appCatalogs/teamsApps/${segment(app)}` },
      permissions: INSTALL,
      answers: [403, 404, 409],
    });
    return status !== 403 && status !== 404;
  }

  async function chatOf(user: UserId, installation: string): Promise<Conversation | null> {
    const answer = await client.call({
      method: 'GET',
      path: `/users/${segment(user)}/teamwork/installedApps/${segment(installation)}/chat`,
      permissions: INSTALL,
      answers: [403, 404],
    });
    return answer.status === 200 ? { id: parseAnswer(withId, answer, 'a chat').id, serviceUrl } : null;
  }

  return {
    async openChat(user) {
      const before = await installationOf(user);
      if (before) return chatOf(user, before);
      if (!(await install(user))) return null;
      const installation = await installationOf(user);
      const chat = installation && (await chatOf(user, installation));
      if (chat) return chat;
      // Just installed, and Teams does not show it yet: that is no "never".
      throw new CountersignError(
        'graph.unavailable',
        'The app was installed, but its chat is not there yet.',
        {
          retryable: true,
          retryAfterMs: SETTLE_MS,
        },
      );
    },
  };
}
