// Removing a collaborator from a bucket, on the sandbox's S3 and on a real one: whoever was named gets in no more, in whichever way
// they were named; everybody else does as before, and undo gives back exactly what was there.
import assert from 'node:assert/strict';
import type { CollaboratorTarget } from '../../src/case/target.ts';
import { removeCollaborator } from '../../src/govern/actions/remove-collaborator.ts';
import { settings } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { createFakeWorld, worldOf } from '../helpers/fake-world.ts';
import {
  allow,
  document,
  type ExpectedAccess,
  lines,
  performAndUndo,
  readers,
  subresource,
} from '../helpers/s3-action.ts';
import { arnOf, type BucketSetup, PARTNER_ACCOUNT, type S3Site } from '../helpers/s3-site.ts';
import { SITES } from '../helpers/s3-sites.ts';

const ROOT = `arn:aws:iam::${PARTNER_ACCOUNT}:root`;
/** What the sandbox gives the partner's account, and what nobody has on radosgw, whose policies know no canonical ids. */
const CANONICAL = 'b'.repeat(64);
const theirs = (site: S3Site) => site.canonicalIds.pat;
/** A grant is for an account; on radosgw, for one user of it. */
const granted = ({ name }: S3Site) =>
  name === 'sandbox' ? (['pat', 'kim', 'reader'] as const) : (['pat'] as const);

interface Case {
  readonly title: string;
  principal(site: S3Site): string;
  setup(site: S3Site): BucketSetup;
  readonly before: ExpectedAccess;
  readonly after: ExpectedAccess;
}

const CASES: readonly Case[] = [
  {
    title: 'an account, by its number',
    principal: () => PARTNER_ACCOUNT,
    setup: () => ({ policy: document(allow({ AWS: PARTNER_ACCOUNT })) }),
    before: { both: ['olu', 'pat', 'kim', 'reader'] },
    after: { both: ['olu'] },
  },
  {
    title: 'an account, by the ARN of its root, in a list beside somebody of our own',
    principal: () => PARTNER_ACCOUNT,
    setup: () => ({ policy: document(allow({ AWS: [ROOT, arnOf('sam')] })) }),
    before: { both: ['olu', 'sam', 'pat', 'kim', 'reader'] },
    after: { both: ['olu', 'sam'] },
  },
  {
    title: 'a user, alone in one statement and in a list in another',
    principal: () => arnOf('pat'),
    setup: () => ({
      policy: document(
        allow(
          { AWS: arnOf('pat') },
          { Sid: 'Alone', Action: 's3:GetObject', Resource: 'arn:aws:s3:::BUCKET/*' },
        ),
        allow({ AWS: [arnOf('kim'), arnOf('pat')] }, { Sid: 'Listed' }),
      ),
    }),
    before: { both: ['olu', 'pat', 'kim'] },
    after: { both: ['olu', 'kim'] },
  },
  {
    title: 'a role of another account, beside a user of it',
    principal: () => arnOf('reader'),
    setup: () => ({ policy: document(allow({ AWS: [arnOf('reader'), arnOf('pat')] })) }),
    before: { both: ['olu', 'pat', 'reader'] },
    after: { both: ['olu', 'pat'] },
  },
  {
    title: 'a canonical id in the policy, beside a user of our own',
    principal: () => CANONICAL,
    setup: () => ({ policy: document(allow({ CanonicalUser: CANONICAL, AWS: arnOf('sam') })) }),
    before: (site) => ({
      both: site.name === 'sandbox' ? ['olu', 'sam', 'pat', 'kim', 'reader'] : ['olu', 'sam'],
    }),
    after: { both: ['olu', 'sam'] },
  },
  {
    title: 'a canonical id in the access list, twice',
    principal: theirs,
    setup: (site) => ({
      grants: [
        { canonicalId: theirs(site), permission: 'READ' },
        { canonicalId: theirs(site), permission: 'READ_ACP' },
      ],
    }),
    before: (site) => ({ both: ['olu'], lists: granted(site) }),
    after: { both: ['olu'] },
  },
  {
    title: 'somebody named beside statements that keep people out, and conditions of others',
    principal: () => arnOf('kim'),
    setup: () => ({
      policy: document(
        allow({ AWS: arnOf('kim') }, { Sid: 'Kim' }),
        allow('*', {
          Sid: 'Elsewhere',
          Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
        }),
        allow(
          { AWS: [arnOf('pat'), arnOf('kim')] },
          { Sid: 'NotThese', Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::BUCKET/*' },
        ),
        allow({ AWS: arnOf('pat') }, { Sid: 'Pat' }),
      ),
    }),
    before: { both: ['olu'], lists: ['pat', 'kim'] },
    after: { both: ['olu'], lists: ['pat'] },
  },
  {
    title: 'one of two ways in: the access list still names the account',
    principal: () => arnOf('pat'),
    setup: (site) => ({
      policy: document(allow({ AWS: arnOf('pat') })),
      grants: [{ canonicalId: theirs(site), permission: 'READ' }],
    }),
    before: (site) => ({ both: ['olu', 'pat'], lists: granted(site).filter((who) => who !== 'pat') }),
    after: (site) => ({ both: ['olu'], lists: granted(site) }),
  },
];

for (const [name, start] of Object.entries(SITES))
  describe(`removing a collaborator on the S3 of ${name}`, () => {
    let site: S3Site;
    before(async function () {
      site = await start(this);
    });
    after(() => site?.stop());

    async function make(setup: BucketSetup, principal: string): Promise<CollaboratorTarget> {
      const { name: bucket, account, region } = await site.makeBucket(setup);
      return { kind: 'collaborator', account, region, bucket, principal };
    }

    for (const { title, principal, setup, before: first, after: last } of CASES)
      it(`shuts that one out and comes back exactly: ${title}`, async () => {
        const target = await make(setup(site), principal(site));

        const round = await performAndUndo(site, removeCollaborator, target, () =>
          readers(site, target.bucket),
        );

        assert.deepEqual(round.probes.before, lines(site, first));
        assert.deepEqual(round.probes.after, lines(site, last));
        assert.deepEqual(round.probes.undone, round.probes.before);
        assert.deepEqual(round.states.undone, round.states.before);
      });

    it('writes what names them and nothing else', async () => {
      const target = await make(
        { policy: document(allow({ AWS: [arnOf('pat'), arnOf('kim')] })) },
        arnOf('pat'),
      );

      const { writes } = await performAndUndo(site, removeCollaborator, target, async () => null);

      assert.deepEqual([...writes.change, ...writes.undo].map(subresource), ['PUT policy', 'PUT policy']);
    });

    it('is not offered where everybody but some are let in, and the card says why', async () => {
      const { Principal, ...rest } = allow({ AWS: arnOf('kim') });
      const setup = {
        policy: document({ ...rest, NotPrincipal: Principal ?? '' }, allow({ AWS: arnOf('pat') })),
      };
      const target = await make(setup, arnOf('pat'));
      const { storage } = await site.storage(removeCollaborator.permissions.aws ?? []);

      const state = await removeCollaborator.read(target, worldOf(createFakeWorld(), { storage }));

      const plan = removeCollaborator.plan(target, state, settings);
      assert.match(plan.kind === 'refused' ? english(plan.reason) : plan.kind, /NotPrincipal/);
    });
  });
