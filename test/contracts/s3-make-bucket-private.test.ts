// Making a bucket private, on the sandbox's S3 and on a real one: what strangers could read they cannot, those who are named
// still can, and undo gives back exactly what was there. Shown by requests, not by what the documents say.
import assert from 'node:assert/strict';
import { DeletePublicAccessBlockCommand } from '@aws-sdk/client-s3';
import type { CaseId, RunId } from '../../src/case/ids.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { ALL_USERS, AUTHENTICATED_USERS, type PublicAccessBlock } from '../../src/case/public-access.ts';
import { makeBucketPrivate } from '../../src/govern/actions/make-bucket-private.ts';
import { createFakeWorld, worldOf } from '../helpers/fake-world.ts';
import {
  allow,
  type Counterpart,
  document,
  type ExpectedAccess,
  lines,
  performAndUndo,
  readers,
  strangers,
  subresource,
  withKeys,
} from '../helpers/s3-action.ts';
import {
  arnOf,
  type BucketSetup,
  EVERYBODY,
  OWNER_ACCOUNT,
  PARTNER_ACCOUNT,
  type S3Site,
} from '../helpers/s3-site.ts';
import { SITES } from '../helpers/s3-sites.ts';

const NO_BLOCKS: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];
const everyone = { uri: ALL_USERS, permission: 'READ' };
const open = (more: JsonObject = {}): JsonObject => allow('*', { Sid: 'Open', ...more });
const partner = allow({ AWS: PARTNER_ACCOUNT }, { Sid: 'Partner' });
const sam = allow({ AWS: arnOf('sam') }, { Sid: 'Sam' });
const from = (...ranges: readonly string[]): JsonObject => ({
  Condition: { IpAddress: { 'aws:SourceIp': ranges } },
});

interface Case {
  readonly title: string;
  setup(site: Counterpart): BucketSetup;
  /** Who gets at the object, and at the listing, before; and whoever still does afterwards. */
  readonly before: ExpectedAccess;
  readonly after: ExpectedAccess;
}

const CASES: readonly Case[] = [
  {
    title: 'public by its policy',
    setup: () => ({ policy: document(open()) }),
    before: { both: EVERYBODY },
    after: { both: ['olu'] },
  },
  {
    title: 'public by its access list',
    setup: () => ({ grants: [everyone] }),
    before: (site) => ({ both: ['olu'], lists: strangers(site) }),
    after: { both: ['olu'] },
  },
  {
    title: 'public by both, with other statements and a grant to somebody',
    setup: ({ canonicalIds }) => ({
      policy: document(open(), partner, sam),
      grants: [everyone, { canonicalId: canonicalIds.pat, permission: 'READ' }],
    }),
    before: { both: EVERYBODY },
    after: { both: ['olu', 'sam', 'pat', 'kim', 'reader'] },
  },
  {
    title: 'public by a statement that names somebody beside everybody',
    setup: () => ({ policy: document(allow({ AWS: [arnOf('pat'), '*'] }, { Sid: 'Mixed' })) }),
    before: { both: EVERYBODY },
    after: { both: ['olu', 'pat'] },
  },
  {
    title: 'open to everybody with keys, by its access list',
    setup: () => ({ grants: [{ uri: AUTHENTICATED_USERS, permission: 'READ' }] }),
    before: (site) => ({ both: ['olu'], lists: withKeys(site) }),
    after: { both: ['olu'] },
  },
  {
    title: 'public by its policy, while its access list is ignored already',
    setup: () => ({
      policy: document(open()),
      grants: [everyone],
      block: { ...NO_BLOCKS, ignorePublicAcls: true },
    }),
    before: { both: EVERYBODY },
    after: { both: ['olu'] },
  },
  {
    title: 'public by what its blocks would no longer let anybody write',
    setup: () => ({
      // For radosgw a policy is public that names somebody without an address.
      policy: document(open(), allow('*', { Sid: 'Office', ...from('192.0.2.0/24') })),
      grants: [everyone],
      block: { ...NO_BLOCKS, blockPublicAcls: true, blockPublicPolicy: true },
    }),
    before: { both: EVERYBODY },
    after: { both: ['olu'] },
  },
  {
    title: 'public by a condition that holds for the whole internet',
    setup: () => ({ policy: document(open(from('0.0.0.0/0', '::/0'))) }),
    before: { both: EVERYBODY },
    after: { both: ['olu'] },
  },
  {
    title: 'public beside a statement for a narrow range of addresses, which stays',
    setup: () => ({
      policy: document(
        open({ Action: 's3:ListBucket', Resource: 'arn:aws:s3:::BUCKET' }),
        allow('*', { Sid: 'Office', ...from('127.0.0.0/16') }),
      ),
    }),
    before: { both: EVERYBODY },
    after: { both: EVERYBODY },
  },
  {
    title: 'public beside a statement for people elsewhere, which stays and still lets nobody here in',
    setup: () => ({ policy: document(open(), allow('*', { Sid: 'Office', ...from('192.0.2.0/24') })) }),
    before: { both: EVERYBODY },
    after: { both: ['olu'] },
  },
];

for (const [name, start] of Object.entries(SITES))
  describe(`making a bucket private on the S3 of ${name}`, () => {
    let site: S3Site;
    before(async function () {
      site = await start(this);
    });
    after(() => site?.stop());

    for (const { title, setup, before: first, after: last } of CASES)
      it(`shuts out whom nobody chose, and comes back exactly: ${title}`, async () => {
        const target = await site.makeBucket({});
        await site.dress(target.name, setup(site));

        const round = await performAndUndo(site, makeBucketPrivate, target, () => readers(site, target.name));

        assert.deepEqual(round.probes.before, lines(site, first));
        assert.deepEqual(round.probes.after, lines(site, last));
        assert.deepEqual(round.probes.undone, round.probes.before);
        assert.deepEqual(round.states.undone, round.states.before);
      });

    it('sends all four flags, after policy and access list; undo goes the other way round', async () => {
      const target = await site.makeBucket({ policy: document(open()), grants: [everyone] });

      const { writes } = await performAndUndo(site, makeBucketPrivate, target, async () => null);

      assert.deepEqual(writes.change.map(subresource), ['DELETE policy', 'PUT acl', 'PUT publicAccessBlock']);
      for (const flag of FLAGS)
        assert.match(writes.change.at(-1)?.body ?? '', new RegExp(`<${flag}>true</${flag}>`));
      const block = site.name === 'sandbox' ? 'DELETE publicAccessBlock' : 'PUT publicAccessBlock';
      assert.deepEqual(writes.undo.map(subresource), [block, 'PUT acl', 'PUT policy']);
      const everySent = [...writes.change, ...writes.undo];
      assert.ok(everySent.every(({ headers }) => headers['x-amz-expected-bucket-owner'] === OWNER_ACCOUNT));
    });

    it('puts a block that refuses public rules back in two steps: without those flags first, whole last', async () => {
      const block = { ...NO_BLOCKS, blockPublicAcls: true, blockPublicPolicy: true };
      const target = await site.makeBucket({ policy: document(open()), grants: [everyone], block });

      const { writes } = await performAndUndo(site, makeBucketPrivate, target, async () => null);

      assert.deepEqual(writes.undo.map(subresource), [
        'PUT publicAccessBlock',
        'PUT acl',
        'PUT policy',
        'PUT publicAccessBlock',
      ]);
    });

    it('leaves nothing public that only the blocks would hold back', async () => {
      const target = await site.makeBucket({ policy: document(open(), partner), grants: [everyone] });
      const { storage } = await site.storage(makeBucketPrivate.permissions.aws ?? []);
      const world = worldOf(createFakeWorld(), { storage });
      const before = await makeBucketPrivate.read(target, world);
      const task = { key: 'run-1' as RunId, caseId: 'case-1' as CaseId, caseRef: 'K7M2PQRS', target, before };

      await makeBucketPrivate.execute(task, world, async () => {});
      await site.owner.send(new DeletePublicAccessBlockCommand({ Bucket: target.name }));

      const named = lines(site, { both: ['olu', 'pat', 'kim', 'reader'] });
      assert.deepEqual(await readers(site, target.name), named);
      assert.equal((await makeBucketPrivate.verify(task, world)).kind, 'not-done');
    });

    it('changes nothing more when it runs again', async () => {
      const target = await site.makeBucket({ policy: document(open(), partner), grants: [everyone] });
      const { storage } = await site.storage(makeBucketPrivate.permissions.aws ?? []);
      const world = worldOf(createFakeWorld(), { storage });
      const before = await makeBucketPrivate.read(target, world);
      const task = { key: 'run-1' as RunId, caseId: 'case-1' as CaseId, caseRef: 'K7M2PQRS', target, before };
      await makeBucketPrivate.execute(task, world, async () => {});
      const once = await makeBucketPrivate.read(target, world);

      await makeBucketPrivate.execute(task, world, async () => {});

      assert.deepEqual(await makeBucketPrivate.read(target, world), once);
    });
  });
