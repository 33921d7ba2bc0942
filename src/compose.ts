// The only file that builds SDK clients and picks adapters. Makes no decision that a user would notice.
import path from 'node:path';
import { createAccountPolicies } from './adapters/aws/account-policies.ts';
import { createRoles } from './adapters/aws/clients.ts';
import { createAwsIdentities } from './adapters/aws/identities.ts';
import { createS3ObjectStorage } from './adapters/aws/object-storage.ts';
import { createGraphAlertSource } from './adapters/graph/alert-source.ts';
import { createGraphAppInstaller } from './adapters/graph/app-installer.ts';
import { createGraphCalendars } from './adapters/graph/calendars.ts';
import { createGraphClient } from './adapters/graph/client.ts';
import { createGraphConsents } from './adapters/graph/consents.ts';
import { createAssertion, createCredential } from './adapters/graph/credential.ts';
import { createGraphDirectory } from './adapters/graph/directory.ts';
import { createGraphGroups } from './adapters/graph/groups.ts';
import { createGraphMailer } from './adapters/graph/mailer.ts';
import { createGraphOnPremisesAccounts } from './adapters/graph/on-premises-accounts.ts';
import { createGraphRiskRegister } from './adapters/graph/risk-register.ts';
import { createEntraAuthoriser } from './adapters/http/entra-token.ts';
import { createHttpServer, type HttpLimits } from './adapters/http/server.ts';
import { createKeyAuthoriser } from './adapters/http/shared-key.ts';
import { cookieKeyFrom, createSignInPages, SIGN_IN_PATH } from './adapters/sign-in/index.ts';
import { createCheckpointFile } from './adapters/store/checkpoint-file.ts';
import { openStore, type Store } from './adapters/store/index.ts';
import { randomIds, systemClock } from './adapters/system.ts';
import { createTeams } from './adapters/teams/index.ts';
import type { RateLimit } from './adapters/teams/rate-limit.ts';
import { createCardRenderer } from './adapters/teams/render-card.ts';
import { bundledWords } from './adapters/words/bundled.ts';
import { createApp } from './app.ts';
import type { App } from './app-parts.ts';
import { readPrivateKey } from './audit/key.ts';
import { createSealer, type Sealer } from './audit/seal.ts';
import { CountersignError } from './case/errors.ts';
import { signInProblems } from './config/sign-in.ts';
import type { Config } from './config.ts';
import { ACTIONS } from './govern/actions/index.ts';
import type { Receipt } from './ingest/accept-alerts.ts';
import { type LoadedCatalogue, requireCatalogue } from './policy-files.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Words } from './ports/words.ts';
import { type BackOff, createWorker, type Worker } from './worker.ts';

export interface Countersign {
  readonly app: App;
  readonly store: Store;
  readonly worker: Worker;
  readonly sealer: Sealer;
  readonly server: ReturnType<typeof createHttpServer>;
}

/** Each part has waits of its own; these are for tests, which cannot wait as long. */
export interface Waits {
  /** After a failed step or poll. */
  readonly backOff?: BackOff;
  /** Between two rounds of the poller, in milliseconds. */
  readonly pollMs?: number;
  /** For one outgoing call, in milliseconds. */
  readonly callMs?: number;
  /** Between two looks for windows that can be judged, in milliseconds. */
  readonly sweepMs?: number;
  /** Before calls by our own role that are not on record are asked about, in milliseconds. */
  readonly ownRoleMs?: number;
  /** Before a question that something was added to is asked anew, in milliseconds. */
  readonly askAnewMs?: number;
  /** Between the two looks that prove a change, in milliseconds. */
  readonly recheckMs?: number;
  /** Between two questions to Entra about risks, in milliseconds. */
  readonly riskPaceMs?: number;
}

export interface ComposeOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly waits?: Waits;
  /** The system's when absent: a story of a month brings its own. Leases and tokens keep to the real time. */
  readonly clock?: Clock;
  /** How fast Teams is written to; as fast as it takes when absent. */
  readonly rate?: RateLimit;
}

const ROOT = path.join(import.meta.dirname, '..');
const GRAPH_TIMEOUT_MS = 15_000;

/** Opens the store and builds everything; listens to nothing and starts nothing. */
export async function compose(config: Config, log: Log, options: ComposeOptions = {}): Promise<Countersign> {
  const { catalogue, notes } = requireCatalogue({
    settings: config.settings,
    knownActions: [...ACTIONS.keys()],
  });
  const problems = signInProblems(catalogue.policies, config.signIn);
  if (problems.length > 0)
    throw new CountersignError(
      'config.invalid',
      ['Countersign cannot start:', ...problems.map((one) => `  - ${one}`)].join('\n'),
    );
  log.info({ policies: catalogue.policies.length, notes: notes.length }, 'policies loaded');
  for (const { file, line, reason } of notes)
    if (file === config.settings.file) log.warn({ file, line, reason }, 'a setting to look at');
  const words = bundledWords();
  const store = await openStore({
    databaseUrl: config.databaseUrl?.reveal(),
    directory: config.stateDirectory,
    clock: options.clock ?? systemClock,
    words,
    alone: true,
  });
  try {
    await claimStore(store, config);
    return assemble(config, log, catalogue, { store, words }, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

function assemble(
  config: Config,
  log: Log,
  catalogue: LoadedCatalogue['catalogue'],
  { store, words }: { readonly store: Store; readonly words: Words },
  options: ComposeOptions,
): Countersign {
  const { cloud, tenantId, bot } = config;
  const { backOff, callMs, ownRoleMs, askAnewMs, recheckMs, riskPaceMs } = options.waits ?? {};
  const password = bot.password?.reveal() ?? '';
  const credential = createCredential(
    bot.appType === 'UserAssignedMSI'
      ? { kind: 'managed-identity', clientId: bot.appId }
      : {
          kind: 'secret',
          tenantId,
          clientId: bot.appId,
          clientSecret: password,
          authorityHost: cloud.loginUrl,
        },
    callMs,
  );
  const graph = createGraphClient({
    baseUrl: cloud.graphUrl,
    scope: cloud.graphScope,
    timeoutMs: callMs ?? GRAPH_TIMEOUT_MS,
    credential,
  });
  const teams = createTeams({
    appId: bot.appId,
    appType: bot.appType,
    tenantId,
    ...(password && { appPassword: password }),
    endpoints: {
      loginHost: cloud.loginUrl,
      tokenIssuer: cloud.botIssuer,
      openIdMetadataUrl: cloud.botOpenIdUrl,
      oauthScope: cloud.botScope,
      oauthUrl: cloud.botOAuthUrl,
      callerId: cloud.botCallerId,
    },
    serviceHosts: cloud.serviceHosts,
    renderCard: createCardRenderer(path.join(ROOT, 'cards')),
    ...(options.rate && { rate: options.rate }),
    words,
    tenant: config.settings,
    clock: options.clock ?? systemClock,
    log,
    ...(callMs !== undefined && { timeoutMs: callMs }),
  });
  const { aws } = config;
  const { mailFrom } = config.settings.users;
  const { accounts, serviceControlPolicyRole } = config.settings.aws;
  const awsOptions = {
    accounts,
    region: aws.region,
    requestLog: store,
    stsEndpoint: aws.stsUrl ?? undefined,
    timeoutMs: callMs,
    credentials: aws.credentials
      ? {
          accessKeyId: aws.credentials.accessKeyId,
          secretAccessKey: aws.credentials.secretAccessKey.reveal(),
        }
      : undefined,
  };
  const roles = createRoles(awsOptions);

  let wake = (): void => {};
  const app = createApp({
    tenantId,
    settings: config.settings,
    catalogue,
    actions: ACTIONS,
    store,
    trail: store,
    alerts: createGraphAlertSource(graph),
    world: {
      directory: createGraphDirectory(graph),
      groups: createGraphGroups(graph),
      risk: createGraphRiskRegister(graph, riskPaceMs === undefined ? {} : { everyMs: riskPaceMs }),
      consents: createGraphConsents(graph, [bot.appId, ...(config.signIn ? [config.signIn.appId] : [])]),
      onPremises: createGraphOnPremisesAccounts(graph),
      storage: createS3ObjectStorage({ ...awsOptions, roles, endpoint: aws.s3Url ?? undefined }),
      identities: createAwsIdentities({
        ...awsOptions,
        roles,
        endpoint: aws.iamUrl ?? undefined,
        otherRoles: serviceControlPolicyRole === null ? [] : [serviceControlPolicyRole],
      }),
      accountPolicies: createAccountPolicies({
        ...awsOptions,
        endpoint: aws.organizationsUrl ?? undefined,
        managementRoleArn: serviceControlPolicyRole,
      }),
    },
    calendars: createGraphCalendars(graph, options.clock ?? systemClock),
    mailer: mailFrom === null ? null : createGraphMailer(graph, mailFrom),
    installer: createGraphAppInstaller(graph, {
      appExternalId: bot.teamsAppId,
      serviceUrl: cloud.teamsServiceUrl,
    }),
    messenger: teams.messenger,
    defaultServiceUrl: cloud.teamsServiceUrl,
    ...(config.signIn && { signInPage: `${config.signIn.publicUrl}${SIGN_IN_PATH}` }),
    words,
    clock: options.clock ?? systemClock,
    ids: randomIds,
    log,
    ...(ownRoleMs !== undefined && { ownRoleDelayMs: ownRoleMs }),
    ...(askAnewMs !== undefined && { askAnewMs }),
    ...(recheckMs !== undefined && { recheckMs }),
    wake: () => wake(),
  });
  const worker = createWorker({ store, handlers: app.steps, log, ...(backOff && { backOff }) });
  wake = worker.wake;
  const sealer = createSealer({
    trail: store,
    log: createCheckpointFile(config.audit.checkpoints),
    key: readPrivateKey(config.audit.key.reveal()),
    clock: options.clock ?? systemClock,
  });
  const { signIn } = config;
  const signInPages =
    signIn &&
    createSignInPages({
      ...{ tenantId, log, loginUrl: cloud.loginUrl, publicUrl: signIn.publicUrl, clientId: signIn.appId },
      proof: signIn.password
        ? { kind: 'secret', secret: signIn.password.reveal() }
        : { kind: 'assertion', get: createAssertion(credential, cloud.tokenExchangeAudience) },
      // Where a managed identity has no password, the sealing key is what every replica has.
      cookieKey: cookieKeyFrom(password || config.audit.key.reveal()),
      freshSignInMs: config.settings.asking.freshSignInMs,
      words,
      tenant: config.settings,
      clock: options.clock ?? systemClock,
      timeoutMs: callMs,
      remember: (user, authTime, ref) => app.signedIn({ user, authTime, ref }),
      localeOf: async (user) => (await store.findReachable(tenantId, user))?.locale ?? null,
    });
  const door = teams.openDoor(app.chat);
  const server = createHttpServer({
    log,
    authoriseAlerts: createEntraAuthoriser({
      tenantId,
      loginUrl: cloud.loginUrl,
      v1IssuerUrl: cloud.v1IssuerUrl,
      // A v1 token names the application by its URI, a v2 token by its id.
      audiences: [config.alerts.audience, bot.appId],
      role: config.alerts.role,
    }),
    authoriseCloudTrail: createKeyAuthoriser(config.cloudtrailKeys.map((key) => key.reveal())),
    acceptGraph: async (body) => accepted(await app.acceptGraph(body)),
    acceptCloudTrail: async (body) => accepted(await app.acceptCloudTrail(body)),
    messages: door.handle,
    ...(signInPages && { signIn: signInPages }),
    isReady: () => store.nextDueInMs().then(() => true),
    ...(options.limits && { limits: options.limits }),
  });
  return { app, store, worker, sealer, server };
}

const accepted = (alerts: readonly Receipt[]) => ({
  fresh: alerts.some((one) => one.outcome !== 'repeat'),
  body: { alerts },
});

/** A store belongs to one tenant, or to the sandbox, for good. Throws `config.foreign-store`. */
async function claimStore(store: Store, config: Config): Promise<void> {
  const mine = config.sandbox ? 'sandbox' : `tenant:${config.tenantId}`;
  const owner = await store.readMark('owner');
  if (owner === null) return store.writeMark('owner', mine);
  if (owner !== mine)
    throw new CountersignError(
      'config.foreign-store',
      `The store belongs to ${owner}, and this start is for ${mine}. Give this one a store of its own (COUNTERSIGN_STATE_DIR or DATABASE_URL).`,
    );
}
