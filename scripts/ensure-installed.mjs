// Installs the exact packages of the lockfile when something is missing, so that one command is enough on a fresh clone.
// Runs under whatever Node npm itself runs on (20 or newer): it must not need anything that is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const lock = 'package-lock.json';
const installed = 'node_modules/.package-lock.json';
const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
const complete = existsSync('node_modules/node/bin/node') && existsSync('node_modules/.bin/mocha');

if (!(complete && (current || existsSync('node_modules/.countersign-installed')))) {
  console.error('countersign: installing packages from package-lock.json (once, about a minute)');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
