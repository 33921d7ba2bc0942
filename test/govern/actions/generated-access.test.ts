import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/case/json.ts';
import {
  allBlocksOn,
  type BucketAccess,
  isPublicStatement,
  publicGrants,
  withoutPublicGrants,
} from '../../../src/case/public-access.ts';
import type { BucketTarget, CollaboratorTarget } from '../../../src/case/target.ts';
import type { GovernanceAction } from '../../../src/govern/action.ts';
import { makeBucketPrivate } from '../../../src/govern/actions/make-bucket-private.ts';
import { removeCollaborator } from '../../../src/govern/actions/remove-collaborator.ts';
import { decideAccess } from '../../../src/sandbox/s3/access.ts';
import type { Caller } from '../../../src/sandbox/s3/callers.ts';
import { createBucketState } from '../../../src/sandbox/s3/state.ts';
import { settings } from '../../helpers/cases.ts';
import { english } from '../../helpers/english.ts';
import {
  anyAccess,
  callerLists,
  inStrictCases,
  isDenied,
  MAIL,
  namedBy,
  nameless,
  OTHER_ACCOUNT,
  rest,
  spelled,
  statementsIn,
} from './generated-access.ts';
import {
  BUCKET,
  collaborator,
  createBucket,
  OWN_ACCOUNT,
  OWN_ID,
  PARTNER_ACCOUNT,
  PARTNER_ID,
  taskOf,
  undoTaskOf,
} from './s3-fixture.ts';

const RUNS = { numRuns: 300 };
const ACCOUNTS = [
  { id: OWN_ACCOUNT, canonicalId: OWN_ID, organisation: 'o-contoso0001' },
  { id: PARTNER_ACCOUNT, canonicalId: PARTNER_ID },
  { id: OTHER_ACCOUNT, canonicalId: 'c'.repeat(64) },
  { id: '999900001111', canonicalId: 'd'.repeat(64) },
];
const callerOf = (arn: string, roleArn?: string): Caller => {
  const account = ACCOUNTS.find(({ id }) => id === arn.split(':')[4]);
  assert.ok(account);
  return { arn, account, allows: ['s3:*'], ...(roleArn !== undefined && { roleArn }) };
};
const STRANGER = callerOf('arn:aws:iam::999900001111:user/stan');
const PARTNER_USER = callerOf(`arn:aws:iam::${PARTNER_ACCOUNT}:user/pat`);
const OTHER_USER = callerOf(`arn:aws:iam::${OTHER_ACCOUNT}:user/ola`);
const OWN_ROLE = callerOf(
  `arn:aws:sts::${OWN_ACCOUNT}:assumed-role/app/session`,
  `arn:aws:iam::${OWN_ACCOUNT}:role/app`,
);

/** What the stand-in, which reads policies by code of its own, lets somebody do: `action` each. */
function allowed(access: BucketAccess, caller: Caller | null): readonly string[] {
  const bucket = createBucketState(
    {
      name: 'files',
      account: OWN_ACCOUNT,
      region: BUCKET.region,
      ownership: access.acl ? 'ObjectWriter' : 'BucketOwnerEnforced',
      acl: access.acl?.grants ?? 'private',
      policy: inStrictCases(access.policy),
      publicAccessBlock: access.publicAccessBlock,
    },
    ACCOUNTS,
    0,
  );
  const tries: readonly (readonly [string, string?])[] = [
    ['s3:GetObject', 'report.txt'],
    ['s3:PutObject', 'report.txt'],
    ['s3:ListBucket'],
    ['s3:GetBucketAcl'],
  ];
  return tries.flatMap(([action, key]) => {
    const request = { caller, action, bucket, ownerId: OWN_ID, sourceIp: '198.51.100.7' };
    return decideAccess({ ...request, ...(key !== undefined && { key }) }).allowed ? [action] : [];
  });
}

/** What S3 shows of a bucket: no grants to everybody while they are ignored. A list that is written anew has no others. */
const shown = (stored: BucketAccess): BucketAccess =>
  stored.acl && stored.publicAccessBlock?.ignorePublicAcls
    ? { ...stored, acl: withoutPublicGrants(stored.acl) }
    : stored;

/** Carried out, carried out again, and put back: what the bucket was after each. */
async function doneAndUndone<T extends BucketTarget | CollaboratorTarget>(
  action: GovernanceAction<T, BucketAccess>,
  target: T,
  stored: BucketAccess,
) {
  const bucket = createBucket(stored);
  const before = shown(stored);
  const { world, note } = bucket;
  assert.ok(action.revert);
  await action.execute(taskOf(target, before), world, note);
  const after = bucket.access();
  assert.equal((await action.verify(taskOf(target, before), world)).kind, 'took-effect');
  const writes = bucket.writes.length;
  await action.execute(taskOf(target, before), world, note);
  const again = bucket.access();
  assert.deepEqual(action.revert.differences(before, after, again), []);
  const undo = undoTaskOf(target, before, shown(after));
  await action.revert.execute(undo, world, note);
  assert.equal((await action.revert.verify(undo, world)).kind, 'took-effect');
  return { after, again, undone: bucket.access(), repeated: bucket.writes.slice(writes) };
}

describe('whatever a bucket allows, making it private', () => {
  const isSomebody = (name: string): boolean =>
    !/\*/.test(name) && (!/^federated /i.test(name) || /^federated arn:aws:iam::\d{12}:/i.test(name));
  const check = (holds: (before: BucketAccess, seen: Awaited<ReturnType<typeof doneAndUndone>>) => void) =>
    fc.assert(
      fc.asyncProperty(anyAccess({ notPrincipal: true }), async (before) => {
        holds(before, await doneAndUndone(makeBucketPrivate, BUCKET, before));
      }),
      RUNS,
    );

  it('leaves nothing public, and no stranger gets in even without the blocks', () =>
    check((_before, { after }) => {
      assert.ok(statementsIn(after.policy).every((each) => !isPublicStatement(each)));
      for (const each of statementsIn(after.policy).filter((one) => !isDenied(one)))
        if (!Object.keys(each).some((key) => key.toLowerCase() === 'condition'))
          assert.ok(namedBy(each).length > 0 && namedBy(each).every(isSomebody), JSON.stringify(each));
      assert.deepEqual(publicGrants(after.acl), []);
      assert.ok(allBlocksOn(after.publicAccessBlock));
      const unblocked = { ...after, publicAccessBlock: null };
      assert.deepEqual([allowed(unblocked, null), allowed(unblocked, STRANGER)], [[], []]);
    }));

  it('keeps what was not public, as it was and in its order', () =>
    check((before, { after }) => {
      const kept = statementsIn(before.policy).flatMap((each) => {
        if (!isPublicStatement(each)) return [each];
        // Whoever is named beside everybody keeps what the statement gives.
        const named = namedBy(each).filter((name) => isSomebody(name) && !/ AIDA/.test(name));
        return named.length > 0 && !('NotPrincipal' in each) ? [{ of: rest(each), named }] : [];
      });
      const seen = statementsIn(after.policy).map((each, index) =>
        'of' in (kept[index] ?? {}) ? { of: rest(each), named: namedBy(each) } : each,
      );
      assert.deepEqual(seen, kept);
      if (after.policy) {
        const { Statement: _was, ...others } = before.policy as JsonObject;
        const { Statement: _is, ...now } = after.policy;
        assert.deepEqual(now, others);
      }
      const open = new Set(publicGrants(before.acl));
      assert.deepEqual(
        after.acl?.grants,
        before.acl?.grants.filter((grant) => !open.has(grant)),
      );
      // The owner's role of its account keeps what no Deny takes: an identity policy is enough.
      assert.deepEqual(allowed(after, OWN_ROLE), allowed(before, OWN_ROLE));
    }));

  it('is undone exactly, and done twice is done once', () =>
    check((before, { after, again, undone, repeated }) => {
      assert.deepEqual(again, after);
      // Done again, only the blocks are written, and a list that may hide something; what follows is the undo.
      const isHidden = before.acl && before.publicAccessBlock?.ignorePublicAcls;
      assert.equal(repeated[isHidden ? 1 : 0], 'blocks');
      assert.deepEqual(undone, shown(before));
    }));
});

describe('whomever a bucket names, removing one of them', () => {
  const PRINCIPALS = [
    PARTNER_ACCOUNT,
    `arn:aws:iam::${PARTNER_ACCOUNT}:root`,
    `arn:aws:iam::${PARTNER_ACCOUNT}:user/pat`,
    `arn:aws:iam::${PARTNER_ACCOUNT}:role/audit`,
    `arn:aws:sts::${PARTNER_ACCOUNT}:federated-user/fay`,
    `arn:aws:iam::${PARTNER_ACCOUNT}:saml-provider/idp`,
    'AIDAEXAMPLEEXAMPLE123',
    PARTNER_ID,
    MAIL,
  ];
  const isTheirs = (name: string, principal: string): boolean =>
    !name.startsWith('Service ') && name.replace(/^\w+ /, '') === spelled(principal);
  const listsThem = (each: JsonObject, principal: string): boolean =>
    Object.values(callerLists(each)).flat().includes(spelled(principal));
  const namesThem = (each: JsonObject, principal: string): boolean =>
    !isDenied(each) &&
    (listsThem(each, principal) || namedBy(each).some((name) => isTheirs(name, principal)));
  const callersBut = (each: JsonObject, principal: string) =>
    Object.entries(callerLists(each)).map(([key, names]) => ({
      key,
      names: names.filter((name) => name !== spelled(principal)),
    }));
  const isGrantee = (grant: object, principal: string): boolean => Object.values(grant).includes(principal);

  const check = (
    holds: (before: BucketAccess, principal: string, seen: Awaited<ReturnType<typeof doneAndUndone>>) => void,
  ) =>
    fc.assert(
      fc.asyncProperty(
        anyAccess({ notPrincipal: false }),
        fc.constantFrom(...PRINCIPALS),
        async (before, principal) => {
          const target = collaborator(principal);
          const named =
            statementsIn(before.policy).some((each) => namesThem(each, principal)) ||
            (before.acl?.grants ?? []).some((grant) => isGrantee(grant, principal));
          const plan = removeCollaborator.plan(target, shown(before), settings);
          assert.equal(
            plan.kind === 'offered' || /make the bucket private first/i.test(english(plan.reason)),
            named,
          );
          fc.pre(plan.kind === 'offered');
          holds(before, principal, await doneAndUndone(removeCollaborator, target, before));
        },
      ),
      RUNS,
    );

  /** The list is written only where it names them. */
  const rewritten = (before: BucketAccess, principal: string): BucketAccess =>
    (before.acl?.grants ?? []).some((grant) => isGrantee(grant, principal)) ? shown(before) : before;

  it('names them in no Allow and in no grant any more', () =>
    check((_before, principal, { after }) => {
      assert.ok(statementsIn(after.policy).every((each) => !namesThem(each, principal)));
      assert.ok((after.acl?.grants ?? []).every((grant) => !isGrantee(grant, principal)));
    }));

  it('keeps everything and everybody else as they were', () =>
    check((before, principal, { after }) => {
      const expected = statementsIn(before.policy).flatMap((each) => {
        if (!namesThem(each, principal)) return [each];
        const others = namedBy(each).filter((name) => !isTheirs(name, principal));
        const callers = callersBut(each, principal);
        const isLeft = others.length > 0 && callers.every(({ names }) => names.length > 0);
        return isLeft ? [{ of: nameless(each), others, callers }] : [];
      });
      const seen = statementsIn(after.policy).map((each, index) => {
        const wanted = expected[index];
        return wanted && 'others' in wanted
          ? { of: nameless(each), others: namedBy(each), callers: callersBut(each, '') }
          : each;
      });
      assert.deepEqual(seen, expected);
      assert.deepEqual(after.publicAccessBlock, before.publicAccessBlock);
      assert.deepEqual(
        after.acl?.grants,
        rewritten(before, principal).acl?.grants.filter((grant) => !isGrantee(grant, principal)),
      );
      for (const caller of [null, STRANGER, OTHER_USER, OWN_ROLE])
        assert.deepEqual(allowed(after, caller), allowed(before, caller));
    }));

  it('never gives them more than they had', () =>
    check((before, _principal, { after }) => {
      const had = allowed(before, PARTNER_USER);
      assert.ok(allowed(after, PARTNER_USER).every((action) => had.includes(action)));
    }));

  it('is undone exactly, and done twice is done once', () =>
    check((before, principal, { after, again, undone, repeated }) => {
      assert.deepEqual(again, after);
      assert.ok(repeated.length <= 2);
      assert.deepEqual(undone, rewritten(before, principal));
    }));

  it('is refused with an explanation where everybody but some is let in', () => {
    fc.assert(
      fc.property(anyAccess({ notPrincipal: true }), fc.constantFrom(...PRINCIPALS), (before, principal) => {
        const allBut = statementsIn(before.policy).some((each) => 'NotPrincipal' in each && !isDenied(each));
        fc.pre(allBut);
        const plan = removeCollaborator.plan(collaborator(principal), before, settings);
        assert.ok(plan.kind === 'refused' && /everybody except .*NotPrincipal/.test(english(plan.reason)));
      }),
      RUNS,
    );
  });
});
