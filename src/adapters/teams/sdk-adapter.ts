// The one place where the Bot Framework SDK is set up. The door and the connector use it; nothing else does.
import type { TokenCredential } from '@azure/identity';
import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import type { InboundActivity } from './activity.ts';
import type { BotEndpoints } from './clouds.ts';
import { createCredentialsFactory } from './credentials.ts';

/** CloudAdapter.process writes stacks to the console and to the caller: only its inner turn is used, answers are the door's. */
export class TeamsAdapter extends CloudAdapter {
  /** Runs one turn; throws when the SDK's own check of the token fails. It reads the channel and the service URL, no more. */
  receive(
    authorization: string,
    activity: InboundActivity,
    turn: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(authorization, activity as unknown as Activity, turn);
  }
}

export function createTeamsAdapter(
  identity: { readonly appId: string; readonly tenantId: string },
  endpoints: BotEndpoints,
  credential: TokenCredential,
): TeamsAdapter {
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: identity.appId,
      MicrosoftAppTenantId: identity.tenantId,
      ToChannelFromBotLoginUrl: `${endpoints.loginHost}/${identity.tenantId}`,
      ToChannelFromBotOAuthScope: endpoints.oauthScope,
      ToBotFromChannelTokenIssuer: endpoints.tokenIssuer,
      ToBotFromChannelOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
      ToBotFromEmulatorOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
      OAuthUrl: endpoints.oauthUrl,
      CallerId: endpoints.callerId,
      ValidateAuthority: 'false',
    },
    createCredentialsFactory(identity.appId, endpoints.oauthScope, credential),
  );
  return new TeamsAdapter(authentication);
}
