// The service as a process of its own, against stand-ins that outlive it: so that it can be killed like any process.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '../../src/config/reader.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import type { Service } from '../../src/service.ts';
import { type CommandOptions, startCommand } from './command.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface CountersignProcess {
  /** What it said once everything answered. */
  readonly ready: Readonly<Record<string, string>>;
  /** No drain, no goodbye. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with how it ended. Nothing, when it is gone already. */
  terminate(): Promise<Ended>;
}

/** `countersign start ... --json`, once it is ready. Throws with its words when it ends before that. */
export async function startProcess(
  args: readonly string[],
  options: CommandOptions,
): Promise<CountersignProcess> {
  const child = startCommand(['start', ...args, '--json'], options);
  const ended = once(child, 'exit').then(([code, signal]): Ended => ({ code, signal }));
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  const ready = await Promise.race([firstLine(child), ended]);
  if (typeof ready !== 'string') throw new Error(`it ended with ${JSON.stringify(ready)}: ${words}`);
  const end = (signal: NodeJS.Signals): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  return {
    ready: JSON.parse(ready),
    kill: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
  };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return line;
}

const given = (env: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));

/** A `boot` for the world. `current` is the process that runs now. */
export function createServiceProcesses(): {
  boot(sandbox: Sandbox, env: Environment): Promise<Service>;
  current(): CountersignProcess;
} {
  let running: CountersignProcess | null = null;
  return {
    async boot(sandbox, env) {
      const cwd = env.COUNTERSIGN_STATE_DIR ?? '';
      const trusted = path.join(cwd, 'certificate.pem');
      writeFileSync(trusted, sandbox.certificate);
      const started = await startProcess([], { cwd, env: { ...given(env), NODE_EXTRA_CA_CERTS: trusted } });
      running = started;
      return { url: started.ready.bot ?? '', stop: async () => void (await started.terminate()) };
    },
    current() {
      if (!running) throw new Error('nothing was started');
      return running;
    },
  };
}
