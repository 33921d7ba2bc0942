// The countersign command as people run it: a process of its own, in an empty directory, with no setting but the given ones.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** An empty one that goes at the end, when absent. */
  readonly cwd?: string;
}

/** A command that hangs must not outlive the test that waits for it. */
const PATIENCE_MS = 45_000;
const BIN = path.join(import.meta.dirname, '../../bin/countersign.mjs');

export function startCommand(args: readonly string[], { env = {}, cwd }: CommandOptions = {}): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** `readNothing`: whoever reads its answers goes away before the first. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions & { readonly readNothing?: boolean } = {},
): Promise<Ended> {
  const empty = mkdtempSync(path.join(tmpdir(), 'countersign-'));
  try {
    const child = startCommand(args, { cwd: empty, ...options });
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        written[name] += chunk;
      });
    if (options.readNothing) child.stdout?.destroy();
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    clearTimeout(impatience);
    return { code, ...written };
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

/** Every line is one JSON object, or this throws. */
export const jsonLines = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  text.split('\n').flatMap((line, at, all) => {
    if (line === '' && at === all.length - 1) return [];
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`no object: ${line}`);
    return [value as Readonly<Record<string, unknown>>];
  });
