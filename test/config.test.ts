// The configuration: everything that is wrong is said at once, nothing unsafe starts in production, no secret is ever printed.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { createKey } from '../src/audit/key.ts';
import { isCountersignError } from '../src/case/errors.ts';
import type { CLOUDS } from '../src/clouds.ts';
import {
  type Config,
  parseConfig,
  parseIdentity,
  parseStoreConfig,
  presentSettings,
  SANDBOX_AUDIT_KEY,
  SETTINGS,
} from '../src/config.ts';
import type { Environment } from '../src/config-reader.ts';
import { STAND_IN_URLS } from '../src/config-safety.ts';
import {
  BOT,
  CLOUDTRAIL_KEY,
  createDeployment,
  DATABASE,
  type Deployment,
  PASSWORD,
  settingsText,
  TENANT,
} from './helpers/settings.ts';

const STAND_INS: Environment = {
  COUNTERSIGN_SANDBOX: 'yes',
  COUNTERSIGN_AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  COUNTERSIGN_AWS_SECRET_ACCESS_KEY: 'aws-secret-never-shown',
  ...Object.fromEntries(STAND_IN_URLS.map((name) => [name, 'http://127.0.0.1:3980'])),
};

/** The lines of the refusal, without their bullets; none when it is accepted. */
function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    assert.ok(isCountersignError(error) && error.code === 'config.invalid', inspect(error));
    const [heading, ...lines] = error.message.split('\n');
    assert.equal(heading, 'Countersign cannot start:');
    return lines.map((line) => line.replace(/^ {2}- /, ''));
  }
}

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

  it('says every problem of the settings file, and a cap that bounds no action', () => {
    const bad = made.write(
      'bad.yml',
      'timeZone: Mars/Olympus\nsecurity: { members: [], channel: general }\n',
    );
    const cap = made.write(
      'cap.yml',
      settingsText('governance:\n  capsPerHour:\n    entra.user.suspend: 5\n    entra.user.suspnd: 1\n'),
    );

    oneProblem(
      { COUNTERSIGN_SETTINGS: bad },
      /timeZone must be an IANA time zone.*security\.members.*security\.channel/,
    );
    oneProblem(
      { COUNTERSIGN_SETTINGS: cap },
      /capsPerHour names entra\.user\.suspnd; there are .*entra\.user\.suspend/,
    );
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

  describe('stand-ins', () => {
    it('make a sandbox when all of them are given, on this machine', () => {
      const config = parse({ ...STAND_INS, COUNTERSIGN_TEAMS_SERVICE_URL: 'http://127.0.0.1:56150/_c/' });

      assert.equal(config.sandbox, true);
      assert.equal(config.cloud.graphUrl, 'http://127.0.0.1:3980');
      assert.equal(config.cloud.v1IssuerUrl, 'http://127.0.0.1:3980');
      assert.deepEqual(config.cloud.serviceHosts, ['127.0.0.1:56150']);
      assert.equal(config.aws.stsUrl, 'http://127.0.0.1:3980');
    });

    for (const name of STAND_IN_URLS) {
      it(`count only in a sandbox: ${name}`, () =>
        oneProblem({ [name]: 'http://127.0.0.1:1' }, new RegExp(`^${name} names a stand-in`)));

      it(`leave no sandbox half in the real world: ${name}`, () => {
        oneProblem(
          { ...STAND_INS, [name]: '' },
          new RegExp(`^${name} is missing: a sandbox reaches nothing`),
        );
        oneProblem({ ...STAND_INS, [name]: 'https://graph.microsoft.com' }, /is not on this machine/);
        oneProblem({ ...STAND_INS, [name]: 'ftp://localhost' }, /is not a URL that begins with https/);
      });
    }

    it('keep a sandbox from looking for credentials of a cloud', () => {
      oneProblem(
        { ...STAND_INS, COUNTERSIGN_BOT_APP_TYPE: 'UserAssignedMSI' },
        /never looks for credentials of a cloud/,
      );
      assert.equal(
        problems({
          ...STAND_INS,
          COUNTERSIGN_AWS_ACCESS_KEY_ID: '',
          COUNTERSIGN_AWS_SECRET_ACCESS_KEY: '',
        }).length,
        2,
      );
    });

    it('are no matter of words: COUNTERSIGN_SANDBOX is yes, or not set', () => {
      for (const value of ['no', 'false', '0', 'true'])
        oneProblem({ ...STAND_INS, COUNTERSIGN_SANDBOX: value }, /COUNTERSIGN_SANDBOX must be yes/);
    });
  });

  describe('in production', () => {
    const inProduction = (over: Environment = {}) => problems({ NODE_ENV: 'production', ...over });

    it('starts with what is complete and safe, also behind a proxy', () => {
      assert.deepEqual(inProduction(), []);
      assert.deepEqual(inProduction({ COUNTERSIGN_HOST: '0.0.0.0', LOG_LEVEL: 'debug' }), []);
      assert.equal(parse({ NODE_ENV: 'production' }).production, true);
    });

    for (const name of Object.keys(STAND_INS).filter((one) => !one.includes('_AWS_')))
      it(`refuses ${name}, https or not`, () => {
        for (const value of ['yes', 'http://127.0.0.1:1', 'https://graph.microsoft.com'])
          assert.ok(
            inProduction({ [name]: value }).includes(
              `${name} is for the sandbox and for tests, and refused in production`,
            ),
            value,
          );
      });

    it('refuses a store of people’s answers that is reached in the clear, or without checking who it is', () => {
      for (const url of [
        DATABASE,
        `${DATABASE}?sslmode=disable`,
        `${DATABASE}?sslmode=prefer`,
        `${DATABASE}?sslmode=no-verify`,
        `${DATABASE}?sslmode=require&uselibpqcompat=true`,
        `${DATABASE}?sslmode=verify-full&sslmode=disable`,
        'postgres://u:p@localhost/x?host=db.contoso.example',
      ])
        assert.match(
          inProduction({ DATABASE_URL: url }).join('\n'),
          /^DATABASE_URL must end in \?sslmode=/,
          url,
        );
    });

    it('takes a database over checked TLS, on this machine, or through a socket', () => {
      for (const url of [
        `${DATABASE}?sslmode=verify-full`,
        'postgres://u:p@127.0.0.1:5432/x',
        'postgres:///x?host=/var/run/postgresql',
        'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/x',
      ])
        assert.deepEqual(inProduction({ DATABASE_URL: url }), [], url);
    });

    it('refuses a process that checks no certificate', () => {
      assert.match(
        inProduction({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }).join('\n'),
        /^NODE_TLS_REJECT_UNAUTHORIZED=0 turns every certificate check off/,
      );
    });

    it('refuses a sealing key beside the database that it protects', () => {
      const state = path.join(made.directory, 'state');
      mkdirSync(path.join(state, 'keys'), { recursive: true });
      writeFileSync(path.join(state, 'keys/audit.pem'), createKey());

      const found = inProduction({ COUNTERSIGN_AUDIT_KEY: `file:${state}/keys/../keys/audit.pem` });

      assert.match(found.join('\n'), /^COUNTERSIGN_AUDIT_KEY lies in the state directory/);
    });

    it('lists every reason at once, with what is missing', () => {
      const found = problemsOf(() =>
        parseConfig({
          NODE_ENV: 'production',
          NODE_TLS_REJECT_UNAUTHORIZED: '0',
          DATABASE_URL: DATABASE,
          ...STAND_INS,
        }),
      );

      assert.equal(found.filter((line) => line.endsWith('for tests, and refused in production')).length, 7);
      assert.equal(found.filter((line) => line.includes(' is missing: ')).length, 6, found.join('\n'));
      assert.ok(found.some((line) => line.startsWith('DATABASE_URL')));
      assert.ok(found.some((line) => line.startsWith('NODE_TLS_REJECT_UNAUTHORIZED')));
      assert.equal(found.length, 7 + 6 + 2);
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

describe('what commands need', () => {
  let made: Deployment;
  beforeEach(() => {
    made = createDeployment();
    made.write(SANDBOX_AUDIT_KEY, createKey());
  });
  afterEach(() => made.remove());

  it('is found beside a sandbox by the state directory alone', () => {
    const config = parseStoreConfig({ COUNTERSIGN_STATE_DIR: made.directory });

    assert.equal(config.sandboxKey, true);
    assert.equal(config.checkpoints, path.join(made.directory, 'checkpoints.jsonl'));
    assert.match(config.auditKey?.reveal() ?? '', /PRIVATE KEY/);
  });

  it('is never a key that somebody left beside a real store', () => {
    const beside = { COUNTERSIGN_STATE_DIR: made.directory };

    for (const env of [
      { ...beside, NODE_ENV: 'production' },
      { ...beside, COUNTERSIGN_TENANT_ID: TENANT },
      { ...beside, DATABASE_URL: `${DATABASE}?sslmode=verify-full` },
    ])
      assert.equal(parseStoreConfig(env).auditKey, null);
  });

  it('holds the store to the same rules as a start', () => {
    assert.deepEqual(
      problemsOf(() => parseStoreConfig({ NODE_ENV: 'production', DATABASE_URL: DATABASE })).length,
      1,
    );
  });

  it('is two ids for the app package, each with its own line', () => {
    assert.deepEqual(
      problemsOf(() => parseIdentity({ COUNTERSIGN_TEAMS_APP_ID: 'x' })).map((line) => line.split(' ')[0]),
      ['COUNTERSIGN_BOT_APP_ID', 'COUNTERSIGN_TEAMS_APP_ID'],
    );
  });
});
