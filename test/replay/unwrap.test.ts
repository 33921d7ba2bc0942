// Records are taken out of every envelope in which CloudTrail's records travel; what carries none is said to carry none.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { readText, WAYS } from './reading.ts';

const record = (eventID: string) => ({ eventVersion: '1.08', eventName: 'GetObject', eventID });
const document = { Records: [record('a'), record('b')] };
const text = JSON.stringify;
const logEvents = {
  messageType: 'DATA_MESSAGE',
  logGroup: 'trail',
  logEvents: [
    { id: '1', message: text(record('a')) },
    { id: '2', message: text(record('b')) },
  ],
};

const CARRIED: Readonly<Record<string, unknown>> = {
  'a document': document,
  'a list': document.Records,
  'EventBridge events': document.Records.map((detail) => ({
    'detail-type': 'AWS API Call via CloudTrail',
    detail,
  })),
  'an SNS notification': { Type: 'Notification', Message: text(document) },
  'an SNS event of Lambda': {
    Records: [{ EventSource: 'aws:sns', Sns: { Message: text(document.Records) } }],
  },
  'an SQS event of Lambda': {
    Records: document.Records.map((one) => ({
      eventSource: 'aws:sqs',
      body: text({ 'detail-type': 'x via CloudTrail', detail: one }),
    })),
  },
  'SQS messages with SNS in them': document.Records.map((one) => ({
    MessageId: '1',
    Body: text({ Type: 'Notification', Message: text(one) }),
  })),
  'log events': logEvents,
  'a subscription of CloudWatch Logs': { awslogs: { data: gzipSync(text(logEvents)).toString('base64') } },
  'a list of tests': [{ data: document, log: 'cloudtrail:events' }],
};

describe('an envelope', () => {
  for (const [what, value] of Object.entries(CARRIED))
    for (const way of WAYS)
      it(`gives its records, in order: ${what}, ${way}`, () => {
        for (const written of [text(value), text(value, null, 2)]) {
          const found = readText(written, way, { maxRecordBytes: 1e6 });

          assert.deepEqual(
            found.records.map(({ index, record: { eventID } }) => [index, eventID]),
            [
              [0, 'a'],
              [1, 'b'],
            ],
          );
          assert.deepEqual([found.unreadable, found.notes], [[], []]);
        }
      });

  it('is opened where nothing outside of it can match, and counts all its records', () => {
    const lines = [
      text(record('0')),
      text({ Type: 'Notification', Message: text(document) }),
      text(record('3')),
    ];

    const found = readText(lines.join('\n'), 'at once', { outlines: [] });

    assert.equal(found.count, 4);
    assert.deepEqual(
      found.records.map(({ index }) => index),
      [1, 2],
    );
  });

  const WITHOUT: readonly (readonly [string, unknown, RegExp])[] = [
    [
      'an S3 notification',
      { Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { object: {} } }] },
      /S3 notification/,
    ],
    ['a digest', { awsAccountId: '123456789012', digestS3Bucket: 'logs', logFiles: [] }, /digest/],
    ['an SNS message of words', { Type: 'Notification', Message: 'Hello' }, /SNS message that is not JSON/],
    [
      'an SQS message of words',
      { Records: [{ eventSource: 'aws:sqs', body: 'Hello' }] },
      /SQS message that is not JSON/,
    ],
    [
      'a control message',
      { messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'checking' }] },
      /control message/,
    ],
    [
      'another kind of event',
      { 'detail-type': 'EC2 Instance State-change Notification', detail: { state: 'running' } },
      /another kind/,
    ],
  ];
  for (const [what, value, says] of WITHOUT)
    it(`without records is no broken record: ${what}`, () => {
      const found = readText(text(value), 'at once');

      assert.deepEqual([found.count, found.unreadable, found.records], [0, [], []]);
      assert.equal(found.notes.length, 1);
      assert.match(found.notes[0] ?? '', says);
    });

  it('that cannot be unpacked counts as one unreadable record', () => {
    const found = readText(text({ awslogs: { data: 'bm8gZ3ppcA==' } }), 'at once');

    assert.equal(found.count, 1);
    assert.match(found.unreadable[0]?.reason ?? '', /awslogs\.data cannot be unpacked/);
  });

  it('in an envelope, and so on, is given up at last', () => {
    let value: unknown = record('a');
    for (let depth = 0; depth < 12; depth++) value = { data: value };

    assert.match(readText(text(value), 'at once').unreadable[0]?.reason ?? '', /more than 8 envelopes/);
  });
});
