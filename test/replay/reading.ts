// What replay finds in a text, through each of its ways to read: at once, parsed in pieces, and in windows of a stream.
import type { JsonObject } from '../../src/case/json.ts';
import type { Need } from '../../src/detect/compiled.ts';
import { createDensity, type Density } from '../../src/replay/density.ts';
import { createGuard } from '../../src/replay/guard.ts';
import { type MakeReader, readAtOnce } from '../../src/replay/read-file.ts';
import { createRecordReader } from '../../src/replay/read-records.ts';
import { createRecordCounter } from '../../src/replay/record-sink.ts';
import { createRecordWalker } from '../../src/replay/walk-record.ts';
import { createWindow } from '../../src/replay/window.ts';

export interface Found {
  /** Those that were not left unparsed. */
  readonly records: readonly { readonly index: number; readonly record: JsonObject }[];
  readonly unreadable: readonly { readonly index: number; readonly reason: string }[];
  readonly notes: readonly string[];
  /** All that were counted. */
  readonly count: number;
}

export type Way = 'at once' | 'parsed' | 'streamed';
export const WAYS: readonly Way[] = ['at once', 'parsed', 'streamed'];

const DENSE: Density = { walked: () => undefined, parsed: () => undefined, isDense: true };
/** Small, so that a few records need many windows. */
const SIZES = { maxRecordBytes: 2_000, startBytes: 64, judgedBytes: 512, stepBytes: 16 };

export function readText(
  text: string | Buffer,
  way: Way,
  needs: readonly Need[] | null = null,
  sizes = SIZES,
): Found {
  const records: Found['records'][number][] = [];
  const unreadable: Found['unreadable'][number][] = [];
  const notes: string[] = [];
  const counter = createRecordCounter({
    record: (record, index) => void records.push({ index, record }),
    unreadable: (index, reason) => void unreadable.push({ index, reason }),
    note: (what) => void notes.push(what),
  });
  const walker = createRecordWalker(needs && createGuard(needs));
  const density = way === 'parsed' ? DENSE : createDensity();
  const make: MakeReader = (form) => createRecordReader({ walker, counter, density, ...form });
  const bytes = Buffer.from(text);
  if (way === 'streamed') {
    const window = createWindow(make, sizes);
    for (let at = 0; at < bytes.length; at += 37) window.add(bytes.subarray(at, at + 37));
    window.end();
  } else readAtOnce(Buffer.concat([bytes, Buffer.alloc(1)]), make);
  return { records, unreadable, notes, count: counter.records };
}
