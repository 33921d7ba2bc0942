// The stand-ins for IAM (query protocol, under /iam) and Organizations (JSON 1.1, under /organizations) over plain HTTP, on
// loopback only. Who calls is looked up among the callers of the stand-in S3, whose STS hands the sessions out.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorText } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import type { Answer } from '../s3/answer.ts';
import type { Caller, Callers } from '../s3/callers.ts';
import { S3Error } from '../s3/s3-error.ts';
import type { SignedRequest } from '../s3/signature.ts';
import { element, xmlDocument } from '../s3/xml.ts';
import { faultError, type IamFault } from './faults.ts';
import { IamError } from './iam-error.ts';
import type { IamEngine, IamWorld } from './world.ts';

export interface IamServerOptions {
  readonly world: IamEngine;
  readonly callers: Callers;
  /** 0 picks a free one. */
  readonly port?: number | undefined;
}
export interface IamServer {
  readonly iamUrl: string;
  readonly organizationsUrl: string;
  readonly world: IamWorld;
  close(): Promise<void>;
}

type Service = 'iam' | 'organizations';
interface Exchange {
  readonly service: Service;
  readonly operation: string;
  readonly request: SignedRequest;
  readonly requestId: string;
}

const MAX_BODY_BYTES = 1024 * 1024;
const NAMESPACE = ' xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';
const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };

async function readRequest(incoming: IncomingMessage): Promise<SignedRequest> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new Error('too large');
    parts.push(part);
  }
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const { method = 'GET', headers } = incoming;
  return { method, path, query: new URLSearchParams(search), headers, body: Buffer.concat(parts) };
}

function exchangeOf(request: SignedRequest): Exchange {
  const requestId = randomUUID();
  if (request.path.startsWith('/organizations')) {
    const target = String(request.headers['x-amz-target'] ?? '');
    return { service: 'organizations', operation: target.split('.').at(-1) ?? '', request, requestId };
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  return { service: 'iam', operation: form.get('Action') ?? '', request, requestId };
}

const UNKNOWN_TOKEN = 'The security token included in the request is invalid.';
/** What is wrong with a signature, as S3 calls it, IAM and Organizations; and in other words than S3's where they have their own. */
const SIGNING: Readonly<Record<string, readonly [iam: string, organizations: string, message?: string]>> = {
  InvalidAccessKeyId: ['InvalidClientTokenId', 'UnrecognizedClientException', UNKNOWN_TOKEN],
  InvalidToken: ['InvalidClientTokenId', 'UnrecognizedClientException', UNKNOWN_TOKEN],
  ExpiredToken: [
    'ExpiredToken',
    'ExpiredTokenException',
    'The security token included in the request is expired',
  ],
  SignatureDoesNotMatch: ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  RequestTimeTooSkewed: ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  AuthorizationHeaderMalformed: ['IncompleteSignature', 'IncompleteSignatureException'],
};

function signingError(service: Service, { code, message }: S3Error): IamError {
  const [iam, organizations, own] = SIGNING[code] ?? [code, code];
  return service === 'iam'
    ? new IamError(iam, own ?? message, { status: 403 })
    : new IamError(organizations, own ?? message, { status: 400 });
}

function authenticate({ service, request }: Exchange, callers: Callers): Caller {
  const signed = callers.authenticate(request);
  if (!signed) throw new S3Error('AccessDenied', 'Request is missing Authentication Token');
  if (signed.scope.service === service) return signed.caller;
  throw new S3Error('SignatureDoesNotMatch', `Credential should be scoped to correct service: '${service}'.`);
}

function perform(exchange: Exchange, caller: Caller, world: IamEngine): Answer {
  const { service, operation, request, requestId } = exchange;
  const body = request.body.toString('utf8');
  if (service === 'organizations') {
    const output = world.organizations(caller, operation, JSON.parse(body) as JsonObject);
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify(output) };
  }
  const result = world.query(caller, new URLSearchParams(body));
  const root = element(
    `${operation}Response`,
    [
      ...(result.length > 0 ? [element(`${operation}Result`, result)] : []),
      element('ResponseMetadata', [element('RequestId', requestId)]),
    ],
    NAMESPACE,
  );
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: xmlDocument(root) };
}

function asIamError(thrown: unknown, service: Service): IamError {
  if (thrown instanceof IamError) return thrown;
  return thrown instanceof S3Error
    ? signingError(service, thrown)
    : new IamError('InternalFailure', errorText(thrown));
}

function errorAnswer(thrown: unknown, { service, requestId }: Exchange): Answer {
  const { code, message, status, headers } = asIamError(thrown, service);
  if (service === 'organizations')
    return {
      status,
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify({ __type: code, Message: message }),
    };
  const root = element(
    'ErrorResponse',
    [
      element('Error', [
        element('Type', status < 500 ? 'Sender' : 'Receiver'),
        element('Code', code),
        element('Message', message),
      ]),
      element('RequestId', requestId),
    ],
    NAMESPACE,
  );
  return { status, headers: { 'content-type': 'text/xml', ...headers }, body: xmlDocument(root) };
}

/** Null: no answer is ever to come. */
function answer(exchange: Exchange, fault: IamFault | null, options: IamServerOptions): Answer | null {
  let caller = 'unknown';
  let given: Answer;
  try {
    const refused = fault && faultError(fault, exchange.service);
    if (refused) throw refused;
    if (fault?.kind === 'hang' || (fault?.kind === 'cut' && !fault.after)) return null;
    const who = authenticate(exchange, options.callers);
    caller = who.arn;
    given = perform(exchange, who, options.world);
  } catch (error) {
    given = errorAnswer(error, exchange);
  }
  const { operation, requestId } = exchange;
  options.world.record({ operation, caller, status: given.status, requestId });
  return given;
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: IamServerOptions,
): Promise<void> {
  const exchange = exchangeOf(await readRequest(incoming));
  const fault = options.world.faults.take(exchange.operation);
  const given = answer(exchange, fault, options);
  if (fault?.kind === 'cut') incoming.socket.destroy();
  if (!given || fault?.kind === 'cut') return;
  response.writeHead(given.status, { ...given.headers, 'x-amzn-requestid': exchange.requestId });
  response.end(given.body);
}

/** Starts on 127.0.0.1. `close` cuts every open connection. */
export async function createIamServer(options: IamServerOptions): Promise<IamServer> {
  const server = createServer((incoming, response) => {
    // Only a connection that the client has dropped gets here, or a body that is too large.
    serve(incoming, response, options).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    iamUrl: `${url}/iam`,
    organizationsUrl: `${url}/organizations`,
    world: options.world,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
