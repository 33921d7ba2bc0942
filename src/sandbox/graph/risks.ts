// Entra ID Protection of the made-up tenant: who is at risk, confirming and dismissing it. Without the licence, every call
// is refused, and so is any within a second of the one before.
import type { JsonObject } from '../../case/json.ts';
import type { Person } from '../people.ts';
import { allowOptions } from './odata.ts';
import { badRequest, type Call, GraphFault, jsonBody, notFound, type Route } from './reply.ts';
import type { State } from './state.ts';

export interface RisksOptions {
  readonly people: readonly Person[];
  readonly state: State;
  readonly now: () => number;
  /** Entra ID P2. */
  readonly licensed: boolean;
  /** Requests that come sooner after one another are refused. */
  readonly paceMs: number;
}

const CONFIRMED = {
  riskLevel: 'high',
  riskState: 'confirmedCompromised',
  riskDetail: 'adminConfirmedUserCompromised',
};
const DISMISSED = { riskLevel: 'none', riskState: 'dismissed', riskDetail: 'adminDismissedAllRiskForUser' };
/** "riskyUser: confirmCompromised": at most so many at once. */
const MOST = 60;

export function riskRoutes({ people, state, now, licensed, paceMs }: RisksOptions): Route[] {
  let takenAt = Number.NEGATIVE_INFINITY;

  /** "Microsoft Graph service-specific throttling limits": for the whole tenant, and without Retry-After. */
  function keepPace(): void {
    if (now() - takenAt < paceMs) throw new GraphFault(429, 'TooManyRequests', 'Too many requests.');
    takenAt = now();
  }

  function letIn(): void {
    keepPace();
    if (!licensed) throw new GraphFault(403, 'Forbidden', 'Your tenant is not licensed for this feature.');
  }

  function show(call: Call): JsonObject {
    letIn();
    allowOptions(call, ['$select']);
    const id = (call.params.user ?? '').toLowerCase();
    const person = people.find((one) => one.id === id);
    const risk = state.tenant.risk(id);
    if (!person || !risk) throw notFound(id);
    const { displayName: userDisplayName, userPrincipalName } = person;
    return { id, isDeleted: false, isProcessing: false, userDisplayName, userPrincipalName, ...risk };
  }

  function change(call: Call, to: typeof CONFIRMED): void {
    letIn();
    const { userIds, ...others } = jsonBody(call);
    if (
      !Array.isArray(userIds) ||
      userIds.length === 0 ||
      userIds.length > MOST ||
      Object.keys(others).length > 0
    )
      throw badRequest(`userIds must be a list of 1 to ${MOST} ids, and nothing else is taken.`);
    const ids = userIds.map((one) => String(one).toLowerCase());
    for (const id of ids) if (!people.some((one) => one.id === id)) throw notFound(id);
    for (const id of ids)
      state.tenant.setRisk(id, { ...to, riskLastUpdatedDateTime: new Date(now()).toISOString() });
  }

  return [
    [
      'POST',
      '/v1.0/identityProtection/riskyUsers/confirmCompromised',
      (call) => {
        change(call, CONFIRMED);
        return { status: 204 };
      },
    ],
    [
      'POST',
      '/v1.0/identityProtection/riskyUsers/dismiss',
      (call) => {
        change(call, DISMISSED);
        return { status: 204 };
      },
    ],
    ['GET', '/v1.0/identityProtection/riskyUsers/:user', (call) => ({ status: 200, body: show(call) })],
  ];
}
