// The fields of a CloudTrail record that are used; requestParameters and the rest differ by API and pass as they came.
// Source: "CloudTrail record contents for management, data, and network activity events".
import { z } from 'zod';
import { normaliseInstant } from './instant.ts';

const text = z.string().nullish();
/** Only shown: a recorder that sends something else here (an array, in real logs) must not cost us the event. */
const shown = z.string().nullish().catch(null);
const instant = z
  .string()
  .refine((value) => normaliseInstant(value) !== null, 'not an ISO 8601 date and time');

const userIdentity = z.looseObject({
  /** Service events may lack it. */
  type: text,
  accountId: text,
  arn: text,
  userName: text,
  accessKeyId: shown,
  invokedBy: shown,
  sessionContext: z
    .looseObject({
      sessionIssuer: z.looseObject({ type: text, arn: text }).nullish(),
      sourceIdentity: text,
    })
    .nullish(),
});
export type UserIdentity = z.infer<typeof userIdentity>;

export const cloudTrailRecordSchema = z.looseObject({
  eventID: z.string().min(1).max(128),
  eventTime: instant,
  eventSource: z.string().min(1).max(256),
  eventName: z.string().min(1).max(256),
  awsRegion: text,
  recipientAccountId: text,
  requestID: text,
  sourceIPAddress: shown,
  userAgent: shown,
  errorCode: text,
  errorMessage: text,
  userIdentity: userIdentity.nullish(),
});
export type CloudTrailRecord = z.infer<typeof cloudTrailRecordSchema>;
