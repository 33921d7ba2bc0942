// Reads a JSON body within a limit. Nothing is parsed before it is known to fit.
import type { IncomingMessage } from 'node:http';
import { CountersignError } from '../../case/errors.ts';

/** Throws `http.too-large`, `http.unsupported` (type or encoding) and `ingest.malformed` (not JSON in UTF-8). */
export async function readJson(request: IncomingMessage, mostBytes: number): Promise<unknown> {
  if (request.headers['content-encoding'])
    throw new CountersignError('http.unsupported', 'send the body without content-encoding');
  if (!/^application\/([\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? ''))
    throw new CountersignError('http.unsupported', 'content-type must be application/json');
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new CountersignError('ingest.malformed', 'body is not JSON in UTF-8', { cause });
  }
}

const tooLarge = (most: number) =>
  new CountersignError('http.too-large', `body is larger than ${most} bytes: send fewer alerts at once`);
