// One event out of a file, for people who ask about it: counted as `countersign replay` counts. Judges nothing in it.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CountersignError, errorText } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import { shown } from './shown.ts';

/** A larger file is for `replay`. */
const MAX_BYTES = 256 * 1_048_576;
const GZIP_MAGIC = 0x1f8b;

/**
 * The event at `index`, from 0. Takes a bare event, an EventBridge envelope, a `Records` or `value` document, an array, or
 * one of these a line; gzip as well. Throws `explain.event`, saying what is wrong with the file.
 */
export function readEvent(file: string, index: number): JsonObject {
  const items = itemsOf(readText(file), file);
  if (index >= items.length) throw unreadable(`${file} holds ${items.length} events: there is no ${index}`);
  const item = items[index];
  if (item instanceof Error) throw unreadable(`${file}, event ${index}, is not JSON: ${item.message}`);
  const event = isObject(item) && isObject(item.detail) && 'detail-type' in item ? item.detail : item;
  if (!isObject(event)) throw unreadable(`${file}, event ${index}, is not an object`);
  return event;
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    const packed = bytes.length > 1 && bytes.readUInt16BE(0) === GZIP_MAGIC;
    const plain = packed ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
    if (plain.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return new TextDecoder().decode(plain);
  } catch (error) {
    throw unreadable(`${file} cannot be read: ${errorText(error)}`);
  }
}

function itemsOf(text: string, file: string): readonly unknown[] {
  const whole = parse(text);
  if (!(whole instanceof Error)) return unpack(whole);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parse);
  if (values.every((value) => value instanceof Error))
    throw unreadable(`${file} is neither JSON nor JSON lines: ${whole.message}`);
  return values.flatMap((value) => (value instanceof Error ? [value] : unpack(value)));
}

function unpack(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value) && Array.isArray(value.Records)) return value.Records;
  if (isObject(value) && Array.isArray(value.value)) return value.value;
  return [value];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (message: string): CountersignError =>
  new CountersignError('explain.event', shown(message));
