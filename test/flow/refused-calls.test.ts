// What a refused call names is its caller's own words: it is shown, and nothing acts on it before a call goes through.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Case } from '../../src/case/case.ts';
import { targetLabel } from '../../src/case/target.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

const WEBSITE = 'www.contoso.example';
const KEY = `bucket:123456789012:${WEBSITE}`;

describe('A refused call on a bucket that is public on purpose', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await createTestApp();
    const Statement = [
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${WEBSITE}/*` },
    ];
    const policy = { Version: '2012-10-17', Statement };
    test.world.state.buckets.set(KEY, { acl: null, publicAccessBlock: null, policy });
  });
  afterEach(() => test.close());

  const call = async (errorCode?: string): Promise<Case> => {
    const built = SAMPLES['bucket-public']?.build(new Date(), randomUUID()) as {
      detail: { requestParameters: object };
    };
    const requestParameters = { ...built.detail.requestParameters, bucketName: WEBSITE };
    const detail = { ...built.detail, requestParameters, ...(errorCode && { errorCode }) };
    const [receipt] = await test.app.acceptCloudTrail({ ...built, detail });
    assert.ok(receipt?.case);
    return test.settled(receipt.case);
  };
  const aimedAt = ({ question }: Case): readonly string[] =>
    (question?.offers ?? []).flatMap(({ actions }) => actions.map(({ target }) => target.kind));

  it('shows the bucket, and puts no button before anybody that would close it', async () => {
    const about = await call('AccessDenied');

    assert.equal(about.state, 'asking');
    assert.deepEqual(about.targets.map(targetLabel), [WEBSITE]);
    assert.equal(aimedAt(about).includes('bucket'), false);
    const said = await test.say(people.morgan, `case ${about.ref}`);
    // No client makes a link of it: something that nobody sees stands before each dot.
    assert.match(said, /www.?\.contoso.?\.example/);
    assert.doesNotMatch(said, /Make private/);
  });

  it('offers to close it once a call goes through', async () => {
    const tried = await call('AccessDenied');
    const about = await call();

    assert.equal(about.ref, tried.ref);
    assert.deepEqual(
      about.targets.map(({ kind }) => kind),
      ['bucket'],
    );
    assert.ok(aimedAt(about).includes('bucket'));
  });
});
