import assert from 'node:assert/strict';
import { CountersignError } from '../../../src/case/errors.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import { ALL_BLOCKS, ALL_USERS, type BucketAccess } from '../../../src/case/public-access.ts';
import { say } from '../../../src/case/said.ts';
import { type BucketTarget, principalWords } from '../../../src/case/target.ts';
import { writeOut } from '../../../src/case/written.ts';
import type { GovernanceAction, World } from '../../../src/govern/action.ts';
import { removeCollaborator } from '../../../src/govern/actions/remove-collaborator.ts';
import { settings } from '../../helpers/cases.ts';
import { allEnglish, english, inLanguage } from '../../helpers/english.ts';
import { createGovernStage } from '../../helpers/govern-stage.ts';
import {
  BUCKET,
  collaborator,
  createBucket,
  OWN_ACCOUNT,
  OWN_ID,
  PARTNER_ACCOUNT,
  PARTNER_ID,
  statement,
  taskOf,
  undoTaskOf,
} from './s3-fixture.ts';

const OTHER_ACCOUNT = '777788889999';
const ROOT = `arn:aws:iam::${PARTNER_ACCOUNT}:root`;
const PAT = `arn:aws:iam::${PARTNER_ACCOUNT}:user/pat`;
const OLA = `arn:aws:iam::${OTHER_ACCOUNT}:user/ola`;
const own = { canonicalId: OWN_ID, permission: 'FULL_CONTROL' };
const reads = (canonicalId: string) => ({ canonicalId, permission: 'READ' });
const deny = statement({ AWS: ROOT }, 'NotThem', { Effect: 'Deny' });
const policyOf = (...Statement: readonly JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const accessOf = (more: Partial<BucketAccess>): BucketAccess => ({
  acl: null,
  policy: null,
  publicAccessBlock: null,
  ...more,
});
const NAMED = accessOf({
  policy: policyOf(
    statement({ AWS: PARTNER_ACCOUNT }, 'Account'),
    statement({ AWS: [ROOT, OLA] }, 'Shared'),
    deny,
  ),
});

const plan = (principal: string, access: BucketAccess, over = settings) =>
  writeOut(removeCollaborator.plan(collaborator(principal), access, over), english);
const says = (principal: string, access: BucketAccess): readonly string[] => {
  const made = plan(principal, access);
  assert.equal(made.kind, 'offered', made.kind === 'offered' ? '' : made.reason);
  return made.kind === 'offered' ? made.says : [];
};
const refused = (principal: string, access: BucketAccess, over = settings): string => {
  const made = plan(principal, access, over);
  assert.equal(made.kind, 'refused');
  return made.kind === 'refused' ? made.reason : '';
};
async function removed(principal: string, access: BucketAccess): Promise<BucketAccess> {
  const bucket = createBucket(access);
  await removeCollaborator.execute(taskOf(collaborator(principal), access), bucket.world, bucket.note);
  return bucket.access();
}

describe('remove a collaborator', () => {
  describe('whom it finds', () => {
    const find = (buckets: Readonly<Record<string, BucketAccess | CountersignError>>) => {
      const storage = {
        readAccess: async ({ name }: BucketTarget) => {
          const one = buckets[name];
          if (one instanceof CountersignError || !one) throw one;
          return one;
        },
      };
      const targets = Object.keys(buckets).map((name): BucketTarget => ({ ...BUCKET, name }));
      const world = { storage, settings } as unknown as World;
      return removeCollaborator.find({ subject: null, targets }, world);
    };
    const found = async (access: BucketAccess) =>
      (await find({ files: access })).map(({ principal }) => principal);

    it('is everybody whom Allow statements and grants name and who is of no listed account', async () => {
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own, reads(PARTNER_ID), { uri: ALL_USERS, permission: 'READ' }] },
        policy: policyOf(
          statement({ AWS: [ROOT, PAT, OWN_ACCOUNT, `arn:aws:iam::${OWN_ACCOUNT}:role/app`] }, 'a'),
          statement({ AWS: PARTNER_ACCOUNT, Service: 'cloudtrail.amazonaws.com' }, 'b'),
          statement({ CanonicalUser: [OWN_ID, PARTNER_ID] }, 'c'),
          statement({ Federated: `arn:aws:iam::${PARTNER_ACCOUNT}:saml-provider/idp` }, 'd'),
          statement(
            { AWS: ['AIDAEXAMPLEEXAMPLE123', `arn:aws:sts::${PARTNER_ACCOUNT}:assumed-role/r/s`] },
            'e',
          ),
          statement('*', 'everybody'),
          statement({ AWS: OLA }, 'deny', { Effect: 'Deny' }),
        ),
      });

      assert.deepEqual(await found(access), [
        PARTNER_ACCOUNT,
        PAT,
        PARTNER_ID,
        `arn:aws:iam::${PARTNER_ACCOUNT}:saml-provider/idp`,
        'AIDAEXAMPLEEXAMPLE123',
        `arn:aws:sts::${PARTNER_ACCOUNT}:assumed-role/r/s`,
      ]);
    });

    it('is all of them, and first those whom the evidence names: decoys crowd nobody out', async () => {
      const many = Array.from({ length: 33 }, (_, n) => `arn:aws:iam::${PARTNER_ACCOUNT}:user/u${n}`);
      const access = accessOf({ policy: policyOf(statement({ AWS: [...many, OLA] }, 'Many')) });
      const storage = { readAccess: async () => access };
      const world = { storage, settings } as unknown as World;
      const facts = [{ label: 'What was asked for', value: `bucketPolicy ... "${OLA}"` }];

      const all = await removeCollaborator.find({ subject: null, targets: [BUCKET], facts }, world);

      assert.deepEqual(
        all.map(({ principal }) => principal),
        [OLA, ...many],
      );
    });

    it('is whom a condition names, too', async () => {
      const byCondition = statement('*', 'ByCondition', {
        Condition: { StringEquals: { 'aws:PrincipalAccount': [PARTNER_ACCOUNT, OWN_ACCOUNT] } },
      });

      assert.deepEqual(await found(accessOf({ policy: policyOf(byCondition) })), [PARTNER_ACCOUNT]);
    });

    it('leaves out a bucket that cannot be looked at, unless nothing else is found', async () => {
      const gone = new CountersignError('aws.no-such-bucket', 'gone');

      assert.equal((await find({ gone, files: NAMED })).length, 2);
      await assert.rejects(find({ gone }), gone);
    });

    it('comes again while S3 does not answer', async () => {
      const away = new CountersignError('aws.unavailable', 'away', { retryable: true });

      await assert.rejects(find({ files: NAMED, away }), away);
    });
  });

  describe('the plan', () => {
    it('says with numbers what goes, and what of the same account stays', () => {
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own, reads(PARTNER_ID)] },
        policy: policyOf(
          statement({ AWS: PARTNER_ACCOUNT }, 'Account'),
          statement({ AWS: [ROOT, OLA] }, 'Shared'),
          statement({ AWS: PAT }, 'Pat'),
        ),
      });

      assert.deepEqual(says(PARTNER_ACCOUNT, access), [
        'They lose the access that the bucket gives them by name.',
        'Takes the name out of 2 statements of the bucket policy (Account and Shared); 1 statement that names nobody else is removed.',
        '1 more name of the same account is in its rules.',
        'The access list names 1 grant by canonical id alone: whether one is theirs as well cannot be told.',
      ]);
      assert.deepEqual(says(PARTNER_ID, access), [
        'They lose the access that the bucket gives them by name.',
        "Removes 1 grant (READ) from the bucket's access list.",
      ]);
    });

    it('says it in the language of whoever reads it', async () => {
      const made = removeCollaborator.plan(collaborator(PARTNER_ACCOUNT), NAMED, settings);
      const proof = await removeCollaborator.verify(
        taskOf(collaborator(PAT), NAMED),
        createBucket(NAMED).world,
      );

      assert.ok(made.kind === 'offered');
      assert.deepEqual(
        made.says.map((one) => inLanguage('es', one)),
        [
          'Se retira el acceso que el bucket da por nombre.',
          'Quita el nombre de 2 declaraciones de la política del bucket (Account y Shared); se elimina 1 declaración que no nombra a nadie más.',
        ],
      );
      assert.equal(
        inLanguage('de', proof.says),
        'Der Benutzer pat des Kontos 444455556666 steht in keiner Regel mehr, die Zugriff gibt: nachgelesen in der Bucket-Richtlinie und der Zugriffsliste. In seinen Regeln steht 1 weiterer Name desselben Kontos.',
      );
    });

    it('finds in words what the evidence names', async () => {
      const world = { storage: { readAccess: async () => NAMED }, settings } as unknown as World;
      const facts = [{ label: say('s3.look.why'), value: say('s3.look.failed', { why: `asked by ${OLA}` }) }];

      const all = await removeCollaborator.find({ subject: null, targets: [BUCKET], facts }, world);

      assert.equal(all[0]?.principal, OLA);
    });

    it('says nothing of anybody else that the same press could make untrue', () => {
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own, reads(PARTNER_ID)] },
        policy: policyOf(statement({ AWS: [ROOT, PAT, OLA] }, 'Shared')),
      });

      for (const principal of [PARTNER_ACCOUNT, PAT, OLA, PARTNER_ID])
        assert.doesNotMatch(says(principal, access).join(' '), /not removed|keeps? (their )?access|stays?\b/);
    });

    it('does not call a bucket public that a block of the account keeps strangers out of', () => {
      const policy = policyOf(statement({ AWS: OLA }, 'Ola'), statement('*', 'Open'));
      const restrict = { ...ALL_BLOCKS, blockPublicAcls: false, blockPublicPolicy: false };

      assert.match(says(OLA, accessOf({ policy })).join(' '), /it is public as well/);
      assert.doesNotMatch(says(OLA, accessOf({ policy, accountBlock: restrict })).join(' '), /it is public/);
    });

    it('calls each by a name that a person can read', () => {
      const names = [
        ROOT,
        `arn:aws:iam::${PARTNER_ACCOUNT}:role/service/Etl`,
        `arn:aws:sts::${PARTNER_ACCOUNT}:assumed-role/Etl/nightly`,
        `arn:aws:iam::${PARTNER_ACCOUNT}:saml-provider/idp`,
        'pat@partner.example',
      ];

      assert.deepEqual(names.map(principalWords), [
        `the AWS account ${PARTNER_ACCOUNT}`,
        `role Etl of account ${PARTNER_ACCOUNT}`,
        `session Etl/nightly of account ${PARTNER_ACCOUNT}`,
        `SAML provider idp of account ${PARTNER_ACCOUNT}`,
        'pat@partner.example',
      ]);
    });

    it('says what lets them in all the same: a public bucket, and statements for everybody under a condition', () => {
      const inside = statement('*', 'Inside', {
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } },
      });
      const access = accessOf({
        policy: policyOf(statement({ AWS: OLA }, 'Ola'), statement('*', 'Open'), inside),
      });

      const sentences = says(OLA, access);

      assert.equal(
        sentences[0],
        'They lose the access that the bucket gives them by name, but it is public as well: they keep access until it is made private.',
      );
      assert.ok(sentences.some((one) => one.startsWith('1 rule for everybody under a condition')));
    });

    it('says what it means to remove somebody who is deleted, or CloudFront, and that a leftover may stand in the way', () => {
      const deleted = 'AROAEXAMPLEEXAMPLE123';
      const front = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE';
      const access = accessOf({ policy: policyOf(statement({ AWS: [deleted, front] }, 'Both')) });

      assert.ok(says(deleted, access).some((one) => /was deleted: nobody can use it/.test(one)));
      const sentences = says(front, access);
      assert.ok(sentences.some((one) => /what it serves from this bucket stops/.test(one)));
      assert.ok(sentences.some((one) => /names 1 deleted principal: AWS may refuse/.test(one)));
    });

    it('stands for the statements and grants alone, whoever else they name', () => {
      const one = plan(PARTNER_ACCOUNT, NAMED);
      const later = accessOf({
        policy: policyOf(statement({ AWS: ROOT }, 'Account'), statement({ AWS: PARTNER_ACCOUNT }, 'Shared')),
      });
      const two = plan(PARTNER_ACCOUNT, later);

      assert.ok(one.kind === 'offered' && two.kind === 'offered');
      assert.deepEqual(two.basis, one.basis);
      const other = plan(PARTNER_ACCOUNT, accessOf({ policy: policyOf(statement({ AWS: ROOT }, 'Other')) }));
      assert.ok(other.kind === 'offered');
      assert.notDeepEqual(other.basis, one.basis);
    });
  });

  describe('what it refuses', () => {
    it('is to remove the owner, by account, by ARN and by canonical id', () => {
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own] },
        policy: policyOf(statement({ AWS: [OWN_ACCOUNT, `arn:aws:iam::${OWN_ACCOUNT}:role/app`] }, 'Own')),
      });
      const names = [
        OWN_ACCOUNT,
        `arn:aws:iam::${OWN_ACCOUNT}:root`,
        `arn:aws:iam::${OWN_ACCOUNT}:role/app`,
        OWN_ID,
      ];

      for (const name of names) assert.match(refused(name, access), /the owner keeps access/);
    });

    it('is a canonical id of which it cannot be told whose it is', () => {
      const access = accessOf({ policy: policyOf(statement({ CanonicalUser: PARTNER_ID }, 'Id')) });

      assert.match(refused(PARTNER_ID, access), /cannot be told whether/);
      assert.equal(plan(PARTNER_ID, { ...access, ownerId: OWN_ID }).kind, 'offered');
    });

    it('is a principal that the settings protect', () => {
      const aws = { ...settings.aws, protectedPrincipals: [`arn:aws:iam::${PARTNER_ACCOUNT}:*`] };
      const access = accessOf({ policy: policyOf(statement({ AWS: PAT }, 'Pat')) });

      assert.match(refused(PAT, access, { ...settings, aws }), /protected by the settings/);
    });

    it('is protected whatever the letter case', () => {
      const aws = { ...settings.aws, protectedPrincipals: [`arn:aws:iam::${PARTNER_ACCOUNT}:user/PAT`] };
      const access = accessOf({ policy: policyOf(statement({ AWS: PAT }, 'Pat')) });

      assert.match(refused(PAT, access, { ...settings, aws }), /protected by the settings/);
    });

    it('is a policy for everybody except some, with an explanation; the same in a Deny is none of its business', () => {
      const { Principal: _none, ...allBut } = statement('*', 'AllBut', { NotPrincipal: { AWS: PAT } });
      const named = statement({ AWS: OLA }, 'Ola');

      assert.match(
        refused(OLA, accessOf({ policy: policyOf(allBut, named) })),
        /everybody except those it names \(NotPrincipal\).*Making the bucket private/,
      );
      const denied = { ...allBut, Effect: 'Deny' };
      assert.equal(plan(OLA, accessOf({ policy: policyOf(denied, named) })).kind, 'offered');
    });

    it('is somebody who is not named', () => {
      assert.match(refused(PAT, NAMED), /named neither in the policy nor in the access list/);
    });

    it('is what AWS would refuse: a change to a public policy or list while the blocks are on', () => {
      const openPolicy = accessOf({
        policy: policyOf(statement({ AWS: OLA }, 'Ola'), statement('*', 'Open')),
        publicAccessBlock: ALL_BLOCKS,
      });
      const grants = [own, reads(PARTNER_ID), { uri: ALL_USERS, permission: 'READ' }];
      const openAcl = accessOf({ acl: { ownerId: OWN_ID, grants }, publicAccessBlock: ALL_BLOCKS });

      assert.match(refused(OLA, openPolicy), /Make the bucket private first/);
      assert.match(refused(PARTNER_ID, openAcl), /Make the bucket private first/);
      assert.equal(plan(OLA, { ...openPolicy, publicAccessBlock: null }).kind, 'offered');
      const byAccount = { publicAccessBlock: null, accountBlock: ALL_BLOCKS };
      assert.match(refused(OLA, { ...openPolicy, ...byAccount }), /Make the bucket private first/);
      assert.match(refused(PARTNER_ID, { ...openAcl, ...byAccount }), /Make the bucket private first/);
    });
  });

  describe('carrying it out', () => {
    it('takes an account out in both spellings, from strings and lists, and touches no Deny', async () => {
      const { policy } = await removed(PARTNER_ACCOUNT, NAMED);

      assert.deepEqual(policy, policyOf(statement({ AWS: [OLA] }, 'Shared'), deny));
    });

    it('takes somebody out of a condition, and the statement where nobody else could meet it', async () => {
      const isOne = (...names: readonly string[]) => ({
        Condition: { ArnEquals: { 'aws:PrincipalArn': names }, Bool: { 'aws:SecureTransport': 'true' } },
      });
      const access = accessOf({
        policy: policyOf(
          statement({ AWS: PAT }, 'Named'),
          statement('*', 'Both', isOne(PAT, OLA)),
          statement('*', 'Alone', isOne(PAT)),
          statement('*', 'Denied', { ...isOne(PAT), Effect: 'Deny' }),
        ),
      });

      const { policy } = await removed(PAT, access);

      assert.deepEqual(
        policy,
        policyOf(
          statement('*', 'Both', isOne(OLA)),
          statement('*', 'Denied', { ...isOne(PAT), Effect: 'Deny' }),
        ),
      );
      assert.match(
        says(PAT, access).join(' '),
        /out of 3 statements .*; 2 statements that name nobody else are removed/,
      );
    });

    it('keeps the other kinds of principals of a statement', async () => {
      const both = statement({ AWS: PAT, CanonicalUser: PARTNER_ID, Service: 'x.amazonaws.com' }, 'Both');

      const { policy } = await removed(PAT, accessOf({ policy: policyOf(both) }));

      assert.deepEqual(
        policy,
        policyOf(statement({ CanonicalUser: PARTNER_ID, Service: 'x.amazonaws.com' }, 'Both')),
      );
    });

    it('deletes a policy of which nothing is left, and never writes an ACL where none changes', async () => {
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own] },
        policy: policyOf(statement({ AWS: PAT }, 'Pat')),
      });
      const bucket = createBucket(access);

      await removeCollaborator.execute(taskOf(collaborator(PAT), access), bucket.world, bucket.note);

      assert.deepEqual(bucket.writes, ['delete policy']);
      assert.deepEqual(bucket.notes, ['R1']);
    });

    it('takes a canonical id off policy and access list, and a mail address off the list', async () => {
      const mail = { email: 'pat@partner.example', permission: 'READ' };
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own, reads(PARTNER_ID), mail] },
        policy: policyOf(statement({ CanonicalUser: [PARTNER_ID, OWN_ID] }, 'Ids')),
      });

      const byId = await removed(PARTNER_ID, access);
      const byMail = await removed(mail.email, access);

      assert.deepEqual(byId.acl?.grants, [own, mail]);
      assert.deepEqual(byId.policy, policyOf(statement({ CanonicalUser: [OWN_ID] }, 'Ids')));
      assert.deepEqual(byMail.acl?.grants, [own, reads(PARTNER_ID)]);
    });

    it('takes the grants away even when S3 does not accept the rest of the policy, and reports the refusal', async () => {
      const refusal = new CountersignError('aws.refused', 'MalformedPolicy: Invalid principal in policy');
      const access = accessOf({
        acl: { ownerId: OWN_ID, grants: [own, reads(PARTNER_ID)] },
        policy: policyOf(statement({ CanonicalUser: PARTNER_ID }, 'Id')),
      });
      const bucket = createBucket(access, refusal);
      const task = taskOf(collaborator(PARTNER_ID), access);

      await assert.rejects(
        removeCollaborator.execute(task, bucket.world, bucket.note),
        ({ code, say: said }: CountersignError) =>
          code === 'aws.refused' && /did not take the change \(Bucket policy\)/.test(english(said)),
      );

      assert.deepEqual(bucket.access().acl?.grants, [own]);
      assert.deepEqual(writeOut(await removeCollaborator.verify(task, bucket.world), english), {
        kind: 'not-done',
        says: `Canonical id bbbbbbbb...bbbb is still named in 1 statement and 0 grants.`,
      });
    });
  });

  it('proves it by reading back, and says where the bucket is open to them all the same', async () => {
    const task = taskOf(collaborator(PAT), NAMED);
    const closed = await removeCollaborator.verify(task, createBucket(NAMED).world);
    const open = accessOf({ policy: policyOf(statement('*', 'Open')) });

    const inPublic = await removeCollaborator.verify(task, createBucket(open).world);

    assert.match(
      english(closed.says),
      /^User pat of account 444455556666 is in no rule that gives access any more: read back/,
    );
    assert.equal(closed.kind, 'took-effect');
    assert.match(english(inPublic.says), /The bucket is public/);
    const disarmed = createBucket(open);
    disarmed.account.block = ALL_BLOCKS;
    assert.doesNotMatch(english((await removeCollaborator.verify(task, disarmed.world)).says), /is public/);
  });

  it('says in the proof what they may get in by all the same', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } };
    const now = accessOf({
      policy: policyOf(statement({ AWS: ROOT }, 'Account'), statement('*', 'Company', { Condition })),
    });

    const proof = await removeCollaborator.verify(taskOf(collaborator(PAT), now), createBucket(now).world);

    assert.match(
      english(proof.says),
      /1 more name of the same account is in its rules\. 1 rule for everybody under a condition/,
    );
  });

  describe('undo', () => {
    const { revert } = removeCollaborator;
    assert.ok(revert);

    it('puts policy and access list back, and leaves the blocks alone', async () => {
      const after = await removed(PARTNER_ACCOUNT, NAMED);
      const bucket = createBucket({ ...after, publicAccessBlock: ALL_BLOCKS });
      const undo = undoTaskOf(collaborator(PARTNER_ACCOUNT), NAMED, after);

      await revert.execute(undo, bucket.world, bucket.note);

      assert.deepEqual(bucket.access(), { ...NAMED, publicAccessBlock: ALL_BLOCKS });
      assert.equal((await revert.verify(undo, bucket.world)).kind, 'took-effect');
      assert.equal((await revert.verify(undo, createBucket(after).world)).kind, 'not-done');
    });

    it('is not begun while a block, of the bucket or of the account, refuses the public rules that stood beside them', () => {
      const open = statement('*', 'Open');
      const before = accessOf({ policy: policyOf(statement({ AWS: PAT }, 'Pat'), open) });
      const after = accessOf({ policy: policyOf(open) });
      const target = collaborator(PAT);

      assert.equal(revert.obstacle?.(target, before, after), null);
      assert.match(
        english(revert.obstacle?.(target, before, { ...after, publicAccessBlock: ALL_BLOCKS }) ?? ''),
        /blocked for the bucket files/,
      );
      assert.match(
        english(revert.obstacle?.(target, before, { ...after, accountBlock: ALL_BLOCKS }) ?? ''),
        /blocked for the whole AWS account/,
      );
      assert.equal(revert.obstacle?.(target, NAMED, { ...after, accountBlock: ALL_BLOCKS }), null);
    });

    it('does not claim to bring back grants that a block kept from being shown, and says so beforehand', async () => {
      const everybody = { uri: ALL_USERS, permission: 'READ' };
      const list = { ownerId: OWN_ID, grants: [own, everybody, reads(PARTNER_ID)] };
      const bucket = createBucket(accessOf({ acl: list, publicAccessBlock: ALL_BLOCKS }));
      const target = collaborator(PARTNER_ID);
      const before = await removeCollaborator.read(target, bucket.world);

      const plan = writeOut(removeCollaborator.plan(target, before, settings), english);
      await removeCollaborator.execute(taskOf(target, before), bucket.world, bucket.note);
      const undo = undoTaskOf(target, before, await removeCollaborator.read(target, bucket.world));
      await revert.execute(undo, bucket.world, bucket.note);
      const proof = await revert.verify(undo, bucket.world);

      assert.ok(plan.kind === 'offered');
      assert.match(plan.says.join(' '), /should there be any, are not shown .* this does away with them/);
      assert.match(plan.undo.says, /do not come back/);
      assert.deepEqual(bucket.access().acl?.grants, [own, reads(PARTNER_ID)]);
      assert.equal(proof.kind, 'took-effect');
      assert.match(english(proof.says), /do not come back/);
    });

    it('shows a grant that somebody added to the access list since, and writes nothing', async () => {
      const named = accessOf({
        acl: { ownerId: OWN_ID, grants: [own, reads(PARTNER_ID)] },
        policy: policyOf(statement({ CanonicalUser: PARTNER_ID }, 'Id')),
      });
      const bucket = createBucket(named);
      const stage = await createGovernStage({
        actions: [removeCollaborator as unknown as GovernanceAction],
        offers: { out: [[removeCollaborator.id, collaborator(PARTNER_ID)]] },
        recheckMs: 0,
        world: { storage: bucket.world.storage },
      });
      const about = await stage.open();
      await stage.approve(about, 'out');
      const done = await stage.run(about);
      const theirs = { ownerId: OWN_ID, grants: [own, reads('c'.repeat(64))] };
      await bucket.world.storage.writeAcl(BUCKET, theirs);
      const written = [...bucket.writes];

      await stage.undo(done);
      await stage.run(done);
      const left = await stage.store.readCase(done.id);
      await stage.close();

      assert.deepEqual(bucket.writes, written);
      assert.deepEqual(bucket.access().acl, theirs);
      assert.match(
        allEnglish(left?.undoConflicts?.flatMap((one) => one.says) ?? []).join(' '),
        / on files: Access list\. Before: 2 grants, .* left by us: 1 grant, .* now: 2 grants/,
      );
    });

    it('is kept from a policy that somebody else changed, and not by the blocks', async () => {
      const after = await removed(PARTNER_ACCOUNT, NAMED);
      const theirs = { ...after, policy: policyOf(statement({ AWS: PAT }, 'New')) };

      assert.deepEqual(revert.differences(NAMED, after, { ...after, publicAccessBlock: ALL_BLOCKS }), []);
      assert.deepEqual(
        revert.differences(NAMED, after, theirs).map(({ part }) => english(part)),
        ['Bucket policy'],
      );
    });
  });
});
