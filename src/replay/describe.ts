// Who did what a record says, and to what, for the line of a match. Lenient where live detection is strict: a record without an
// id or a time has matched all the same. Picks nobody to ask, and nothing to act on.

import type { JsonObject } from '../case/json.ts';
import { targetLabel } from '../case/target.ts';
import { isAttempt } from '../ingest/sources/cloudtrail-attempt.ts';
import { identityOf } from '../ingest/sources/cloudtrail-identity.ts';
import type { CloudTrailRecord, UserIdentity } from '../ingest/sources/cloudtrail-schema.ts';
import { targetsOf } from '../ingest/sources/cloudtrail-targets.ts';
import { isObject } from './unwrap.ts';

export interface Description {
  /** CloudTrail's `eventID`; null when the record has none. */
  readonly eventId: string | null;
  /** User principal name, session of a role, user name, ARN or `root`. */
  readonly subject: string;
  readonly target: string;
  /** The call was refused: somebody tried. */
  readonly attempt: boolean;
}

export function describe(event: JsonObject): Description {
  const record = readable(event);
  const account = accountOf(event);
  const { targets } = targetsOf(record, account, [account]);
  return {
    eventId: textOf(event.eventID),
    subject: subjectOf(event, record.userIdentity ?? {}),
    target: targetLabel(targets[0]),
    attempt: isAttempt(event),
  };
}

/** Where the call was recorded; `unknown` when the record does not say. */
export const accountOf = ({ recipientAccountId, userIdentity }: JsonObject): string =>
  textOf(recipientAccountId) ?? textOf(isObject(userIdentity) ? userIdentity.accountId : null) ?? 'unknown';

function subjectOf({ additionalEventData: more }: JsonObject, user: UserIdentity): string {
  const { type, sessionName, arn, userName } = identityOf(user);
  if (type === 'Root') return 'root';
  // The caller picks a session's name: it says who it was only where it looks like somebody, and the role stands with it elsewhere.
  if (sessionName) return sessionName.includes('@') ? sessionName : sessionOf(user.arn ?? sessionName);
  const named = userName ?? textOf(isObject(more) ? more.UserName : null) ?? user.userName;
  return named || arn || textOf(user.principalId) || user.accountId || user.invokedBy || 'unknown';
}

/** `arn:aws:sts::123456789012:assumed-role/Deploy/i-0abc` is Deploy/i-0abc. */
const sessionOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

/** The record with the types that CloudTrail documents: what has another is left out. */
function readable(event: JsonObject): CloudTrailRecord {
  return {
    ...event,
    eventID: textOf(event.eventID) ?? '',
    eventTime: textOf(event.eventTime) ?? '',
    eventSource: textOf(event.eventSource) ?? '',
    eventName: textOf(event.eventName) ?? '',
    awsRegion: textOf(event.awsRegion),
    recipientAccountId: textOf(event.recipientAccountId),
    requestID: textOf(event.requestID),
    sourceIPAddress: textOf(event.sourceIPAddress),
    userAgent: textOf(event.userAgent),
    errorCode: textOf(event.errorCode),
    errorMessage: textOf(event.errorMessage),
    userIdentity: isObject(event.userIdentity) ? readableUser(event.userIdentity) : null,
  };
}

function readableUser(user: JsonObject): UserIdentity {
  const { sessionContext: context } = user;
  return {
    ...user,
    type: textOf(user.type),
    accountId: textOf(user.accountId),
    arn: textOf(user.arn),
    userName: textOf(user.userName),
    accessKeyId: textOf(user.accessKeyId),
    invokedBy: textOf(user.invokedBy),
    sessionContext: isObject(context)
      ? {
          sessionIssuer: readableIssuer(context.sessionIssuer),
          sourceIdentity: textOf(context.sourceIdentity),
        }
      : null,
  };
}

const readableIssuer = (issuer: unknown) =>
  isObject(issuer) ? { ...issuer, type: textOf(issuer.type), arn: textOf(issuer.arn) } : null;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
