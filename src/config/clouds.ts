// Microsoft's clouds: where Graph, sign-in, the bot channel and Teams live in each.
// Sources: "National cloud deployments" (Graph), "Deploy to Government" (Bot Framework), "Government clouds" (Teams).

export interface Cloud {
  readonly graphUrl: string;
  /** What a Graph token is asked for. */
  readonly graphScope: string;
  readonly loginUrl: string;
  /** Where v1 access tokens say they come from: another host than v2 ones. */
  readonly v1IssuerUrl: string;
  /** Where a proactive message starts before any activity named a service URL. */
  readonly teamsServiceUrl: string;
  /** The only hosts that a service URL may name. */
  readonly serviceHosts: readonly string[];
  /** Scope of the bot's outgoing tokens, without `/.default`. */
  readonly botScope: string;
  readonly botIssuer: string;
  readonly botOpenIdUrl: string;
  readonly botOAuthUrl: string;
  readonly botCallerId: string;
  /** What a token of a managed identity is for that vouches for an application. */
  readonly tokenExchangeAudience: string;
}

const PUBLIC: Cloud = {
  graphUrl: 'https://graph.microsoft.com',
  graphScope: 'https://graph.microsoft.com/.default',
  loginUrl: 'https://login.microsoftonline.com',
  v1IssuerUrl: 'https://sts.windows.net',
  teamsServiceUrl: 'https://smba.trafficmanager.net/teams',
  serviceHosts: ['smba.trafficmanager.net'],
  botScope: 'https://api.botframework.com',
  botIssuer: 'https://api.botframework.com',
  botOpenIdUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  botOAuthUrl: 'https://api.botframework.com',
  botCallerId: 'urn:botframework:azure',
  tokenExchangeAudience: 'api://AzureADTokenExchange',
};

const US_GOVERNMENT = {
  loginUrl: 'https://login.microsoftonline.us',
  v1IssuerUrl: 'https://sts.windows.net',
  botScope: 'https://api.botframework.us',
  botIssuer: 'https://api.botframework.us',
  botOpenIdUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  botOAuthUrl: 'https://api.botframework.azure.us',
  botCallerId: 'urn:botframework:azureusgov',
  tokenExchangeAudience: 'api://AzureADTokenExchangeUSGov',
};

export const CLOUDS = {
  public: PUBLIC,
  gcc: {
    ...PUBLIC,
    teamsServiceUrl: 'https://smba.infra.gcc.teams.microsoft.com/teams',
    serviceHosts: ['smba.infra.gcc.teams.microsoft.com'],
  },
  gcchigh: {
    ...US_GOVERNMENT,
    graphUrl: 'https://graph.microsoft.us',
    graphScope: 'https://graph.microsoft.us/.default',
    teamsServiceUrl: 'https://smba.infra.gov.teams.microsoft.us/teams',
    serviceHosts: ['smba.infra.gov.teams.microsoft.us'],
  },
  dod: {
    ...US_GOVERNMENT,
    graphUrl: 'https://dod-graph.microsoft.us',
    graphScope: 'https://dod-graph.microsoft.us/.default',
    teamsServiceUrl: 'https://smba.infra.dod.teams.microsoft.us/teams',
    serviceHosts: ['smba.infra.dod.teams.microsoft.us'],
  },
} as const satisfies Record<string, Cloud>;
export type CloudName = keyof typeof CLOUDS;
