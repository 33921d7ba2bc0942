// What the tests of the S3 actions share: a bucket in memory that refuses what S3 would refuse and hides what S3 hides, and tasks.
import { CountersignError } from '../../../src/case/errors.ts';
import type { CaseId, RunId } from '../../../src/case/ids.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import {
  type BucketAccess,
  type BucketAcl,
  blockInForce,
  isPublicStatement,
  type PublicAccessBlock,
  publicGrants,
  statementsOf,
  withoutPublicGrants,
} from '../../../src/case/public-access.ts';
import type { BucketTarget, CollaboratorTarget, Target } from '../../../src/case/target.ts';
import type { Task, UndoTask, World } from '../../../src/govern/action.ts';
import { settings } from '../../helpers/cases.ts';

export const OWN_ACCOUNT = '123456789012';
export const PARTNER_ACCOUNT = '444455556666';
export const OWN_ID = 'a'.repeat(64);
export const PARTNER_ID = 'b'.repeat(64);
export const BUCKET: BucketTarget = {
  kind: 'bucket',
  account: OWN_ACCOUNT,
  region: 'eu-west-1',
  name: 'files',
};
export const collaborator = (principal: string): CollaboratorTarget => ({
  kind: 'collaborator',
  account: OWN_ACCOUNT,
  region: BUCKET.region,
  bucket: BUCKET.name,
  principal,
});

export const statement = (
  Principal: string | JsonObject,
  Sid: string,
  more: JsonObject = {},
): JsonObject => ({
  Sid,
  Effect: 'Allow',
  Principal,
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::files/*',
  ...more,
});

export function taskOf<T extends Target, State extends JsonObject>(target: T, before: State): Task<T, State> {
  return { key: 'run-1' as RunId, caseId: 'case-1' as CaseId, caseRef: 'K7M2PQRS', target, before };
}
export const undoTaskOf = <T extends Target, State extends JsonObject>(
  target: T,
  before: State,
  after: State,
): UndoTask<T, State> => ({ ...taskOf(target, before), after });

const blocked = (flag: string): CountersignError =>
  new CountersignError('aws.forbidden', `AccessDenied: prevented by the ${flag} setting`);

/**
 * `refusePolicy`: what S3 says to any policy. `account` is for the test to change: the block of the whole account, and whether S3
 * calls any policy public, where that is not what we say of it.
 */
export function createBucket(start: BucketAccess, refusePolicy: CountersignError | null = null) {
  let access = start;
  const account: { block: PublicAccessBlock | null; calls: boolean | null } = { block: null, calls: null };
  const writes: string[] = [];
  const notes: string[] = [];
  const wrote = async (what: string, next: Partial<BucketAccess>) => {
    writes.push(what);
    access = { ...access, ...next };
    return { requestId: `R${writes.length}` };
  };
  const storage = {
    readAccess: async () => {
      const isIgnored = blockInForce({ ...access, accountBlock: account.block })?.ignorePublicAcls;
      return access.acl && isIgnored ? { ...access, acl: withoutPublicGrants(access.acl) } : access;
    },
    readAccountBlock: async () => account.block,
    readPolicyStatus: async () =>
      access.policy && { public: account.calls ?? statementsOf(access.policy).some(isPublicStatement) },
    writePolicy: async (_bucket: BucketTarget, policy: JsonObject | null) => {
      if (refusePolicy) throw refusePolicy;
      const block = blockInForce({ ...access, accountBlock: account.block });
      if (block?.blockPublicPolicy && statementsOf(policy).some(isPublicStatement))
        throw blocked('BlockPublicPolicy');
      return wrote(policy ? 'policy' : 'delete policy', { policy });
    },
    writeAcl: async (_bucket: BucketTarget, acl: BucketAcl) => {
      if (!access.acl) throw new CountersignError('aws.refused', 'AccessControlListNotSupported');
      const block = blockInForce({ ...access, accountBlock: account.block });
      if (block?.blockPublicAcls && publicGrants(acl).length > 0) throw blocked('BlockPublicAcls');
      return wrote('acl', { acl });
    },
    writePublicAccessBlock: async (_bucket: BucketTarget, publicAccessBlock: PublicAccessBlock | null) =>
      wrote(publicAccessBlock ? 'blocks' : 'delete blocks', { publicAccessBlock }),
  };
  const world = { storage, settings } as unknown as World;
  const note = async (requestId: string) => {
    notes.push(requestId);
  };
  return { world, note, writes, notes, account, access: () => access };
}
