import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/case/json.ts';
import { S3_CALLS, s3MadePublic } from '../../../src/detect/detectors/s3-made-public.ts';
import { FOREIGN, policyOf, policyText, record, rootOf, statement } from './calls.ts';

const ALL = 'http://acs.amazonaws.com/groups/global/AllUsers';
const AUTHENTICATED = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const LOGS = 'http://acs.amazonaws.com/groups/s3/LogDelivery';
const aclTo = (uri: string) => ({
  AccessControlPolicy: { AccessControlList: { Grant: [{ Grantee: { URI: uri } }] } },
});
const ON = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const block = (more: JsonObject = {}) => ({
  publicAccessBlock: '',
  PublicAccessBlockConfiguration: { ...ON, ...more },
});
const onlyOrganisation = statement({
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } },
});
const open = policyText(statement());
const closed = policyText(statement({ Principal: { AWS: rootOf(FOREIGN) } }), onlyOrganisation);

/** By call: requests that open, and requests that do not. */
const CASES: Readonly<Record<string, readonly [readonly unknown[], readonly unknown[]]>> = {
  PutBucketAcl: [
    [
      aclTo(ALL),
      aclTo(AUTHENTICATED),
      { 'x-amz-acl': ['public-read'] },
      { 'x-amz-grant-read': `uri="${ALL}"` },
    ],
    [aclTo(LOGS), { 'x-amz-acl': 'private' }, { acl: [''] }, null],
  ],
  PutObjectAcl: [
    [
      aclTo(ALL),
      { AccessControlList: { x_amz_grant_read: `uri=${ALL}` } },
      { 'x-amz-acl': 'public-read-write' },
    ],
    [aclTo(LOGS), { 'x-amz-acl': 'bucket-owner-full-control', key: 'public-read' }],
  ],
  CreateBucket: [[{ 'x-amz-acl': 'authenticated-read' }], [{ bucketName: 'public-read' }, {}]],
  PutBucketPolicy: [
    [
      { policy: '', bucketPolicy: policyOf(statement()) },
      { bucketPolicy: open },
      { bucketPolicy: '{"Statement"' },
    ],
    [{ policy: '', bucketPolicy: JSON.parse(closed) }, { bucketPolicy: closed }, { policy: [''] }],
  ],
  PutAccessPointPolicy: [
    [{ PutAccessPointPolicyRequest: { Policy: open } }, { policy: open }],
    [{ PutAccessPointPolicyRequest: { Policy: closed } }, { policy: '' }],
  ],
  PutAccessPointPolicyForObjectLambda: [[{ policy: open }], [{ policy: closed }]],
  PutMultiRegionAccessPointPolicy: [
    [{ PutMultiRegionAccessPointPolicyRequest: { Details: { Name: 'press', Policy: open } } }],
    [{ PutMultiRegionAccessPointPolicyRequest: { Details: { Name: 'press', Policy: closed } } }],
  ],
  PutBucketPublicAccessBlock: [
    [
      block({ BlockPublicPolicy: false }),
      block({ RestrictPublicBuckets: 'false' }),
      { PublicAccessBlockConfiguration: {} },
      null,
    ],
    [block(), block({ BlockPublicAcls: 'TRUE' })],
  ],
  PutAccountPublicAccessBlock: [[block({ IgnorePublicAcls: false })], [block()]],
  PutPublicAccessBlock: [[block({ IgnorePublicAcls: false })], [block()]],
  DeleteBucketPublicAccessBlock: [[{}, null], []],
  DeleteAccountPublicAccessBlock: [[{}], []],
  DeletePublicAccessBlock: [[{}], []],
  CreateAccessPoint: [
    [{ CreateAccessPointRequest: block({ BlockPublicPolicy: false }) }],
    [{ CreateAccessPointRequest: block() }, { CreateAccessPointRequest: { Bucket: 'a' } }],
  ],
  CreateMultiRegionAccessPoint: [
    [{ CreateMultiRegionAccessPointRequest: { Details: { PublicAccessBlock: { BlockPublicAcls: false } } } }],
    [{ CreateMultiRegionAccessPointRequest: { Details: { Name: 'press' } } }],
  ],
};

describe('the detector s3-made-public', () => {
  it('is tried on every call that it knows', () => {
    assert.deepEqual(Object.keys(CASES).sort(), S3_CALLS);
  });

  for (const [call, [opening, harmless]] of Object.entries(CASES))
    it(`tells what opens from what does not, of ${call}`, () => {
      for (const request of opening)
        assert.equal(s3MadePublic(record(`s3:${call}`, request)), true, JSON.stringify(request));
      for (const request of harmless)
        assert.equal(s3MadePublic(record(`s3:${call}`, request)), false, JSON.stringify(request));
    });

  it('leaves every other call alone, those named like a property of any object too', () => {
    for (const name of ['GetBucketPolicy', 'DeleteBucketPolicy', 'constructor', '__proto__', 'toString', ''])
      assert.equal(s3MadePublic(record(`s3:${name}`, { policy: open, 'x-amz-acl': 'public-read' })), false);
  });

  it('never throws, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...S3_CALLS), fc.jsonValue(), (eventName, requestParameters) => {
        assert.equal(typeof s3MadePublic({ eventName, requestParameters } as JsonObject), 'boolean');
      }),
    );
  });
});
