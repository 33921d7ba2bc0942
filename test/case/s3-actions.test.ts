import assert from 'node:assert/strict';
import { accessGiven } from '../../src/case/s3-actions.ts';

describe('what actions let people do', () => {
  for (const [action, words] of [
    ['s3:GetObject', 'read'],
    [['s3:List*', 's3:GetObject'], 'read'],
    ['s3:PutObject', 'write'],
    [['s3:GetObject', 's3:DeleteObject'], 'both'],
    ['s3:*', 'both'],
    ['*', 'both'],
    ['S3:GETOBJECT', 'read'],
    ['s3:G*', 'read'],
    ['s3:L*', 'read'],
    ['s3:Ge?Object', 'read'],
    ['s3:?etObject', 'read'],
    ['s3:P*', 'write'],
    ['s3:RestoreObject', 'write'],
    ['s3:*Object', 'both'],
    ['s3:*Acl', 'both'],
    ['s3:GetObjectOfTomorrow', 'read'],
    ['s3:MoveObject', 'write'],
  ] as const)
    it(`calls ${String(action)} ${words}`, () => {
      assert.equal(accessGiven([{ Effect: 'Allow', Action: action }]), words);
    });

  it('expects the worst of a statement that only says what is not allowed', () => {
    assert.equal(accessGiven([{ Effect: 'Allow', NotAction: 's3:PutObject' }]), 'both');
  });
});
