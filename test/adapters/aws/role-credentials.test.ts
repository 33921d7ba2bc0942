import assert from 'node:assert/strict';
import type { STSClient } from '@aws-sdk/client-sts';
import { createRoleCredentials } from '../../../src/adapters/aws/role-credentials.ts';
import type { CountersignError } from '../../../src/case/errors.ts';
import { english } from '../../helpers/english.ts';

const HOUR_MS = 3_600_000;
const ACCOUNTS = [
  { id: '123456789012', roleArn: 'arn:aws:iam::123456789012:role/countersign' },
  { id: '444455556666', roleArn: 'arn:aws:iam::444455556666:role/countersign' },
];

function createCache() {
  let now = 1_000_000;
  const asked: string[] = [];
  const failures: Error[] = [];
  const send = async (command: { readonly input: { readonly RoleArn: string } }) => {
    const failure = failures.shift();
    asked.push(command.input.RoleArn);
    if (failure) throw failure;
    return {
      Credentials: {
        AccessKeyId: `KEY${asked.length}`,
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: new Date(now + HOUR_MS),
      },
    };
  };
  const cache = createRoleCredentials({ send } as unknown as STSClient, ACCOUNTS, 1000, () => now);
  const advance = (ms: number) => {
    now += ms;
  };
  return { cache, asked, failures, advance, keyOf: async (id: string) => (await cache.of(id)).accessKeyId };
}

describe('role credentials', () => {
  it('are assumed once an account, however many ask at once', async () => {
    const { keyOf, asked } = createCache();

    const keys = await Promise.all(['123456789012', '444455556666', '123456789012'].map(keyOf));

    assert.deepEqual(keys, ['KEY1', 'KEY2', 'KEY1']);
    assert.deepEqual(
      asked,
      ACCOUNTS.map(({ roleArn }) => roleArn),
    );
  });

  it('are renewed five minutes before they end, once for all who ask', async () => {
    const { keyOf, advance, asked } = createCache();
    await keyOf('123456789012');

    advance(HOUR_MS - 300_001);
    const early = await keyOf('123456789012');
    advance(1);
    const late = await Promise.all([keyOf('123456789012'), keyOf('123456789012')]);

    assert.equal(early, 'KEY1');
    assert.deepEqual(late, ['KEY2', 'KEY2']);
    assert.equal(asked.length, 2);
  });

  it('are not remembered after a failure, nor after being forgotten', async () => {
    const { cache, keyOf, failures } = createCache();
    failures.push(
      Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }),
    );

    await assert.rejects(keyOf('123456789012'), { code: 'aws.forbidden' });
    const second = await keyOf('123456789012');
    cache.forget('123456789012');
    const third = await keyOf('123456789012');

    assert.deepEqual([second, third], ['KEY2', 'KEY3']);
  });

  for (const [name, status, code, words] of [
    ['ExpiredToken', 400, 'aws.unauthorised', /own credentials/],
    ['AccessDenied', 403, 'aws.forbidden', /cannot take on its role/],
  ] as const)
    it(`say what is wrong where AWS answers ${name}, which no waiting mends`, async () => {
      const { keyOf, failures } = createCache();
      failures.push(Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } }));

      await assert.rejects(keyOf('123456789012'), (error: CountersignError) => {
        assert.deepEqual([error.code, error.retryable], [code, false]);
        assert.match(english(error.say), words);
        return true;
      });
    });

  it('are never asked for an account that is not listed', async () => {
    const { keyOf, asked } = createCache();

    await assert.rejects(keyOf('999900001111'), { code: 'aws.not-listed', retryable: false });

    assert.deepEqual(asked, []);
  });
});
