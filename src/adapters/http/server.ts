// Every inbound door: authenticated, bounded in size, rate and time, and answering errors without a stack.
import type { IncomingMessage, ServerResponse } from 'node:http';
import restify, { type Next, type Request, type Response, type Server } from 'restify';
import { CountersignError, errorText, isCountersignError } from '../../case/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { Authorise } from './entra-token.ts';
import { readJson } from './read-body.ts';
import { addSignInRoutes, type SignInPages } from './sign-in-routes.ts';

/** What a door answers: 202 when something is new, 200 when all of it was known. */
export interface Accepted {
  readonly fresh: boolean;
  readonly body: object;
}

export interface HttpOptions {
  readonly log: Log;
  readonly authoriseAlerts: Authorise;
  readonly authoriseCloudTrail: (key: string | undefined) => void;
  readonly acceptGraph: (body: unknown) => Promise<Accepted>;
  readonly acceptCloudTrail: (body: unknown) => Promise<Accepted>;
  /** Handles `/api/messages` once the body is parsed; authenticates by itself. */
  readonly messages: (
    request: IncomingMessage & { body?: unknown },
    response: ServerResponse,
  ) => Promise<void>;
  /** Authenticates by itself. Absent: there is no such page. */
  readonly signIn?: SignInPages;
  readonly isReady: () => Promise<boolean>;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  readonly alertBytes: number;
  readonly messageBytes: number;
  /** Requests a second from one address, and how many may come at once. */
  readonly rate: number;
  readonly burst: number;
}

const LIMITS: HttpLimits = { alertBytes: 4_194_304, messageBytes: 262_144, rate: 100, burst: 200 };
const REQUEST_TIMEOUT_MS = 20_000;

const STATUS: Readonly<Record<string, number>> = {
  'http.unauthenticated': 401,
  'http.forbidden': 403,
  'http.too-large': 413,
  'http.unsupported': 415,
  'ingest.wrong-tenant': 403,
  'ingest.wrong-account': 403,
};

const nothing = (): void => {};
const MUTE = {
  ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing },
  child: (): unknown => MUTE,
};

/** The server, not yet listening. */
export function createHttpServer(options: HttpOptions): Server {
  const limits = { ...LIMITS, ...options.limits };
  // restify's own log writes to stdout, which is a command's answer; ours says the same.
  const server = restify.createServer({ name: 'countersign', log: MUTE as never });
  server.server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.server.headersTimeout = REQUEST_TIMEOUT_MS / 2;
  const throttle = restify.plugins.throttle({
    burst: limits.burst,
    rate: limits.rate,
    ip: true,
    setHeaders: true,
  });
  server.on('restifyError', (_request: Request, response: Response, error: Error, done: () => void) => {
    if (response.statusCode === 429 || error.name === 'TooManyRequestsError')
      response.header('Retry-After', '1');
    done();
  });

  const door =
    (work: (request: Request) => Promise<Accepted>) => (request: Request, response: Response, next: Next) => {
      answer(request, response, work, options.log).then(() => next(), next);
    };
  server.post(
    '/api/alerts/graph',
    throttle,
    door(async (request) => {
      await options.authoriseAlerts(request.headers.authorization);
      return options.acceptGraph(await readJson(request, limits.alertBytes));
    }),
  );
  server.post(
    '/api/alerts/cloudtrail',
    throttle,
    door(async (request) => {
      options.authoriseCloudTrail(request.header('x-countersign-key'));
      return options.acceptCloudTrail(await readJson(request, limits.alertBytes));
    }),
  );
  server.post('/api/messages', throttle, (request: Request, response: Response, next: Next) => {
    receive(request, response, limits, options).then(() => next(), next);
  });
  if (options.signIn) addSignInRoutes(server, throttle, options.signIn, options.log);
  server.get('/healthz', (_request: Request, response: Response, next: Next) => {
    options.isReady().then(
      (ready) => {
        response.send(ready ? 200 : 503, { ready });
        next();
      },
      () => {
        response.send(503, { ready: false });
        next();
      },
    );
  });
  return server;
}

async function answer(
  request: Request,
  response: Response,
  work: (request: Request) => Promise<Accepted>,
  log: Log,
): Promise<void> {
  try {
    const accepted = await work(request);
    response.send(accepted.fresh ? 202 : 200, accepted.body);
  } catch (error) {
    sendError(request, response, error, log);
  }
}

async function receive(request: Request, response: Response, limits: HttpLimits, options: HttpOptions) {
  try {
    const body = await readJson(request, limits.messageBytes);
    await options.messages(Object.assign(request, { body }), response);
  } catch (error) {
    sendError(request, response, error, options.log);
  }
}

function sendError(request: Request, response: Response, error: unknown, log: Log): void {
  if (response.headersSent) return;
  const known = isCountersignError(error) ? error : new CountersignError('http.failed', errorText(error));
  const status = STATUS[known.code] ?? (known.code.startsWith('ingest.') ? 400 : known.retryable ? 503 : 500);
  log[status >= 500 ? 'error' : 'warn'](
    { path: request.path(), status, code: known.code, reason: known.message },
    'request refused',
  );
  // What is left of an oversized body is not read: the connection goes with it.
  if (status === 413) response.header('Connection', 'close');
  if (status === 503) response.header('Retry-After', '5');
  const message = status === 500 ? 'something went wrong on our side' : known.message;
  response.send(status, { error: { code: known.code, message } });
}
