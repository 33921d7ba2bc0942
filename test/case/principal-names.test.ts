import assert from 'node:assert/strict';
import { accountOfPrincipal, isDeletedPrincipal, principalId } from '../../src/case/principal-names.ts';

const ACCOUNT = '444455556666';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const PAT = `arn:aws:iam::${ACCOUNT}:user/pat`;
const ID = 'b'.repeat(64);

describe('what the name of a principal says', () => {
  it('knows an account by its digits and by its root, in every partition, and nobody else by it', () => {
    assert.deepEqual([ACCOUNT, ROOT, `arn:aws-us-gov:iam::${ACCOUNT}:root`].map(principalId), [
      ACCOUNT,
      ACCOUNT,
      ACCOUNT,
    ]);
    assert.equal(principalId(PAT), PAT);
  });

  it('knows the account of users, roles, sessions and providers, and of nothing that does not say it', () => {
    const theirs = [
      ACCOUNT,
      ROOT,
      PAT,
      `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
      `arn:aws:iam::${ACCOUNT}:saml-provider/idp`,
    ];
    for (const name of theirs) assert.equal(accountOfPrincipal(name), ACCOUNT, name);
    for (const name of [ID, 'AIDAEXAMPLEEXAMPLE123', 'arn:aws:iam::cloudfront:user/x', 'x@partner.example'])
      assert.equal(accountOfPrincipal(name), null, name);
  });

  it('tells what AWS left of somebody deleted', () => {
    assert.deepEqual(
      ['AIDAEXAMPLEEXAMPLE123', 'AROAEXAMPLEEXAMPLE123', ACCOUNT, PAT].map(isDeletedPrincipal),
      [true, true, false, false],
    );
  });
});
