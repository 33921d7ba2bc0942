// Whether AWS refused what a record tells of. One answer for live detection and for replay, however few fields it has.
import { isRecord } from './malformed.ts';

/** What sign-in events answer with; "CloudTrail user sign-in events". A refusal may carry nothing else: 11 of 12 in real logs. */
const ANSWERS = [
  'ConsoleLogin',
  'SwitchRole',
  'CredentialVerification',
  'CredentialChallenge',
  'UserAuthentication',
  'CheckMfa',
];

/** True when the call or the sign-in failed: somebody tried. */
export function isAttempt(record: {
  readonly errorCode?: unknown;
  readonly errorMessage?: unknown;
  readonly responseElements?: unknown;
  readonly serviceEventDetails?: unknown;
}): boolean {
  const { errorCode, errorMessage, responseElements, serviceEventDetails } = record;
  return (
    isText(errorCode) || isText(errorMessage) || isFailure(responseElements) || isFailure(serviceEventDetails)
  );
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const isFailure = (answer: unknown): boolean =>
  isRecord(answer) && ANSWERS.some((name) => Object.hasOwn(answer, name) && answer[name] === 'Failure');
