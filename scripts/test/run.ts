// Runs mocha over the whole of test/, or over what the arguments name, and ends with one line of counts.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareParts } from './parts.ts';
import type { Counts } from './reporter.ts';

const HELP = `npm test [-- [--unit] [files] [mocha's own options]]

Without arguments: every suite, types, formatting and lint among them; the stories come last, some in a browser.
  --unit          only the core, the rooms and the laws: seconds, not minutes
  test/...        only these files or folders, for example test/case
  -g TEXT         only tests whose name contains TEXT (mocha's --grep; its other options work too)

PostgreSQL, Ceph's radosgw and Chromium are used where they are found (POSTGRES_BIN, CEPH_BIN and CHROMIUM_PATH name other
places). On Debian, as root, they are installed with apt-get when missing; NO_APT=1 forbids it. With CI=true a suite that
cannot run is a failure.`;

/** Suites that open sockets, or start servers, browsers and other programs. */
const SLOW = ['adapters', 'cli', 'contracts', 'crash', 'doors', 'flow', 'sandbox', 'stories', 'toolchain'];

/** Stories last: when something smaller is broken, its own test says so first. */
function allFiles(unit: boolean): readonly string[] {
  const tests = globSync('test/**/*.test.ts', {
    exclude: unit ? SLOW.map((folder) => `test/${folder}/**`) : [],
  }).sort();
  return unit ? tests : [...tests, ...globSync('test/**/*.story.ts').sort()];
}

/** A folder means the suites in it: it may hold helpers and programs of theirs, which mocha would run as tests. */
function suitesIn(arg: string): readonly string[] {
  if (!arg.startsWith('test/') || !statSync(arg, { throwIfNoEntry: false })?.isDirectory()) return [arg];
  return globSync([`${arg}/**/*.test.ts`, `${arg}/**/*.story.ts`]).sort();
}

const namesFiles = (args: readonly string[]): boolean => args.some((arg) => arg.startsWith('test/'));

/** Without the reporter's file nothing was counted: a test file that does not load, or a crash of the whole process. */
function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function runMocha(args: readonly string[], countsFile: string): Promise<number> {
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const child = spawn(process.execPath, [mocha, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TEST_COUNTS_FILE: countsFile },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Answers the exit code. */
export async function runTests(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const unit = args.includes('--unit');
  const passedOn = args.filter((arg) => arg !== '--unit').flatMap(suitesIn);
  const ci = process.env.CI === 'true';
  if (!unit && !namesFiles(passedOn)) prepareParts();

  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  try {
    const countsFile = join(folder, 'counts.json');
    const files = namesFiles(passedOn) ? [] : allFiles(unit);
    const strict = ci ? ['--forbid-only', '--forbid-pending'] : [];
    const code = await runMocha([...passedOn, ...strict, ...files], countsFile);
    const counts = readCounts(countsFile);
    console.log(closingLine(counts));
    return code === 0 && counts.failed > 0 ? 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
