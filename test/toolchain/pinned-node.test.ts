// Going on under the pinned Node: what an older Node started must end as the pinned one ends. A preload plays the older Node.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const OLDER = `data:text/javascript,
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });
  globalThis.older = true;`;
const PINNED = new URL('../../scripts/pinned-node.mjs', import.meta.url).href;

describe('the pinned Node', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-pinned-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Starts a script whose `body` runs once the right Node is reached. */
  function start(body: string, { older }: { readonly older: boolean }, ...args: readonly string[]) {
    const script = join(folder, 'script.mjs');
    writeFileSync(script, `import { onPinnedNode } from '${PINNED}';\nif (onPinnedNode()) { ${body} }\n`);
    const preload = older ? ['--import', OLDER] : [];
    return spawn(process.execPath, [...preload, script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  }
  async function outcome(child: ReturnType<typeof start>) {
    const [stdout, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return { stdout: stdout.trim(), code, signal };
  }
  const SAY = `console.log(JSON.stringify([globalThis.older ?? false, ...process.argv.slice(2)]));`;

  it('runs the script right here when this is a new enough Node', async () => {
    assert.deepEqual(await outcome(start(SAY, { older: false }, 'a')), {
      stdout: '[false,"a"]',
      code: 0,
      signal: null,
    });
  });

  it('starts the script anew under the pinned Node, with its arguments, when an older one runs it', async () => {
    const { stdout, code } = await outcome(start(SAY, { older: true }, 'a', '--json', 'b c'));

    assert.equal(stdout, '[false,"a","--json","b c"]');
    assert.equal(code, 0);
  });

  it('ends with the same exit code', async () => {
    assert.equal((await outcome(start('process.exit(2);', { older: true }))).code, 2);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    it(`passes ${signal} on and waits for the drain`, async () => {
      const child = start(
        `process.on('${signal}', () => { console.log('drained'); process.exit(5); });
         setInterval(() => {}, 1000); console.log('up');`,
        { older: true },
      );
      child.stdout.once('data', () => child.kill(signal));

      assert.deepEqual(await outcome(child), { stdout: 'up\ndrained', code: 5, signal: null });
    });

  it('dies of the signal that the pinned Node died of', async () => {
    const { signal } = await outcome(start(`process.kill(process.pid, 'SIGTERM');`, { older: true }));

    assert.equal(signal, 'SIGTERM');
  });
});
