// Types, formatting and lint as tests, so that one run and one closing line cover them too.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a tool of node_modules; its whole output is the failure's message. */
function passes(tool: string, ...args: readonly string[]): void {
  const done = spawnSync(`node_modules/.bin/${tool}`, args, { cwd: root, encoding: 'utf8' });
  assert.equal(done.status, 0, `${tool} ${args.join(' ')}\n${done.stdout}${done.stderr}`);
}

describe('the project', () => {
  it('type-checks', () => passes('tsc', '--noEmit'));

  it('is formatted and free of lint', () => passes('biome', 'check', '.'));
});
