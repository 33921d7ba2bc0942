// Mail from the one mailbox that the settings name, as plain text to one person. Graph takes no idempotency key: a lost answer may mean a second copy.
import { CountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';
import type { Mailer } from '../../ports/mailer.ts';
import { type GraphClient, segment } from './client.ts';
import type { GraphPermission } from './permissions.ts';

const SEND: readonly GraphPermission[] = ['Mail.Send'];
/** One address and nothing around it: no name, no second recipient, no line of its own. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,190}$/u;
/** "message resource type": a subject holds 255 characters. */
const SUBJECT_LENGTH = 255;

/** One line, whatever an alert put into it: a line break would start another header. Cut between two characters. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, SUBJECT_LENGTH)
    .replace(/[\uD800-\uDBFF]$/, '');

/** `from`: object id or principal name of the mailbox. Throws `graph.bad-address` for what is not one address. */
export function createGraphMailer(client: GraphClient, from: string): Mailer {
  return {
    async send({ to, subject, text }) {
      if (!ADDRESS.test(to))
        throw new CountersignError('graph.bad-address', 'A mail to what is not one address was refused.', {
          say: say('errors.graph-bad-mail-address'),
        });
      const { requestId } = await client.call({
        method: 'POST',
        path: `/users/${segment(from)}/sendMail`,
        body: {
          message: {
            subject: oneLine(subject),
            body: { contentType: 'Text', content: text },
            toRecipients: [{ emailAddress: { address: to } }],
          },
          saveToSentItems: true,
        },
        permissions: SEND,
        gone: say('errors.graph-no-mailbox'),
      });
      return { requestId };
    },
  };
}
