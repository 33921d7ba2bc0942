// What a manager can still do when the thing itself is gone.
import assert from 'node:assert/strict';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { loadCatalogue } from '../../src/policy-files.ts';

const { catalogue } = loadCatalogue({ knownActions: [...ACTIONS.keys()] });

describe('The offers about a bucket that was deleted', () => {
  for (const id of ['aws-s3-config-changes', 'aws-multiple-storage-deletion'])
    it(`include, of ${id}, a sign-out and nothing with it: a bucket cannot be made private once it is gone`, () => {
      const policy = catalogue.policies.find((one) => one.id === id);

      const left = policy?.offers.filter(({ actions }) =>
        actions.every((action) => !action.startsWith('aws.')),
      );

      assert.ok(left?.some(({ actions }) => actions.join() === 'entra.user.revoke-sessions'));
    });
});
