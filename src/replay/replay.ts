// The offline flow: CloudTrail files through the policies. Reads files and counts in memory; no store, no cloud.
import { errorText } from '../case/errors.ts';
import type { Catalogue } from '../detect/compiled.ts';
import { createDensity } from './density.ts';
import { findFiles } from './find-files.ts';
import { createGuard } from './guard.ts';
import { createMatcher, type MatcherParts } from './matcher.ts';
import { Outcomes } from './outcomes.ts';
import { type MakeReader, readFile } from './read-file.ts';
import { RecordReader } from './read-records.ts';
import { RecordCounter } from './record-sink.ts';
import { RecordWalker } from './walk-record.ts';

export interface ReplayProgress {
  /** Bytes of the files as they are stored: done, and in all. */
  readonly bytes: number;
  readonly ofBytes: number;
  readonly files: number;
  readonly ofFiles: number;
  readonly records: number;
  readonly matches: number;
}

export interface ReplayOptions extends MatcherParts {
  readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface ReplaySummary {
  readonly files: number;
  readonly records: number;
  readonly matches: number;
  /** Records that could not be read. */
  readonly unreadable: number;
  /** Records of counted policies that say no time. */
  readonly timeless: number;
  /** Files and folders that could not be opened at all. */
  readonly unopened: number;
}

/** Never throws for what is in a file: it is reported, and the next one is read. */
export async function replay(paths: readonly string[], options: ReplayOptions): Promise<ReplaySummary> {
  const { onProblem } = options;
  const { files, notFound, empty } = findFiles(paths);
  for (const { path, reason } of notFound) onProblem({ file: path, index: null, reason });
  for (const file of empty) onProblem({ file, index: null, reason: 'there is no log file in it' });

  const matcher = createMatcher(options);
  const readerOf = createReaders(options.catalogue);
  const ofBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const done = { bytes: 0, files: 0, records: 0, unreadable: 0, unopened: notFound.length };
  for (const { file, bytes } of files) {
    const report = (index: number | null, reason: string): void => onProblem({ file, index, reason });
    const counter = new RecordCounter({
      record(record, index) {
        try {
          return matcher.evaluate(record, file, index);
        } catch (error) {
          // Nested so deeply that the call stack does not last: one record must not end the run.
          if (!(error instanceof RangeError)) throw error;
          report(index, 'it is nested too deeply to be evaluated');
          return null;
        }
      },
      known: (policies, index, parse) => matcher.recognise(policies, file, index, parse),
      unreadable: report,
      note: (what) => report(null, what),
    });
    const tell = (ofFile: number): void =>
      options.onProgress?.({
        bytes: done.bytes + Math.min(ofFile, bytes),
        ofBytes,
        files: done.files,
        ofFiles: files.length,
        records: done.records + counter.records,
        matches: matcher.matches,
      });
    try {
      const { problem } = await readFile(file, readerOf(counter), tell);
      if (problem !== null) report(null, problem);
      else if (counter.records === 0 && !counter.hasNotes) report(null, 'there is no record in it');
    } catch (error) {
      done.unopened++;
      report(null, errorText(error));
    }
    done.bytes += bytes;
    done.files++;
    done.records += counter.records;
    done.unreadable += counter.unreadables;
  }
  matcher.finish();
  const { records, unreadable, unopened } = done;
  const { matches, timeless } = matcher;
  return { files: done.files, records, matches, unreadable, timeless, unopened };
}

/** Readers that know what the catalogue looks at, and share what they have learnt about the files. */
export function createReaders(catalogue: Catalogue): (counter: RecordCounter) => MakeReader {
  const outlines = catalogue.outlines('cloudtrail');
  const guard = outlines && createGuard(outlines);
  const walker = new RecordWalker(guard);
  const outcomes = guard && new Outcomes(guard, walker);
  const density = createDensity();
  return (counter) => (form) => new RecordReader({ walker, outcomes, counter, density, ...form });
}
