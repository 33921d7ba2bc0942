// What a handler of the sandbox's Graph server gets and gives, and Graph's own form of an error.
import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../case/json.ts';

export interface Call {
  readonly method: string;
  /** Decoded path parameters, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as text: empty when there was none. */
  readonly text: string;
  /** Who calls, from the verified token: the client's app id. Empty on routes without a token. */
  readonly appId: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: JsonObject;
  /** In the place of a body: a page. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;
/** Pattern segments that start with a colon are parameters. */
export type Route = readonly [method: string, pattern: string, handle: Handler];

/** Thrown by a handler, answered as an OData error. */
export class GraphFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const notFound = (id: string): GraphFault =>
  new GraphFault(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
export const badRequest = (message: string): GraphFault => new GraphFault(400, 'Request_BadRequest', message);
export const denied = (): GraphFault =>
  new GraphFault(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** The OData error document. Graph "Error responses and resource types". */
export function errorReply(fault: GraphFault, requestId: string, at: string): Reply {
  const innerError = { date: at, 'request-id': requestId, 'client-request-id': requestId };
  return {
    status: fault.status,
    body: { error: { code: fault.code, message: fault.message, innerError } },
    headers: fault.headers,
  };
}

/** The body as a JSON object, else 400. */
export function jsonBody(call: Call): JsonObject {
  try {
    const value: unknown = JSON.parse(call.text);
    if (value && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Answered below, like any other body that is not an object.
  }
  throw new GraphFault(400, 'BadRequest', 'Unable to read JSON request payload.');
}
