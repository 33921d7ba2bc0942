// Starts Microsoft's Agents Playground as the sandbox's Teams client: telemetry off, no browser opened, loopback only.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { type Cast, playgroundConfig } from './playground-config.ts';

export interface PlaygroundOptions extends Cast {
  /** Its own working directory; made where it is missing. */
  readonly directory: string;
  /** Wanted; any free one where it is taken. */
  readonly port: number;
  /** Where activities go: the relay. */
  readonly botEndpoint: string;
}
export interface Playground {
  /** The page to open. */
  readonly url: string;
  /** Where the bot writes. */
  readonly serviceUrl: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;

/** Throws when it is not installed, or when it ends before it listens. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  mkdirSync(options.directory, { recursive: true });
  writeFileSync(path.join(options.directory, '.m365agentsplayground.yml'), playgroundConfig(options));
  const port = await freePort(options.port);
  const url = `http://127.0.0.1:${port}`;
  const serviceUrl = `${url}/_connector`;
  const child = launch(options, port, serviceUrl);
  const stop = () => stopped(child);
  try {
    const listening = await listeningPort(child);
    // It has told everybody its service URL by now: another port than the one in it is of no use.
    if (listening !== port) throw new Error(`it listens on ${listening}, not on ${port}`);
    await untilServing(url, child);
    return { url, serviceUrl, stop };
  } catch (cause) {
    await stop();
    throw new Error(`the local Teams client did not start: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    });
  }
}

function launch(options: PlaygroundOptions, port: number, serviceUrl: string): ChildProcess {
  const preload = new URL('./playground-preload.mjs', import.meta.url);
  const cli = createRequire(import.meta.url).resolve('@microsoft/m365agentsplayground/cli.js');
  const settings = [
    '-e',
    options.botEndpoint,
    '-c',
    'msteams',
    '-p',
    String(port),
    '--service-url',
    serviceUrl,
  ];
  return spawn(process.execPath, ['--import', preload.href, cli, ...settings, '--disable-telemetry'], {
    cwd: options.directory,
    // A fresh environment: nothing of the operator's reaches it. Both telemetry settings are needed, or it tries the network.
    env: {
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      // What the client tells the bot of its person's time zone: that of this machine.
      TZ: Intl.DateTimeFormat().resolvedOptions().timeZone,
      TEAMSAPPTESTER_BROWSER: 'none',
      M365_AGENTS_PLAYGROUND_LOGFILE: path.join(options.directory, 'playground.log'),
    },
    // Its input stays open for as long as this process lives: see the preload.
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error('it said nothing for 30 seconds')), START_TIMEOUT_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const found = /Listening on (\d+)/.exec(text)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
  });
}

/** It prints that line before its routes are there, and with a bad configuration ends right after it. */
async function untilServing(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error('it refused its configuration');
    const answer = await fetch(`${url}/`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error('its page never came');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill();
  const hard = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(hard);
}
