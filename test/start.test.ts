// What may start where: the sandbox only where nothing is configured, a store only for whom it belongs to.
import assert from 'node:assert/strict';
import { createLog } from '../src/adapters/log.ts';
import { isCountersignError } from '../src/case/errors.ts';
import type { Environment } from '../src/config/reader.ts';
import { mayRunSandbox } from '../src/config/sandbox-gate.ts';
import { parseConfig, SETTINGS } from '../src/config.ts';
import { startService } from '../src/service.ts';
import { createDeployment, type Deployment, STAND_INS } from './helpers/settings.ts';

const refusal = (env: Environment): string => {
  try {
    mayRunSandbox(env, true);
  } catch (error) {
    assert.ok(isCountersignError(error) && error.code === 'config.no-sandbox');
    return error.message;
  }
  return assert.fail(`the sandbox starts with ${JSON.stringify(env)}`);
};

describe('the sandbox', () => {
  it('is what starts where nothing is configured', () => {
    const env = {
      PATH: '/bin',
      PORT: '4000',
      LOG_LEVEL: 'debug',
      NODE_ENV: 'test',
      COUNTERSIGN_TENANT_ID: '',
    };

    assert.equal(mayRunSandbox(env, false), true);
    assert.equal(mayRunSandbox(env, true), true);
  });

  for (const name of SETTINGS.filter((one) => one !== 'PORT' && one !== 'LOG_LEVEL'))
    it(`does not start where ${name} is set, and says so when it was insisted on`, () => {
      assert.equal(mayRunSandbox({ [name]: 'x' }, false), false);
      assert.match(refusal({ [name]: 'x' }), new RegExp(`  - ${name} is set`));
    });

  it('does not start in production, whatever else is set', () => {
    assert.equal(mayRunSandbox({ NODE_ENV: 'production' }, false), false);
    assert.match(refusal({ NODE_ENV: 'production' }), /NODE_ENV is production/);
  });

  it('lists every reason why it does not start', () => {
    const text = refusal({ NODE_ENV: 'production', DATABASE_URL: 'x', COUNTERSIGN_TYPO: 'x' });

    assert.deepEqual(text.split('\n').slice(1), [
      '  - NODE_ENV is production',
      '  - DATABASE_URL is set, so Countersign is configured',
      '  - COUNTERSIGN_TYPO is set, so Countersign is configured',
    ]);
    assert.doesNotMatch(text, /: x|=x/);
  });
});

describe('a start', () => {
  it('says what of the settings is worth a look, with its line, and goes on', async () => {
    const made = createDeployment();
    const told: unknown[] = [];
    const log = { ...createLog('silent'), warn: (facts: object) => void told.push(facts) };

    const service = await startService(parseConfig(made.env), log);

    await service.stop();
    made.remove();
    const [note] = told.filter((one) => /security\.members names one person/.test(JSON.stringify(one)));
    assert.partialDeepStrictEqual(note, { file: made.env.COUNTERSIGN_SETTINGS, line: 4 });
  });
});

describe('a store', () => {
  const OTHER_TENANT = '00000000-0000-4000-8000-0000000000ff';
  let made: Deployment;
  beforeEach(() => {
    made = createDeployment();
  });
  afterEach(() => made.remove());

  const startAndStop = async (over: Environment = {}): Promise<void> => {
    const service = await startService(parseConfig({ ...made.env, ...over }), createLog('silent'));
    await service.stop();
  };
  const isForeign = (pattern: RegExp) => (error: unknown) =>
    isCountersignError(error) && error.code === 'config.foreign-store' && pattern.test(error.message);

  it('of a sandbox refuses a real start', async () => {
    await startAndStop(STAND_INS);

    await assert.rejects(
      startAndStop(),
      isForeign(/The store belongs to sandbox, and this start is for tenant:/),
    );
  });

  it('of a tenant refuses a sandbox', async () => {
    await startAndStop();

    await assert.rejects(
      startAndStop(STAND_INS),
      isForeign(/belongs to tenant:.*, and this start is for sandbox/),
    );
  });

  it('of a tenant refuses another tenant, and takes its own back', async () => {
    await startAndStop();

    await assert.rejects(startAndStop({ COUNTERSIGN_TENANT_ID: OTHER_TENANT }), isForeign(/tenant:/));
    await startAndStop();
  });
});
