// A stateful stand-in for Microsoft Graph and for its login, over TLS on loopback. It does what the real one documents for the
// operations that Countersign uses, and refuses the rest. Never for production: the tenant it serves is made up.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../case/json.ts';
import type { Certificate } from '../certificate.ts';
import type { Issuer } from '../issuer.ts';
import type { Mailbox } from '../mailboxes.ts';
import { BOT_APP_ID, GROUPS, type Person, TEAMS_APP_EXTERNAL_ID } from '../people.ts';
import { APPS, ASSIGNED_ROLES, ELIGIBLE_ROLES, WATCHED } from '../tenant.ts';
import { alertRoutes, sandboxAlertRoute } from './alerts.ts';
import { appRoutes, type TeamsApp } from './apps.ts';
import { createBearerCheck } from './bearer.ts';
import { consentRoutes } from './consents.ts';
import { createFaults, type Faults } from './faults.ts';
import { groupRoutes } from './groups.ts';
import { identityRoutes } from './identities.ts';
import { type LoginClient, loginRoutes } from './login.ts';
import { mailRoutes } from './mail.ts';
import { mailboxRoutes } from './mailboxes.ts';
import { errorReply, GraphFault, type Reply } from './reply.ts';
import { riskRoutes } from './risks.ts';
import { roleRoutes } from './roles.ts';
import { findRoute } from './router.ts';
import { createState, type GraphState } from './state.ts';
import { userRoutes } from './users.ts';
import { inflict, type RecordedRequest, readText, record, send } from './wire.ts';

export type { GraphState } from './state.ts';
export type { RecordedRequest } from './wire.ts';

export interface GraphServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly people: readonly Person[];
  readonly issuer: Issuer;
  readonly certificate: Certificate;
  readonly tenantId: string;
  /** Who may ask for tokens. */
  readonly clients: readonly LoginClient[];
  /** As `onChange` handed it out at an earlier run. */
  readonly state?: GraphState;
  readonly onChange?: (state: GraphState) => void;
  /** The app was installed for somebody: their chat with the bot exists from now on. */
  readonly onInstalled?: (person: Person, chatId: string) => void;
  readonly botAppId?: string;
  /** Null: the app is not in the tenant's catalogue. */
  readonly teamsApp?: TeamsApp | null;
  readonly now?: () => number;
  /** How long reads lag behind a revocation of sessions; 0 unless told. */
  readonly sessionsDelayMs?: number;
  /** With it, so long after a change of a synced account Entra shows again what on-premises AD has; without, nothing is undone. */
  readonly syncAfterMs?: number;
  /** What the tenant pays for: everything unless told. */
  readonly licences?: { readonly entraP2?: boolean; readonly defenderForIdentity?: boolean };
  /** Between two requests about risks, which Graph takes one of a second: as there unless told. */
  readonly riskPaceMs?: number;
  /** 100 unless told. */
  readonly maxPageSize?: number;
}

export interface GraphServer {
  /** `https://localhost:PORT`, no slash at the end. */
  readonly url: string;
  /** The latest calls, oldest first. */
  readonly requests: readonly RecordedRequest[];
  readonly faults: Faults;
  addAlert(alert: JsonObject): JsonObject;
  /** Somebody set a new password, as they do when they are made to. */
  changePassword(person: Person): void;
  /** Somebody changed settings of their mailbox: what is left out stays. */
  setMailbox(person: Person, change: Partial<Mailbox>): void;
  state(): GraphState;
  close(): Promise<void>;
}

const TEAMS_APP: TeamsApp = {
  id: 'b1c5353a-7aca-41b3-830f-27d5218fe0e5',
  externalId: TEAMS_APP_EXTERNAL_ID,
  displayName: 'Countersign',
};
const KEPT_REQUESTS = 2000;

export async function createGraphServer(options: GraphServerOptions): Promise<GraphServer> {
  const { people, issuer, tenantId, botAppId = BOT_APP_ID, now = Date.now, maxPageSize = 100 } = options;
  let url = '';
  const root = (): string => `${url}/v1.0`;
  const state = createState({
    people,
    saved: options.state,
    now,
    sessionsDelayMs: options.sessionsDelayMs ?? 0,
    syncAfterMs: options.syncAfterMs ?? null,
    onChange: (changed) => options.onChange?.(changed),
  });
  const app = options.teamsApp === undefined ? TEAMS_APP : options.teamsApp;
  const onInstalled = (person: Person, chatId: string): void => options.onInstalled?.(person, chatId);
  const { entraP2 = true, defenderForIdentity = true } = options.licences ?? {};
  const graph = [
    ...userRoutes({ people, groups: GROUPS, state, root, maxPageSize }),
    ...groupRoutes({ people, groups: GROUPS, state }),
    ...riskRoutes({ people, state, now, licensed: entraP2, paceMs: options.riskPaceMs ?? 1_000 }),
    ...roleRoutes({
      ...{ assigned: ASSIGNED_ROLES, eligible: ELIGIBLE_ROLES },
      ...{ root, maxPageSize, licensed: entraP2 },
    }),
    ...identityRoutes({ watched: WATCHED, state, root, maxPageSize, licensed: defenderForIdentity }),
    ...mailRoutes({ people, state, now }),
    ...mailboxRoutes({ people, state, root, now }),
    ...alertRoutes({ state, root, now, maxPageSize }),
    ...appRoutes({ people, state, app, botAppId, onInstalled }),
    ...consentRoutes({ people, apps: APPS, state, root, maxPageSize }),
  ];
  const open = [
    ...loginRoutes({
      ...{ issuer, tenantId, clients: options.clients, people, now },
      isEnabled: ({ id }) => state.account(id).accountEnabled,
      url: () => url,
    }),
    sandboxAlertRoute(state),
  ];
  const checkBearer = createBearerCheck({ issuer, tenantId, ownUrl: () => url });
  const faults = createFaults();
  const requests: RecordedRequest[] = [];

  async function answer(
    request: IncomingMessage,
    { pathname, searchParams }: URL,
    text: string,
  ): Promise<Reply> {
    const method = request.method ?? '';
    const isGraph = pathname.startsWith('/v1.0/');
    const appId = isGraph ? await checkBearer(request.headers.authorization) : '';
    const found = findRoute(isGraph ? graph : open, method, pathname);
    if (!found) throw new GraphFault(404, 'UnknownError', 'The sandbox has no such operation.');
    return found.handle({
      method,
      params: found.params,
      query: searchParams,
      headers: request.headers,
      text,
      appId,
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let loseAnswer = false;
    let reply: Reply;
    try {
      const target = new URL(request.url ?? '/', url);
      const text = await readText(request);
      if (target.pathname.startsWith('/v1.0/')) requests.push(record(request, text));
      if (requests.length > KEPT_REQUESTS) requests.shift();
      const fault = faults.take(request.method ?? '', target.pathname);
      if (fault && inflict(fault, response)) return;
      loseAnswer = fault !== null;
      reply = await answer(request, target, text);
    } catch (error) {
      const fault =
        error instanceof GraphFault
          ? error
          : new GraphFault(500, 'InternalServerError', 'The sandbox failed.');
      reply = errorReply(fault, requestId, new Date(now()).toISOString());
    }
    if (loseAnswer) response.socket?.destroy();
    else send(response, reply, requestId);
  }

  const server = createServer(options.certificate, (request, response) => void serve(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  url = `https://localhost:${(server.address() as AddressInfo).port}`;

  return {
    url,
    requests,
    faults,
    addAlert: state.putAlert,
    changePassword: ({ id }) => state.changePassword(id),
    setMailbox: ({ id }, change) => state.tenant.setMailbox(id, change),
    state: state.snapshot,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
