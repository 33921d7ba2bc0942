// `/security/alerts_v2` of the made-up tenant: listing by time, newest first as the vendor says, changing and commenting;
// and the sandbox's own way in for new alerts.
import type { Json, JsonObject } from '../../case/json.ts';
import { allowOptions, page, sinceFilter } from './odata.ts';
import { type Call, GraphFault, jsonBody, type Route } from './reply.ts';
import type { State } from './state.ts';

export interface AlertsOptions {
  readonly state: State;
  readonly root: () => string;
  readonly now: () => number;
  readonly maxPageSize: number;
}

/** What may be changed, and to what (alert resource type of microsoft.graph.security; null clears). */
const CHANGEABLE: Readonly<Record<string, readonly string[] | null>> = {
  assignedTo: null,
  status: ['new', 'inProgress', 'resolved'],
  classification: ['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity'],
  determination: [
    'unknown',
    'apt',
    'malware',
    'securityPersonnel',
    'securityTesting',
    'unwantedSoftware',
    'other',
    'multiStagedAttack',
    'compromisedAccount',
    'phishing',
    'maliciousUserActivity',
    'notMalicious',
    'notEnoughDataToValidate',
    'confirmedActivity',
    'lineOfBusinessApplication',
  ],
};

const refuse = (message: string): GraphFault => new GraphFault(400, 'BadRequest', message);

function checkChange(change: JsonObject): void {
  for (const [name, value] of Object.entries(change)) {
    const values = CHANGEABLE[name];
    if (values === undefined) throw refuse(`The property '${name}' cannot be updated.`);
    if (value !== null && (typeof value !== 'string' || (values && !values.includes(value))))
      throw refuse(`Invalid value for '${name}'.`);
  }
}

const newestFirst = (one: JsonObject, other: JsonObject): number =>
  Date.parse(String(other.lastUpdateDateTime)) - Date.parse(String(one.lastUpdateDateTime));

export function alertRoutes({ state, root, now, maxPageSize }: AlertsOptions): Route[] {
  function alertOf(call: Call): JsonObject {
    const alert = state.alert(call.params.alert ?? '');
    if (!alert) throw new GraphFault(404, 'NotFound', 'Resource not found.');
    return alert;
  }

  function list(call: Call): JsonObject {
    allowOptions(call, ['$filter', '$top', '$skip', '$skiptoken', '$count']);
    const found = state.alerts().filter(sinceFilter(call)).sort(newestFirst);
    return page(found, call, `${root()}/security/alerts_v2`, maxPageSize);
  }

  function comment(call: Call): Json {
    const alert = alertOf(call);
    const { '@odata.type': type, comment: text, ...others } = jsonBody(call);
    if (
      String(type).replace('#', '') !== 'microsoft.graph.security.alertComment' ||
      typeof text !== 'string' ||
      Object.keys(others).length > 0
    )
      throw refuse('A comment needs @odata.type and comment, and nothing else.');
    const added = {
      '@odata.type': '#microsoft.graph.security.alertComment',
      comment: text,
      createdByDisplayName: call.appId,
      createdDateTime: new Date(now()).toISOString(),
    };
    const comments = [...(Array.isArray(alert.comments) ? alert.comments : []), added];
    state.putAlert({ id: String(alert.id), comments });
    return comments;
  }

  return [
    ['GET', '/v1.0/security/alerts_v2', (call) => ({ status: 200, body: list(call) })],
    ['GET', '/v1.0/security/alerts_v2/:alert', (call) => ({ status: 200, body: alertOf(call) })],
    [
      'PATCH',
      '/v1.0/security/alerts_v2/:alert',
      (call) => {
        const { id } = alertOf(call);
        const change = jsonBody(call);
        checkChange(change);
        return { status: 200, body: state.putAlert({ ...change, id: String(id) }) };
      },
    ],
    [
      'POST',
      '/v1.0/security/alerts_v2/:alert/comments',
      (call) => ({ status: 200, body: { value: comment(call) } }),
    ],
  ];
}

/** One alert or a list, from a script beside the sandbox: without a token, but never as a browser form could send it. */
export function sandboxAlertRoute(state: State): Route {
  return [
    'POST',
    '/sandbox/alerts',
    (call) => {
      if (!call.headers['content-type']?.startsWith('application/json'))
        throw new GraphFault(415, 'UnsupportedMediaType', 'Send application/json.');
      let given: unknown;
      try {
        given = JSON.parse(call.text);
      } catch {
        throw refuse('Unable to read JSON request payload.');
      }
      const list: unknown[] = Array.isArray(given) ? given : [given];
      const isObject = (one: unknown): one is JsonObject =>
        !!one && typeof one === 'object' && !Array.isArray(one);
      if (!list.every(isObject)) throw refuse('Send one alert or a list of alerts.');
      return { status: 201, body: { value: list.map((one) => state.putAlert(one)) } };
    },
  ];
}
