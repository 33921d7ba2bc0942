// Decides between the service and the sandbox, starts it, says where it is, and drains it on a signal.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createLog } from './adapters/log.ts';
import { openStore } from './adapters/store/index.ts';
import { systemClock } from './adapters/system.ts';
import { bundledWords } from './adapters/words/bundled.ts';
import { CountersignError, errorText } from './case/errors.ts';
import type { Environment } from './config/reader.ts';
import { mayRunSandbox } from './config/sandbox-gate.ts';
import { environment, parseConfig } from './config.ts';
import { type Sandbox, startSandbox } from './sandbox/index.ts';
import { freePort } from './sandbox/teams/free-port.ts';
import { startService } from './service.ts';

export interface StartOptions {
  /** Insist on the sandbox; without it, it is what starts when nothing is configured. */
  readonly sandbox: boolean;
  /** The Teams client (sandbox). */
  readonly client: boolean;
  /** One line of JSON on stdout once everything answers. */
  readonly json: boolean;
}

const STATE_DIRECTORY = '.countersign';
const BOT_PORT = 3978;
const PORTS = { graph: 3980, s3: 3981, teams: 56150 };

/** Resolves when everything answers; the process then lives until SIGINT or SIGTERM. Throws what is wrong, all at once. */
export async function start(options: StartOptions): Promise<void> {
  const env = environment();
  const sandbox = mayRunSandbox(env, options.sandbox) ? await openSandbox(env, options.client) : null;
  try {
    const config = parseConfig(sandbox ? { LOG_LEVEL: env.LOG_LEVEL || 'warn', ...sandbox.env } : env);
    const service = await startService(config, createLog(config.logLevel));
    sandbox?.ready(service.url);
    drainOnSignal(async () => {
      await service.stop();
      await sandbox?.stop();
    });
    sayReady(service.url, sandbox, options);
  } catch (error) {
    await sandbox?.stop();
    throw error;
  }
}

async function openSandbox(env: Environment, client: boolean): Promise<Sandbox> {
  await refuseForeignStore(STATE_DIRECTORY);
  return startSandbox({
    stateDirectory: STATE_DIRECTORY,
    botPort: Number(env.PORT || BOT_PORT),
    client,
    ports: {
      graph: await freePort(PORTS.graph),
      s3: await freePort(PORTS.s3),
      teams: await freePort(PORTS.teams),
    },
  });
}

/** Before the sandbox writes anything: a store that belongs to a tenant is no place for it. Throws `config.foreign-store`. */
async function refuseForeignStore(directory: string): Promise<void> {
  if (!existsSync(path.join(directory, 'countersign.sqlite'))) return;
  const store = await openStore({ directory, clock: systemClock, words: bundledWords(), readOnly: true });
  const owner = await store.readMark('owner').finally(() => store.close());
  if (owner !== null && owner !== 'sandbox')
    throw new CountersignError(
      'config.foreign-store',
      `The store in ${directory} belongs to ${owner}. Start the sandbox in another folder.`,
    );
}

function sayReady(bot: string, sandbox: Sandbox | null, options: StartOptions): void {
  if (options.json) {
    const stands = sandbox && { graph: sandbox.graph.url, s3: sandbox.s3.url, teams: sandbox.teams.url };
    process.stdout.write(`${JSON.stringify({ ready: true, bot, ...stands })}\n`);
    return;
  }
  if (!sandbox) return;
  const lines = options.client
    ? ['', `  Open ${sandbox.teams.url} : you are Morgan Reyes, a sales manager at contoso.example.`]
    : ['', `  Scripts look and press at ${sandbox.teams.url}`];
  lines.push(
    '  Then, in another terminal, let something happen:',
    '',
    '    npx countersign fire bucket-public     a bucket becomes public',
    '    npx countersign fire mass-download     somebody downloads half of SharePoint',
    '    npx countersign fire --list            what else there is',
    '',
  );
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** The first signal drains; a second one ends the process at once. */
function drainOnSignal(drain: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      drain().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`countersign: ${errorText(error)}\n`);
          process.exit(1);
        },
      );
    });
}
