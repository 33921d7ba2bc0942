// `fire`, `cases` and `audit` beside a running bot, on its real store.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createKey } from '../../src/audit/key.ts';
import type { Case } from '../../src/case/case.ts';
import { SANDBOX_AUDIT_KEY } from '../../src/config.ts';
import { people } from '../../src/sandbox/people.ts';
import { jsonLines, runCommand } from '../helpers/command.ts';
import { startWorld, type TestWorld } from '../helpers/world.ts';

const DATABASE = 'countersign.sqlite';

describe('the commands beside a running bot', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let about: Case;
  const run = (...args: readonly string[]) =>
    runCommand(args, { env: { COUNTERSIGN_STATE_DIR: world.directory } });

  before(async () => {
    // It seals at the beginning and at the end, and not in between.
    world = await startWorld({ env: { COUNTERSIGN_SEAL_SECONDS: '86400' } });
    const fired = await run('fire', 'bucket-public', '--json');
    assert.equal(fired.code, 0, fired.stderr);
    const [line] = jsonLines(fired.stdout);
    assert.equal(line?.status, 202);
    const [ref] = (line.cases ?? []) as readonly string[];
    about = await world.untilState(ref ?? '', 'asking');
    await world.restart();
  });
  after(() => world?.close());

  it('fires again in prose, and joins the same case', async () => {
    const { code, stdout, stderr } = await run('fire', 'bucket-public');

    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout, `bucket-public: 202, case ${about.ref}\n`);
  });

  it('lists the cases, one JSON object a line', async () => {
    const { code, stdout, stderr } = await run('cases', '--json');

    assert.deepEqual([code, stderr], [0, '']);
    const [line, ...others] = jsonLines(stdout);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [line?.case, line?.id, line?.state, line?.policy, line?.subject, line?.approver],
      [about.ref, about.id, 'asking', 'aws-s3-bucket-public', people.alex.userPrincipalName, 'Morgan Reyes'],
    );
    assert.doesNotMatch(stdout, /policy_?text|requestIds/i);
  });

  it('lists the cases for people, a line each', async () => {
    const { code, stdout } = await run('cases', '--limit', '1');

    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^${about.ref}  asking +medium .*S3 Bucket Made Public\n$`));
  });

  it('exports the trail, one JSON object a line, without people where that is asked for', async () => {
    const [full, bare] = await Promise.all([
      run('audit', 'export', '--json'),
      run('audit', 'export', '--no-personal'),
    ]);

    assert.deepEqual([full.code, full.stderr, bare.code], [0, '', 0]);
    const entries = jsonLines(full.stdout);
    assert.deepEqual([entries[0]?.caseId, entries[0]?.seq, entries[0]?.kind], [about.id, 1, 'case.opened']);
    assert.match(full.stdout, /Morgan Reyes/);
    assert.equal(jsonLines(bare.stdout).length, entries.length);
    assert.doesNotMatch(bare.stdout, /Morgan Reyes|"salt"|"personal":/);
  });

  for (const args of [['audit', 'export'], ['audit', 'verify', '--json'], ['cases'], ['fire', '--list']])
    it(`ends without a word when nobody reads on: countersign ${args.join(' ')} | head`, async () => {
      const { code, stderr } = await runCommand(args, {
        env: { COUNTERSIGN_STATE_DIR: world.directory },
        readNothing: true,
      });

      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /EPIPE|Error|\n\s+at /);
    });

  describe('audit verify', () => {
    let copy: string;
    beforeEach(() => {
      copy = mkdtempSync(path.join(tmpdir(), 'countersign-'));
      const original = new DatabaseSync(path.join(world.directory, DATABASE), { readOnly: true });
      original.prepare('VACUUM INTO ?').run(path.join(copy, DATABASE));
      original.close();
      for (const file of ['checkpoints.jsonl', SANDBOX_AUDIT_KEY])
        copyFileSync(path.join(world.directory, file), path.join(copy, file));
    });
    afterEach(() => rmSync(copy, { recursive: true, force: true }));

    const verify = (...args: readonly string[]) =>
      runCommand(['audit', 'verify', ...args], { env: { COUNTERSIGN_STATE_DIR: copy } });
    const tamper = (sql: string): void => {
      const database = new DatabaseSync(path.join(copy, DATABASE));
      database.exec(sql);
      database.close();
    };

    it('finds nothing in a trail that nobody touched, and says whose key that was checked with', async () => {
      const { code, stdout, stderr } = await verify();

      assert.equal(code, 0, stdout);
      assert.match(stdout, /^The audit trail is whole\.\n\d+ entries in 1 cases, [1-9]\d* checkpoints/);
      assert.match(stderr, /^checked with the sandbox's own key, which proves nothing about a real trail\n$/);
    });

    it('says what is not sealed yet', async () => {
      await run('fire', 'bucket-public');

      const [report] = jsonLines((await run('audit', 'verify', '--json')).stdout);
      const prose = (await run('audit', 'verify')).stdout;

      assert.ok(Number(report?.unprotected) > 0);
      assert.ok(
        prose.includes(`${report?.unprotected} entries lie after the last checkpoint of their case`),
        prose,
      );
    });

    const tampered: readonly (readonly [string, string, string])[] = [
      ['an altered entry', `update audit_entry set facts = '{}' where seq = 2`, 'entry-altered'],
      [
        'a missing entry',
        'pragma foreign_keys = off; delete from audit_entry where seq = 2',
        'entry-missing',
      ],
      ['an altered name', `update audit_personal set personal = '{}' where seq = 1`, 'personal-altered'],
      ['a deleted case', 'pragma foreign_keys = off; delete from audit_entry', 'case-deleted'],
    ];
    for (const [what, sql, kind] of tampered)
      it(`finds ${what}, names the case, and ends with 1`, async () => {
        tamper(sql);

        const [prose, lines] = await Promise.all([verify(), verify('--json')]);

        assert.equal(prose.code, 1);
        assert.match(prose.stdout, /^The audit trail does NOT check:\n/);
        assert.ok(prose.stdout.includes(`  - ${kind} (case ${about.id}): `), prose.stdout);
        assert.match(prose.stderr, /countersign: the audit trail does not check\n$/);
        assert.equal(lines.code, 1);
        const [report, ...others] = jsonLines(lines.stdout);
        assert.deepEqual([report?.ok, others], [false, []]);
        assert.doesNotMatch(prose.stderr + lines.stderr, /\n\s+at /);
      });

    it('finds that somebody else’s key signed the checkpoints', async () => {
      writeFileSync(path.join(copy, 'other.pem'), createKey());

      const { code, stdout } = await verify('--public-key', path.join(copy, 'other.pem'));

      assert.equal(code, 1);
      assert.match(stdout, /checkpoint-forged/);
    });

    it('checks nothing without a key, and says how to name one', async () => {
      rmSync(path.join(copy, SANDBOX_AUDIT_KEY));

      const { code, stdout, stderr } = await verify();

      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /set COUNTERSIGN_AUDIT_KEY, or name one with --public-key/);
    });
  });
});
