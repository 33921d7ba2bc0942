// What replay finds in a text, through each of its ways to read: at once, parsed in pieces, and in windows of a stream.
import type { JsonObject } from '../../src/case/json.ts';
import type { Policy } from '../../src/case/policy.ts';
import type { Outline } from '../../src/detect/compiled.ts';
import { createDensity, type Density } from '../../src/replay/density.ts';
import { createGuard } from '../../src/replay/guard.ts';
import { Outcomes } from '../../src/replay/outcomes.ts';
import { type MakeReader, readAtOnce } from '../../src/replay/read-file.ts';
import { RecordReader } from '../../src/replay/read-records.ts';
import { RecordCounter } from '../../src/replay/record-sink.ts';
import { RecordWalker } from '../../src/replay/walk-record.ts';
import { createWindow } from '../../src/replay/window.ts';

export interface Found {
  /** Those that were parsed. */
  readonly records: readonly { readonly index: number; readonly record: JsonObject }[];
  /** Those that came to the same as one that was parsed. */
  readonly known: readonly {
    readonly index: number;
    readonly policies: readonly Policy[];
    readonly record: JsonObject;
  }[];
  readonly unreadable: readonly { readonly index: number; readonly reason: string }[];
  readonly notes: readonly string[];
  /** All that were counted. */
  readonly count: number;
}

export type Way = 'at once' | 'parsed' | 'streamed';
export const WAYS: readonly Way[] = ['at once', 'parsed', 'streamed'];

export interface Reading {
  /** Null: everything is parsed. */
  readonly outlines?: readonly Outline[] | null;
  readonly evaluate?: (record: JsonObject) => readonly Policy[] | null;
  readonly maxRecordBytes?: number;
}

const DENSE: Density = { walked: () => undefined, parsed: () => undefined, isDense: true };

export function readText(text: string | Buffer, way: Way, reading: Reading = {}): Found {
  const { outlines = null, evaluate = () => null, maxRecordBytes = 2_000 } = reading;
  const records: Found['records'][number][] = [];
  const known: Found['known'][number][] = [];
  const unreadable: Found['unreadable'][number][] = [];
  const notes: string[] = [];
  const counter = new RecordCounter({
    record(record, index) {
      records.push({ index, record });
      return evaluate(record);
    },
    known: (policies, index, parse) => void known.push({ index, policies, record: parse() }),
    unreadable: (index, reason) => void unreadable.push({ index, reason }),
    note: (what) => void notes.push(what),
  });
  const guard = outlines && createGuard(outlines);
  const walker = new RecordWalker(guard);
  const outcomes = guard && new Outcomes(guard, walker);
  const density = way === 'parsed' ? DENSE : createDensity();
  const make: MakeReader = (form) => new RecordReader({ walker, outcomes, counter, density, ...form });
  const bytes = Buffer.from(text);
  if (way === 'streamed') {
    // Small, so that a few records need many windows.
    const window = createWindow(make, { maxRecordBytes, startBytes: 64, judgedBytes: 512, stepBytes: 16 });
    for (let at = 0; at < bytes.length; at += 37) window.add(bytes.subarray(at, at + 37));
    window.end();
  } else readAtOnce(Buffer.concat([bytes, Buffer.alloc(1)]), make);
  return { records, known, unreadable, notes, count: counter.records };
}
