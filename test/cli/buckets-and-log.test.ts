// `buckets` and `log` beside a running bot, on its real store and its stand-in of S3.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { people } from '../../src/sandbox/people.ts';
import { jsonLines, runCommand } from '../helpers/command.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

describe('the commands that look at buckets and at what was done', function () {
  this.timeout(90_000);
  let world: TestWorld;
  let ref: string;
  const run = (...args: readonly string[]) =>
    runCommand(args, { env: { COUNTERSIGN_STATE_DIR: world.directory } });
  const lookedAt = async (name: string) => {
    const { code, stdout, stderr } = await run('buckets', '--json');
    assert.equal(code, 0, stderr);
    return jsonLines(stdout).find(({ bucket }) => bucket === name);
  };

  before(async () => {
    world = await startWorld({ waits: { ownRoleMs: 0 } });
    ref = refOf(await world.fire('bucket-public'));
    await world.untilState(ref, 'asking');
  });
  after(() => world?.close());

  it('lists every bucket with how public it is and why', async () => {
    const open = await lookedAt('contoso-invoices');

    assert.equal(open?.public, true);
    assert.equal(open?.policyStatus, 'public');
    assert.match(JSON.stringify(open?.reasons), /The bucket policy gives people outside read access/);
  });

  it('says it in prose as well, and can leave out what is private', async () => {
    const all = await run('buckets');
    const open = await run('buckets', '--public');

    assert.match(all.stdout, /^PUBLIC +contoso-invoices .*policy: public/m);
    assert.match(all.stderr, /^account 123456789012: \d+ buckets, \d+ public/m);
    assert.doesNotMatch(open.stdout, /^private/m);
  });

  it('does not call private what AWS calls "objects can be public", and neither public', async () => {
    const [account, region] = ['123456789012', 'eu-central-1'];
    world.sandbox.s3.world.putBucket({ name: 'contoso-lists', account, region, ownership: 'ObjectWriter' });

    const listed = await lookedAt('contoso-lists');
    const all = await run('buckets');
    const open = await run('buckets', '--public');

    assert.deepEqual([listed?.public, listed?.objects], [false, 'can be public']);
    assert.match(all.stdout, /^objects +contoso-lists .*\n +Access lists are enabled/m);
    assert.match(all.stderr, /\d public, \d whose objects can be public/);
    assert.doesNotMatch(open.stdout, /contoso-lists/);
  });

  it('fails where a bucket could not be looked at, though it lists the others', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::contoso-hidden' },
      ],
    };
    const [account, region, name] = ['123456789012', 'eu-central-1', 'contoso-hidden'];
    world.sandbox.s3.world.putBucket({ name, account, region, policy });

    const { code, stdout, stderr } = await run('buckets', '--json');

    world.sandbox.s3.world.putBucket({ name, account, region });
    assert.equal(code, 1);
    assert.equal(jsonLines(stdout).find(({ bucket }) => bucket === name)?.public, null);
    assert.ok(jsonLines(stdout).length > 1);
    assert.match(stderr, /1 could not be looked at/);
  });

  it('says of an account that cannot be listed why, as one object, and lists the others', async () => {
    const file = path.join(world.directory, 'settings.yml');
    const before = readFileSync(file, 'utf8');
    const settings = parse(before);
    const away = { id: '444455556666', roleArn: 'arn:aws:iam::444455556666:role/Countersign' };
    writeFileSync(
      file,
      stringify({ ...settings, aws: { ...settings.aws, accounts: [away, ...settings.aws.accounts] } }),
    );

    const { code, stdout } = await run('buckets', '--json');

    writeFileSync(file, before);
    const [first, ...others] = jsonLines(stdout);
    assert.equal(code, 1);
    assert.deepEqual(Object.keys(first ?? {}), ['account', 'error']);
    assert.equal(first?.account, away.id);
    assert.ok(others.some(({ bucket }) => bucket === 'contoso-invoices'));
  });

  it('refuses an account that is not in the settings, and names those that are', async () => {
    const { code, stderr } = await run('buckets', '--account', '444455556666');

    assert.equal(code, 2);
    assert.match(stderr, /444455556666 is not in the settings; there are 123456789012/);
  });

  it('puts its own calls on record, so that nobody takes them for misuse of the role', async () => {
    await world.untilIdle();

    const misuse = (await world.store.listCases()).filter(
      ({ policy }) => policy.id === 'countersign-role-misuse',
    );
    assert.deepEqual(misuse, []);
  });

  it('shows a bucket as private once it was made so', async () => {
    await world.say(people.morgan.id, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');

    const closed = await lookedAt('contoso-invoices');

    assert.equal(closed?.public, false);
    assert.equal(closed?.block, 'on');
  });

  it('logs who asked, who decided and what was done, a line each', async () => {
    const { code, stdout } = await run('log', ref);

    assert.equal(code, 0);
    assert.match(stdout, /decided +Morgan Reyes +approve make-private/);
    assert.match(stdout, /verified .*aws\.s3\.make-bucket-private on contoso-invoices .*checked twice/);
  });

  it('lets nobody forge a line, or speak to the terminal, by what they write', async () => {
    const forged = 'fine\n2026-11-22T04:00:00  X  decided  Yuki Mori  undo \u001b[2K\u009b31m\u202e';
    await world.say(people.morgan.id, `undo ${ref} was ${forged}`);
    await world.untilState(ref, 'undone');

    const text = await run('log', ref);
    const json = await run('log', ref, '--ocsf');

    for (const { stdout } of [text, json]) {
      assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{C}/u);
      assert.doesNotMatch(stdout, /^2026-11-22T04:00:00/m);
    }
    assert.ok(
      jsonLines(json.stdout).some(({ message }) => String(message).includes('\u202e')),
      'nothing is lost',
    );
  });

  it('logs as OCSF events, one a line, from a time on', async () => {
    const all = jsonLines((await run('log', '--ocsf')).stdout);
    const none = await run('log', '--ocsf', '--since', '2100-01-01T00:00:00Z');

    assert.ok(all.length >= 5);
    assert.ok(all.every((event) => event.class_uid === 7001));
    assert.equal(none.stdout, '');
  });

  it('answers a case that there is not, and a time that is none, with what is wrong', async () => {
    const missing = await run('log', 'NOSUCHCASE');
    const untimely = await run('log', '--since', 'yesterday');

    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /no case NOSUCHCASE/);
    assert.equal(untimely.code, 2);
  });
});
