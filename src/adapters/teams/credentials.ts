// The bot's own identity: where the token comes from that Teams asks of us. Secrets go in here and nowhere else.
import { ClientSecretCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { CountersignError } from '../../case/errors.ts';
import { PUBLIC_CLOUD, US_GOVERNMENT_CLOUD } from './clouds.ts';

/** Registrations that Azure still makes; MultiTenant ones are not created any more ("Register a bot", Microsoft Learn). */
export type BotAppType = 'SingleTenant' | 'UserAssignedMSI';

export interface BotIdentity {
  readonly appId: string;
  readonly appType: BotAppType;
  /** SingleTenant only. */
  readonly appPassword?: string;
  readonly tenantId: string;
}

const MICROSOFT_LOGIN = new Set([PUBLIC_CLOUD.loginHost, US_GOVERNMENT_CLOUD.loginHost]);

/** Throws `teams.no-secret` when a single-tenant bot has no password. */
export function createBotCredential(identity: BotIdentity, loginHost: string): TokenCredential {
  if (identity.appType === 'UserAssignedMSI')
    return new ManagedIdentityCredential({ clientId: identity.appId });
  if (!identity.appPassword) {
    throw new CountersignError('teams.no-secret', 'a SingleTenant bot needs its client secret');
  }
  return new ClientSecretCredential(identity.tenantId, identity.appId, identity.appPassword, {
    authorityHost: loginHost,
    disableInstanceDiscovery: !MICROSOFT_LOGIN.has(loginHost),
    retryOptions: { maxRetries: 1 },
  });
}

type CredentialsFactory = NonNullable<
  ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]
>;

/**
 * The SDK's own factories keep tokens in one map for the whole process, keyed by app id alone, and carry an MSAL of
 * their own; this one leaves caching to @azure/identity. Authentication is never disabled, whatever the app id is.
 */
export function createCredentialsFactory(
  appId: string,
  oauthScope: string,
  credential: TokenCredential,
): CredentialsFactory {
  const scope = `${oauthScope}/.default`;
  return {
    isValidAppId: async (candidate) => candidate === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest(request) {
        const token = await credential.getToken(scope);
        if (!token) throw new CountersignError('teams.unauthorised', 'no token for the bot came back');
        request.headers.set('authorization', `Bearer ${token.token}`);
        return request;
      },
    }),
  };
}
