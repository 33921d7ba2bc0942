// Takes CloudTrail records out of what carries them: documents, EventBridge, SNS, SQS, CloudWatch Logs. Never judges a record.
import { gunzipSync } from 'node:zlib';
import { errorText } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';

export const RECORDS_KEY = 'Records';
/** An object with none of these keys, nor `Records`, is a record itself: the scanner goes by that. */
export const ENVELOPE_KEYS = [
  'detail',
  'Message',
  'Sns',
  'body',
  'Body',
  'awslogs',
  'logEvents',
  'data',
  's3',
  'digestS3Bucket',
] as const;

export interface Unwrapped {
  record(record: JsonObject): unknown;
  unreadable(reason: string): void;
  /** Something that carries no records at all, such as an S3 notification. */
  without(what: string): void;
}

/** What an envelope holds, one step further in; or why there is nothing to be had. */
type Content =
  | { readonly inner: readonly unknown[]; readonly isPacked?: boolean }
  | { readonly parts: readonly Content[] }
  | { readonly without: string }
  | { readonly unreadable: string };

const MAX_ENVELOPES = 8;
/** Of one message of CloudWatch Logs, which packs at most 1 MB. */
const MAX_LOG_BYTES = 16 * 1_048_576;

/** Where an envelope lies: how deep, and whether in something that was packed. */
interface Place {
  readonly depth: number;
  readonly isPacked: boolean;
}

/** Hands over every record inside, in order. */
export function unwrap(value: unknown, into: Unwrapped, place: Place = { depth: 0, isPacked: false }): void {
  if (!isObject(value)) into.unreadable(`a record is an object, not ${nameOf(value)}`);
  else {
    const content = contentOf(value, place);
    if (content === null) into.record(value);
    else pour(content, into, place);
  }
}

function pour(content: Content, into: Unwrapped, place: Place): void {
  if ('without' in content) into.without(content.without);
  else if ('unreadable' in content) into.unreadable(content.unreadable);
  else if (place.depth === MAX_ENVELOPES) into.unreadable(`more than ${MAX_ENVELOPES} envelopes around it`);
  else if ('parts' in content) for (const part of content.parts) pour(part, into, place);
  else {
    const inside = { depth: place.depth + 1, isPacked: place.isPacked || content.isPacked === true };
    for (const inner of content.inner) unwrap(inner, into, inside);
  }
}

/** Null for a record. */
function contentOf(value: JsonObject, { isPacked }: Place): Content | null {
  if (Array.isArray(value.Records)) return { inner: value.Records };
  if (isNotification(value) && isObject(value.s3))
    return { without: 'an S3 notification, which names a log file' };
  if (typeof value.eventName === 'string') return null;
  if (typeof value.digestS3Bucket === 'string') return { without: 'a digest, which names log files' };
  if (isObject(value.detail)) return eventBridge(value, value.detail);
  if (isObject(value.Sns)) return textContent(value.Sns.Message, 'an SNS message');
  if (typeof value.Message === 'string') return textContent(value.Message, 'an SNS message');
  if (typeof value.body === 'string') return textContent(value.body, 'an SQS message');
  if (typeof value.Body === 'string') return textContent(value.Body, 'an SQS message');
  // Packed in what was packed, a few bytes would become gigabytes.
  if (isObject(value.awslogs))
    return isPacked ? { unreadable: 'awslogs within awslogs' } : subscription(value.awslogs.data);
  if (Array.isArray(value.logEvents)) return logEvents(value, value.logEvents);
  return isObject(value.data) ? { inner: [value.data] } : null;
}

/** EventBridge says "AWS API Call via CloudTrail" and the like. */
function eventBridge({ 'detail-type': type }: JsonObject, detail: JsonObject): Content {
  if (typeof type === 'string' && !type.endsWith(' via CloudTrail'))
    return { without: 'an EventBridge event of another kind' };
  return { inner: [detail] };
}

function textContent(text: unknown, what: string): Content {
  if (typeof text !== 'string') return { unreadable: `${what} without a text` };
  try {
    const value: unknown = JSON.parse(text);
    return { inner: Array.isArray(value) ? value : [value] };
  } catch {
    return { without: `${what} that is not JSON` };
  }
}

/** Of CloudWatch Logs: Base64 of gzip of `{ logEvents }`. */
function subscription(data: unknown): Content {
  if (typeof data !== 'string') return { unreadable: 'awslogs without data' };
  try {
    const packed = Buffer.from(data, 'base64');
    const text = gunzipSync(packed, { maxOutputLength: MAX_LOG_BYTES }).toString();
    return { inner: [JSON.parse(text)], isPacked: true };
  } catch (error) {
    return { unreadable: `awslogs.data cannot be unpacked: ${errorText(error)}` };
  }
}

function logEvents({ messageType }: JsonObject, events: readonly unknown[]): Content {
  if (messageType === 'CONTROL_MESSAGE') return { without: 'a control message of CloudWatch Logs' };
  return {
    parts: events.map((event) => textContent(isObject(event) ? event.message : null, 'a log event')),
  };
}

/** Of Lambda's events: `aws:s3`, `aws:sqs`. CloudTrail's own sources are host names. */
const isNotification = (value: JsonObject): boolean =>
  typeof value.eventSource === 'string' && value.eventSource.startsWith('aws:');

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
