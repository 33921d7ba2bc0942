// The only reader of process.env. Parses every setting, lists every problem at once, and never prints a secret.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readPrivateKey } from './audit/key.ts';
import { CountersignError, errorText } from './case/errors.ts';
import type { OperatorSettings } from './case/settings.ts';
import { CLOUDS, type Cloud, type CloudName } from './config/clouds.ts';
import { createReader, type Environment } from './config/reader.ts';
import { databaseProblems, productionProblems, standInProblems } from './config/safety.ts';
import { Secret } from './config/secret.ts';
import { readSignIn, type SignInConfig } from './config/sign-in.ts';
import { ACTIONS } from './govern/actions/index.ts';
import { parseSettings } from './settings/file.ts';

export interface Config {
  readonly sandbox: boolean;
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly logLevel: string;
  readonly stateDirectory: string;
  readonly databaseUrl: Secret | null;
  readonly tenantId: string;
  readonly cloud: Cloud;
  readonly bot: {
    readonly appId: string;
    readonly appType: 'SingleTenant' | 'UserAssignedMSI';
    readonly password: Secret | null;
    /** `id` in the Teams manifest: what Graph calls externalId. */
    readonly teamsAppId: string;
  };
  /** Where people sign in afresh; null where there is no such page. */
  readonly signIn: SignInConfig | null;
  readonly alerts: { readonly audience: string; readonly role: string; readonly pollSeconds: number };
  readonly cloudtrailKeys: readonly Secret[];
  readonly aws: {
    readonly region: string;
    readonly s3Url: string | null;
    readonly stsUrl: string | null;
    readonly iamUrl: string | null;
    readonly organizationsUrl: string | null;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: Secret } | null;
  };
  readonly audit: { readonly key: Secret; readonly checkpoints: string; readonly sealSeconds: number };
  readonly settings: OperatorSettings;
}

/** Every setting there is: `.env.example` lists the same, and a law test holds it. */
export const SETTINGS = [
  'PORT',
  'LOG_LEVEL',
  'DATABASE_URL',
  'COUNTERSIGN_HOST',
  'COUNTERSIGN_STATE_DIR',
  'COUNTERSIGN_SETTINGS',
  'COUNTERSIGN_CLOUD',
  'COUNTERSIGN_TENANT_ID',
  'COUNTERSIGN_BOT_APP_ID',
  'COUNTERSIGN_BOT_APP_TYPE',
  'COUNTERSIGN_BOT_APP_PASSWORD',
  'COUNTERSIGN_TEAMS_APP_ID',
  'COUNTERSIGN_PUBLIC_URL',
  'COUNTERSIGN_SIGN_IN_APP_ID',
  'COUNTERSIGN_SIGN_IN_APP_PASSWORD',
  'COUNTERSIGN_ALERTS_AUDIENCE',
  'COUNTERSIGN_ALERTS_ROLE',
  'COUNTERSIGN_POLL_SECONDS',
  'COUNTERSIGN_CLOUDTRAIL_KEYS',
  'COUNTERSIGN_AWS_REGION',
  'COUNTERSIGN_AWS_ACCESS_KEY_ID',
  'COUNTERSIGN_AWS_SECRET_ACCESS_KEY',
  'COUNTERSIGN_AUDIT_KEY',
  'COUNTERSIGN_AUDIT_CHECKPOINTS',
  'COUNTERSIGN_SEAL_SECONDS',
  'COUNTERSIGN_SANDBOX',
  'COUNTERSIGN_GRAPH_URL',
  'COUNTERSIGN_LOGIN_URL',
  'COUNTERSIGN_BOT_CHANNEL_URL',
  'COUNTERSIGN_TEAMS_SERVICE_URL',
  'COUNTERSIGN_S3_URL',
  'COUNTERSIGN_STS_URL',
  'COUNTERSIGN_IAM_URL',
  'COUNTERSIGN_ORGANIZATIONS_URL',
] as const;
export type SettingName = (typeof SETTINGS)[number];

/** Settings that a sandbox may have from outside: they say where, not what. */
const HARMLESS: readonly string[] = ['PORT', 'LOG_LEVEL'];

export const environment = (): Environment => process.env;

/** Names of the Countersign settings that are present: with none of them, and not in production, the sandbox may start. */
export const presentSettings = (env: Environment): readonly string[] => [
  ...SETTINGS.filter((name) => !HARMLESS.includes(name) && env[name]),
  ...unknownSettings(env),
];

const unknownSettings = (env: Environment): readonly string[] =>
  Object.keys(env).filter(
    (name) => name.startsWith('COUNTERSIGN_') && env[name] && !(SETTINGS as readonly string[]).includes(name),
  );

/** Throws `config.invalid` with every problem in its message, one a line. */
export function parseConfig(env: Environment): Config {
  const reader = createReader(env);
  const { problems, text, required, guid, number, choice, secret, url } = reader;
  problems.push(...unknownSettings(env).map((name) => `${name} is not a setting of Countersign`));
  const production = env.NODE_ENV === 'production';
  problems.push(...standInProblems(env));

  const tenantId = guid('COUNTERSIGN_TENANT_ID', 'the Entra tenant that this deployment serves');
  const appId = guid('COUNTERSIGN_BOT_APP_ID', "the bot's app registration (client id)");
  const appType = choice(
    'COUNTERSIGN_BOT_APP_TYPE',
    ['SingleTenant', 'UserAssignedMSI'] as const,
    'SingleTenant',
  );
  const password = secret('COUNTERSIGN_BOT_APP_PASSWORD');
  if (appType === 'SingleTenant' && !text('COUNTERSIGN_BOT_APP_PASSWORD'))
    problems.push('COUNTERSIGN_BOT_APP_PASSWORD is missing: a SingleTenant bot needs its client secret');
  const cloudName = choice('COUNTERSIGN_CLOUD', Object.keys(CLOUDS) as CloudName[], 'public');
  const base = CLOUDS[cloudName];
  const serviceUrl = url('COUNTERSIGN_TEAMS_SERVICE_URL', base.teamsServiceUrl);
  const standIn = (name: SettingName): string | null => (text(name) === null ? null : url(name, ''));
  const channelUrl = standIn('COUNTERSIGN_BOT_CHANNEL_URL');
  const cloud: Cloud = {
    ...base,
    graphUrl: url('COUNTERSIGN_GRAPH_URL', base.graphUrl),
    loginUrl: url('COUNTERSIGN_LOGIN_URL', base.loginUrl),
    v1IssuerUrl: url('COUNTERSIGN_LOGIN_URL', base.v1IssuerUrl),
    teamsServiceUrl: serviceUrl,
    serviceHosts: text('COUNTERSIGN_TEAMS_SERVICE_URL') ? [new URL(serviceUrl).host] : base.serviceHosts,
    botOpenIdUrl: channelUrl ? `${channelUrl}/v1/.well-known/openidconfiguration` : base.botOpenIdUrl,
  };
  const keyList = secret('COUNTERSIGN_CLOUDTRAIL_KEYS');
  const keys = (keyList?.reveal() ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);
  if (keys.some((key) => key.length < 32))
    problems.push('COUNTERSIGN_CLOUDTRAIL_KEYS holds a key of fewer than 32 characters');
  const settings = readSettings(
    required('COUNTERSIGN_SETTINGS', "the operator's settings file (YAML)"),
    problems,
  );
  const noKeys = keyList ? keys.length === 0 : !text('COUNTERSIGN_CLOUDTRAIL_KEYS');
  if (settings && settings.aws.accounts.length > 0 && noKeys)
    problems.push(
      'COUNTERSIGN_CLOUDTRAIL_KEYS is missing: AWS accounts are listed, and EventBridge needs a key to deliver',
    );
  const auditKey = secret('COUNTERSIGN_AUDIT_KEY');
  if (!text('COUNTERSIGN_AUDIT_KEY'))
    problems.push('COUNTERSIGN_AUDIT_KEY is missing: the Ed25519 private key (PEM) that signs checkpoints');
  else if (auditKey && !isAuditKey(auditKey))
    problems.push('COUNTERSIGN_AUDIT_KEY is not an Ed25519 private key in PEM form');
  const databaseUrl = secret('DATABASE_URL');
  if (databaseUrl) problems.push(...databaseProblems(databaseUrl.reveal(), production));
  const accessKeyId = text('COUNTERSIGN_AWS_ACCESS_KEY_ID');
  const secretAccessKey = secret('COUNTERSIGN_AWS_SECRET_ACCESS_KEY');
  if ((accessKeyId === null) !== (text('COUNTERSIGN_AWS_SECRET_ACCESS_KEY') === null))
    problems.push(
      'COUNTERSIGN_AWS_ACCESS_KEY_ID and COUNTERSIGN_AWS_SECRET_ACCESS_KEY go together, or neither',
    );
  const region = text('COUNTERSIGN_AWS_REGION') ?? 'us-east-1';
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region))
    problems.push('COUNTERSIGN_AWS_REGION is not a region such as eu-central-1');
  const stateDirectory = text('COUNTERSIGN_STATE_DIR') ?? '.countersign';
  problems.push(
    ...productionProblems(env, { embedded: text('DATABASE_URL') === null, directory: stateDirectory }),
  );

  const config = {
    sandbox: text('COUNTERSIGN_SANDBOX') !== null,
    production,
    port: number('PORT', 3978, 0, 65_535),
    host: text('COUNTERSIGN_HOST') ?? '127.0.0.1',
    logLevel: choice('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const, 'info'),
    stateDirectory,
    databaseUrl,
    tenantId,
    cloud,
    bot: {
      appId,
      appType,
      password,
      teamsAppId: guid('COUNTERSIGN_TEAMS_APP_ID', 'the id in the Teams manifest'),
    },
    signIn: readSignIn(reader, { appId, appType, password }, production),
    alerts: {
      audience: text('COUNTERSIGN_ALERTS_AUDIENCE') ?? `api://${appId}`,
      role: text('COUNTERSIGN_ALERTS_ROLE') ?? 'Alerts.Push',
      pollSeconds: number('COUNTERSIGN_POLL_SECONDS', 60, 0, 86_400),
    },
    cloudtrailKeys: keys.map((key) => new Secret(key)),
    aws: {
      region,
      s3Url: standIn('COUNTERSIGN_S3_URL'),
      stsUrl: standIn('COUNTERSIGN_STS_URL'),
      iamUrl: standIn('COUNTERSIGN_IAM_URL'),
      organizationsUrl: standIn('COUNTERSIGN_ORGANIZATIONS_URL'),
      credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    },
    audit: {
      key: auditKey ?? new Secret(''),
      checkpoints: text('COUNTERSIGN_AUDIT_CHECKPOINTS') ?? `${stateDirectory}/checkpoints.jsonl`,
      sealSeconds: number('COUNTERSIGN_SEAL_SECONDS', 60, 1, 86_400),
    },
  };
  if (problems.length > 0 || !settings) throw invalid(problems);
  return { ...config, settings };
}

function isAuditKey(key: Secret): boolean {
  try {
    return readPrivateKey(key.reveal()) !== null;
  } catch {
    return false;
  }
}

function readSettings(file: string, problems: string[]): OperatorSettings | null {
  if (!file) return null;
  try {
    return { ...parseSettings(readFileSync(file, 'utf8'), path.dirname(file), ACTIONS), file };
  } catch (error) {
    problems.push(`COUNTERSIGN_SETTINGS (${file}): ${errorText(error)}`);
    return null;
  }
}

/** What commands beside a running bot need: the store, and how to check its seals. */
export interface StoreConfig {
  readonly databaseUrl: Secret | null;
  readonly stateDirectory: string;
  readonly checkpoints: string;
  /** Null where this command has no key to check with. */
  readonly auditKey: Secret | null;
  /** The key is the one that a sandbox made, and lies where whoever changes the store can change it too. */
  readonly sandboxKey: boolean;
}

/** Where the sandbox keeps the key that it made at its first start. */
export const SANDBOX_AUDIT_KEY = 'audit-key.pem';

/** Throws `config.invalid`. */
export function parseStoreConfig(env: Environment): StoreConfig {
  const { problems, text, secret } = createReader(env);
  const stateDirectory = text('COUNTERSIGN_STATE_DIR') ?? '.countersign';
  const databaseUrl = secret('DATABASE_URL');
  if (databaseUrl) problems.push(...databaseProblems(databaseUrl.reveal(), env.NODE_ENV === 'production'));
  const auditKey = secret('COUNTERSIGN_AUDIT_KEY');
  const made = path.join(stateDirectory, SANDBOX_AUDIT_KEY);
  const sandboxKey = !auditKey && isBesideSandbox(env) && existsSync(made);
  const config = {
    databaseUrl,
    stateDirectory,
    checkpoints: text('COUNTERSIGN_AUDIT_CHECKPOINTS') ?? path.join(stateDirectory, 'checkpoints.jsonl'),
    auditKey: sandboxKey ? new Secret(readFileSync(made, 'utf8')) : auditKey,
    sandboxKey,
  };
  if (problems.length > 0) throw invalid(problems);
  return config;
}

/** A command beside a sandbox knows where its state is, and nothing else. */
const isBesideSandbox = (env: Environment): boolean =>
  env.NODE_ENV !== 'production' && presentSettings(env).every((name) => name === 'COUNTERSIGN_STATE_DIR');

const invalid = (problems: readonly string[]): CountersignError =>
  new CountersignError(
    'config.invalid',
    ['Countersign cannot start:', ...[...new Set(problems)].map((problem) => `  - ${problem}`)].join('\n'),
  );

/** What the Teams app package needs to know. Throws `config.invalid`. */
export function parseIdentity(env: Environment): { readonly botAppId: string; readonly teamsAppId: string } {
  const { problems, guid } = createReader(env);
  const identity = {
    botAppId: guid('COUNTERSIGN_BOT_APP_ID', "the bot's app registration (client id)"),
    teamsAppId: guid('COUNTERSIGN_TEAMS_APP_ID', 'the id in the Teams manifest: any GUID of your own'),
  };
  if (problems.length > 0) throw invalid(problems);
  return identity;
}
