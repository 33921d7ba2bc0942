// Puts the Teams side together: one SDK adapter, one connector, the messenger and the door that share them.
import type { Chat } from '../../ports/chat.ts';
import type { Log } from '../../ports/log.ts';
import type { Messenger } from '../../ports/messenger.ts';
import { type BotDoor, type BotDoorOptions, createBotDoor } from './bot-door.ts';
import { type BotEndpoints, PUBLIC_CLOUD } from './clouds.ts';
import { createConnector } from './connector.ts';
import { type BotIdentity, createBotCredential } from './credentials.ts';
import { createTeamsMessenger } from './messenger.ts';
import type { RateLimit } from './rate-limit.ts';
import type { CardRenderer } from './render-card.ts';
import { createTeamsAdapter } from './sdk-adapter.ts';
import { createTokenCheck } from './token.ts';

export interface TeamsOptions extends BotIdentity, Pick<BotDoorOptions, 'words' | 'tenant' | 'clock'> {
  /** The public cloud's when absent; the sandbox and the government clouds bring theirs. */
  readonly endpoints?: BotEndpoints;
  /** `host` or `host:port` of the service URLs that are believed and written to. */
  readonly serviceHosts: readonly string[];
  readonly renderCard: CardRenderer;
  readonly log: Log;
  /** For one call to Teams. 10 s when absent. */
  readonly timeoutMs?: number;
  /** What Teams takes, when absent. */
  readonly rate?: RateLimit;
}

export interface Teams {
  readonly messenger: Messenger;
  /** The chat needs the messenger, and the door needs the chat: so the door is opened last. */
  openDoor(chat: Chat): BotDoor;
}

/** Makes no call; the first token is fetched with the first activity or card. */
export function createTeams(options: TeamsOptions): Teams {
  const { appId, tenantId, serviceHosts, renderCard, log, endpoints = PUBLIC_CLOUD } = options;
  const { words, tenant, clock } = options;
  const adapter = createTeamsAdapter(options, endpoints, createBotCredential(options, endpoints.loginHost));
  const connector = createConnector({
    adapter,
    appId,
    serviceHosts,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.rate && { rate: options.rate }),
  });
  const checkToken = createTokenCheck({
    appId,
    tokenIssuer: endpoints.tokenIssuer,
    openIdMetadataUrl: endpoints.openIdMetadataUrl,
  });
  return {
    messenger: createTeamsMessenger({ connector, renderCard }),
    openDoor: (chat) =>
      createBotDoor({
        ...{ adapter, checkToken, connector, renderCard, chat, words, tenant, clock, log },
        ...{ tenantId, serviceHosts },
      }),
  };
}
