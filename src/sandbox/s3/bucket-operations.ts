// Policy, access list, public access block and ownership of a bucket: what S3 answers, and what it refuses.
import { isPublicStatement, publicGrants, statementsOf } from '../../case/public-access.ts';
import { blockOf, effectiveAcl, isPolicyPublic, refusal } from './access.ts';
import { aclNode, cannedGrants, readGrants } from './acl.ts';
import { type Answer, s3Result, xmlAnswer } from './answer.ts';
import type { Call } from './call.ts';
import { parsePolicy } from './policy-document.ts';
import { blockNode, parseBlock } from './public-access-block.ts';
import type { Operation } from './routes.ts';
import { S3Error } from './s3-error.ts';
import type { Ownership } from './state.ts';
import { childOf, element, parseXml, textOf } from './xml.ts';

const OK: Answer = { status: 200 };
const NO_CONTENT: Answer = { status: 204 };
const OWNERSHIPS: readonly Ownership[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];

const textBody = ({ request }: Call): string => request.body.toString('utf8');
const isAclPublic = (ownerId: string, grants: Call['bucket']['grants']): boolean =>
  publicGrants({ ownerId, grants }).length > 0;

/** Policies are the bucket owner's business alone: anybody else who got this far is told so. */
function ownerOnly({ access, bucket }: Call): void {
  if (access.caller?.account.id !== bucket.account) throw new S3Error('MethodNotAllowed');
}

function getPolicy(call: Call): Answer {
  ownerOnly(call);
  if (!call.bucket.policy) throw new S3Error('NoSuchBucketPolicy');
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(call.bucket.policy),
  };
}

function putPolicy(call: Call): Answer {
  ownerOnly(call);
  const policy = parsePolicy(textBody(call), call.bucket.name);
  if (blockOf(call.access)?.blockPublicPolicy && statementsOf(policy).some(isPublicStatement)) {
    const because =
      'public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.';
    throw new S3Error('AccessDenied', refusal(call.access, because));
  }
  call.save({ ...call.bucket, policy });
  return NO_CONTENT;
}

function deletePolicy(call: Call): Answer {
  ownerOnly(call);
  call.save({ ...call.bucket, policy: null });
  return NO_CONTENT;
}

function getPolicyStatus({ bucket }: Call): Answer {
  if (!bucket.policy) throw new S3Error('NoSuchBucketPolicy');
  return s3Result('PolicyStatus', [element('IsPublic', isPolicyPublic(bucket) ? 'TRUE' : 'FALSE')]);
}

function getAcl({ access, bucket, ownerId }: Call): Answer {
  const enforced = bucket.ownership === 'BucketOwnerEnforced';
  const grants = enforced ? cannedGrants('private', ownerId, ownerId) : bucket.grants;
  return xmlAnswer(aclNode(effectiveAcl({ ownerId, grants }, access)));
}

function putAcl(call: Call): Answer {
  if (call.bucket.ownership === 'BucketOwnerEnforced') throw new S3Error('AccessControlListNotSupported');
  const grants = readGrants(call, call.ownerId);
  if (blockOf(call.access)?.blockPublicAcls && isAclPublic(call.ownerId, grants)) {
    const because =
      'public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access.';
    throw new S3Error('AccessDenied', refusal(call.access, because));
  }
  call.save({ ...call.bucket, grants });
  return OK;
}

function putBlock(call: Call): Answer {
  call.save({ ...call.bucket, publicAccessBlock: parseBlock(textBody(call)) });
  return OK;
}

function deleteBlock(call: Call): Answer {
  call.save({ ...call.bucket, publicAccessBlock: null });
  return NO_CONTENT;
}

function getOwnership({ bucket }: Call): Answer {
  if (!bucket.ownership) throw new S3Error('OwnershipControlsNotFoundError');
  return s3Result('OwnershipControls', [element('Rule', [element('ObjectOwnership', bucket.ownership)])]);
}

function putOwnership(call: Call): Answer {
  const wanted = textOf(childOf(parseXml(textBody(call)), 'Rule'), 'ObjectOwnership');
  const ownership = OWNERSHIPS.find((each) => each === wanted);
  if (!ownership) throw new S3Error('MalformedXML');
  const foreign = call.bucket.grants.some(({ canonicalId }) => canonicalId !== call.ownerId);
  if (ownership === 'BucketOwnerEnforced' && foreign)
    throw new S3Error('InvalidBucketAclWithObjectOwnership');
  call.save({ ...call.bucket, ownership });
  return OK;
}

export const BUCKET_OPERATIONS: Partial<Record<Operation, (call: Call) => Answer>> = {
  HeadBucket: ({ bucket }) => ({ status: 200, headers: { 'x-amz-bucket-region': bucket.region } }),
  // The oldest region has no name here.
  GetBucketLocation: ({ bucket }) =>
    s3Result('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region),
  GetBucketPolicy: getPolicy,
  PutBucketPolicy: putPolicy,
  DeleteBucketPolicy: deletePolicy,
  GetBucketPolicyStatus: getPolicyStatus,
  GetBucketAcl: getAcl,
  PutBucketAcl: putAcl,
  GetPublicAccessBlock: ({ bucket }) => xmlAnswer(blockNode(bucket.publicAccessBlock)),
  PutPublicAccessBlock: putBlock,
  DeletePublicAccessBlock: deleteBlock,
  GetBucketOwnershipControls: getOwnership,
  PutBucketOwnershipControls: putOwnership,
};
