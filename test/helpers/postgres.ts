// A private PostgreSQL for a test run: on loopback, on a free port, in a temporary folder, gone at the end. One server
// for the whole run, a fresh database for whoever asks. Without PostgreSQL a suite is skipped; with CI=true it fails.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgres } from '../../scripts/test/parts.ts';

const run = promisify(execFile);
const USER = 'countersign';
const START_TRIES = 3;
const READY_TRIES = 600;
const READY_PAUSE_MS = 50;

interface Server {
  readonly folder: string;
  readonly child: ChildProcess;
  urlOf(database: string): string;
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

let server: Promise<Server> | null = null;
let databases = 0;
let said = false;

/** Makes a fresh, empty database. Call it in a hook or test with its `this`. */
export async function createDatabase(context: Mocha.Context): Promise<TestDatabase> {
  const binaries = findPostgres();
  if (!binaries) {
    const how = 'PostgreSQL is missing: apt-get install postgresql, or set POSTGRES_BIN to its bin folder.';
    if (process.env.CI === 'true') throw new Error(how);
    if (!said) console.error(how);
    said = true;
    return context.skip();
  }
  server ??= startServer(binaries);
  const { urlOf } = await server;
  const name = `test_${++databases}`;
  await execute(urlOf('postgres'), `create database ${name}`);
  return {
    url: urlOf(name),
    drop: () => execute(urlOf('postgres'), `drop database ${name} with (force)`),
  };
}

export async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function startServer(binaries: string): Promise<Server> {
  const owner = await findOwner();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-postgres-'));
  const password = randomBytes(16).toString('hex');
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner) for (const path of [folder, passwordFile]) await chown(path, owner.uid, owner.gid);
  await run(
    join(binaries, 'initdb'),
    // A collation that does not sort by bytes, as in production: nothing may lean on the order of texts.
    ['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--no-sync'],
    { ...owner, cwd: folder },
  );
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = spawn(join(binaries, 'postgres'), [...serverFlags(data), '-p', String(port)], {
      ...owner,
      cwd: folder,
      stdio: 'ignore',
    });
    const urlOf = (database: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
    if (await isReady(child, urlOf('postgres'))) {
      process.once('exit', () => child.kill('SIGQUIT'));
      return { folder, child, urlOf };
    }
    if (attempt === START_TRIES) throw new Error(`PostgreSQL from ${binaries} does not start.`);
  }
}

/** Nothing of it needs to outlive a power cut. */
const serverFlags = (data: string): readonly string[] => [
  '-D',
  data,
  ...[
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=32MB',
    'deadlock_timeout=50ms',
  ].flatMap((setting) => ['-c', setting]),
];

/** The server refuses root: then it runs as a user who may do less. */
async function findOwner(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {}
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}

async function isReady(child: ChildProcess, url: string): Promise<boolean> {
  for (let attempt = 0; attempt < READY_TRIES && child.exitCode === null; attempt++) {
    try {
      await execute(url, 'select 1');
      return true;
    } catch {
      await sleep(READY_PAUSE_MS);
    }
  }
  child.kill('SIGQUIT');
  return false;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return address && typeof address === 'object' ? address.port : 0;
}

after('stop PostgreSQL', async () => {
  if (!server) return;
  const { child, folder } = await server;
  if (child.exitCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
});
