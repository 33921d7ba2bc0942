// `exceptions` beside a running bot, on its real store.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { jsonLines, runCommand } from '../helpers/command.ts';
import { startWorld, type TestWorld } from '../helpers/world.ts';

const YUKI = people.yuki.userPrincipalName;

describe('countersign exceptions', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ env: { COUNTERSIGN_SEAL_SECONDS: '86400' } });
  });
  afterEach(() => world.close());
  const run = (...args: readonly string[]) =>
    runCommand(args, { env: { COUNTERSIGN_STATE_DIR: world.directory } });

  it('lists what asks nobody for now, as JSON and for people, and nothing once it is revoked', async () => {
    const said = await world.say(
      YUKI,
      'quiet policy aws-s3-bucket-public until tomorrow while the press kit moves',
    );
    const id = /revoke ([0-9A-Z]{6})/.exec(said)?.[1];
    assert.ok(id, said);

    const fired = await run('fire', 'bucket-public');
    const [json, prose] = await Promise.all([run('exceptions', '--json'), run('exceptions')]);

    assert.equal(fired.stdout, `bucket-public: 202, no case, held back by exception ${id}\n`);
    const [line, ...others] = jsonLines(json.stdout);
    assert.deepEqual([json.code, json.stderr, others], [0, '', []]);
    assert.deepEqual(
      [line?.exception, line?.kind, line?.policies, line?.upTo, line?.comment, line?.caseId, line?.held],
      [id, 'quiet', ['aws-s3-bucket-public'], 'medium', 'while the press kit moves', null, 1],
    );
    assert.match(String(line?.says), /^the policy aws-s3-bucket-public/);
    assert.match(
      prose.stdout,
      new RegExp(`^${id}  quiet +until .*  held back 1  the policy aws-s3-bucket-public`),
    );

    await world.say(YUKI, `revoke ${id}`);

    assert.deepEqual(await run('exceptions'), { code: 0, stdout: '', stderr: '' });
  });

  it('leaves a trail of its own, which is whole', async () => {
    await world.say(YUKI, 'quiet policy aws-s3-bucket-public until tomorrow');
    await world.fire('bucket-public');

    const [verified, exported] = await Promise.all([
      run('audit', 'verify'),
      run('audit', 'export', '--json'),
    ]);

    assert.match(verified.stdout, /^The audit trail is whole\./);
    assert.deepEqual(
      jsonLines(exported.stdout).map(({ kind }) => kind),
      ['exception.made', 'exception.held'],
    );
  });
});
