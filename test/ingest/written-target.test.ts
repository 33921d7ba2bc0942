// A thing as people write it is the thing that alerts are about.
import assert from 'node:assert/strict';
import { targetKey } from '../../src/case/target.ts';
import { readWrittenTarget } from '../../src/ingest/written-target.ts';

const ACCOUNT = '123456789012';
const keyOf = (text: string, accounts: readonly string[] = [ACCOUNT]): string | null => {
  const target = readWrittenTarget(text, accounts);
  return target && targetKey(target);
};

describe('a thing in a message', () => {
  const written: Readonly<Record<string, string>> = {
    [`bucket:${ACCOUNT}:contoso-site`]: `bucket:${ACCOUNT}:contoso-site`,
    'arn:aws:s3:::contoso-site': `bucket:${ACCOUNT}:contoso-site`,
    'contoso-site': `bucket:${ACCOUNT}:contoso-site`,
    'arn:aws:s3:::contoso-site/price list.txt': '',
    'arn:aws:s3:::contoso-site/prices.txt': `object:${ACCOUNT}:contoso-site/prices.txt`,
    'arn:aws:iam::123456789012:user/team/alex': `iam-user:${ACCOUNT}:alex`,
    'arn:aws:iam::123456789012:role/DataPipeline': `iam-role:${ACCOUNT}:DataPipeline`,
    'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0abc':
      'resource:ec2/security-group/123456789012/eu-central-1/sg-0abc',
    'arn:something': '',
    'two words': '',
    '*': '',
    '': '',
  };
  for (const [text, key] of Object.entries(written))
    it(`is read: ${JSON.stringify(text)}`, () => assert.equal(keyOf(text) ?? '', key));

  it('is none where it could be in any of several accounts', () => {
    const two = [ACCOUNT, '210987654321'];

    assert.equal(keyOf('contoso-site', two), null);
    assert.equal(keyOf('arn:aws:s3:::contoso-site', two), null);
    assert.equal(keyOf(`bucket:${ACCOUNT}:contoso-site`, two), `bucket:${ACCOUNT}:contoso-site`);
  });
});
