// How much memory replay takes at most: a process of its own for each, beside one that has loaded the policies and reads nothing.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Print } from './figure.ts';

const CHILD = path.join(import.meta.dirname, 'cloudtrail-child.ts');

/** Megabytes, resident, at the highest point. */
const peakOf = (paths: readonly string[]): number =>
  Number(execFileSync(process.execPath, [CHILD, ...paths], { encoding: 'utf8' }));

export function measureMemory(figure: string, target: string, print: Print): void {
  print(figure, peakOf([target]), 'MB', peakOf([]));
}
