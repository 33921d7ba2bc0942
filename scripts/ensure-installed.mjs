// Installs the exact packages of the lockfile when one is missing, so that one command is enough on a fresh clone.
// Runs under whatever Node npm itself runs on (20 or newer): it must not need anything that is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';

/** The Node that everything but these scripts runs on: the npm package `node`, at the lockfile's version. */
export const PINNED_NODE = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** npm writes its own lockfile into node_modules last of all: without one, an install never ended. */
function readInstalled() {
  try {
    return packagesOf('node_modules/.package-lock.json');
  } catch {
    return {};
  }
}

/** True when the pinned Node is there, starts on this machine, and has the version that the lockfile names. */
function pinnedNodeRuns(version) {
  const asked = spawnSync(PINNED_NODE, ['--version'], { encoding: 'utf8' });
  return asked.status === 0 && asked.stdout.trim() === `v${version}`;
}

/**
 * The lockfile's packages that are not installed as it says. Optional ones depend on the platform and may be absent;
 * so may the development ones, where somebody left out all of them and `dev` does not ask for them.
 */
export function missingPackages({ dev }) {
  const wanted = packagesOf('package-lock.json');
  const installed = readInstalled();
  const needsDev = dev || Object.values(installed).some((entry) => entry.dev);
  const missing = Object.entries(wanted)
    .filter(
      ([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && (needsDev || !entry.dev),
    )
    .filter(
      ([path, entry]) =>
        installed[path]?.version !== entry.version ||
        installed[path]?.integrity !== entry.integrity ||
        !existsSync(join(root, path, 'package.json')),
    )
    .map(([path]) => path);
  if (missing.length === 0 && !pinnedNodeRuns(wanted['node_modules/node'].version)) return [PINNED_NODE];
  return missing;
}

/** Installs when something is missing; ends the process with npm's own exit code when that fails. */
export function ensureInstalled({ dev = false } = {}) {
  if (missingPackages({ dev }).length === 0) return;
  console.error('countersign: installing packages from package-lock.json (once, about a minute)');
  // Packages that want a newer Node than npm's own get the pinned one, so npm's engine check would be wrong.
  const install = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
  const done = spawnSync('npm', dev ? [...install, '--include=dev'] : install, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (done.status !== 0) {
    console.error(`countersign: npm ci failed${done.error ? `: ${done.error.message}` : ''}`);
    process.exit(done.status || 1);
  }
  const missing = missingPackages({ dev });
  if (missing.length === 0) return;
  console.error(`countersign: npm ci ended, yet this is not installed: ${missing.join(', ')}`);
  if (missing.includes(PINNED_NODE))
    console.error(
      'If npm leaves out install scripts (ignore-scripts), run: npm rebuild node --ignore-scripts=false',
    );
  process.exit(1);
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  ensureInstalled({ dev: process.argv.includes('--dev') });
