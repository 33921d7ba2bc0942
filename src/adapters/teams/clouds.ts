// Where Teams and the Bot Framework live, by cloud. Only constants: config.ts picks one, the sandbox brings its own.

/** The Bot Framework's settings are all or nothing: set one and the SDK drops every default, so all of them are here. */
export interface BotEndpoints {
  /** Entra's login host, where the bot fetches its own token. */
  readonly loginHost: string;
  /** Who must have signed what Teams sends. */
  readonly tokenIssuer: string;
  readonly openIdMetadataUrl: string;
  /** Audience of the bot's own token. */
  readonly oauthScope: string;
  readonly oauthUrl: string;
  readonly callerId: string;
}

/** "Authenticate requests with the Bot Connector API", Microsoft Learn. */
export const PUBLIC_CLOUD: BotEndpoints = {
  loginHost: 'https://login.microsoftonline.com',
  tokenIssuer: 'https://api.botframework.com',
  openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  oauthScope: 'https://api.botframework.com',
  oauthUrl: 'https://api.botframework.com',
  callerId: 'urn:botframework:azure',
};

export const US_GOVERNMENT_CLOUD: BotEndpoints = {
  loginHost: 'https://login.microsoftonline.us',
  tokenIssuer: 'https://api.botframework.us',
  openIdMetadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  oauthScope: 'https://api.botframework.us',
  oauthUrl: 'https://api.botframework.azure.us',
  callerId: 'urn:botframework:azureusgov',
};
