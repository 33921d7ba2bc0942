// The figures of replay: speed beside bare parsing, cost by the number of rules, memory by the size of what is read.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { catalogueWith, measureCurve, measureEvaluation } from './cloudtrail-evaluation.ts';
import { eventSource, writeLargeFile, writeLogFiles } from './cloudtrail-files.ts';
import { measureMemory } from './cloudtrail-memory.ts';
import type { Print } from './figure.ts';

export interface CloudTrailBench {
  /** Of its own, and empty. */
  readonly directory: string;
  /** Rules from outside, measured beside the policies. */
  readonly rules: string | undefined;
  /** Events to redraw, in place of the made-up ones. */
  readonly events: string | undefined;
}

const LARGE_BYTES = 500_000_000;

export async function measureCloudTrail(
  { directory, rules, events }: CloudTrailBench,
  print: Print,
): Promise<void> {
  const make = eventSource(events);
  const files = writeLogFiles(path.join(directory, 'logs'), make, { files: 40, events: 4_000 });
  await measureEvaluation('cloudtrail-evaluation', files, catalogueWith([]), print);
  if (rules !== undefined)
    await measureEvaluation('cloudtrail-evaluation-with-rules', files, catalogueWith([rules]), print);
  measureCurve(make, print);

  const small = path.join(directory, 'small');
  writeLogFiles(small, make, { files: 1_000, events: 100 });
  measureMemory('replay-peak-memory-small-files', small, print);
  const large = path.join(directory, 'large.json');
  writeLargeFile(large, make, LARGE_BYTES);
  measureMemory('replay-peak-memory-big-file', large, print);
  rmSync(large);
}
