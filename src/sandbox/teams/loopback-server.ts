// A small JSON server on 127.0.0.1, for the sandbox's Teams parts. Takes JSON only: a page in somebody's browser cannot
// send that here without asking first, and nobody here answers such a question.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed; undefined where there was none. */
  readonly body: unknown;
}
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The work is done, but the answer is lost on the way. */
  readonly drop?: boolean;
}
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Thrown by a handler: answered with this status and sentence. */
export class CallRefused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const MAX_BODY_BYTES = 1024 * 1024;

/** `port` 0 takes a free one; a taken one rejects. */
export async function serveJson(
  port: number,
  handle: (call: Call) => Promise<Reply>,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => void answer(request, response, handle));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (call: Call) => Promise<Reply>,
): Promise<void> {
  const reply = await readCall(request).then(handle).catch(refusal);
  if (reply.drop) {
    response.socket?.destroy();
    return;
  }
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(reply.body));
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const target = new URL(request.url ?? '/', 'http://127.0.0.1');
  const method = request.method ?? '';
  const text = await readText(request);
  if (text && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new CallRefused(415, 'Send JSON, with its content type.');
  }
  return {
    method,
    path: target.pathname,
    query: target.searchParams,
    headers: request.headers,
    body: text ? parseJson(text) : undefined,
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new CallRefused(413, 'The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CallRefused(400, 'The body is not JSON.');
  }
}

function refusal(error: unknown): Reply {
  const status = error instanceof CallRefused ? error.status : 500;
  const message = error instanceof Error ? error.message : 'The sandbox failed.';
  return { status, body: { error: { code: `sandbox-${status}`, message } } };
}
