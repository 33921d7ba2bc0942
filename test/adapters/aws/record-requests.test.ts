import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { GetBucketAclCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { recordRequests } from '../../../src/adapters/aws/record-requests.ts';
import type { RequestLog } from '../../../src/ports/request-log.ts';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const ACL = '<AccessControlPolicy/>';
const GONE = '<Error><Code>InternalError</Code><Message>once more</Message></Error>';

describe('recording requests', () => {
  const noted: string[] = [];
  const log: RequestLog = {
    noteRequests: async (ids) => {
      noted.push(...ids);
    },
  };
  const bodies: Readable[] = [];
  beforeEach(() => {
    noted.length = 0;
    bodies.length = 0;
  });

  /** Answers one after the other what is given, as the socket would. */
  const answering = (...replies: readonly Reply[]) => {
    let turn = 0;
    return {
      region: 'eu-central-1',
      maxAttempts: replies.length,
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' },
      requestHandler: {
        handle: async () => {
          const { status, headers } = replies[turn++] ?? assert.fail('one call too many');
          const body = Readable.from([Buffer.from(status === 200 ? ACL : GONE)]);
          bodies.push(body);
          return { response: { statusCode: status, headers, body } };
        },
      } as unknown as NonNullable<S3ClientConfig['requestHandler']>,
    };
  };
  const readAcl = (client: S3Client) => client.send(new GetBucketAclCommand({ Bucket: 'files' }));

  it('notes every try of the SDK by its own id, and never the extended one', async () => {
    const client = new S3Client(
      answering(
        { status: 500, headers: { 'x-amz-request-id': 'TRY1', 'x-amz-id-2': 'EXTENDED1' } },
        { status: 503, headers: { 'x-amz-request-id': 'TRY2', 'x-amz-id-2': 'EXTENDED2' } },
        { status: 200, headers: { 'x-amz-request-id': 'TRY3', 'x-amz-id-2': 'EXTENDED3' } },
      ),
    );

    const answer = await readAcl(recordRequests(client, log, 1_000));

    assert.deepEqual(noted, ['TRY1', 'TRY2', 'TRY3']);
    assert.equal(answer.$metadata.requestId, 'TRY3');
  });

  it('notes what services other than S3 call it', async () => {
    const client = new STSClient(answering({ status: 400, headers: { 'x-amzn-requestid': 'STS1' } }));

    await assert.rejects(recordRequests(client, log, 1_000).send(new GetCallerIdentityCommand({})));

    assert.deepEqual(noted, ['STS1']);
  });

  it('hands on an answer that has no id, because it never was at AWS', async () => {
    const client = new S3Client(answering({ status: 200, headers: {} }));

    await readAcl(recordRequests(client, log, 1_000));

    assert.deepEqual(noted, []);
  });

  it('gives the connection back when the id cannot be noted', async () => {
    const failing: RequestLog = { noteRequests: () => Promise.reject(new Error('disk full')) };
    const client = new S3Client(answering({ status: 200, headers: { 'x-amz-request-id': 'LOST' } }));

    await assert.rejects(readAcl(recordRequests(client, failing, 1_000)), {
      code: 'aws.unavailable',
      retryable: true,
      requestId: 'LOST',
    });

    assert.deepEqual(
      bodies.map((body) => body.destroyed),
      [true],
    );
  });
});
