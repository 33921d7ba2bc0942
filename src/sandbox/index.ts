// The local stand-in world, on loopback only: contoso.example's Graph and login, its AWS, and a Teams client. It gives the
// production code endpoint settings and nothing else, and never looks for cloud credentials.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { createKey } from '../audit/key.ts';
import type { Environment } from '../config/reader.ts';
import { SANDBOX_AUDIT_KEY } from '../config.ts';
import { BUCKETS, callers, type SandboxKeys } from './buckets.ts';
import { createCertificate, trust } from './certificate.ts';
import { createGraphServer, type GraphServer, type GraphState } from './graph/server.ts';
import { createIamServer, type IamServer } from './iam/server.ts';
import type { IamState } from './iam/state.ts';
import { createIamWorld } from './iam/world.ts';
import {
  ALEX_KEY,
  COUNTERSIGN_ROLE,
  IAM_USERS,
  IDENTITIES,
  MANAGEMENT_ROLE,
  ORGANISATION,
} from './identities.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import {
  BOT_APP_ID,
  groups,
  PEOPLE,
  type Person,
  PUSHER_APP_ID,
  people,
  SECURITY_TEAM,
  TEAMS_APP_EXTERNAL_ID,
  TENANT_ID,
} from './people.ts';
import { noteRunning } from './running.ts';
import { createS3Server, type S3Server } from './s3/server.ts';
import type { S3State } from './s3/state.ts';
import { SAMPLE_ACCOUNT, SAMPLE_REGION } from './samples/cloudtrail-samples.ts';
import { openTeams, type SandboxTeams, SECURITY_CHANNEL } from './teams/index.ts';

export interface SandboxOptions {
  readonly stateDirectory: string;
  /** The bot's own port: the Teams client must know it before the bot listens. */
  readonly botPort: number;
  /** Microsoft's Teams client, or a client without a screen for scripts. */
  readonly client: boolean;
  /** Who is played in a window of their own: the manager, unless told. */
  readonly players?: readonly Person[];
  /** Fixed ports for people to remember; 0 for tests. */
  readonly ports?: Partial<SandboxPorts>;
  /** As Graph's, unless told. */
  readonly riskPaceMs?: number;
}
export interface SandboxPorts {
  readonly graph: number;
  readonly s3: number;
  readonly teams: number;
}

export interface Sandbox {
  /** What the production code is configured with. */
  readonly env: Environment;
  readonly graph: GraphServer;
  readonly s3: S3Server;
  readonly iam: IamServer;
  readonly teams: SandboxTeams;
  /** Signs as Entra and the Bot Framework would: for tests and measurements at the bot's own doors. */
  readonly issuer: Issuer;
  /** PEM of the Graph stand-in's certificate, for a process that is to trust it. */
  readonly certificate: string;
  /** Leaves word for `countersign fire` and scripts. */
  ready(bot: string): void;
  stop(): Promise<void>;
}

const AUDIENCE = `api://${BOT_APP_ID}`;

/** Starts every stand-in, or none. State of an earlier run in the same directory is taken up again. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const directory = path.resolve(options.stateDirectory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const publicUrl = `http://127.0.0.1:${options.botPort}`;
  const secret = () => randomBytes(24).toString('hex');
  const keys: SandboxKeys = {
    countersign: awsKeys('BASE'),
    owner: awsKeys('OWNER'),
    alex: { ...awsKeys('ALEX'), accessKeyId: ALEX_KEY },
    partner: awsKeys('PARTNER'),
  };
  const secrets = { bot: secret(), pusher: secret(), cloudtrail: secret() };
  const certificate = await createCertificate();
  trust(certificate.cert);
  const issuer = await createIssuer();
  const graphFile = path.join(directory, 'world-graph.json');
  const s3File = path.join(directory, 'world-s3.json');
  const iamFile = path.join(directory, 'world-iam.json');
  const savedGraph = load<GraphState>(graphFile);
  const savedS3 = load<S3State>(s3File);
  const savedIam = load<IamState>(iamFile);

  const identities = createIamWorld({
    seed: IDENTITIES,
    organisation: ORGANISATION,
    onChange: (state) => save(iamFile, state),
    ...(savedIam && { state: savedIam }),
  });

  const s3 = await createS3Server({
    ...callers(keys),
    identities: identities.gate,
    port: options.ports?.s3,
    buckets: BUCKETS,
    onChange: (state) => save(s3File, state),
    ...(savedS3 && { state: savedS3 }),
  });
  const iam = await createIamServer({ world: identities, callers: s3.world.callers });
  const teams = await openTeams({
    ...options,
    directory,
    issuer,
    ...(options.ports?.teams !== undefined && { port: options.ports.teams }),
  });
  const graph = await createGraphServer({
    port: options.ports?.graph ?? 0,
    people: PEOPLE,
    issuer,
    certificate,
    tenantId: TENANT_ID,
    clients: [
      {
        clientId: BOT_APP_ID,
        clientSecret: secrets.bot,
        redirectUris: [`${publicUrl}/sign-in/callback`],
      },
      { clientId: PUSHER_APP_ID, clientSecret: secrets.pusher, roles: ['Alerts.Push'] },
    ],
    onChange: (state) => save(graphFile, state),
    onInstalled: (person) => void teams.installed(person),
    ...(options.riskPaceMs !== undefined && { riskPaceMs: options.riskPaceMs }),
    ...(savedGraph && { state: savedGraph }),
  });

  writeFileSync(path.join(directory, 'settings.yml'), settings());
  const auditKey = path.join(directory, SANDBOX_AUDIT_KEY);
  if (!existsSync(auditKey)) writeFileSync(auditKey, createKey(), { mode: 0o600 });

  return {
    graph,
    s3,
    iam,
    teams,
    issuer,
    certificate: certificate.cert,
    env: {
      PORT: String(options.botPort),
      COUNTERSIGN_SANDBOX: 'yes',
      COUNTERSIGN_STATE_DIR: directory,
      COUNTERSIGN_SETTINGS: path.join(directory, 'settings.yml'),
      COUNTERSIGN_TENANT_ID: TENANT_ID,
      COUNTERSIGN_BOT_APP_ID: BOT_APP_ID,
      COUNTERSIGN_BOT_APP_PASSWORD: secrets.bot,
      COUNTERSIGN_PUBLIC_URL: publicUrl,
      COUNTERSIGN_TEAMS_APP_ID: TEAMS_APP_EXTERNAL_ID,
      COUNTERSIGN_ALERTS_AUDIENCE: AUDIENCE,
      COUNTERSIGN_CLOUDTRAIL_KEYS: secrets.cloudtrail,
      COUNTERSIGN_AWS_REGION: SAMPLE_REGION,
      COUNTERSIGN_AWS_ACCESS_KEY_ID: keys.countersign.accessKeyId,
      COUNTERSIGN_AWS_SECRET_ACCESS_KEY: keys.countersign.secretAccessKey,
      COUNTERSIGN_AUDIT_KEY: `file:${auditKey}`,
      COUNTERSIGN_SEAL_SECONDS: '10',
      COUNTERSIGN_POLL_SECONDS: '15',
      COUNTERSIGN_GRAPH_URL: graph.url,
      COUNTERSIGN_LOGIN_URL: graph.url,
      COUNTERSIGN_BOT_CHANNEL_URL: graph.url,
      COUNTERSIGN_TEAMS_SERVICE_URL: teams.serviceUrl,
      COUNTERSIGN_S3_URL: s3.url,
      COUNTERSIGN_STS_URL: `${s3.url}/sts`,
      COUNTERSIGN_IAM_URL: iam.iamUrl,
      COUNTERSIGN_ORGANIZATIONS_URL: iam.organizationsUrl,
    },
    ready: (bot) =>
      noteRunning(directory, {
        bot,
        graph: graph.url,
        s3: s3.url,
        teams: teams.serviceUrl,
        tenantId: TENANT_ID,
        audience: AUDIENCE,
        pusher: { clientId: PUSHER_APP_ID, clientSecret: secrets.pusher },
        cloudtrailKey: secrets.cloudtrail,
        aws: keys,
        certificate: certificate.cert,
      }),
    async stop() {
      await Promise.all([teams.close(), graph.close(), s3.close(), iam.close()]);
    },
  };
}

const awsKeys = (name: string) => ({
  accessKeyId: `AKIA${name}${randomBytes(4).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString('hex'),
});

/** The operator's file, as an administrator of contoso.example would write it. */
const settings = (): string =>
  stringify({
    timeZone: 'Europe/Berlin',
    locale: 'en-GB',
    security: { members: SECURITY_TEAM.map((person) => person.id), channel: SECURITY_CHANNEL.id },
    protectedUsers: [people.dana.id],
    users: { restrictDownloadsGroup: groups.noDownloads.id, mailFrom: people.yuki.mail },
    aws: {
      accounts: [{ id: SAMPLE_ACCOUNT, roleArn: COUNTERSIGN_ROLE }],
      serviceControlPolicyRole: MANAGEMENT_ROLE,
      iamUsers: IAM_USERS,
    },
  });

function load<State>(file: string): State | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : null;
}

function save(file: string, state: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
