// Who is a stranger: everyone, or an AWS account that is not the company's. Organisations and AWS's own services are not.
import type { JsonObject } from '../../case/json.ts';
import type { DetectorContext } from './index.ts';
import { plainText } from './request.ts';

/** Whether an AWS account id (12 digits) is somebody else's. */
export type IsForeign = (account: string) => boolean;

/** The account that the record belongs to is always ours: sharing something with its owner shares nothing. */
export function foreignTo(event: JsonObject, context: DetectorContext): IsForeign {
  const identity = event.userIdentity;
  const caller =
    typeof identity === 'object' && identity !== null && !Array.isArray(identity)
      ? (identity as JsonObject).accountId
      : undefined;
  const recipient = event.recipientAccountId ?? caller;
  const own = new Set([...context.accounts, plainText(recipient)]);
  return (account) => !own.has(account);
}

/** The account that a text names, by id or by ARN; null where it names none. The ARN of an organisation names no account. */
export function accountIn(text: string): string | null {
  if (/^\d{12}$/.test(text)) return text;
  const [start, , service, , account] = text.split(':');
  if (start !== 'arn' || service === 'organizations' || account === undefined) return null;
  return /^\d{12}$/.test(account) ? account : null;
}

/** Words and patterns that stand for everyone. An ARN whose account is a pattern is everyone's, too. */
export function isEveryone(text: string): boolean {
  if (/^(?:\*|all)$/i.test(text)) return true;
  const [start, , , , account] = text.split(':');
  return start === 'arn' && account !== undefined && /[*?]/.test(account);
}

export function isStranger(text: string, isForeign: IsForeign): boolean {
  const account = accountIn(text);
  return account === null ? isEveryone(text) : isForeign(account);
}
