// Puts every answer that AWS gives to a client on record by its request id, refused and repeated calls included, before anybody
// hears of the answer. It sits right above the socket, so that no command, retry or redirect can go past it.
import { CountersignError, errorText } from '../../case/errors.ts';
import { say } from '../../case/said.ts';
import type { RequestLog } from '../../ports/request-log.ts';

type Next = (request: never) => Promise<{ readonly response: unknown }>;
export interface Recordable {
  readonly middlewareStack: {
    add(
      middleware: (next: Next) => Next,
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
}

/**
 * CloudTrail's `requestID` is this header of S3's, or of the other services'. It is not `x-amz-id-2`, S3's extended id.
 * ("Getting Amazon S3 request IDs for AWS Support" in the S3 user guide.)
 */
const ID_HEADERS = ['x-amzn-requestid', 'x-amz-request-id'];

/**
 * From now on a call of the client throws `aws.unavailable` (retryable) where its id could not be put on record within
 * `timeoutMs`, whatever AWS answered: it may have been carried out.
 */
export function recordRequests<Client extends Recordable>(
  client: Client,
  log: RequestLog,
  timeoutMs: number,
): Client {
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      const id = requestIdOf(answer.response);
      if (id === undefined) return answer;
      try {
        await within(timeoutMs, log.noteRequests([id]));
      } catch (cause) {
        discard(answer.response);
        throw new CountersignError(
          'aws.unavailable',
          `AWS answered request ${id}, which could not be put on record: ${errorText(cause)}`,
          {
            say: say('errors.aws-not-recorded'),
            retryable: true,
            requestId: id,
            cause,
          },
        );
      }
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'recordRequests' },
  );
  return client;
}

interface HttpAnswer {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: { destroy?: () => void };
}

function requestIdOf(response: unknown): string | undefined {
  const { headers = {} } = response as HttpAnswer;
  return ID_HEADERS.map((name) => headers[name]).find(Boolean);
}

/** The call has a deadline, so that its step keeps its lease; the store has none. */
function within(timeoutMs: number, noting: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the store took over ${timeoutMs} ms`)), timeoutMs);
  return Promise.race([noting, promise]).finally(() => clearTimeout(timer));
}

/** A body that nobody reads would keep its connection for good. */
const discard = (response: unknown): void => (response as HttpAnswer).body?.destroy?.();
