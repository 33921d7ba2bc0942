// One file to the reader: small ones whole and at once, large ones in windows of bounded size, gzip by its first bytes. What is
// wrong with a file is said, and what could be read before that counts.
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { errorText } from '../case/errors.ts';
import { isByLine } from './by-line.ts';
import type { RecordReader } from './read-records.ts';
import { createWindow, MAX_RECORD_BYTES } from './window.ts';

/** The reader of one file, made once its first bytes are known. */
export type MakeReader = (form: { readonly byLine: boolean }) => RecordReader;

export interface FileEnd {
  /** Why the file could not be read to its end; null when it was. */
  readonly problem: string | null;
}

/** No record that fits into a file of this size is too long for a window: both ways of reading give the same. */
const MAX_WHOLE_BYTES = MAX_RECORD_BYTES;
const CHUNK_BYTES = 524_288;
/** What is unpacked but not handed over yet is lost when the file turns out to be damaged. */
const UNPACKED_BYTES = 65_536;
/** Buffers from here on have memory of their own in Node: the byte behind the text is ours too. */
const MIN_OUTPUT_BYTES = 65_536;
const TRAILER_BYTES = 4;
/** Deflate's best ratio: a trailer that says more is wrong. */
const MAX_RATIO = 1_032;

/** Throws when the file cannot be opened. `tell` hears of how many stored bytes were read, if the file is large. */
export async function readFile(
  path: string,
  makeReader: MakeReader,
  tell: (bytes: number) => void,
): Promise<FileEnd> {
  const fd = openSync(path, 'r');
  let whole: Buffer | null;
  try {
    whole = readWhole(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  if (whole === null) return readStreamed(fd, path, makeReader, tell);
  closeSync(fd);
  readAtOnce(whole, makeReader);
  return { problem: null };
}

/** With one byte to spare behind the text; null when it has to be streamed, be it for its size or for what is wrong in it. */
function readWhole(fd: number): Buffer | null {
  const found = fstatSync(fd);
  if (!found.isFile() || found.size > MAX_WHOLE_BYTES) return null;
  const stored = Buffer.allocUnsafeSlow(found.size + 1);
  let size = 0;
  while (size < found.size) {
    const read = readSync(fd, stored, size, found.size - size, size);
    if (read === 0) break;
    size += read;
  }
  return isGzip(stored, size) ? unpack(stored.subarray(0, size)) : stored.subarray(0, size + 1);
}

/** Null when it is too large or damaged: the stream says which, and gives what comes before the damage. */
function unpack(packed: Buffer): Buffer | null {
  const said = packed.length > TRAILER_BYTES ? packed.readUInt32LE(packed.length - TRAILER_BYTES) : 0;
  if (said > MAX_WHOLE_BYTES && said <= packed.length * MAX_RATIO) return null;
  const likely = said <= packed.length * MAX_RATIO ? said : 0;
  // Sized by what the trailer says: one call, one buffer. With a fixed size, small files take several times as long.
  const chunkSize = Math.max(likely + 1, MIN_OUTPUT_BYTES);
  try {
    return withSpareByte(gunzipSync(packed, { chunkSize, maxOutputLength: MAX_WHOLE_BYTES }));
  } catch {
    return null;
  }
}

function withSpareByte(text: Buffer): Buffer {
  const { buffer, byteOffset, length } = text;
  if (buffer.byteLength >= MIN_OUTPUT_BYTES && byteOffset + length < buffer.byteLength)
    return Buffer.from(buffer, byteOffset, length + 1);
  return Buffer.concat([text, Buffer.alloc(1)]);
}

/** The last byte is spare. Nothing here waits: this is what is measured. */
export function readAtOnce(text: Buffer, makeReader: MakeReader): void {
  const end = text.length - 1;
  const start = afterMark(text, end);
  if (start < end) makeReader({ byLine: isByLine(text, start, end) }).read(text, start, end, true);
}

async function readStreamed(
  fd: number,
  path: string,
  makeReader: MakeReader,
  tell: (bytes: number) => void,
): Promise<FileEnd> {
  const source = createReadStream(path, { fd, highWaterMark: CHUNK_BYTES });
  const window = createWindow(makeReader);
  let problem: string | null = null;
  try {
    await pipeline(source, peelGzip, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        window.add(chunk);
        tell(source.bytesRead);
      }
    });
  } catch (error) {
    problem = errorText(error);
  }
  window.end();
  return { problem };
}

/** Unpacks what begins like gzip, and passes on what does not. */
async function* peelGzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const all = async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  };
  if (!isGzip(first.value, first.value.length)) {
    yield* all();
    return;
  }
  const gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
  const fed = pipeline(all, gunzip);
  fed.catch(() => undefined);
  for await (const chunk of gunzip) yield chunk as Buffer;
  await fed;
}

const isGzip = (bytes: Buffer, length: number): boolean =>
  length > 1 && bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Behind the byte order mark, where there is one. */
export function afterMark(bytes: Buffer, length: number): number {
  return length > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
