// Whether a request to Microsoft Graph is one that Countersign may send, in its form, and with the permissions that it takes.
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { GraphCall } from '../../src/adapters/graph/client.ts';
import { OPERATIONS, type Operation } from './graph-operations.ts';

export { OPERATIONS } from './graph-operations.ts';

export interface GraphRequest {
  readonly method: string;
  /** With the version and the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.$()]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);

function find(request: GraphRequest): { readonly operation: Operation; readonly query: URLSearchParams } {
  const url = new URL(request.path, 'https://graph.microsoft.com');
  assert.ok(url.pathname.startsWith('/v1.0/'), `${request.path} is not below /v1.0`);
  const path = url.pathname.slice('/v1.0'.length);
  const operation = OPERATIONS.find((one) => one.method === request.method && pattern(one.path).test(path));
  assert.ok(operation, `${request.method} ${path} is not an operation that Countersign uses`);
  return { operation, query: url.searchParams };
}

/** Fails with what is wrong about the request; answers the operation that it is, as "GET /users/{user}". */
export function assertGraphRequest(request: GraphRequest): string {
  const { operation, query } = find(request);
  const name = `${operation.method} ${operation.path}`;
  for (const [option, value] of query) {
    const form = operation.options?.[option];
    assert.ok(form, `${name} does not take ${option}`);
    assert.match(value, form, `${name}: ${option}`);
  }
  for (const option of operation.requires ?? [])
    assert.ok(query.has(option), `${name} goes without ${option}`);
  for (const [header, form] of Object.entries(operation.headers ?? {}))
    assert.match(request.headers?.[header] ?? '', form, `${name}: header ${header}`);
  if (!operation.body) assert.equal(request.body, undefined, `${name} takes no body`);
  else {
    const result = operation.body.safeParse(request.body);
    assert.ok(result.success, `${name}: ${result.error && z.prettifyError(result.error)}`);
  }
  return name;
}

/** Fails unless the call declares the least permissions of the operation that it is: they are what a refusal names. */
export function assertGraphPermissions(
  call: Pick<GraphCall, 'method' | 'path' | 'body' | 'permissions'>,
): void {
  const path = call.path.startsWith('https:') ? new URL(call.path).pathname : `/v1.0${call.path}`;
  const { operation } = find({ method: call.method, path });
  for (const permission of operation.least(call.body))
    assert.ok(
      call.permissions.includes(permission),
      `${operation.method} ${operation.path} takes ${permission}, and declares ${call.permissions}`,
    );
}
