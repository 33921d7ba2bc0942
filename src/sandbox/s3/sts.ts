// What is needed of AWS STS: temporary keys for a role that is listed and trusts the caller, and who the caller is.

import type { Answer } from './answer.ts';
import type { Caller, Callers } from './callers.ts';
import { S3Error } from './s3-error.ts';
import type { SignedRequest } from './signature.ts';
import { element, type XmlNode, xmlDocument } from './xml.ts';

const NAMESPACE = ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const DURATION_S = { least: 900, most: 43_200, usual: 3600 };

/** STS has names of its own for the errors that S3 words differently. */
const STS_CODES: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'InvalidClientTokenId',
  InvalidArgument: 'ValidationError',
  InvalidToken: 'InvalidClientTokenId',
};

const formOf = (request: SignedRequest): URLSearchParams =>
  new URLSearchParams(request.body.toString('utf8'));

export const stsOperation = (request: SignedRequest): string => formOf(request).get('Action') ?? 'unknown';

/** Throws S3Error; `stsErrorNode` words it. */
export function answerSts(request: SignedRequest, callers: Callers, requestId: string): Answer {
  const form = formOf(request);
  const signed = callers.authenticate(request);
  if (signed?.scope.service !== 'sts')
    throw new S3Error('AccessDenied', 'Request is missing Authentication Token');
  const operation = stsOperation(request);
  if (operation === 'AssumeRole')
    return stsAnswer(operation, assumeRole(form, signed.caller, callers), requestId);
  // Needs no permission at all.
  if (operation === 'GetCallerIdentity')
    return stsAnswer(operation, callerIdentity(signed.caller), requestId);
  throw new S3Error('NotImplemented');
}

const callerIdentity = ({ arn, account }: Caller): readonly XmlNode[] => [
  element('Arn', arn),
  element('UserId', arn.split('/').at(-1) ?? ''),
  element('Account', account.id),
];

function assumeRole(form: URLSearchParams, caller: Caller, callers: Callers): readonly XmlNode[] {
  const roleArn = form.get('RoleArn') ?? '';
  const name = form.get('RoleSessionName') ?? '';
  const seconds = Number(form.get('DurationSeconds') ?? DURATION_S.usual);
  if (!SESSION_NAME.test(name)) throw new S3Error('InvalidArgument', 'roleSessionName is not valid');
  if (!(seconds >= DURATION_S.least && seconds <= DURATION_S.most))
    throw new S3Error('InvalidArgument', 'durationSeconds is out of range');
  const role = callers.findRole(roleArn);
  // The same answer for a role that is not there: AWS does not say which roles exist.
  if (!role?.trusts.includes(caller.arn))
    throw new S3Error(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  const session = callers.openSession(role, name, seconds * 1000);
  return [
    element('Credentials', [
      element('AccessKeyId', session.accessKeyId),
      element('SecretAccessKey', session.secretAccessKey),
      element('SessionToken', session.sessionToken),
      element('Expiration', new Date(session.expiresAt).toISOString()),
    ]),
    element('AssumedRoleUser', [
      element('Arn', session.arn),
      element('AssumedRoleId', `AROA${session.accessKeyId.slice(4)}:${name}`),
    ]),
  ];
}

function stsAnswer(operation: string, content: readonly XmlNode[], requestId: string): Answer {
  const result = element(`${operation}Result`, content);
  const metadata = element('ResponseMetadata', [element('RequestId', requestId)]);
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: xmlDocument(element(`${operation}Response`, [result, metadata], NAMESPACE)),
  };
}

export const stsErrorNode = (error: S3Error, requestId: string): XmlNode =>
  element(
    'ErrorResponse',
    [
      element('Error', [
        element('Type', error.status < 500 ? 'Sender' : 'Receiver'),
        element('Code', error.code === 'SlowDown' ? 'Throttling' : (STS_CODES[error.code] ?? error.code)),
        element('Message', error.message),
      ]),
      element('RequestId', requestId),
    ],
    NAMESPACE,
  );
