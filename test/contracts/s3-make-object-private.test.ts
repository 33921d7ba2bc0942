// Making one object private, on the sandbox's S3 and on a real one: strangers lose this object and nothing else, whoever is named
// keeps it, and undo gives its access list back exactly.
import assert from 'node:assert/strict';
import { type AclGrant, ALL_USERS, AUTHENTICATED_USERS } from '../../src/case/public-access.ts';
import type { ObjectTarget } from '../../src/case/target.ts';
import { makeObjectPrivate } from '../../src/govern/actions/make-object-private.ts';
import { allEnglish } from '../helpers/english.ts';
import {
  allow,
  document,
  type ExpectedAccess,
  lines,
  performAndUndo,
  readers,
  strangers,
  subresource,
  withKeys,
} from '../helpers/s3-action.ts';
import { type BucketSetup, EVERYBODY, type S3Site } from '../helpers/s3-site.ts';
import { SITES } from '../helpers/s3-sites.ts';

const everyone: AclGrant = { uri: ALL_USERS, permission: 'READ' };
/** Needs escaping in a path, and in XML. */
const KEY = 'quarter 1 & 2/figures (final)+.csv';

interface Case {
  readonly title: string;
  grants(site: S3Site): readonly AclGrant[];
  readonly setup?: Omit<BucketSetup, 'objects'>;
  readonly before: ExpectedAccess;
  readonly after: ExpectedAccess;
}

const CASES: readonly Case[] = [
  {
    title: 'open to everyone',
    grants: () => [everyone],
    before: (site) => ({ both: ['olu'], reads: strangers(site) }),
    after: { both: ['olu'] },
  },
  {
    title: 'open to everyone with keys',
    grants: () => [{ uri: AUTHENTICATED_USERS, permission: 'READ' }],
    before: (site) => ({ both: ['olu'], reads: withKeys(site) }),
    after: { both: ['olu'] },
  },
  {
    title: 'open to everyone and to somebody by name',
    grants: ({ canonicalIds }) => [everyone, { canonicalId: canonicalIds.pat, permission: 'READ' }],
    before: (site) => ({ both: ['olu'], reads: strangers(site) }),
    after: (site) => ({
      both: ['olu'],
      reads: site.name === 'sandbox' ? ['pat', 'kim', 'reader'] : ['pat'],
    }),
  },
  {
    title: 'open by the policy of its bucket as well, which stays',
    grants: () => [everyone],
    setup: { policy: document(allow('*')) },
    before: { both: EVERYBODY },
    after: { both: EVERYBODY },
  },
];

for (const [name, start] of Object.entries(SITES))
  describe(`making an object private on the S3 of ${name}`, () => {
    let site: S3Site;
    before(async function () {
      site = await start(this);
    });
    after(() => site?.stop());

    for (const { title, grants, setup = {}, before: first, after: last } of CASES)
      it(`takes strangers off this object alone, and comes back exactly: ${title}`, async () => {
        const objects = { [KEY]: grants(site), 'beside.txt': [everyone] };
        const { name: bucket, account, region } = await site.makeBucket({ ...setup, objects });
        const target: ObjectTarget = { kind: 'object', account, region, bucket, key: KEY };
        const look = async () => ({
          it: await readers(site, bucket, KEY),
          beside: await readers(site, bucket, 'beside.txt'),
        });

        const round = await performAndUndo(site, makeObjectPrivate, target, look);

        assert.deepEqual(round.probes.before.it, lines(site, first));
        assert.deepEqual(round.probes.after.it, lines(site, last));
        assert.deepEqual(round.probes.after.beside, round.probes.before.beside);
        assert.deepEqual(round.probes.undone, round.probes.before);
        assert.deepEqual(round.states.undone, round.states.before);
        assert.deepEqual([...round.writes.change, ...round.writes.undo].map(subresource), [
          'PUT acl',
          'PUT acl',
        ]);
      });

    it('says that the bucket’s policy still opens what it has taken off the list', async () => {
      const objects = { [KEY]: [everyone] };
      const {
        name: bucket,
        account,
        region,
      } = await site.makeBucket({ policy: document(allow('*')), objects });
      const target: ObjectTarget = { kind: 'object', account, region, bucket, key: KEY };

      const { plan, proof } = await performAndUndo(site, makeObjectPrivate, target, async () => null);

      assert.match(
        plan.kind === 'offered' ? allEnglish(plan.says).join(' ') : '',
        /stays public until the bucket is made private/,
      );
      assert.match(proof, /policy of its bucket still makes it public/);
    });
  });
