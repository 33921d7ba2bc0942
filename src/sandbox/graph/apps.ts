// The Teams app in the made-up tenant: its place in the catalogue, and its installation for people, with the chat that comes of it.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../case/json.ts';
import { chatIdOf, type Person } from '../people.ts';
import { allowOptions, equalsFilter } from './odata.ts';
import { type Call, denied, GraphFault, jsonBody, type Route } from './reply.ts';
import type { State } from './state.ts';
import { personOf } from './users.ts';

export interface TeamsApp {
  /** The manifest's `id`. */
  readonly externalId: string;
  readonly displayName: string;
  /** The catalogue's own id. */
  readonly id: string;
}

export interface AppsOptions {
  readonly people: readonly Person[];
  readonly state: State;
  /** Null: nobody has uploaded the app. */
  readonly app: TeamsApp | null;
  readonly botAppId: string;
  readonly onInstalled: (person: Person, chatId: string) => void;
}

const TEAMS_APP_LINK = /\/appCatalogs\/teamsApps(?:\/([^/']+)|\('([^']+)'\))$/;

export function appRoutes({ people, state, app, botAppId, onInstalled }: AppsOptions): Route[] {
  const catalogueEntry = (known: TeamsApp): JsonObject => ({ ...known, distributionMethod: 'organization' });

  function installedApps(call: Call): JsonObject {
    allowOptions(call, ['$expand', '$filter']);
    const person = personOf(people, call);
    const id = state.installation(person.id);
    const wanted = equalsFilter(call, 'teamsApp/externalId');
    if (!id || !app || (wanted !== null && wanted !== app.externalId)) return { value: [] };
    const expanded = call.query.get('$expand')?.split(',').includes('teamsApp');
    return { value: [expanded ? { id, teamsApp: catalogueEntry(app) } : { id }] };
  }

  function install(call: Call): void {
    const person = personOf(people, call);
    const link = TEAMS_APP_LINK.exec(String(jsonBody(call)['teamsApp@odata.bind']));
    const wanted = link?.[1] ?? link?.[2];
    if (!wanted) throw new GraphFault(400, 'BadRequest', 'Missing teamsApp@odata.bind.');
    if (!app || wanted !== app.id) throw new GraphFault(404, 'NotFound', 'App not found in the catalogue.');
    if (!person.installable) throw denied();
    if (state.installation(person.id)) throw new GraphFault(409, 'Conflict', 'App already installed.');
    const digest = createHash('sha256').update(`${person.id}##${app.id}`).digest('base64');
    state.install(person.id, digest);
    onInstalled(person, chatIdOf(person, botAppId));
  }

  function chat(call: Call): JsonObject {
    const person = personOf(people, call);
    if (state.installation(person.id) !== call.params.installation)
      throw new GraphFault(404, 'NotFound', 'Installation not found.');
    return { id: chatIdOf(person, botAppId), topic: null, chatType: 'oneOnOne' };
  }

  return [
    [
      'GET',
      '/v1.0/appCatalogs/teamsApps',
      (call) => {
        allowOptions(call, ['$filter', '$select', '$expand']);
        const wanted = equalsFilter(call, 'externalId');
        const value = app && (wanted === null || wanted === app.externalId) ? [catalogueEntry(app)] : [];
        return { status: 200, body: { value } };
      },
    ],
    [
      'GET',
      '/v1.0/users/:user/teamwork/installedApps',
      (call) => ({ status: 200, body: installedApps(call) }),
    ],
    [
      'POST',
      '/v1.0/users/:user/teamwork/installedApps',
      (call) => {
        install(call);
        return { status: 201 };
      },
    ],
    [
      'GET',
      '/v1.0/users/:user/teamwork/installedApps/:installation/chat',
      (call) => ({ status: 200, body: chat(call) }),
    ],
  ];
}
