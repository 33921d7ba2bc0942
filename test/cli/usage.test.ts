// What every subcommand keeps to: 0 done, 1 failed, 2 wrong usage; answers on stdout, prose on stderr, never a stack trace.
import assert from 'node:assert/strict';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { type Ended, jsonLines, runCommand } from '../helpers/command.ts';
import { createDeployment } from '../helpers/settings.ts';

const assertNoStack = ({ stderr }: Ended): void =>
  assert.doesNotMatch(stderr, /\n\s+at |node:internal|\.ts:\d/);

/** Exit code, nothing on stdout, and what is said. */
function assertRefused(ended: Ended, code: 1 | 2, says: RegExp): void {
  assert.equal(ended.code, code, ended.stderr);
  assert.equal(ended.stdout, '');
  assert.match(ended.stderr, says);
  assertNoStack(ended);
}

describe('the countersign command', () => {
  it('helps on stdout', async () => {
    const ended = await runCommand(['--help']);

    assert.equal(ended.code, 0);
    assert.match(ended.stdout, /A second signature on risky cloud activity/);
    assert.equal(ended.stderr, '');
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /Usage: countersign/],
    [['dismiss'], /unknown command 'dismiss'/],
    [['cases', '--all'], /unknown option '--all'/],
    [['cases', 'K7M2PQRS'], /too many arguments/],
    [['cases', '--limit', '0'], /A whole number from 1 on/],
    [['cases', '--limit', 'many'], /A whole number from 1 on/],
    [['audit'], /Usage: countersign audit/],
    [['audit', 'mend'], /unknown command 'mend'/],
    [['audit', 'verify', '--public-key'], /argument missing/],
    [['start', '--json', 'now'], /too many arguments/],
    [['fire', 'bucket-pubic'], /there is no sample called bucket-pubic; see: countersign fire --list/],
    [['fire', 'constructor'], /there is no sample called constructor/],
  ];
  for (const [args, says] of wrong)
    it(`ends with 2 on wrong usage: countersign ${args.join(' ')}`, async () => {
      assertRefused(await runCommand(args), 2, says);
    });

  it('lists the samples, and ends with 2 when none is named', async () => {
    const [listed, unnamed] = await Promise.all([
      runCommand(['fire', '--list', '--json']),
      runCommand(['fire']),
    ]);

    assert.deepEqual([listed.code, listed.stderr], [0, '']);
    assert.deepEqual(
      jsonLines(listed.stdout).map(({ name, title, door }) => ({ name, title, door })),
      Object.entries(SAMPLES).map(([name, { title, door }]) => ({ name, title, door })),
    );
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.stdout, /^bucket-public {2,}Alex Weber opens/m);
    assert.match(unnamed.stderr, /name a sample/);
  });

  for (const args of [
    ['cases'],
    ['cases', '--json'],
    ['audit', 'verify'],
    ['audit', 'verify', '--json'],
    ['audit', 'export'],
  ])
    it(`ends with 1 and one clear line where there is no store: countersign ${args.join(' ')}`, async () => {
      const ended = await runCommand(args);

      assertRefused(
        ended,
        1,
        /^countersign: There is no store at .+\. Start Countersign once to create it\.\n$/,
      );
    });

  it('ends with 1 where no sandbox has run', async () => {
    assertRefused(await runCommand(['fire', 'bucket-public', '--json']), 1, /Start one with: npm start/);
  });

  it('names what is wrong with the settings that a command needs, and never a secret', async () => {
    const env = {
      DATABASE_URL: 'mysql://u:never-shown@db.contoso.example',
      COUNTERSIGN_AUDIT_KEY: 'file:/nowhere',
    };

    const ended = await runCommand(['audit', 'verify'], { env });

    assertRefused(
      ended,
      1,
      /DATABASE_URL must be a URL.*\n.*COUNTERSIGN_AUDIT_KEY names a file that cannot be read/,
    );
    assert.doesNotMatch(ended.stderr, /never-shown/);
  });
});

describe('countersign start', () => {
  it('refuses the sandbox in production and where Countersign is configured, and lists why', async () => {
    const ended = await runCommand(['start', '--sandbox', '--no-client', '--json'], {
      env: { NODE_ENV: 'production', COUNTERSIGN_CLOUD: 'gcc', DATABASE_URL: 'postgres://localhost/x' },
    });

    assertRefused(ended, 1, /The sandbox does not start here:\n/);
    for (const name of ['NODE_ENV is production', 'COUNTERSIGN_CLOUD is set', 'DATABASE_URL is set'])
      assert.ok(ended.stderr.includes(`  - ${name}`), ended.stderr);
  });

  it('never falls back to the sandbox in production: it lists what is missing', async () => {
    const ended = await runCommand(['start', '--json'], { env: { NODE_ENV: 'production' } });

    assertRefused(ended, 1, /Countersign cannot start:\n/);
    assert.equal(ended.stderr.match(/ is missing: /g)?.length, 6);
  });

  it('starts nothing with one unsafe setting among good ones', async () => {
    const made = createDeployment();
    try {
      const env = {
        ...made.env,
        NODE_ENV: 'production',
        COUNTERSIGN_LOGIN_URL: 'https://login.contoso.example',
      } as Record<string, string>;

      assertRefused(
        await runCommand(['start'], { env }),
        1,
        /^countersign: Countersign cannot start:\n {2}- COUNTERSIGN_LOGIN_URL is for the sandbox and for tests.*\n$/,
      );
    } finally {
      made.remove();
    }
  });
});
