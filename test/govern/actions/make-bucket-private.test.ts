import assert from 'node:assert/strict';
import { CountersignError } from '../../../src/case/errors.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import {
  ALL_BLOCKS,
  ALL_USERS,
  type BucketAccess,
  type PublicAccessBlock,
} from '../../../src/case/public-access.ts';
import { type Said, say } from '../../../src/case/said.ts';
import { writeOut } from '../../../src/case/written.ts';
import type { Difference } from '../../../src/govern/action.ts';
import { makeBucketPrivate } from '../../../src/govern/actions/make-bucket-private.ts';
import { settings } from '../../helpers/cases.ts';
import { english, inLanguage } from '../../helpers/english.ts';
import { createBucket, statement, BUCKET as target, taskOf, undoTaskOf } from './s3-fixture.ts';

const own = { canonicalId: 'a'.repeat(64), permission: 'FULL_CONTROL' };
const open = { uri: ALL_USERS, permission: 'READ' };
const partner = statement({ AWS: '444455556666' }, 'Partner');
const deny: JsonObject = { ...statement('*', 'NoDelete'), Effect: 'Deny' };
const NO_BLOCKS = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const IGNORING = { ...NO_BLOCKS, ignorePublicAcls: true };
const PUBLIC: BucketAccess = {
  acl: { ownerId: own.canonicalId, grants: [own, open] },
  policy: { Version: '2012-10-17', Statement: [statement('*', 'Open'), partner, deny] },
  publicAccessBlock: null,
};
const PRIVATE: BucketAccess = {
  acl: { ownerId: own.canonicalId, grants: [own] },
  policy: { Version: '2012-10-17', Statement: [partner, deny] },
  publicAccessBlock: ALL_BLOCKS,
};

const refusalThat = (says: RegExp) => (error: CountersignError) =>
  error.code === 'aws.refused' && says.test(english(error.say));

describe('make the bucket private', () => {
  describe('the plan', () => {
    const planOf = (access: BucketAccess, over = settings) =>
      writeOut(makeBucketPrivate.plan(target, access, over), english);
    const says = (access: BucketAccess) => {
      const plan = planOf(access);
      return plan.kind === 'offered' ? plan.says : plan.reason;
    };

    it('says with numbers what goes and what stays, and that undo puts everything back', () => {
      const plan = planOf(PUBLIC);

      assert.deepEqual(plan, {
        kind: 'offered',
        says: [
          'People outside the company can no longer read it, except the 1 who is named.',
          'The owner keeps access, and so does 1 named outside (the AWS account 444455556666).',
          'Removes public read from the bucket policy (1 statement); 2 other policy statements stay.',
          "Removes 1 public grant from the bucket's access list.",
          'Turns on all four public access blocks.',
          'Objects that are public by access lists of their own are closed too.',
        ],
        basis: {
          statements: [statement('*', 'Open')],
          grants: [open],
          outside: ['444455556666'],
          publicAccessBlock: null,
        },
        undo: {
          possible: true,
          says: "Undo puts this bucket's own policy, access list and blocks back exactly as they were.",
        },
      });
    });

    it('says it in the language of whoever reads it', () => {
      const plan = makeBucketPrivate.plan(target, PUBLIC, settings);

      assert.ok(plan.kind === 'offered');
      assert.equal(inLanguage('fr', makeBucketPrivate.title), 'Rendre le bucket privé');
      assert.deepEqual(
        plan.says.slice(0, 4).map((one) => inLanguage('de', one)),
        [
          'Außenstehende können den Bucket nicht mehr lesen, mit 1 namentlich genannten Ausnahme.',
          'Der Eigentümer behält den Zugriff, ebenso 1 genannter Externer (AWS-Konto 444455556666).',
          'Entfernt öffentlichen Lesezugriff aus der Bucket-Richtlinie (1 Anweisung); 2 weitere Anweisungen bleiben.',
          'Entfernt 1 öffentliche Freigabe aus der Zugriffsliste des Buckets.',
        ],
      );
    });

    it('begins with what it means to whoever knows nothing of S3', () => {
      const writes = statement('*', 'Write', { Action: 's3:PutObject' });
      const firsts = [
        { ...PUBLIC, acl: null, policy: { Statement: [writes] } },
        { ...PUBLIC, policy: { Statement: [writes] } },
        {
          ...PUBLIC,
          policy: null,
          acl: { ...PUBLIC.acl, grants: [{ ...open, permission: 'FULL_CONTROL' }] },
        },
        { ...PRIVATE, publicAccessBlock: null },
      ].map((access) => says(access as BucketAccess)[0]);

      assert.deepEqual(firsts, [
        'People outside the company can no longer write to it.',
        'People outside the company can no longer read it or write to it.',
        'People outside the company can no longer read it or write to it.',
        'No rule of it lets strangers in now: this keeps it so.',
      ]);
    });

    it('counts nobody of a listed account as outside', () => {
      const aws = {
        ...settings.aws,
        accounts: [...settings.aws.accounts, { id: '444455556666', roleArn: 'arn:x' }],
      };
      const plan = planOf(PUBLIC, { ...settings, aws });

      assert.ok(plan.kind === 'offered');
      assert.equal(plan.says[0], 'People outside the company can no longer read it.');
      assert.match(plan.says[1] ?? '', /nobody outside is named/);
    });

    it('says that strangers do not get in now where a block keeps them out, and whose block that is', () => {
      const byAccount = says({ ...PUBLIC, accountBlock: ALL_BLOCKS });
      const byBucket = says({ ...PUBLIC, publicAccessBlock: ALL_BLOCKS, accountBlock: ALL_BLOCKS });

      assert.match(byAccount[0] ?? '', /^Strangers do not get in now either: the account's own block/);
      assert.match(byBucket[0] ?? '', /^Strangers do not get in now either: the bucket's own block/);
      for (const sentences of [byAccount, byBucket])
        assert.ok(/whom the policy names outside .* they get in again/.test([sentences].flat().join(' ')));
    });

    it('says that undo waits for the account where its block would refuse what comes back, and only there', () => {
      const undoOf = (access: BucketAccess): string => {
        const plan = planOf(access);
        return plan.kind === 'offered' ? plan.undo.says : '';
      };
      const only = (flag: keyof typeof ALL_BLOCKS) => ({ ...NO_BLOCKS, [flag]: true });
      const waits = /only once the public access block of the whole AWS account 123456789012 is lifted/;

      assert.match(undoOf({ ...PUBLIC, acl: null, accountBlock: only('blockPublicPolicy') }), waits);
      assert.match(undoOf({ ...PUBLIC, policy: null, accountBlock: only('blockPublicAcls') }), waits);
      assert.doesNotMatch(
        undoOf({ ...PUBLIC, policy: null, accountBlock: only('blockPublicPolicy') }),
        waits,
      );
      assert.doesNotMatch(undoOf({ ...PUBLIC, accountBlock: only('restrictPublicBuckets') }), waits);
      assert.doesNotMatch(undoOf(PUBLIC), waits);
    });

    it("stands for the bucket's own rules alone: the account's block is said, and not changed", () => {
      const basisOf = (access: BucketAccess) => {
        const plan = makeBucketPrivate.plan(target, access, settings);
        return plan.kind === 'offered' ? plan.basis : null;
      };

      assert.deepEqual(basisOf({ ...PUBLIC, accountBlock: ALL_BLOCKS }), basisOf(PUBLIC));
    });

    it('says that the policy is deleted when nothing stays, and that ACLs are disabled where they are', () => {
      const access = {
        ...PUBLIC,
        acl: null,
        policy: { Statement: [statement('*', 'a'), statement('*', 'b')] },
      };

      assert.deepEqual(says(access).slice(2, 4), [
        'Removes public read from the bucket policy (2 statements); nothing else is in the policy, so it is deleted.',
        'ACLs are disabled on this bucket; nothing to remove there.',
      ]);
    });

    it('leaves a public statement to those whom it names beside everybody, and says so', async () => {
      const mixed = statement({ AWS: ['444455556666', '*'] }, 'Mixed');
      const access = { ...PUBLIC, acl: null, policy: { Statement: [mixed, statement('*', 'Open'), deny] } };
      const bucket = createBucket(access);

      await makeBucketPrivate.execute(taskOf(target, access), bucket.world, bucket.note);
      const proof = await makeBucketPrivate.verify(taskOf(target, access), bucket.world);

      assert.deepEqual(says(access).slice(0, 3), [
        'People outside the company can no longer read it, except the 1 who is named.',
        'The owner keeps access, and so does 1 named outside (the AWS account 444455556666).',
        'Removes public read from the bucket policy (2 statements); 1 of them stays for those whom it names, and 1 other policy statement stays as it is.',
      ]);
      assert.deepEqual(bucket.access().policy, {
        Statement: [{ ...mixed, Principal: { AWS: ['444455556666'] } }, deny],
      });
      assert.match(english(proof.says), /1 named outside \(the AWS account 444455556666\) keeps access/);
    });

    it('promises nothing to whom it takes out: of an account that is named twice over nothing stays', () => {
      const twice = { ...statement('*', 'Twice'), principal: { AWS: '444455556666' } };

      assert.match(says({ ...PUBLIC, policy: { Statement: [twice] } })[1] ?? '', /nobody outside is named/);
    });

    it('closes a bucket that everybody with an account elsewhere gets into', () => {
      const facebook = statement({ Federated: 'graph.facebook.com' }, 'Facebook');

      assert.equal(
        says({ ...PRIVATE, policy: { Statement: [facebook] }, publicAccessBlock: null })[0],
        'People outside the company can no longer read it.',
      );
    });

    it('leaves rules for an organisation alone, by its paths too', () => {
      const paths = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-contoso0001/*'] } };
      const policy = { Statement: [statement('*', 'Company', { Condition: paths })] };

      assert.ok(
        [says({ ...PRIVATE, policy, publicAccessBlock: null })]
          .flat()
          .includes('Leaves the bucket policy as it is: nothing in it is public.'),
      );
    });

    it('counts whom a condition names as named, and not as a rule for everybody', () => {
      const named = statement('*', 'Named', {
        Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } },
      });
      const all = [says({ ...PRIVATE, policy: { Statement: [named] }, publicAccessBlock: null })].flat();

      assert.equal(
        all[1],
        'The owner keeps access, and so does 1 named outside (the AWS account 444455556666).',
      );
      assert.doesNotMatch(all.join(' '), /under a condition/);
    });

    it('promises nobody access where S3 itself calls a policy public in which nothing is known to be', () => {
      const called = { ...PRIVATE, publicAccessBlock: null, policyStatus: { public: true } };

      assert.deepEqual(says(called), [
        'S3 itself calls the bucket policy public, though nothing in it is known to be, so it stays as it is. The blocks keep everybody outside out all the same, even whom the policy names; somebody must look at it.',
        "Leaves the bucket's access list as it is: nothing in it is public.",
        'Turns on all four public access blocks.',
        'Objects that are public by access lists of their own are closed too.',
      ]);
      const met = planOf({ ...called, publicAccessBlock: ALL_BLOCKS });
      assert.ok(met.kind === 'refused' && !met.met && /S3 itself calls its policy public/.test(met.reason));
    });

    it('says nothing of a policy that is not there', () => {
      assert.equal(
        says({ ...PUBLIC, policy: null })[2],
        "Removes 1 public grant from the bucket's access list.",
      );
    });

    it('is refused for a bucket that is private with all four blocks on, and offered while one is off', () => {
      assert.match(String(says(PRIVATE)), /already private/);
      for (const flag of Object.keys(ALL_BLOCKS)) {
        const publicAccessBlock = { ...ALL_BLOCKS, [flag]: false };
        assert.ok(Array.isArray(says({ ...PRIVATE, publicAccessBlock })), flag);
      }
    });
  });

  describe('carrying it out', () => {
    it('writes the remaining policy, then the ACL, then the blocks, and notes each request', async () => {
      const bucket = createBucket(PUBLIC);

      await makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['policy', 'acl', 'blocks']);
      assert.deepEqual(bucket.notes, ['R1', 'R2', 'R3']);
      assert.deepEqual(bucket.access(), PRIVATE);
    });

    it('writes only the blocks where nothing else would change', async () => {
      const start = { ...PRIVATE, publicAccessBlock: null };
      const bucket = createBucket(start);

      await makeBucketPrivate.execute(taskOf(target, start), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['blocks']);
    });

    it('deletes a policy of which nothing remains, and never writes an ACL where ACLs are disabled', async () => {
      const start = { acl: null, policy: { Statement: statement('*', 'Open') }, publicAccessBlock: null };
      const bucket = createBucket(start);

      await makeBucketPrivate.execute(taskOf(target, start), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete policy', 'blocks']);
    });

    it('puts nothing back that somebody took away in the meantime', async () => {
      const bucket = createBucket({ ...PUBLIC, policy: null });

      await makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      assert.equal(bucket.access().policy, null);
    });

    for (const code of ['aws.refused', 'aws.forbidden', 'aws.denied'])
      it(`shuts every other way in, and sets the blocks, where the policy cannot be changed: ${code}`, async () => {
        const bucket = createBucket(PUBLIC, new CountersignError(code, 'AccessDenied: PutBucketPolicy'));

        await makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

        assert.deepEqual(bucket.writes, ['acl', 'blocks']);
      });

    it('says part by part what could not be written, and why, where the blocks were on before', async () => {
      const why = { say: say('errors.aws-denied-by-bucket', { account: target.account, bucket: 'files' }) };
      const before = { ...PUBLIC, publicAccessBlock: ALL_BLOCKS };
      const bucket = createBucket(before, new CountersignError('aws.denied', 'explicit deny', why));

      const run = makeBucketPrivate.execute(taskOf(target, before), bucket.world, bucket.note);

      await assert.rejects(run, ({ code, say: said }: CountersignError) => {
        assert.match(
          english(said),
          /^AWS did not take the change \(Bucket policy\)\. The policy of the bucket files denies/,
        );
        return code === 'aws.denied';
      });
      assert.deepEqual(bucket.writes, ['acl', 'blocks']);
    });

    it('says of a list that could not be changed that the blocks hold: nobody could see it later', async () => {
      const bucket = createBucket(PUBLIC);
      const writeAcl = async () => {
        throw new CountersignError('aws.forbidden', 'denied');
      };
      const world = { ...bucket.world, storage: { ...bucket.world.storage, writeAcl } };

      await assert.rejects(
        makeBucketPrivate.execute(taskOf(target, PUBLIC), world, bucket.note),
        ({ say: said }: CountersignError) =>
          /\(Access list\)\. .* All four public access blocks are on, and keep strangers out\./.test(
            english(said),
          ),
      );

      assert.deepEqual(bucket.writes, ['policy', 'blocks']);
    });

    it('names every part where nothing at all can be written', async () => {
      const bucket = createBucket(PUBLIC);
      const refuse = async () => {
        throw new CountersignError('aws.forbidden', 'denied');
      };
      const storage = {
        ...bucket.world.storage,
        ...{ writePolicy: refuse, writeAcl: refuse, writePublicAccessBlock: refuse },
      };

      const run = makeBucketPrivate.execute(
        taskOf(target, PUBLIC),
        { ...bucket.world, storage },
        bucket.note,
      );

      await assert.rejects(run, ({ say: said }: CountersignError) =>
        /\(Bucket policy, Access list and Public access blocks\)/.test(english(said)),
      );
    });

    it('writes a list that may hide grants to everybody anew, without them', async () => {
      const hidden = { ...PUBLIC, policy: null, accountBlock: IGNORING };
      const bucket = createBucket({ ...PUBLIC, policy: null });
      bucket.account.block = IGNORING;

      await makeBucketPrivate.execute(taskOf(target, hidden), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['acl', 'blocks']);
      assert.deepEqual(bucket.access().acl, PRIVATE.acl);
    });

    it('stops at any other failure', async () => {
      const failure = new CountersignError('aws.throttled', 'SlowDown', { retryable: true });
      const bucket = createBucket(PUBLIC, failure);

      const run = makeBucketPrivate.execute(taskOf(target, PUBLIC), bucket.world, bucket.note);

      await assert.rejects(run, failure);
      assert.deepEqual(bucket.writes, []);
    });
  });

  describe('the proof', () => {
    const verify = (access: BucketAccess) =>
      makeBucketPrivate.verify(taskOf(target, PUBLIC), createBucket(access).world);

    it('is read back from the world', async () => {
      const verified = await verify(PRIVATE);

      assert.equal(verified.kind, 'took-effect');
      assert.match(english(verified.says), /policy, access list and all four public access blocks/);
    });

    it('claims no more than that strangers are out, and says who outside still gets in', async () => {
      const inside = statement('*', 'Inside', {
        Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
      });
      const policy = { Version: '2012-10-17', Statement: [partner, inside] };

      assert.equal(
        english((await verify({ ...PRIVATE, policy })).says),
        "Strangers no longer get in. 1 named outside (the AWS account 444455556666) keeps access. 1 rule for everybody under a condition (such as an organisation or a network) stays: whoever meets it keeps that access. Read back from the bucket's policy, access list and all four public access blocks.",
      );
      assert.match(
        english((await verify({ ...PRIVATE, policy: null })).says),
        /^Strangers no longer get in\. Nobody outside/,
      );
    });

    it('is none while S3 itself calls the policy public', async () => {
      const bucket = createBucket(PRIVATE);
      bucket.account.calls = true;

      const verified = await makeBucketPrivate.verify(taskOf(target, PUBLIC), bucket.world);

      assert.equal(verified.kind, 'not-yet');
      assert.match(english(verified.says), /^Not yet: S3 itself still calls the bucket policy public/);
      const seen = await makeBucketPrivate.read(target, bucket.world);
      assert.deepEqual(seen.policyStatus, { public: true });
    });

    it('fails on any one part, and names it', async () => {
      const some = { ...ALL_BLOCKS, blockPublicPolicy: false, ignorePublicAcls: false };
      const parts = [
        await verify({ ...PRIVATE, policy: PUBLIC.policy, publicAccessBlock: some }),
        await verify({ ...PRIVATE, acl: PUBLIC.acl, publicAccessBlock: some }),
        await verify({ ...PRIVATE, publicAccessBlock: { ...ALL_BLOCKS, restrictPublicBuckets: false } }),
      ];

      assert.deepEqual(writeOut(parts, english), [
        {
          kind: 'not-done',
          says: 'The bucket policy still has 1 public statement. Not all four public access blocks are on.',
        },
        {
          kind: 'not-done',
          says: "The bucket's access list still has 1 public grant. Not all four public access blocks are on.",
        },
        { kind: 'not-done', says: 'Not all four public access blocks are on.' },
      ]);
    });

    it('says of a rule that could not be taken out that our blocks alone disarm it, and tells the security team', async () => {
      const seen = writeOut(await verify({ ...PRIVATE, policy: PUBLIC.policy }), english);

      assert.ok(seen.kind === 'took-effect');
      assert.equal(
        seen.says,
        'Strangers no longer get in: all four public access blocks are on, and they alone keep them out. AWS did not let Countersign take out what would let them in. The bucket policy still has 1 public statement. It works again as soon as the blocks are lifted.',
      );
      assert.equal(seen.lacks, seen.says);
    });

    it('takes no blocks that were on before for a change of ours', async () => {
      const before = { ...PUBLIC, publicAccessBlock: ALL_BLOCKS };

      const seen = await makeBucketPrivate.verify(taskOf(target, before), createBucket(before).world);

      assert.equal(seen.kind, 'not-done');
    });
  });

  describe('undo', () => {
    const { revert } = makeBucketPrivate;
    assert.ok(revert);

    it('takes the blocks off first, then puts ACL and policy back, exactly', async () => {
      const bucket = createBucket(PRIVATE);

      await revert.execute(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete blocks', 'acl', 'policy']);
      assert.deepEqual(bucket.notes, ['R1', 'R2', 'R3']);
      assert.deepEqual(bucket.access(), PUBLIC);
      assert.equal(
        (await revert.verify(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world)).kind,
        'took-effect',
      );
    });

    it('writes no ACL where ACLs are disabled, and no policy that is already back', async () => {
      const before = { ...PRIVATE, acl: null, publicAccessBlock: { ...ALL_BLOCKS, blockPublicAcls: false } };
      const bucket = createBucket({ ...before, publicAccessBlock: ALL_BLOCKS });

      await revert.execute(undoTaskOf(target, before, bucket.access()), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['blocks']);
    });

    it('writes no ACL where there was none to put back, even if ACLs were enabled since', async () => {
      const bucket = createBucket(PRIVATE);

      await revert.execute(undoTaskOf(target, { ...PUBLIC, acl: null }, PRIVATE), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete blocks', 'policy']);
    });

    it('is not done while one part is not as it was', async () => {
      const bucket = createBucket({ ...PUBLIC, acl: PRIVATE.acl });

      assert.equal((await revert.verify(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world)).kind, 'not-done');
    });

    it('puts back a public policy that a block against new ones stood beside, and that block last', async () => {
      const before = { ...PUBLIC, publicAccessBlock: { ...ALL_BLOCKS, restrictPublicBuckets: false } };
      const bucket = createBucket(PRIVATE);

      await revert.execute(undoTaskOf(target, before, PRIVATE), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['blocks', 'acl', 'policy', 'blocks']);
      assert.deepEqual(bucket.access(), before);
    });

    describe('under a block of the account', () => {
      const { obstacle } = revert;
      const written = (said: Said | null = null) => said && english(said);
      const inWay = (now: Partial<BucketAccess>, before = PUBLIC) =>
        written(obstacle?.(target, before, { ...PRIVATE, ...now }));
      const only = (flag: keyof typeof ALL_BLOCKS) => ({ accountBlock: { ...NO_BLOCKS, [flag]: true } });

      it('is not begun where AWS would refuse the policy or the access list that is to come back', () => {
        const says =
          'Public access is blocked for the whole AWS account 123456789012, and AWS takes nothing public back while it is. Nothing was changed; undo is possible once that block is lifted.';
        assert.equal(inWay(only('blockPublicPolicy')), says);
        assert.equal(inWay(only('blockPublicAcls')), says);
      });

      it('is begun where nothing public is to come back, or it is back, or the block only disarms', () => {
        const closed = { ...PUBLIC, policy: PRIVATE.policy, acl: PRIVATE.acl };
        assert.equal(inWay({ accountBlock: ALL_BLOCKS }, closed), null);
        assert.equal(inWay({ accountBlock: ALL_BLOCKS, policy: PUBLIC.policy, acl: PUBLIC.acl }), null);
        assert.equal(inWay(only('blockPublicPolicy'), { ...PUBLIC, policy: PRIVATE.policy }), null);
        assert.equal(inWay(only('ignorePublicAcls')), null);
        assert.equal(inWay({}), null);
      });

      it('writes nothing at all, the bucket keeps its own blocks, and it goes through once that is lifted', async () => {
        const bucket = createBucket(PRIVATE);
        bucket.account.block = ALL_BLOCKS;
        const undo = undoTaskOf(target, PUBLIC, PRIVATE);

        await assert.rejects(
          revert.execute(undo, bucket.world, bucket.note),
          refusalThat(/Nothing was changed/),
        );
        assert.deepEqual(bucket.writes, []);

        bucket.account.block = null;
        await revert.execute(undo, bucket.world, bucket.note);
        assert.deepEqual(bucket.access(), PUBLIC);
      });

      it('finds no difference in it: it is none of what was changed', () => {
        assert.deepEqual(revert.differences(PUBLIC, PRIVATE, { ...PRIVATE, accountBlock: ALL_BLOCKS }), []);
      });
    });

    it('turns the blocks on again where AWS does not take the policy back: no weaker than it was found', async () => {
      const refusal = new CountersignError('aws.refused', 'MalformedPolicy: Invalid principal in policy');
      const bucket = createBucket(PRIVATE, refusal);

      await assert.rejects(
        revert.execute(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world, bucket.note),
        refusal,
      );

      assert.deepEqual(bucket.writes, ['delete blocks', 'acl', 'blocks']);
      assert.deepEqual(bucket.access().publicAccessBlock, ALL_BLOCKS);
    });

    it('leaves the blocks to the next try where AWS did not answer', async () => {
      const away = new CountersignError('aws.unavailable', 'away', { retryable: true });
      const bucket = createBucket(PRIVATE, away);

      await assert.rejects(
        revert.execute(undoTaskOf(target, PUBLIC, PRIVATE), bucket.world, bucket.note),
        away,
      );

      assert.deepEqual(bucket.writes, ['delete blocks', 'acl']);
    });

    it('changes nothing where ACLs were disabled since and others were granted something', async () => {
      const before: BucketAccess = { ...PUBLIC, acl: { ownerId: own.canonicalId, grants: [own, open] } };
      const bucket = createBucket({ ...PRIVATE, acl: null });

      const undone = revert.execute(undoTaskOf(target, before, PRIVATE), bucket.world, bucket.note);

      await assert.rejects(undone, refusalThat(/disabled .* since.*Nothing was changed/));
      assert.deepEqual(bucket.writes, []);
    });

    const inEnglish = (found: readonly Difference[]) =>
      found.map(({ part, before, left, now }) => ({
        ...{ part: english(part), before: english(before), left: english(left), now: english(now) },
      }));

    it('finds no difference in a world that is as we left it, in whatever order its keys come', () => {
      const reordered = JSON.parse(JSON.stringify(PRIVATE), (_key, value) =>
        value && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).reverse())
          : value,
      ) as BucketAccess;

      assert.deepEqual(revert.differences(PUBLIC, PRIVATE, reordered), []);
    });

    it('finds no difference in a policy that AWS gives back in other words', () => {
      const root = statement({ AWS: ['arn:aws:iam::444455556666:root'] }, 'Partner', {
        Action: ['s3:GetObject'],
      });
      const now = { ...PRIVATE, policy: { Version: '2012-10-17', Statement: [root, deny] } };

      assert.deepEqual(revert.differences(PUBLIC, PRIVATE, now), []);
    });

    it('says of each part that was changed since what it was, what we left and what it is, in a few words', () => {
      const now: BucketAccess = {
        acl: { ownerId: own.canonicalId, grants: [own, open, { ...open, permission: 'WRITE' }] },
        policy: { Version: '2012-10-17', Statement: [statement('*', 'OpenAgain'), partner, deny] },
        publicAccessBlock: { ...ALL_BLOCKS, ignorePublicAcls: false, blockPublicAcls: false },
      };

      const found = revert.differences(PUBLIC, PRIVATE, now);

      const withoutVersions = inEnglish(found).map((one) =>
        Object.fromEntries(
          Object.entries(one).map(([key, text]) => [key, text.replace(/, version [0-9a-f]{6}/, '')]),
        ),
      );
      assert.deepEqual(withoutVersions, [
        {
          part: 'Bucket policy',
          before: '3 statements (Open, Partner and NoDelete), 1 of them public',
          left: '2 statements (Partner and NoDelete)',
          now: '3 statements (OpenAgain, Partner and NoDelete), 1 of them public; new: OpenAgain (allows everybody: s3:GetObject; on arn:aws:s3:::files/*)',
        },
        {
          part: 'Access list',
          before: '2 grants, 1 of them public',
          left: '1 grant',
          now: '3 grants, 2 of them public',
        },
        {
          part: 'Public access blocks',
          before: 'not set',
          left: 'all four on',
          now: '2 of 4 on (blockPublicPolicy, restrictPublicBuckets)',
        },
      ]);
    });

    it('tells two policies apart that read the same', () => {
      const other = { ...partner, Action: 's3:PutObject' };
      const now = { ...PRIVATE, policy: { Version: '2012-10-17', Statement: [other, deny] } };

      const [found] = inEnglish(revert.differences(PUBLIC, PRIVATE, now));

      assert.match(found?.now ?? '', /^2 statements \(Partner and NoDelete\), version [0-9a-f]{6};/);
      assert.ok(
        found?.now.endsWith(
          '; new: Partner (allows the AWS account 444455556666: s3:PutObject; on arn:aws:s3:::files/*); gone: Partner (allows the AWS account 444455556666: s3:GetObject; on arn:aws:s3:::files/*)',
        ),
        found?.now,
      );
    });

    describe('under a block that ignores public lists, and does not refuse them', () => {
      const before = { ...PUBLIC, policy: PRIVATE.policy };
      const proofOf = async (from: BucketAccess, block: PublicAccessBlock | null) => {
        const bucket = createBucket(from);
        bucket.account.block = block;
        const first = await makeBucketPrivate.read(target, bucket.world);
        await makeBucketPrivate.execute(taskOf(target, first), bucket.world, bucket.note);
        const undo = undoTaskOf(target, first, await makeBucketPrivate.read(target, bucket.world));
        bucket.account.block = IGNORING;
        await revert.execute(undo, bucket.world, bucket.note);
        return { bucket, proof: await revert.verify(undo, bucket.world) };
      };

      it('comes back, and says that it cannot be read back', async () => {
        const { bucket, proof } = await proofOf(before, null);

        assert.deepEqual(bucket.access(), before);
        assert.equal(proof.kind, 'took-effect');
        assert.match(english(proof.says), /Whether grants to everybody are back as well cannot be read/);
      });

      it('does not claim to bring back what was never shown', async () => {
        const { bucket, proof } = await proofOf(before, IGNORING);

        assert.deepEqual(bucket.access().acl, PRIVATE.acl);
        assert.equal(proof.kind, 'took-effect');
        assert.match(english(proof.says), /Grants to everybody that were not shown, .* do not come back/);
      });

      it('says so before anybody decides', () => {
        const shown = { ...before, acl: PRIVATE.acl, accountBlock: IGNORING };

        const plan = writeOut(makeBucketPrivate.plan(target, shown, settings), english);

        assert.ok(plan.kind === 'offered');
        assert.match(plan.says.join(' '), /should there be any, are not shown .* this does away with them/);
        assert.match(plan.undo.says, /not shown, should there have been any, do not come back/);
      });

      it('is no difference to what we left', () => {
        const left = { ...before, publicAccessBlock: null };
        const now = { ...left, acl: PRIVATE.acl, accountBlock: IGNORING };

        assert.deepEqual(revert.differences(left, left, now), []);
      });
    });

    describe('while S3 has not noticed that the block is off', () => {
      const lagging = () => {
        const refusal = new CountersignError('aws.forbidden', 'AccessDenied: BlockPublicPolicy');
        return { refusal, bucket: createBucket({ ...PRIVATE, acl: null }, refusal) };
      };
      const before = { ...PUBLIC, acl: null };
      const undoing = (tries: number) => ({
        ...undoTaskOf(target, before, { ...PRIVATE, acl: null }),
        tries,
      });

      it('comes again in ten seconds, and leaves the block off until then', async () => {
        const { bucket } = lagging();

        for (const tries of [0, 1])
          await assert.rejects(
            revert.execute(undoing(tries), bucket.world, bucket.note),
            ({ code, retryable, retryAfterMs }: CountersignError) =>
              code === 'aws.forbidden' && retryable && retryAfterMs === 10_000,
          );

        assert.deepEqual(bucket.writes, ['delete blocks']);
      });

      it('takes it for final after a minute, and turns the blocks on again', async () => {
        const { bucket, refusal } = lagging();
        await assert.rejects(revert.execute(undoing(0), bucket.world, bucket.note));

        await assert.rejects(revert.execute(undoing(6), bucket.world, bucket.note), refusal);

        assert.deepEqual(bucket.writes, ['delete blocks', 'blocks']);
        assert.deepEqual(bucket.access().publicAccessBlock, ALL_BLOCKS);
      });

      it('does not wait where the bucket’s own policy denies it', async () => {
        const denied = new CountersignError('aws.denied', 'explicit deny');
        const bucket = createBucket({ ...PRIVATE, acl: null }, denied);

        await assert.rejects(revert.execute(undoing(0), bucket.world, bucket.note), denied);

        assert.deepEqual(bucket.writes, ['delete blocks', 'blocks']);
      });
    });
  });
});
