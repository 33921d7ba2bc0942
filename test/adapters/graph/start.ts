// The adapters under test, as compose.ts builds them: the real SDK and the real Azure credential against the sandbox over TLS.
// Stopping checks every request that was sent against the contract, and every call against the permissions that it declares.

import { createGraphClient, type GraphCall, type GraphClient } from '../../../src/adapters/graph/client.ts';
import { createCredential } from '../../../src/adapters/graph/credential.ts';
import type { CountersignError } from '../../../src/case/errors.ts';
import { isCountersignError } from '../../../src/case/errors.ts';
import type { GraphServer, GraphServerOptions } from '../../../src/sandbox/graph/server.ts';
import { BOT_APP_ID, TENANT_ID } from '../../../src/sandbox/people.ts';
import { assertGraphPermissions, assertGraphRequest } from '../../helpers/graph-contract.ts';
import { SECRET, startGraph } from '../../sandbox/graph/start.ts';

export interface World {
  readonly graph: GraphServer;
  readonly client: GraphClient;
  /** The same without the look at permissions: for calls that no adapter makes. */
  readonly unwatched: GraphClient;
  stop(): Promise<void>;
}

export async function startWorld(options: Partial<GraphServerOptions> = {}): Promise<World> {
  const { graph } = await startGraph(options);
  const credential = createCredential({
    kind: 'secret',
    tenantId: TENANT_ID,
    clientId: BOT_APP_ID,
    clientSecret: SECRET,
    authorityHost: graph.url,
  });
  const unwatched = createGraphClient({ baseUrl: graph.url, credential, timeoutMs: 10_000 });
  const calls: GraphCall[] = [];
  const client: GraphClient = {
    ...unwatched,
    call(call) {
      calls.push(call);
      return unwatched.call(call);
    },
  };
  return {
    graph,
    client,
    unwatched,
    async stop() {
      await graph.close();
      for (const request of graph.requests) assertGraphRequest(request);
      for (const call of calls) if (isOfGraph(call, graph)) assertGraphPermissions(call);
    },
  };
}

/** A link to elsewhere never left. */
const isOfGraph = ({ path }: GraphCall, { url }: GraphServer): boolean =>
  !path.startsWith('https:') || path.startsWith(url);

/** The CountersignError that the promise rejects with; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<CountersignError> {
  try {
    await work;
  } catch (error) {
    if (isCountersignError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
