// `countersign start --sandbox --no-client --json`: one line once everything answers, commands beside it, a quiet end.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../src/sandbox/teams/free-port.ts';
import { jsonLines, runCommand, startCommand } from '../helpers/command.ts';

describe('countersign start --sandbox --no-client --json', function () {
  this.timeout(60_000);
  let cwd: string;
  let child: ChildProcess;
  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'countersign-'));
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(cwd, { recursive: true, force: true });
  });

  it('says where everything is once it answers, serves the commands beside it, and drains on SIGTERM', async () => {
    const port = await freePort(0);
    child = startCommand(['start', '--sandbox', '--no-client', '--json'], {
      cwd,
      env: { PORT: String(port) },
    });
    const lines: string[] = [];
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    assert.ok(child.stdout);
    const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
    await Promise.race([
      once(reader, 'line'),
      once(child, 'exit').then(() => assert.fail(`it ended: ${stderr}`)),
    ]);

    const [ready] = jsonLines(lines.join('\n'));
    assert.equal(ready?.ready, true);
    assert.equal(ready?.bot, `http://127.0.0.1:${port}`);
    for (const name of ['graph', 's3', 'teams'])
      assert.match(String(ready?.[name]), /^https?:\/\/(127\.0\.0\.1|localhost):\d+/, name);
    assert.ok(existsSync(path.join(cwd, '.countersign/countersign.sqlite')));

    const fired = await runCommand(['fire', 'mass-download', '--json'], { cwd });
    const listed = await runCommand(['cases', '--json'], { cwd });
    assert.deepEqual([fired.code, listed.code], [0, 0], fired.stderr + listed.stderr);
    const [line] = jsonLines(fired.stdout);
    assert.deepEqual(
      jsonLines(listed.stdout).map((one) => one.case),
      line?.cases,
    );

    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0, stderr);
    assert.equal(lines.length, 1, 'nothing but the one line came to stdout');
    assert.match(
      (await runCommand(['fire', 'mass-download'], { cwd })).stderr,
      /The sandbox does not answer .*npm start/,
    );
  });
});
