// Blocking public access in a whole account. On the sandbox's S3 alone: radosgw has no S3 Control.
import assert from 'node:assert/strict';
import { ALL_USERS } from '../../src/case/public-access.ts';
import type { AwsAccountTarget } from '../../src/case/target.ts';
import { blockAccountPublicAccess } from '../../src/govern/actions/block-account-public-access.ts';
import { allow, document, lines, performAndUndo, readers } from '../helpers/s3-action.ts';
import { EVERYBODY, OWNER_ACCOUNT, PARTNER_ACCOUNT, type S3Site } from '../helpers/s3-site.ts';
import { SITES } from '../helpers/s3-sites.ts';

const target: AwsAccountTarget = { kind: 'aws-account', account: OWNER_ACCOUNT };

describe('blocking public access in a whole account on the S3 of sandbox', () => {
  let site: S3Site;
  before(async function () {
    site = await SITES.sandbox(this);
  });
  after(() => site?.stop());

  it('shuts strangers out of every bucket, keeps whoever is named, and comes back exactly', async () => {
    const byPolicy = await site.makeBucket({ policy: document(allow('*')) });
    const byList = await site.makeBucket({ grants: [{ uri: ALL_USERS, permission: 'READ' }] });
    const named = await site.makeBucket({ policy: document(allow({ AWS: PARTNER_ACCOUNT })) });
    const look = async () => ({
      byPolicy: await readers(site, byPolicy.name),
      byList: await readers(site, byList.name),
      named: await readers(site, named.name),
    });

    const round = await performAndUndo(site, blockAccountPublicAccess, target, look);

    assert.deepEqual(round.probes.before.byPolicy, lines(site, { both: EVERYBODY }));
    // People of the owner's account are none whom RestrictPublicBuckets keeps out.
    assert.deepEqual(round.probes.after, {
      byPolicy: lines(site, { both: ['olu', 'sam', 'auditor'] }),
      byList: lines(site, { both: ['olu'] }),
      named: lines(site, { both: ['olu', 'pat', 'kim', 'reader'] }),
    });
    assert.deepEqual(round.probes.undone, round.probes.before);
    assert.deepEqual(round.states.undone, round.states.before);
  });
});
