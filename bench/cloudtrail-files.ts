// Log files as CloudTrail delivers them, `{"Records":[...]}` and gzip, from made-up events or from a file of somebody's own.
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createEventMaker, createRandom, type EventMaker } from './cloudtrail-events.ts';

const SEED = 20_260_112;

/** Made-up events, or those of a file, redrawn: JSON lines of records or of `{ event }`, gzip or not. */
export function eventSource(file: string | undefined): EventMaker {
  if (file === undefined) return createEventMaker(SEED);
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
  const events = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { readonly event?: object })
    .map((line) => line.event ?? line);
  const random = createRandom(SEED);
  return () => events[Math.floor(random() * events.length)] ?? {};
}

/** The paths of so many files of so many events each. */
export function writeLogFiles(
  directory: string,
  make: EventMaker,
  { files, events }: { readonly files: number; readonly events: number },
): readonly string[] {
  mkdirSync(directory, { recursive: true });
  return Array.from({ length: files }, (_, place) => {
    const file = path.join(directory, `${String(place).padStart(4, '0')}.json.gz`);
    const document = { Records: Array.from({ length: events }, make) };
    writeFileSync(file, gzipSync(JSON.stringify(document), { level: 6 }));
    return file;
  });
}

/** One document on one line, as large as asked for. */
export function writeLargeFile(file: string, make: EventMaker, bytes: number): void {
  const descriptor = openSync(file, 'w');
  try {
    let written = writeSync(descriptor, `{"Records":[${JSON.stringify(make())}`);
    while (written < bytes) {
      const events = Array.from({ length: 1_000 }, () => `,${JSON.stringify(make())}`);
      written += writeSync(descriptor, events.join(''));
    }
    writeSync(descriptor, ']}');
  } finally {
    closeSync(descriptor);
  }
}
