// What a running sandbox leaves in its state directory for `countersign fire` and for scripts: where it is, and its made-up keys.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CountersignError } from '../case/errors.ts';
import type { SandboxKeys } from './buckets.ts';

export interface RunningSandbox {
  readonly bot: string;
  readonly graph: string;
  readonly s3: string;
  readonly teams: string;
  readonly tenantId: string;
  readonly audience: string;
  /** The client that pushes alerts, as Sentinel or a Logic App would. */
  readonly pusher: { readonly clientId: string; readonly clientSecret: string };
  readonly cloudtrailKey: string;
  readonly aws: SandboxKeys;
  /** The certificate that the Graph stand-in made at this start. */
  readonly certificate: string;
}

const fileIn = (directory: string): string => path.join(directory, 'sandbox.json');

export function noteRunning(directory: string, running: RunningSandbox): void {
  writeFileSync(fileIn(directory), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
}

/** Throws `sandbox.not-running`. */
export function readRunning(directory: string): RunningSandbox {
  try {
    return JSON.parse(readFileSync(fileIn(directory), 'utf8')) as RunningSandbox;
  } catch (cause) {
    throw new CountersignError(
      'sandbox.not-running',
      `No sandbox has run with the state directory ${directory}. Start one with: npm start`,
      { cause },
    );
  }
}
