import assert from 'node:assert/strict';
import { parametersOf } from '../../../src/ingest/sources/cloudtrail-parameters.ts';

describe('what a call asked for', () => {
  it('is the same however the record orders it, and another for another value', () => {
    const one = parametersOf({ bucketName: 'invoices', acl: { grant: ['read'] } });

    assert.deepEqual(parametersOf({ acl: { grant: ['read'] }, bucketName: 'invoices' }), one);
    assert.notDeepEqual(parametersOf({ bucketName: 'invoices', acl: { grant: ['write'] } }), one);
    assert.deepEqual(parametersOf(null), parametersOf(undefined));
  });

  for (const left of [
    { omitted: true, originalSize: 153_600, reason: 'too long' },
    { password: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    { instanceId: 'i-0123', userData: '<sensitiveDataRemoved>' },
    { masterUserPassword: '****' },
  ])
    it(`is not known where something was left out: ${Object.keys(left)[0]}`, () =>
      assert.deepEqual(parametersOf(left), {}));
});
