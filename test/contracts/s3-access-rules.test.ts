// The sandbox's access rules against a real engine's: the same made-up buckets, asked the same by the same people, must answer the
// same. What the two are known to do differently is left out here and held in `s3-differences.test.ts`.
import assert from 'node:assert/strict';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { type AccessCase, accessCases, grantsOf } from '../helpers/s3-access-cases.ts';
import { allow, document } from '../helpers/s3-action.ts';
import type { Caller, S3Site } from '../helpers/s3-site.ts';
import { SITES } from '../helpers/s3-sites.ts';

const CASES = Number(process.env.S3_ACCESS_CASES ?? 150);
const SEED = Number(process.env.S3_ACCESS_SEED ?? 20261122);

/** Grants mean other people on the two: to everybody (the owner's own people too), to an account (one user of it). */
function callersOf({ bucketGrants, objectGrants }: AccessCase): readonly Caller[] {
  const grants = [...bucketGrants, ...objectGrants];
  const named = grants.some((name) => name.startsWith('pat'));
  const open = grants.some((name) => !name.startsWith('pat'));
  return [
    'anonymous',
    'olu',
    'auditor',
    'pat',
    ...(open ? [] : (['sam'] as const)),
    ...(named ? [] : (['kim'] as const)),
  ];
}

async function answers(site: S3Site, made: AccessCase): Promise<Readonly<Record<string, number>>> {
  const flags = { blockPublicAcls: false, blockPublicPolicy: false, restrictPublicBuckets: false };
  const { name: bucket } = await site.makeBucket({
    grants: grantsOf(made.bucketGrants, site),
    objects: { 'report.txt': grantsOf(made.objectGrants, site) },
    block: { ...flags, ignorePublicAcls: made.ignorePublicAcls },
  });
  const Policy = JSON.stringify(made.policy).replaceAll('BUCKET', bucket);
  if (made.policy) await site.owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const asked = callersOf(made).map(async (who) => ({
    [`${who} lists`]: await site.status(who, bucket),
    [`${who} reads`]: await site.status(who, bucket, 'report.txt'),
    [`${who} writes`]: await site.writeStatus(who, bucket, `new-${who}.txt`),
  }));
  return Object.assign({}, ...(await Promise.all(asked)));
}

describe('the access rules of the sandbox’s S3', () => {
  let sandbox: S3Site;
  let radosgw: S3Site;
  before(async function () {
    radosgw = await SITES.radosgw(this);
    sandbox = await SITES.sandbox(this);
  });
  after(async () => {
    await sandbox?.stop();
    await radosgw?.stop();
  });

  it(`answer as radosgw does, in ${CASES} made-up buckets`, async function () {
    // A tenth of a second each, on a machine that has nothing else to do.
    this.timeout(CASES * 2_000);
    const seen: Record<string, number> = {};

    for (const made of fc.sample(accessCases, { numRuns: CASES, seed: SEED })) {
      const [ours, theirs] = await Promise.all([answers(sandbox, made), answers(radosgw, made)]);

      assert.deepEqual(ours, theirs, `a bucket on which the two disagree: ${JSON.stringify(made)}`);
      for (const [asked, status] of Object.entries(theirs)) {
        const key = `${asked.split(' ')[1]} ${status}`;
        seen[key] = (seen[key] ?? 0) + 1;
      }
    }

    // Two that refuse everything would agree as well.
    assert.deepEqual(
      Object.keys(seen).sort(),
      ['lists', 'reads', 'writes'].flatMap((verb) => [`${verb} 200`, `${verb} 403`]),
    );
    for (const [key, times] of Object.entries(seen))
      assert.ok(times >= CASES / 2, `${key}: only ${times} times`);
  });

  it('let a request’s own claims open a bucket as radosgw does: where it comes from, and with what', async () => {
    const page = { StringLike: { 'aws:Referer': 'https://www.contoso.example/*' } };
    const agent = { StringEquals: { 'aws:UserAgent': 'our-app' } };
    const policy = document(allow('*', { Condition: page }), allow('*', { Condition: agent }));

    for (const site of [sandbox, radosgw]) {
      const { name } = await site.makeBucket({ policy });
      const ask = (headers: Record<string, string>) => site.statusWith(headers, name, 'report.txt');

      assert.equal(await ask({ referer: 'https://www.contoso.example/a' }), 200);
      assert.equal(await ask({ referer: 'https://elsewhere.example/' }), 403);
      assert.equal(await ask({ 'user-agent': 'our-app' }), 200);
      assert.equal(await ask({}), 403);
    }
  });
});
