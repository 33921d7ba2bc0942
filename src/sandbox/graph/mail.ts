// Mail of the made-up tenant: accepted, kept to be looked at, and delivered nowhere.
import type { JsonObject } from '../../case/json.ts';
import type { Person } from '../people.ts';
import { badRequest, type Call, GraphFault, jsonBody, type Route } from './reply.ts';
import type { State } from './state.ts';
import { personOf } from './users.ts';

export interface MailOptions {
  readonly people: readonly Person[];
  readonly state: State;
  readonly now: () => number;
}

const isObject = (value: unknown): value is JsonObject =>
  !!value && typeof value === 'object' && !Array.isArray(value);

export function mailRoutes({ people, state, now }: MailOptions): Route[] {
  function send(call: Call): void {
    const from = personOf(people, call);
    const { message, saveToSentItems = true } = jsonBody(call);
    if (!isObject(message) || !Array.isArray(message.toRecipients) || message.toRecipients.length === 0)
      throw new GraphFault(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.');
    if (!isObject(message.body) || typeof message.body.content !== 'string')
      throw badRequest('A message needs a body.');
    // Nothing here ends in a line break on its way into a header: Exchange would refuse it too.
    if (/[\r\n]/.test(String(message.subject))) throw badRequest('The subject has a line break.');
    const at = new Date(now()).toISOString();
    state.tenant.addMail({ ...message, from: from.userPrincipalName, saveToSentItems, at });
  }

  return [
    [
      'POST',
      '/v1.0/users/:user/sendMail',
      (call) => {
        send(call);
        return { status: 202 };
      },
    ],
  ];
}
