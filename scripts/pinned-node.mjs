// Goes on under the pinned Node when another one started the process: npx and a bare `node` may be older.
// Like ensure-installed.mjs, it must not need anything that is installed.
import { spawn } from 'node:child_process';
import { ensureInstalled, PINNED_NODE } from './ensure-installed.mjs';

/**
 * Installs what is missing, then answers true when this process may go on. Otherwise the same command has been started
 * under the pinned Node, and this process only waits: it passes signals on and ends as that one ends.
 */
export function onPinnedNode(options) {
  ensureInstalled(options);
  if (Number.parseInt(process.versions.node, 10) >= 24) return true;
  const child = spawn(PINNED_NODE, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to both of us; without one, nobody else tells the child.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => {
    console.error(`countersign: ${PINNED_NODE} does not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  return false;
}
