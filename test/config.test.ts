// The configuration: everything that is wrong is said at once, nothing unsafe starts in production, no secret is ever printed.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { inspect } from 'node:util';
import { createKey } from '../src/audit/key.ts';
import type { CLOUDS } from '../src/config/clouds.ts';
import type { Environment } from '../src/config/reader.ts';
import { type Config, parseConfig, presentSettings, SETTINGS } from '../src/config.ts';
import {
  BOT,
  CLOUDTRAIL_KEY,
  createDeployment,
  DATABASE,
  type Deployment,
  PASSWORD,
  problemsOf,
  settingsText,
  TENANT,
} from './helpers/settings.ts';

describe('the configuration', () => {
  let made: Deployment;
  beforeEach(() => {
    made = createDeployment();
  });
  afterEach(() => made.remove());

  const parse = (over: Environment = {}): Config => parseConfig({ ...made.env, ...over });
  const problems = (over: Environment): readonly string[] => problemsOf(() => parse(over));
  const oneProblem = (over: Environment, expected: RegExp): void => {
    const found = problems(over);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', expected);
  };

  it('needs nothing but what has no sensible default', () => {
    const config = parse({ PORT: undefined, COUNTERSIGN_STATE_DIR: undefined });

    assert.equal(config.port, 3978);
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.stateDirectory, '.countersign');
    assert.equal(config.tenantId, TENANT);
    assert.equal(config.alerts.audience, `api://${BOT}`);
    assert.equal(config.alerts.role, 'Alerts.Push');
    assert.equal(config.aws.credentials, null);
    assert.deepEqual([config.sandbox, config.production, config.databaseUrl], [false, false, null]);
  });

  it('lists everything that is missing at once', () => {
    const found = problemsOf(() => parseConfig({}));

    for (const name of [
      'COUNTERSIGN_TENANT_ID',
      'COUNTERSIGN_BOT_APP_ID',
      'COUNTERSIGN_BOT_APP_PASSWORD',
      'COUNTERSIGN_TEAMS_APP_ID',
      'COUNTERSIGN_SETTINGS',
      'COUNTERSIGN_AUDIT_KEY',
    ])
      assert.equal(found.filter((line) => line.startsWith(`${name} is missing: `)).length, 1, name);
    assert.equal(found.length, 6, found.join('\n'));
  });

  const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  const wrong: readonly (readonly [string, string | undefined, RegExp])[] = [
    ['PORT', '70000', /PORT must be a whole number from 0 to 65535/],
    ['PORT', '39x', /PORT must be a whole number/],
    ['LOG_LEVEL', 'verbose', /LOG_LEVEL must be one of fatal, error, warn, info, debug, silent/],
    ['DATABASE_URL', 'mysql://db.contoso.example/x', /DATABASE_URL must be a URL that begins with postgres/],
    ['DATABASE_URL', 'postgres://u:p@[db/x', /DATABASE_URL must be a URL/],
    ['COUNTERSIGN_TENANT_ID', undefined, /COUNTERSIGN_TENANT_ID is missing/],
    ['COUNTERSIGN_TENANT_ID', 'contoso.example', /COUNTERSIGN_TENANT_ID is not a GUID/],
    ['COUNTERSIGN_BOT_APP_ID', 'my-bot', /COUNTERSIGN_BOT_APP_ID is not a GUID/],
    ['COUNTERSIGN_BOT_APP_TYPE', 'MultiTenant', /APP_TYPE must be one of SingleTenant, UserAssignedMSI/],
    ['COUNTERSIGN_BOT_APP_PASSWORD', undefined, /PASSWORD is missing: a SingleTenant bot needs/],
    ['COUNTERSIGN_TEAMS_APP_ID', '{}', /COUNTERSIGN_TEAMS_APP_ID is not a GUID/],
    ['COUNTERSIGN_CLOUD', 'mooncake', /COUNTERSIGN_CLOUD must be one of public, gcc, gcchigh, dod/],
    [
      'COUNTERSIGN_SETTINGS',
      '/nowhere/settings.yml',
      /COUNTERSIGN_SETTINGS \(\/nowhere\/settings.yml\): ENOENT/,
    ],
    ['COUNTERSIGN_POLL_SECONDS', '-1', /COUNTERSIGN_POLL_SECONDS must be a whole number from 0 to 86400/],
    ['COUNTERSIGN_SEAL_SECONDS', '0', /COUNTERSIGN_SEAL_SECONDS must be a whole number from 1/],
    ['COUNTERSIGN_CLOUDTRAIL_KEYS', undefined, /COUNTERSIGN_CLOUDTRAIL_KEYS is missing: AWS accounts are/],
    ['COUNTERSIGN_CLOUDTRAIL_KEYS', ' , ', /COUNTERSIGN_CLOUDTRAIL_KEYS is missing: AWS accounts are/],
    ['COUNTERSIGN_CLOUDTRAIL_KEYS', `${CLOUDTRAIL_KEY},short`, /a key of fewer than 32 characters/],
    ['COUNTERSIGN_AWS_REGION', 'Frankfurt', /COUNTERSIGN_AWS_REGION is not a region/],
    ['COUNTERSIGN_AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE', /go together, or neither/],
    ['COUNTERSIGN_AWS_SECRET_ACCESS_KEY', 'aws-secret-never-shown', /go together, or neither/],
    ['COUNTERSIGN_AUDIT_KEY', 'not a key', /COUNTERSIGN_AUDIT_KEY is not an Ed25519 private key/],
    ['COUNTERSIGN_AUDIT_KEY', String(rsaKey), /COUNTERSIGN_AUDIT_KEY is not an Ed25519 private key/],
    ['COUNTERSIGN_AUDIT_KEY', 'file:/nowhere/key.pem', /names a file that cannot be read: ENOENT/],
    ['COUNTERSIGN_PASSWORD', 'x', /COUNTERSIGN_PASSWORD is not a setting of Countersign/],
    ['COUNTERSIGN_DRY_RUN', 'yes', /COUNTERSIGN_DRY_RUN is not a setting of Countersign/],
  ];
  for (const [name, value, expected] of wrong)
    it(`gives ${name} its own line when it is ${JSON.stringify(value?.split('\n')[0]) ?? 'missing'}`, () =>
      oneProblem({ [name]: value }, expected));

  it('lists every wrong setting at once, each once', () => {
    const found = problems({
      PORT: 'x',
      LOG_LEVEL: 'x',
      COUNTERSIGN_TENANT_ID: 'x',
      COUNTERSIGN_CLOUD: 'x',
      COUNTERSIGN_LOGIN_URL: 'x',
      COUNTERSIGN_TYPO: 'x',
    });

    for (const name of ['PORT', 'LOG_LEVEL', 'TENANT_ID', 'CLOUD', 'LOGIN_URL', 'TYPO'])
      assert.ok(
        found.some((line) => line.split(' ')[0]?.endsWith(name)),
        name,
      );
    assert.equal(new Set(found).size, found.length);
  });

  it('takes an empty setting for one that is not set, as .env.example leaves them', () => {
    const empty = Object.fromEntries(
      SETTINGS.filter((name) => !(name in made.env)).map((name) => [name, '']),
    );

    assert.deepEqual(problems({ ...empty, COUNTERSIGN_TYPO: '' }), []);
  });

  it('says every problem of the settings file, and an action in it that there is not', () => {
    const bad = made.write(
      'bad.yml',
      'timeZone: Mars/Olympus\nsecurity: { members: [], channel: general }\n',
    );
    const cap = made.write(
      'cap.yml',
      settingsText('governance:\n  capsPerHour:\n    entra.user.suspend: 5\n    entra.user.suspnd: 1\n'),
    );
    const kind = made.write('kind.yml', settingsText('governance: { kindCapsPerHour: { buckets: 0 } }'));
    const both = made.write(
      'both.yml',
      settingsText('governance: { capsPerHour: { entra.user.suspnd: 1 }, undoWindow: x }'),
    );
    const bound = made.write(
      'bound.yml',
      settingsText('detection: { bounds: { actions: [entra.user.suspend, entra.user.delete] } }'),
    );

    oneProblem(
      { COUNTERSIGN_SETTINGS: bad },
      /timeZone must be an IANA time zone.*security\.members.*security\.channel/,
    );
    oneProblem(
      { COUNTERSIGN_SETTINGS: cap },
      /capsPerHour names entra\.user\.suspnd; there are .*entra\.user\.suspend/,
    );
    oneProblem(
      { COUNTERSIGN_SETTINGS: kind },
      /kindCapsPerHour names buckets; there are .*\bbucket\b.*\biam-role\b.* \(line/,
    );
    oneProblem(
      { COUNTERSIGN_SETTINGS: both },
      /undoWindow must be .*; .*capsPerHour names entra\.user\.suspnd/,
    );
    oneProblem(
      { COUNTERSIGN_SETTINGS: bound },
      /detection\.bounds\.actions names entra\.user\.delete; there/,
    );
  });

  it('takes folders of rules from beside the settings file', () => {
    const file = made.write('rules.yml', settingsText('detection: { rules: [./sigma] }'));

    const { settings } = parse({ COUNTERSIGN_SETTINGS: file });

    assert.deepEqual(settings.detection.ruleFolders, [path.join(made.directory, 'sigma')]);
  });

  describe('secrets', () => {
    it('come from the environment, or from a file that is mounted', () => {
      const file = made.write('password', `${PASSWORD}\n`);
      const pem = createKey();

      const config = parse({
        COUNTERSIGN_BOT_APP_PASSWORD: `file:${file}`,
        COUNTERSIGN_AUDIT_KEY: pem.replaceAll('\n', '\\n'),
      });

      assert.equal(config.bot.password?.reveal(), PASSWORD);
      assert.equal(config.audit.key.reveal(), pem);
    });

    it('are refused when their file is empty', () => {
      const file = made.write('empty', '\n');

      oneProblem({ COUNTERSIGN_BOT_APP_PASSWORD: `file:${file}` }, /PASSWORD names a file that is empty/);
    });

    it('are refused as a Key Vault reference that the platform has not resolved', () => {
      for (const name of [
        'COUNTERSIGN_BOT_APP_PASSWORD',
        'COUNTERSIGN_AUDIT_KEY',
        'COUNTERSIGN_CLOUDTRAIL_KEYS',
        'DATABASE_URL',
      ])
        oneProblem(
          { [name]: '@Microsoft.KeyVault(SecretUri=https://contoso.example/secrets/x)' },
          new RegExp(`^${name} is a Key Vault reference that the platform has not resolved$`),
        );
    });

    it('show nowhere when the configuration is printed', () => {
      const config = parse({
        DATABASE_URL: DATABASE,
        COUNTERSIGN_AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        COUNTERSIGN_AWS_SECRET_ACCESS_KEY: 'aws-secret-never-shown',
      });
      assert.match(config.databaseUrl?.reveal() ?? '', /never-shown/);

      const printed = [
        JSON.stringify(config),
        inspect(config, { depth: null }),
        inspect(config, { depth: null, showHidden: true, customInspect: false }),
        `${config.bot.password} ${config.databaseUrl} ${config.audit.key} ${config.cloudtrailKeys}`,
        JSON.stringify(Object.entries(config.bot)),
      ];

      for (const text of printed) assert.doesNotMatch(text, /never-shown|BEGIN PRIVATE KEY/);
    });

    it('show in no error, whatever else is wrong with them', () => {
      const found = problems({
        COUNTERSIGN_BOT_APP_PASSWORD: '',
        COUNTERSIGN_AUDIT_KEY: '-----BEGIN PRIVATE KEY-----never-shown',
        COUNTERSIGN_CLOUDTRAIL_KEYS: 'never-shown',
        COUNTERSIGN_AWS_SECRET_ACCESS_KEY: 'never-shown',
        DATABASE_URL: 'mysql://countersign:never-shown@db.contoso.example',
      });

      assert.equal(found.length, 5, found.join('\n'));
      assert.doesNotMatch(found.join('\n'), /never-shown/);
    });
  });

  describe('Microsoft’s side', () => {
    it('needs no password for a managed identity', () => {
      const config = parse({
        COUNTERSIGN_BOT_APP_TYPE: 'UserAssignedMSI',
        COUNTERSIGN_BOT_APP_PASSWORD: undefined,
      });

      assert.deepEqual([config.bot.appType, config.bot.password], ['UserAssignedMSI', null]);
    });

    const hosts = {
      public: ['graph.microsoft.com', 'login.microsoftonline.com', 'smba.trafficmanager.net'],
      gcc: ['graph.microsoft.com', 'login.microsoftonline.com', 'smba.infra.gcc.teams.microsoft.com'],
      gcchigh: ['graph.microsoft.us', 'login.microsoftonline.us', 'smba.infra.gov.teams.microsoft.us'],
      dod: ['dod-graph.microsoft.us', 'login.microsoftonline.us', 'smba.infra.dod.teams.microsoft.us'],
    } satisfies Record<keyof typeof CLOUDS, readonly string[]>;
    for (const [name, [graph, login, teams]] of Object.entries(hosts))
      it(`reaches ${graph}, ${login} and ${teams}, and no other Teams host, in the ${name} cloud`, () => {
        const { cloud } = parse({ COUNTERSIGN_CLOUD: name });

        assert.equal(cloud.graphUrl, `https://${graph}`);
        assert.equal(cloud.graphScope, `https://${graph}/.default`);
        assert.equal(cloud.loginUrl, `https://${login}`);
        assert.equal(new URL(cloud.teamsServiceUrl).host, teams);
        assert.deepEqual(cloud.serviceHosts, [teams]);
      });
  });
});

describe('the settings that are present', () => {
  it('are all but where to listen and how much to log', () => {
    for (const name of SETTINGS)
      assert.deepEqual(presentSettings({ [name]: 'x' }), ['PORT', 'LOG_LEVEL'].includes(name) ? [] : [name]);
  });

  it('include a name that is not known: somebody meant to configure something', () => {
    assert.deepEqual(presentSettings({ COUNTERSIGN_TYPO: 'x', PATH: '/bin', COUNTERSIGN_TENANT_ID: '' }), [
      'COUNTERSIGN_TYPO',
    ]);
  });
});
