// One Graph call: built by the SDK, sent once (steps retry, not the client), bounded in time, kept on one host, its errors translated.
import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import {
  Client,
  type GraphRequest,
  HTTPMessageHandler,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { refuseWideDelete } from './deletable.ts';
import { brokenCallError, type RefusalHints, refusalError, tokenError } from './errors.ts';
import { CallOptions, createTransport, type GetToken } from './transport.ts';

export interface GraphClientOptions {
  /** `https://graph.microsoft.com`, a national cloud's, or the sandbox's. Nothing else is ever called. */
  readonly baseUrl: string;
  /** Answers an access token for Graph; may be called for every request, so it caches. */
  readonly getToken?: GetToken;
  /** Instead of `getToken`. */
  readonly credential?: TokenCredential;
  /** What the credential is asked for: `https://graph.microsoft.com/.default` unless told. */
  readonly scope?: string;
  /** For one call from the token to the last byte. */
  readonly timeoutMs: number;
}

export interface GraphCall extends RefusalHints {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version, ids encoded with `segment`. Or a whole `@odata.nextLink`. */
  readonly path: string;
  /** OData options, not encoded yet. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** Error statuses that are an answer here. They count only in Graph's own form: a proxy's 404 is an error. */
  readonly answers?: readonly number[];
  /** Narrows `answers`: which errors of these statuses are one. */
  readonly isAnswer?: (error: GraphErrorBody) => boolean;
}

/** What Graph says of an error. */
export interface GraphErrorBody {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Graph's `request-id`. */
  readonly requestId: string;
}

export interface GraphClient {
  /** No slash at the end. */
  readonly baseUrl: string;
  /** Throws CountersignError `graph.throttled`, `.unavailable` (both retryable), `.unauthorised`, `.forbidden`, `.refused` and the like. */
  call(call: GraphCall): Promise<GraphAnswer>;
}

const VERSION = 'v1.0';
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string().catch('') }) });

/** An id as one path segment. Throws `graph.bad-id` for what a URL parser would read as a step up, and for the absurdly long. */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..' || id.length > 512)
    throw new CountersignError('graph.bad-id', 'An id that cannot be one of Graph was refused.');
  try {
    return encodeURIComponent(id).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch (cause) {
    throw new CountersignError('graph.bad-id', 'An id that is not text was refused.', { cause });
  }
}

/** A text as an OData literal: quotes doubled. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function fromCredential(credential: TokenCredential, scope: string): GetToken {
  return async (abortSignal) => {
    const token = await credential.getToken(scope, { abortSignal });
    if (!token) throw new Error('the credential answered nothing');
    return token.token;
  };
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (response.ok) throw new Error('the answer is not JSON', { cause });
    return null;
  }
}

const isAnswer = (call: GraphCall, error: GraphErrorBody): boolean =>
  call.answers?.includes(error.status) === true && (call.isAnswer?.(error) ?? true);

/** For people who read logs: no query, for filters hold names. */
const operationOf = (call: GraphCall): string =>
  `${call.method} ${call.path.replace(/^https:\/\/[^/]+\/[^/]+/, '').split('?')[0]}`;

function start(request: GraphRequest, { method, body }: GraphCall): Promise<Response> {
  switch (method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(body);
    case 'PATCH':
      return request.patch(body);
    case 'DELETE':
      return request.delete();
  }
}

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { origin } = new URL(options.baseUrl);
  const source =
    options.getToken ??
    (options.credential && fromCredential(options.credential, options.scope ?? GRAPH_SCOPE));
  if (!source) throw new CountersignError('graph.no-credential', 'The Graph client needs a credential.');
  const getToken: GetToken = async (signal) => {
    try {
      return await source(signal);
    } catch (error) {
      throw tokenError(error);
    }
  };
  const sdk = Client.initWithMiddleware({
    baseUrl: `${origin}/`,
    defaultVersion: VERSION,
    middleware: createTransport(origin, getToken, new HTTPMessageHandler()),
  });

  async function send(
    call: GraphCall,
    callOptions: CallOptions,
  ): Promise<{ response: Response; body: unknown }> {
    const query = Object.entries(call.query ?? {}).map(
      ([name, value]) => `${name}=${encodeURIComponent(value)}`,
    );
    const request = sdk
      .api(query.length > 0 ? `${call.path}?${query.join('&')}` : call.path)
      .headers({ 'client-request-id': randomUUID(), ...call.headers })
      .middlewareOptions([callOptions])
      .responseType(ResponseType.RAW);
    const response = await start(request, call);
    return { response, body: await readBody(response) };
  }

  return {
    baseUrl: origin,
    async call(call) {
      if (call.method === 'DELETE') refuseWideDelete(call.path);
      const callOptions = new CallOptions(AbortSignal.timeout(options.timeoutMs));
      const operation = operationOf(call);
      const { response, body } = await send(call, callOptions).catch((error: unknown) => {
        throw brokenCallError(callOptions.failure ?? error, operation);
      });
      const requestId = response.headers.get('request-id') ?? '';
      if (response.ok) return { status: response.status, body, requestId };
      const error = errorBody.safeParse(body);
      if (error.success && isAnswer(call, { status: response.status, ...error.data.error }))
        return { status: response.status, body, requestId };
      const { code, message } = error.success
        ? error.data.error
        : { code: '', message: 'not an answer of Graph' };
      const retryAfter = response.headers.get('retry-after');
      const refusal = { status: response.status, code, message, requestId, retryAfter };
      throw refusalError(refusal, operation, call, Date.now());
    },
  };
}
