// The stand-in S3 over plain HTTP, path-style, on loopback only: buckets under /, AWS STS under /sts.
// It enforces access; it is not a store for anything that matters.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, XML_TYPE } from './answer.ts';
import type { Fault } from './faults.ts';
import { findRoute } from './routes.ts';
import { S3Error } from './s3-error.ts';
import type { SignedRequest } from './signature.ts';
import { stsErrorNode, stsOperation } from './sts.ts';
import { createS3World, type S3Engine, type S3World, type S3WorldOptions } from './world.ts';
import { element, xmlDocument } from './xml.ts';

export interface S3ServerOptions extends S3WorldOptions {
  /** 0 picks a free one. */
  readonly port?: number | undefined;
}

export interface S3Server {
  /** `http://127.0.0.1:PORT`; STS answers under `/sts`. */
  readonly url: string;
  readonly world: S3World;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

interface Exchange {
  readonly requestId: string;
  readonly sts: boolean;
  operation: string;
  bucket: string;
  caller: string;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new S3Error('EntityTooLarge');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function errorAnswer(thrown: unknown, { sts, requestId }: Exchange, path: string): Answer {
  const error = thrown instanceof S3Error ? thrown : new S3Error('InternalError');
  const node = sts
    ? stsErrorNode(error, requestId)
    : element('Error', [
        element('Code', error.code),
        element('Message', error.message),
        element('Resource', path),
        element('RequestId', requestId),
      ]);
  return { status: error.status, headers: { ...XML_TYPE, ...error.headers }, body: xmlDocument(node) };
}

function faultError(fault: Fault): S3Error | null {
  if (fault.kind === 'slow-down') {
    const after = fault.retryAfterSeconds;
    return new S3Error('SlowDown', undefined, after === undefined ? {} : { 'retry-after': String(after) });
  }
  if (fault.kind === 'expired-token') return new S3Error('ExpiredToken');
  if (fault.kind === 'forbidden') return new S3Error('AccessDenied', fault.message);
  return fault.kind === 'internal-error' ? new S3Error('InternalError') : null;
}

function send(response: ServerResponse, method: string, answer: Answer, requestId: string): void {
  const body = Buffer.from(answer.body ?? '');
  const length = answer.status === 204 ? {} : { 'content-length': String(body.length) };
  response.writeHead(answer.status, {
    ...length,
    ...answer.headers,
    server: 'AmazonS3',
    'x-amz-request-id': requestId,
    'x-amz-id-2': requestId,
  });
  response.end(method === 'HEAD' ? undefined : body);
}

async function answerRequest(
  engine: S3Engine,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', headers, socket } = request;
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const sts = path === '/sts' || path === '/sts/';
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const exchange: Exchange = { requestId, sts, operation: 'unknown', bucket: '', caller: 'unknown' };
  let fault: Fault | null = null;
  let answer: Answer;
  try {
    const query = new URLSearchParams(search);
    const signed: SignedRequest = { method, path, query, headers, body: await readBody(request) };
    const route = sts ? null : findRoute(method, path, query);
    exchange.operation = route?.operation ?? stsOperation(signed);
    exchange.bucket = route?.bucket ?? '';
    fault = engine.faults.take(exchange.operation);
    const refused = fault && faultError(fault);
    if (refused) throw refused;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'cut' && !fault.after) {
      socket.destroy();
      return;
    }
    const note = (caller: string): void => {
      exchange.caller = caller;
    };
    answer = route
      ? engine.perform(route, signed, socket.remoteAddress ?? '', note)
      : engine.sts(signed, requestId);
  } catch (error) {
    answer = errorAnswer(error, exchange, path);
  }
  const expectedOwner = headers['x-amz-expected-bucket-owner']?.toString() ?? null;
  const { operation, bucket, caller } = exchange;
  engine.record({ operation, bucket, caller, expectedOwner, status: answer.status, requestId });
  if (fault?.kind === 'cut') socket.destroy();
  else send(response, method, answer, requestId);
}

/** Starts on 127.0.0.1. `close` cuts every open connection. */
export async function createS3Server(options: S3ServerOptions): Promise<S3Server> {
  const engine = createS3World(options);
  const server = createServer((request, response) => {
    // Only a connection that the client has dropped gets here.
    answerRequest(engine, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world: engine,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
