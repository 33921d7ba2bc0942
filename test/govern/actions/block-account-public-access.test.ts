import assert from 'node:assert/strict';
import { CountersignError } from '../../../src/case/errors.ts';
import { ALL_BLOCKS, type BucketAccess, type PublicAccessBlock } from '../../../src/case/public-access.ts';
import {
  type AwsAccountTarget,
  type BucketTarget,
  type Target,
  targetLabel,
} from '../../../src/case/target.ts';
import { writeOut } from '../../../src/case/written.ts';
import type { World } from '../../../src/govern/action.ts';
import {
  type AccountAccess,
  blockAccountPublicAccess,
} from '../../../src/govern/actions/block-account-public-access.ts';
import { settings } from '../../helpers/cases.ts';
import { english, inLanguage } from '../../helpers/english.ts';
import { allow, bucket, OWNER, PARTNER, policy, readStatus } from '../../sandbox/s3/world-fixture.ts';
import { taskOf, undoTaskOf } from './s3-fixture.ts';
import { at, NAME, type Stage, setStage } from './s3-scenes.ts';

const target: AwsAccountTarget = { kind: 'aws-account', account: OWNER.id };
const SOME: PublicAccessBlock = { ...ALL_BLOCKS, restrictPublicBuckets: false, ignorePublicAcls: false };
const stateOf = (more: Partial<AccountAccess> = {}): AccountAccess => ({
  block: null,
  open: [],
  unseen: 0,
  more: false,
  ...more,
});
const plan = (state: AccountAccess) =>
  writeOut(blockAccountPublicAccess.plan(target, state, settings), english);
function says(state: AccountAccess): readonly string[] {
  const made = plan(state);
  assert.equal(made.kind, 'offered');
  return made.kind === 'offered' ? made.says : [];
}

describe('block public access in the whole account', () => {
  it('finds the accounts of the case and of its buckets and objects, each once', async () => {
    const targets: readonly Target[] = [
      { kind: 'bucket', ...at, name: NAME },
      { kind: 'object', ...at, account: PARTNER.id, bucket: NAME, key: 'x' },
      target,
      { kind: 'resource', id: 'x', label: 'x' },
    ];

    assert.deepEqual(await blockAccountPublicAccess.find({ subject: null, targets }, {} as World), [
      target,
      { kind: 'aws-account', account: PARTNER.id },
    ]);
  });

  describe('the plan', () => {
    it('says how many public buckets it closes, and which', () => {
      assert.ok(
        says(stateOf({ open: ['a', 'b', 'c'] })).includes(
          'People outside the company can no longer get into 3 public buckets: a, b and c. Websites and downloads that they serve to everybody stop.',
        ),
      );
      assert.ok(
        says(stateOf({ open: [...'abcdefg'] })).some((one) =>
          one.startsWith(
            'People outside the company can no longer get into 7 public buckets: a, b, c, d, e and 2 more.',
          ),
        ),
      );
      assert.ok(says(stateOf())[0]?.startsWith('No bucket that was looked at is open to people outside'));
    });

    it('stands for the very buckets: another one behind "and n more" is another basis', () => {
      const [one, two] = ['f', 'g'].map((last) => plan(stateOf({ open: [...'abcdexy', last] })));

      assert.ok(one?.kind === 'offered' && two?.kind === 'offered');
      assert.deepEqual(one.says, two.says);
      assert.notDeepEqual(one.basis, two.basis);
    });

    it('says so in the language of whoever reads it', () => {
      const made = blockAccountPublicAccess.plan(target, stateOf({ open: ['a'] }), settings);

      assert.ok(made.kind === 'offered');
      assert.deepEqual(made.says.map((one) => inLanguage('fr', one)).slice(0, 2), [
        'Les personnes extérieures à l’entreprise n’ont plus accès à 1 bucket public : a. Les sites web et téléchargements qu’ils offrent à tous s’arrêtent.',
        `Active les quatre blocages de l’accès public pour tout le compte AWS ${OWNER.id}.`,
      ]);
    });

    it('says what was not looked at', () => {
      const sentences = says(stateOf({ unseen: 2, more: true }));

      assert.ok(sentences.includes('2 buckets could not be looked at.'));
      assert.ok(sentences.some((one) => one.startsWith('Only 100 of its buckets were looked at')));
    });

    it('is refused where the operator keeps some buckets out of reach', () => {
      const planWith = (buckets: readonly string[]) => {
        const bounds = { ...settings.detection.bounds, buckets };
        const over = { ...settings, detection: { ...settings.detection, bounds } };
        return writeOut(blockAccountPublicAccess.plan(target, stateOf(), over), english);
      };

      const some = planWith(['contoso-*']);
      assert.ok(some.kind === 'refused' && /some buckets alone/.test(some.reason));
      assert.equal(planWith([]).kind, 'refused');
      assert.equal(planWith(['*']).kind, 'offered');
    });

    it('is refused where all four are on, and offered while one is off', () => {
      assert.equal(plan(stateOf({ block: ALL_BLOCKS })).kind, 'refused');
      for (const flag of Object.keys(ALL_BLOCKS))
        assert.equal(plan(stateOf({ block: { ...ALL_BLOCKS, [flag]: false } })).kind, 'offered', flag);
    });
  });

  it('looks at no more than a hundred buckets, and counts those that it may not see', async () => {
    const asked: string[] = [];
    const open: BucketAccess = { acl: null, policy: policy(allow(NAME, '*')), publicAccessBlock: null };
    const storage = {
      readAccountBlock: async () => null,
      listBuckets: async () =>
        Array.from({ length: 130 }, (_, n): BucketTarget => ({ kind: 'bucket', ...at, name: `b${n}` })),
      readAccess: async ({ name }: BucketTarget) => {
        asked.push(name);
        if (name === 'b7') throw new CountersignError('aws.forbidden', 'denied');
        return name === 'b3' ? open : { ...open, publicAccessBlock: ALL_BLOCKS };
      },
    };

    const state = await blockAccountPublicAccess.read(target, { storage } as unknown as World);

    const held = { byPolicy: [], unshown: [] };
    assert.deepEqual(state, { block: null, open: ['b3'], held, unseen: 1, more: true });
    assert.equal(asked.length, 100);
  });

  it('counts a bucket that the account already keeps closed as closed', async () => {
    const storage = {
      readAccountBlock: async () => ({ ...ALL_BLOCKS, blockPublicAcls: false }),
      listBuckets: async () => [{ kind: 'bucket', ...at, name: NAME }],
      readAccess: async () => ({ acl: null, policy: policy(allow(NAME, '*')), publicAccessBlock: null }),
    };

    const state = await blockAccountPublicAccess.read(target, { storage } as unknown as World);

    assert.deepEqual(state.open, []);
  });

  it('comes again while S3 does not answer', async () => {
    const away = new CountersignError('aws.throttled', 'slow down', { retryable: true });
    const storage = {
      readAccountBlock: async () => null,
      listBuckets: async () => [{ kind: 'bucket', ...at, name: NAME }],
      readAccess: async () => {
        throw away;
      },
    };

    await assert.rejects(blockAccountPublicAccess.read(target, { storage } as unknown as World), away);
  });

  describe('in the stand-in S3', () => {
    let stage: Stage;
    const start = async (allows?: readonly string[]) => {
      await stage?.server.close();
      const open = { policy: policy(allow(NAME, '*')) };
      const byAcl = bucket('with-acls', {
        ownership: 'ObjectWriter',
        objects: { 'report.txt': { body: 'open', acl: 'public-read' } },
      });
      stage = await setStage([bucket(NAME, open), byAcl, bucket('quiet')], allows);
    };
    const noted: string[] = [];
    const note = async (id: string) => void noted.push(id);
    const anonymous = async () => [
      await readStatus(stage.server.url, NAME),
      await readStatus(stage.server.url, 'with-acls'),
    ];
    const run = async () => {
      const before = await blockAccountPublicAccess.read(target, stage.world);
      await blockAccountPublicAccess.execute(taskOf(target, before), stage.world, note);
      return before;
    };
    beforeEach(() => start());
    after(() => stage.server.close());

    for (const block of [null, SOME])
      it(`shuts strangers out of every bucket, and undo is exact where it was ${block ? 'half on' : 'not set'}`, async () => {
        stage.server.world.putAccountBlock(OWNER.id, block);
        const initial = stage.server.world.state();
        const open = await anonymous();

        const before = await run();
        const closed = await anonymous();
        const verified = await blockAccountPublicAccess.verify(taskOf(target, before), stage.world);
        const after = await blockAccountPublicAccess.read(target, stage.world);
        const undo = undoTaskOf(target, before, after);
        await blockAccountPublicAccess.revert?.execute(undo, stage.world, note);

        assert.deepEqual(before.open, [NAME]);
        assert.deepEqual(
          [open, closed, await anonymous()],
          [
            [200, 200],
            [403, 403],
            [200, 200],
          ],
        );
        assert.equal(verified.kind, 'took-effect');
        assert.match(english(verified.says), /may take a few minutes/);
        const held = { byPolicy: [NAME], unshown: ['with-acls'] };
        assert.deepEqual(after, { ...before, block: ALL_BLOCKS, open: [], held });
        assert.equal((await blockAccountPublicAccess.revert?.verify(undo, stage.world))?.kind, 'took-effect');
        assert.deepEqual(stage.server.world.state(), initial);
        assert.ok(noted.length >= 2 && noted.every((id) => id !== ''));
      });

    it('is not done while one of the four is off', async () => {
      const before = await run();
      stage.server.world.putAccountBlock(OWNER.id, SOME);

      const seen = await blockAccountPublicAccess.verify(taskOf(target, before), stage.world);

      assert.equal(seen.kind, 'not-done');
    });

    it('is not undone where somebody set it otherwise since, whatever buckets came and went', () => {
      const { revert } = blockAccountPublicAccess;
      const left = stateOf({ block: ALL_BLOCKS });

      assert.deepEqual(revert?.differences(stateOf(), left, { ...left, open: ['new'], unseen: 3 }), []);
      assert.deepEqual(
        revert
          ?.differences(stateOf(), left, stateOf({ block: SOME }))
          .map(({ part, before, left, now }) => [...[part, before, left, now].map(english)]),
        [
          [
            'Public access blocks of the account',
            'not set',
            'all four on',
            '2 of 4 on (blockPublicAcls, blockPublicPolicy)',
          ],
        ],
      );
    });

    describe('what its undo opens', () => {
      const opens = (before: Partial<AccountAccess>, now: Partial<AccountAccess>) => {
        const left = stateOf({ block: ALL_BLOCKS, ...now });
        const opened = blockAccountPublicAccess.revert?.opens?.(target, stateOf(before), left);
        const { fresh, targets } = opened ?? assert.fail();
        return { fresh: fresh && english(fresh), names: targets.map(targetLabel) };
      };
      const held = { byPolicy: ['site', 'since'], unshown: ['old', 'older'] };

      it('is every bucket that its own policy leaves open, and every one that was open by its list', () => {
        assert.deepEqual(opens({ open: ['site', 'old', 'gone'] }, { held }), {
          fresh: `Undo would also open 1 bucket that was not open before, and that only the block of AWS account ${OWNER.id} keeps closed by now: since.`,
          names: ['site', 'since', 'old'],
        });
        assert.deepEqual(opens({ open: ['gone'] }, { held: { byPolicy: [], unshown: ['old'] } }), {
          ...{ fresh: null, names: [] },
        });
      });

      it('is none that the earlier setting keeps closed as well', () => {
        const block = { ...ALL_BLOCKS, blockPublicAcls: false };

        assert.deepEqual(opens({ block }, { held }), { fresh: null, names: [] });
      });

      it('is not known of buckets that could not be looked at since', () => {
        const unknown = /^Not every bucket of AWS account .* undo may open others again\.$/;

        assert.match(opens({}, { unseen: 1 }).fresh ?? '', unknown);
        assert.match(opens({}, { more: true }).fresh ?? '', unknown);
        assert.equal(opens({ unseen: 1, more: true }, { unseen: 1, more: true }).fresh, null);
      });

      it('is found in the account as it is by now', async () => {
        const before = await run();
        const now = await blockAccountPublicAccess.read(target, stage.world);

        const opened = blockAccountPublicAccess.revert?.opens?.(target, before, now);

        assert.deepEqual(opened?.targets.map(targetLabel), ['files']);
      });
    });

    const permissions = blockAccountPublicAccess.permissions.aws ?? [];
    it('needs no more than it declares', async () => {
      await start(permissions);

      assert.equal((await run()).unseen, 0);
    });

    for (const missing of permissions)
      it(`needs ${missing}, as it declares`, async () => {
        await start(permissions.filter((one) => one !== missing));

        const unseen = await run().then(
          (before) => before.unseen,
          (error: CountersignError) => error.code,
        );

        // Without a look into its buckets the account can still be closed.
        const inBuckets = missing.startsWith('s3:GetBucket');
        if (inBuckets) assert.ok(Number(unseen) > 0, missing);
        else assert.equal(unseen, 'aws.forbidden');
      });
  });
});
