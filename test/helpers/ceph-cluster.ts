// The programs behind a radosgw of our own: one monitor, one store in memory and the gateway, all on loopback and in one
// temporary folder. Ends only what it started.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const START_TRIES = 3;
/** The store's first start ends with "wrong fsid" in one of four cases. */
const STORE_TRIES = 6;
const READY_TRIES = 1200;
const READY_PAUSE_MS = 25;
const COMMAND_TIMEOUT_MS = 30_000;
const LOG_LINES = 15;

export interface CephCluster {
  /** `http://127.0.0.1:PORT`: S3, and STS. */
  readonly url: string;
  /** Runs radosgw-admin, and answers what it printed. */
  admin(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/**
 * The two paxos waits take the start from 12 s to 1.5 s, `tcp_nodelay` a call from 45 ms to 2 ms. radosgw wants its monitor
 * connection encrypted unless told otherwise, which needs the keys that `none` does without.
 */
const settings = (folder: string, fsid: string, monitor: string, port: number): string => `
[global]
fsid = ${fsid}
mon host = ${monitor}
ms bind msgr1 = false
ms mon client mode = crc
auth cluster required = none
auth service required = none
auth client required = none
run dir = ${folder}
crash dir = ${folder}/crash
log file = ${folder}/$name.log
admin socket = ${folder}/$name.$pid.asok
pid file =
mon allow pool size one = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
[mon]
mon data = ${folder}/mon
paxos propose interval = 0.05
paxos min wait = 0.02
[osd]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 268435456
[client]
rgw frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw data = ${folder}/rgw
rgw enable apis = s3, sts
rgw s3 auth use sts = true
rgw sts key = ${randomBytes(8).toString('hex')}
`;

/** Throws an error with the ends of the programs' logs; `binaries` is the folder of Ceph's programs. */
export async function startCeph(binaries: string): Promise<CephCluster> {
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-radosgw-'));
    const children = new Map<string, ChildProcess>();
    const killAll = (): void => {
      for (const child of children.values()) child.kill('SIGKILL');
    };
    process.once('exit', killAll);
    const stop = async () => {
      process.off('exit', killAll);
      await endAll(children);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    };
    try {
      return { ...(await startIn(folder, binaries, children)), stop };
    } catch (error) {
      const logs = await readLogs(folder);
      await stop();
      // A port may have been taken between looking and binding.
      if (attempt === START_TRIES)
        throw new Error(`Ceph's radosgw from ${binaries} does not start: ${String(error)}\n${logs}`);
    }
  }
}

async function startIn(
  folder: string,
  binaries: string,
  children: Map<string, ChildProcess>,
): Promise<Omit<CephCluster, 'stop'>> {
  const [monitorPort, port] = [await freePort(), await freePort()];
  const [fsid, storeId] = [randomUUID(), randomUUID()];
  const monitor = `[v2:127.0.0.1:${monitorPort}/0]`;
  const conf = join(folder, 'ceph.conf');
  await writeFile(conf, settings(folder, fsid, monitor, port));
  for (const name of ['mon', 'osd', 'rgw']) await mkdir(join(folder, name));

  const env = { ...process.env, CEPH_ARGS: '', CEPH_CONF: conf };
  const command = async (program: string, ...args: readonly string[]): Promise<string> => {
    const options = { env, cwd: folder, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16_000_000 };
    return (await run(join(binaries, program), [...args], options)).stdout;
  };
  const serve = (program: string, ...args: readonly string[]): void => {
    const log = openSync(join(folder, `${program}.err`), 'a');
    const child = spawn(join(binaries, program), ['-c', conf, ...args, '-f'], {
      env,
      cwd: folder,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    children.set(program, child);
  };

  const map = join(folder, 'monmap');
  await command('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', monitor, map);
  await command('ceph-mon', '-c', conf, '-i', 'a', '--mkfs', '--monmap', map);
  serve('ceph-mon', '-i', 'a');
  // Asked of a monitor that has ended, this would wait in vain.
  await Promise.race([
    command('ceph', '-c', conf, '--connect-timeout', '20', 'osd', 'new', storeId),
    endOf(children.get('ceph-mon')),
  ]);
  await command('ceph-osd', '-c', conf, '-i', '0', '--mkfs', '--osd-uuid', storeId);
  serve('ceph-osd', '-i', '0');
  serve('radosgw', '-n', 'client.admin');

  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, children, () => serve('ceph-osd', '-i', '0'));
  return { url, admin: (...args) => command('radosgw-admin', '-c', conf, ...args) };
}

const hasEnded = (child: ChildProcess | undefined): boolean =>
  !child || child.exitCode !== null || child.signalCode !== null;

function endOf(child: ChildProcess | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const fail = (): void => reject(new Error('ceph-mon has ended'));
  if (!child || hasEnded(child)) fail();
  else child.once('exit', fail);
  // Long after the race it ends like all the others.
  promise.catch(() => {});
  return promise;
}

/** A program that has ended is one that could not start: its port was taken, or (the store) as said above. */
async function untilReady(
  url: string,
  children: ReadonlyMap<string, ChildProcess>,
  restartStore: () => void,
): Promise<void> {
  let starts = 1;
  for (let attempt = 0; attempt < READY_TRIES; attempt++) {
    for (const program of ['ceph-mon', 'radosgw'])
      if (hasEnded(children.get(program))) throw new Error(`${program} has ended`);
    if (hasEnded(children.get('ceph-osd'))) {
      if (starts++ === STORE_TRIES) throw new Error('ceph-osd has ended');
      restartStore();
    }
    const answered = await fetch(url, { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) }).catch(() => null);
    await answered?.body?.cancel();
    if (answered?.ok && answered.headers.has('x-amz-request-id')) return;
    await sleep(READY_PAUSE_MS);
  }
  throw new Error('no answer');
}

async function endAll(children: Map<string, ChildProcess>): Promise<void> {
  const running = [...children.values()].filter((child) => !hasEnded(child));
  await Promise.all(
    running.map(async (child) => {
      // Nothing in it is worth a clean end.
      const gone = once(child, 'exit');
      if (child.kill('SIGKILL')) await gone;
    }),
  );
}

/** The end of every log, for the error: the folder is gone by then. */
async function readLogs(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.(log|err)$/.test(name));
  const texts = await Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
      return `--- ${name}\n${lines.slice(-LOG_LINES).join('\n')}`;
    }),
  );
  return texts.join('\n');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return address && typeof address === 'object' ? address.port : 0;
}
