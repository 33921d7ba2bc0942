// One event out of a file, for people who ask about it. CloudTrail is read and counted as `replay` does. Judges nothing in it.
import { readFileSync, statSync } from 'node:fs';
import type { SourceName } from '../case/alert.ts';
import { CountersignError, errorText } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import { createDensity } from '../replay/density.ts';
import { readFile } from '../replay/read-file.ts';
import { RecordReader } from '../replay/read-records.ts';
import { RecordCounter } from '../replay/record-sink.ts';
import { RecordWalker } from '../replay/walk-record.ts';
import { shown } from './shown.ts';

interface Found {
  /** An Error where it stands in the file and cannot be read. */
  readonly event: unknown;
  /** Events in the file, readable or not. */
  readonly of: number;
}

/** Of Graph alerts, which are read whole. */
const MAX_BYTES = 64 * 1_048_576;

/**
 * The event at `index`, from 0. CloudTrail in every form that `replay` takes; Graph alerts alone, in an array, under `value`,
 * or one a line. Throws `explain.event`, saying what is wrong with the file.
 */
export async function readEvent(file: string, index: number, source: SourceName): Promise<JsonObject> {
  const { event, of } = await attempt(file, () =>
    source === 'cloudtrail' ? findRecord(file, index) : findAlert(file, index),
  );
  if (index >= of) throw unreadable(`${file} holds ${of} events: there is no ${index}`);
  if (event instanceof Error) throw unreadable(`${file}, event ${index}: ${event.message}`);
  if (!isObject(event)) throw unreadable(`${file}, event ${index}: not an object`);
  return event;
}

async function attempt(file: string, find: () => Found | Promise<Found>): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    throw unreadable(`${file} cannot be read: ${errorText(error)}`);
  }
}

async function findRecord(file: string, index: number): Promise<Found> {
  let event: JsonObject | Error | null = null;
  const counter = new RecordCounter({
    record(record, at) {
      if (at === index) event = record;
      return null;
    },
    known() {},
    unreadable(at, reason) {
      if (at === index) event = new Error(reason);
    },
    note() {},
  });
  const walker = new RecordWalker(null);
  const { problem } = await readFile(
    file,
    (form) => new RecordReader({ walker, outcomes: null, counter, density: createDensity(), ...form }),
    () => {},
  );
  if (event === null && problem !== null) throw new Error(problem);
  return { event, of: counter.records };
}

function findAlert(file: string, index: number): Found {
  if (statSync(file).size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  const text = new TextDecoder().decode(readFileSync(file));
  const whole = parse(text);
  const values = whole instanceof Error ? linesOf(text) : [whole];
  if (whole instanceof Error && values.every((value) => value instanceof Error))
    throw new Error(`neither JSON nor JSON lines: ${whole.message}`);
  const alerts = values.flatMap(unpack);
  return { event: alerts[index], of: alerts.length };
}

const linesOf = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parse);

function unpack(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value.value) ? value.value : [value];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new Error(errorText(error));
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Error);

const unreadable = (message: string): CountersignError =>
  new CountersignError('explain.event', shown(message));
