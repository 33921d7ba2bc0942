// What a start refuses although every setting can be read: half a sandbox, an unsafe production, a key of nobody's.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKey } from '../../src/audit/key.ts';
import type { Environment } from '../../src/config/reader.ts';
import { STAND_IN_URLS } from '../../src/config/safety.ts';
import {
  type Config,
  parseConfig,
  parseIdentity,
  parseStoreConfig,
  SANDBOX_AUDIT_KEY,
} from '../../src/config.ts';
import {
  createDeployment,
  DATABASE,
  type Deployment,
  problemsOf,
  STAND_INS,
  TENANT,
} from '../helpers/settings.ts';

describe('what a start refuses', () => {
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

  describe('stand-ins', () => {
    it('make a sandbox when all of them are given, on this machine', () => {
      const config = parse({ ...STAND_INS, COUNTERSIGN_TEAMS_SERVICE_URL: 'http://127.0.0.1:56150/_c/' });

      assert.equal(config.sandbox, true);
      assert.equal(config.cloud.graphUrl, 'https://localhost:9');
      assert.equal(config.cloud.v1IssuerUrl, 'https://localhost:9');
      assert.deepEqual(config.cloud.serviceHosts, ['127.0.0.1:56150']);
      for (const url of [config.aws.stsUrl, config.aws.iamUrl, config.aws.organizationsUrl])
        assert.equal(url, 'https://localhost:9');
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

      const standIns = STAND_IN_URLS.length + 1;
      assert.equal(
        found.filter((line) => line.endsWith('for tests, and refused in production')).length,
        standIns,
      );
      assert.equal(found.filter((line) => line.includes(' is missing: ')).length, 6, found.join('\n'));
      assert.ok(found.some((line) => line.startsWith('DATABASE_URL')));
      assert.ok(found.some((line) => line.startsWith('NODE_TLS_REJECT_UNAUTHORIZED')));
      assert.equal(found.length, standIns + 6 + 2);
    });
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
