// Between Node's request and response and the sandbox's handlers: bodies in, answers out, and what is kept of a call.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../../case/json.ts';
import type { FaultAnswer } from './faults.ts';
import { GraphFault, type Reply } from './reply.ts';

/** A Graph call as it arrived. Calls to the login part are not kept: they carry secrets. */
export interface RecordedRequest {
  readonly method: string;
  /** With the version and the query, as sent. */
  readonly path: string;
  readonly body?: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

const KEPT_HEADERS = ['prefer', 'consistencylevel', 'content-type', 'client-request-id'] as const;
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** The body as text; 413 above 4 MiB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT_BYTES) throw new GraphFault(413, 'RequestEntityTooLarge', 'The body is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function record(request: IncomingMessage, text: string): RecordedRequest {
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const base = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(kept),
  };
  try {
    return { ...base, body: JSON.parse(text) };
  } catch {
    return base;
  }
}

export function send(response: ServerResponse, reply: Reply, requestId: string): void {
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    'request-id': requestId,
    'client-request-id': requestId,
    ...(text ? { 'Content-Type': 'application/json' } : {}),
    ...reply.headers,
  });
  response.end(text);
}

/** True when the fault answered (or silenced) the call. */
export function inflict(fault: FaultAnswer, response: ServerResponse): boolean {
  if (fault.kind === 'drop') response.socket?.destroy();
  else if (fault.kind === 'throttle') {
    const headers: Record<string, string> = fault.retryAfter ? { 'Retry-After': fault.retryAfter } : {};
    throw new GraphFault(429, 'TooManyRequests', 'Too many requests.', headers);
  } else if (fault.kind === 'status') {
    throw new GraphFault(
      fault.status,
      fault.code ?? 'ServiceUnavailable',
      fault.message ?? 'As the test asked.',
    );
  } else if (fault.kind === 'redirect') {
    // Not chained: restify, once loaded, replaces writeHead for the whole process by one that answers nothing.
    response.writeHead(302, { Location: fault.location });
    response.end();
  } else if (fault.kind === 'html') {
    response.writeHead(502, { 'Content-Type': 'text/html' });
    response.end('<html>Bad gateway</html>');
  }
  return fault.kind !== 'lose-answer';
}
