import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/case/json.ts';
import { ALL_BLOCKS, type BucketAcl } from '../../../src/case/public-access.ts';
import type { ObjectTarget } from '../../../src/case/target.ts';
import { writeOut } from '../../../src/case/written.ts';
import { makeObjectPrivate, type ObjectAccess } from '../../../src/govern/actions/make-object-private.ts';
import { settings } from '../../helpers/cases.ts';
import { english } from '../../helpers/english.ts';
import { allow, bucket, policy, readStatus } from '../../sandbox/s3/world-fixture.ts';
import { taskOf, undoTaskOf } from './s3-fixture.ts';
import { at, forPartner, NAME, open, own, type Stage, setStage } from './s3-scenes.ts';

const target: ObjectTarget = { kind: 'object', ...at, bucket: NAME, key: 'report.txt' };
const OPEN: BucketAcl = { ownerId: own.canonicalId, grants: [own, open, forPartner] };
const CLOSED: BucketAcl = { ownerId: own.canonicalId, grants: [own, forPartner] };
const stateOf = (acl: BucketAcl | null, more: Partial<ObjectAccess['bucket']> = {}): ObjectAccess => ({
  acl,
  bucket: {
    acl: { ownerId: own.canonicalId, grants: [own] },
    policy: null,
    publicAccessBlock: null,
    ...more,
  },
});
const forAll = (Resource: string | readonly string[]): JsonObject =>
  policy(allow(NAME, '*', { Action: 's3:GetObject', Resource }));

const plan = (state: ObjectAccess) => writeOut(makeObjectPrivate.plan(target, state, settings), english);
function says(state: ObjectAccess): readonly string[] {
  const made = plan(state);
  assert.equal(made.kind, 'offered');
  return made.kind === 'offered' ? made.says : [];
}
function refused(state: ObjectAccess): string {
  const made = plan(state);
  assert.equal(made.kind, 'refused');
  return made.kind === 'refused' ? made.reason : '';
}

describe('make the object private', () => {
  describe('the plan', () => {
    it('says with numbers which grants go and how many stay', () => {
      assert.deepEqual(says(stateOf(OPEN)), [
        'People outside the company can no longer open it, unless they are named.',
        "Removes 1 public grant (READ) from the object's access list; 2 other grants stay.",
        'Older versions of the object keep access lists of their own.',
      ]);
    });

    it('says when the policy of the bucket makes it public as well, for this object and no other', () => {
      const also =
        'The policy of its bucket makes it public as well: it stays public until the bucket is made private.';
      for (const one of [`arn:aws:s3:::${NAME}/*`, 'arn:aws-cn:s3:::files/rep?rt.txt', '*'])
        assert.ok(says(stateOf(OPEN, { policy: forAll(one) })).includes(also), one);

      const elsewhere = forAll([`arn:aws:s3:::${NAME}/images/*`, `arn:aws:s3:::${NAME}`]);
      assert.ok(!says(stateOf(OPEN, { policy: elsewhere })).includes(also));
      const disarmed = { policy: forAll(`arn:aws:s3:::${NAME}/*`), publicAccessBlock: ALL_BLOCKS };
      assert.ok(!says(stateOf(OPEN, disarmed)).includes(also));
    });

    it('says where it may not see what is public, because a block ignores it', () => {
      const hidden =
        /Nothing in the access list of .* is public\. Grants to everybody, should there be any, do not work and are not shown/;

      assert.match(refused(stateOf(CLOSED, { publicAccessBlock: ALL_BLOCKS })), hidden);
      assert.match(refused(stateOf(CLOSED, { accountBlock: ALL_BLOCKS })), hidden);
      assert.doesNotMatch(refused(stateOf(CLOSED)), /not shown/);
    });

    it('counts the block of the account like that of the bucket', () => {
      const made = plan(stateOf(OPEN, { accountBlock: { ...ALL_BLOCKS, ignorePublicAcls: false } }));
      const byPolicy = stateOf(OPEN, {
        policy: forAll(`arn:aws:s3:::${NAME}/*`),
        accountBlock: ALL_BLOCKS,
      });

      assert.ok(made.kind === 'offered' && !made.undo.possible);
      assert.doesNotMatch(says(byPolicy).join(' '), /policy of its bucket makes it public/);
    });

    it('is not put back while a block of the bucket or of the account refuses it', () => {
      const inWay = (now: ObjectAccess) => {
        const said = makeObjectPrivate.revert?.obstacle?.(target, stateOf(OPEN), now) ?? null;
        return said && english(said);
      };

      assert.match(inWay(stateOf(CLOSED, { accountBlock: ALL_BLOCKS })) ?? '', /undo is possible once/);
      assert.match(inWay(stateOf(CLOSED, { publicAccessBlock: ALL_BLOCKS })) ?? '', /undo is possible once/);
      assert.equal(inWay(stateOf(CLOSED)), null);
      assert.equal(inWay(stateOf(OPEN, { accountBlock: ALL_BLOCKS })), null);
    });

    it('is refused where ACLs are disabled, where nothing is public, and where nothing is', () => {
      const byPolicy = { policy: forAll(`arn:aws:s3:::${NAME}/*`) };

      assert.match(refused(stateOf(null, { acl: null })), /Access lists are disabled/);
      assert.match(refused(stateOf(null, { acl: null, ...byPolicy })), /make the bucket private instead/);
      assert.match(refused(stateOf(CLOSED)), /Nothing in the access list .* is public\.$/);
      assert.match(refused(stateOf(CLOSED, byPolicy)), /make the bucket private instead/);
      assert.match(refused(stateOf(null)), /no object files\/report\.txt\.$/);
    });
  });

  describe('in the stand-in S3', () => {
    let stage: Stage;
    const start = async (more: Parameters<typeof bucket>[1] = {}, allows?: readonly string[]) => {
      await stage?.server.close();
      const seed = bucket(NAME, {
        ownership: 'ObjectWriter',
        objects: { 'report.txt': { body: 'open', acl: 'public-read' } },
        ...more,
      });
      stage = await setStage([seed], allows);
    };
    const note = async () => {};
    const anonymous = () => readStatus(stage.server.url, NAME);
    beforeEach(() => start());
    after(() => stage.server.close());

    it('keeps strangers out of the object, and undo lets them in again exactly as before', async () => {
      const initial = stage.server.world.state();
      const before = await makeObjectPrivate.read(target, stage.world);
      const open = await anonymous();

      await makeObjectPrivate.execute(taskOf(target, before), stage.world, note);
      const closed = await anonymous();
      const verified = await makeObjectPrivate.verify(taskOf(target, before), stage.world);
      const after = await makeObjectPrivate.read(target, stage.world);
      const undo = undoTaskOf(target, before, after);
      await makeObjectPrivate.revert?.execute(undo, stage.world, note);

      assert.deepEqual([open, closed, await anonymous()], [200, 403, 200]);
      assert.equal(verified.kind, 'took-effect');
      assert.deepEqual(stage.server.world.state(), initial);
      assert.equal((await makeObjectPrivate.revert?.verify(undo, stage.world))?.kind, 'took-effect');
    });

    it('comes back under a block that ignores public lists, and says that it cannot be read back', async () => {
      const ignoring = { ...ALL_BLOCKS, blockPublicAcls: false };
      const before = await makeObjectPrivate.read(target, stage.world);
      await makeObjectPrivate.execute(taskOf(target, before), stage.world, note);
      const undo = undoTaskOf(target, before, await makeObjectPrivate.read(target, stage.world));
      await stage.storage.writePublicAccessBlock({ kind: 'bucket', ...at, name: NAME }, ignoring);

      await makeObjectPrivate.revert?.execute(undo, stage.world, note);
      const proof = await makeObjectPrivate.revert?.verify(undo, stage.world);
      await stage.storage.writePublicAccessBlock({ kind: 'bucket', ...at, name: NAME }, null);

      assert.equal(proof?.kind, 'took-effect');
      assert.match(english(proof?.says ?? ''), /Whether grants to everybody are back as well cannot be read/);
      assert.equal(await anonymous(), 200);
    });

    it('keeps every other grant, starting from the list as it is and not as it was', async () => {
      const before = await makeObjectPrivate.read(target, stage.world);
      await stage.storage.writeObjectAcl(target, OPEN);

      await makeObjectPrivate.execute(taskOf(target, before), stage.world, note);
      const calls = stage.server.world.calls.length;
      const after = await makeObjectPrivate.read(target, stage.world);
      await makeObjectPrivate.execute(taskOf(target, before), stage.world, note);

      assert.deepEqual(after.acl, CLOSED);
      const later = stage.server.world.calls.slice(calls);
      assert.ok(
        later.every(({ operation }) => operation.startsWith('Get')),
        'nothing is written twice',
      );
    });

    it('is not done while a grant is public, and says when the policy still opens the object', async () => {
      const before = await makeObjectPrivate.read(target, stage.world);
      assert.equal((await makeObjectPrivate.verify(taskOf(target, before), stage.world)).kind, 'not-done');

      await start({ policy: forAll(`arn:aws:s3:::${NAME}/*`), objects: { 'report.txt': 'closed' } });

      const seen = await makeObjectPrivate.verify(taskOf(target, before), stage.world);
      assert.match(english(seen.says), /policy of its bucket still makes it public/);
    });

    it('is proven on no object that is gone, and on one whose list counts no more', async () => {
      const before = await makeObjectPrivate.read(target, stage.world);
      await start({ objects: {} });
      const onNone = await makeObjectPrivate.verify(taskOf(target, before), stage.world);
      await start({ ownership: 'BucketOwnerEnforced' });
      const onDisabled = await makeObjectPrivate.verify(taskOf(target, before), stage.world);

      assert.equal(onNone.kind, 'not-done');
      assert.match(english(onNone.says), /^There is no object [^ ]+\.$/);
      assert.equal(onDisabled.kind, 'took-effect');
    });

    it('is not undone over a list that somebody changed, nor where the object is gone', async () => {
      const before = await makeObjectPrivate.read(target, stage.world);
      await makeObjectPrivate.execute(taskOf(target, before), stage.world, note);
      const after = await makeObjectPrivate.read(target, stage.world);
      const theirs = { ...after, acl: { ...CLOSED } };
      const { revert } = makeObjectPrivate;
      assert.ok(revert);

      assert.deepEqual(
        revert.differences(before, after, theirs).map(({ part }) => english(part)),
        ["Object's access list"],
      );
      assert.match(
        english(revert.differences(before, after, { ...after, acl: null })[0]?.now ?? ''),
        /there is no such object/,
      );
      assert.equal(revert.gone?.(target, before, theirs), null);
      await start({ objects: {} });
      const gone = revert.gone?.(target, before, await makeObjectPrivate.read(target, stage.world)) ?? '';
      assert.match(english(gone), /^There is no object .* So nothing is left to undo\./);
      const undone = revert.execute(undoTaskOf(target, before, after), stage.world, note);
      await assert.rejects(undone, { code: 'aws.no-such-object' });
    });

    const permissions = makeObjectPrivate.permissions.aws ?? [];
    for (const missing of permissions)
      it(`needs ${missing}, as it declares, and nothing else`, async () => {
        const run = async () => {
          const before = await makeObjectPrivate.read(target, stage.world);
          await makeObjectPrivate.execute(taskOf(target, before), stage.world, note);
          await makeObjectPrivate.verify(taskOf(target, before), stage.world);
        };
        await start({}, permissions);
        await run();
        await start(
          {},
          permissions.filter((one) => one !== missing),
        );

        await assert.rejects(run(), { code: 'aws.forbidden' });
      });
  });
});
