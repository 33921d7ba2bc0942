// Mailbox settings of the made-up tenant, as "Get user mailbox settings" shows them.
import type { JsonObject } from '../../case/json.ts';
import { type Mailbox, mailboxOf } from '../mailboxes.ts';
import type { Person } from '../people.ts';
import { allowOptions } from './odata.ts';
import { type Call, GraphFault, type Route } from './reply.ts';
import type { State } from './state.ts';
import { personOf } from './users.ts';

export interface MailboxesOptions {
  readonly people: readonly Person[];
  readonly state: State;
  readonly root: () => string;
  readonly now: () => number;
}

/** Edm.DateTimeOffset without its offset, which stands beside it, and with the seven digits that Exchange writes. */
const utc = (ms: number): JsonObject => ({
  dateTime: `${new Date(ms).toISOString().slice(0, 19)}.0000000`,
  timeZone: 'UTC',
});

/** Exchange shows times whatever the status. */
function repliesOf({ replies }: Mailbox, now: number): JsonObject {
  const { startMs, endMs } =
    replies.status === 'scheduled' ? replies : { startMs: now, endMs: now + 86_400_000 };
  return {
    status: replies.status,
    externalAudience: 'all',
    internalReplyMessage: '',
    externalReplyMessage: '',
    scheduledStartDateTime: utc(startMs),
    scheduledEndDateTime: utc(endMs),
  };
}

export function mailboxRoutes({ people, state, root, now }: MailboxesOptions): Route[] {
  function settings(call: Call): JsonObject {
    allowOptions(call, []);
    const person = personOf(people, call);
    const mailbox: Mailbox = { ...mailboxOf(person, now()), ...state.tenant.mailbox(person.id) };
    if (!mailbox.readable)
      throw new GraphFault(
        404,
        'MailboxNotEnabledForRESTAPI',
        'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
      );
    const { days, from, to, timeZone } = mailbox.workingHours;
    return {
      '@odata.context': `${root()}/$metadata#users('${person.id}')/mailboxSettings`,
      timeZone: mailbox.timeZone,
      dateFormat: 'dd/MM/yyyy',
      timeFormat: 'HH:mm',
      userPurpose: 'user',
      automaticRepliesSetting: repliesOf(mailbox, now()),
      language: { locale: mailbox.locale, displayName: mailbox.locale },
      workingHours: {
        daysOfWeek: [...days],
        startTime: `${from}:00.0000000`,
        endTime: `${to}:00.0000000`,
        timeZone: { name: timeZone },
      },
    };
  }

  return [['GET', '/v1.0/users/:user/mailboxSettings', (call) => ({ status: 200, body: settings(call) })]];
}
