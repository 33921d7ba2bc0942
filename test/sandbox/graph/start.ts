// Starts the sandbox's Graph server for a test, trusted by this process from then on.
import { createCertificate, trust } from '../../../src/sandbox/certificate.ts';
import {
  createGraphServer,
  type GraphServer,
  type GraphServerOptions,
} from '../../../src/sandbox/graph/server.ts';
import { createIssuer, type Issuer } from '../../../src/sandbox/issuer.ts';
import { BOT_APP_ID, PEOPLE, PUSHER_APP_ID, TENANT_ID } from '../../../src/sandbox/people.ts';

export const SECRET = 'made-up secret of the bot';

export interface Started {
  readonly graph: GraphServer;
  readonly issuer: Issuer;
  /** A good token for Graph. */
  token(): Promise<string>;
  /** Calls `/v1.0<path>` with a good token. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  stop(): Promise<void>;
}

export async function startGraph(options: Partial<GraphServerOptions> = {}): Promise<Started> {
  const [issuer, certificate] = await Promise.all([createIssuer(), createCertificate()]);
  trust(certificate.cert);
  const graph = await createGraphServer({
    port: 0,
    people: PEOPLE,
    issuer,
    certificate,
    tenantId: TENANT_ID,
    clients: [
      { clientId: BOT_APP_ID, clientSecret: SECRET },
      { clientId: PUSHER_APP_ID, clientSecret: SECRET, roles: ['Alerts.Push'], tokenVersion: 2 },
    ],
    ...options,
  });
  const token = () => issuer.sign({ aud: 'https://graph.microsoft.com', tid: TENANT_ID, appid: BOT_APP_ID });
  return {
    graph,
    issuer,
    token,
    async call(method, path, body) {
      const headers: Record<string, string> = { Authorization: `Bearer ${await token()}` };
      if (body === undefined) return fetch(`${graph.url}/v1.0${path}`, { method, headers });
      headers['Content-Type'] = 'application/json';
      return fetch(`${graph.url}/v1.0${path}`, { method, headers, body: JSON.stringify(body) });
    },
    stop: () => graph.close(),
  };
}

/** The code of an OData error answer, with its status. */
export async function faultOf(
  response: Response,
): Promise<{ readonly status: number; readonly code: string }> {
  const body = (await response.json()) as { error: { code: string } };
  return { status: response.status, code: body.error.code };
}
