// What of a bucket's changes between the answer and the first change is another decision, and what is not. Whoever is suspected may
// well write there: what they add for show must not keep it from being done.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import { offerDigest } from '../../src/case/offer-digest.ts';
import type { BucketAccess } from '../../src/case/public-access.ts';
import { say } from '../../src/case/said.ts';
import type { BucketTarget, CollaboratorTarget, ObjectTarget, Target } from '../../src/case/target.ts';
import type { GovernanceAction, Plan } from '../../src/govern/action.ts';
import { makeBucketPrivate } from '../../src/govern/actions/make-bucket-private.ts';
import { makeObjectPrivate, type ObjectAccess } from '../../src/govern/actions/make-object-private.ts';
import { removeCollaborator } from '../../src/govern/actions/remove-collaborator.ts';
import { differenceOf } from '../../src/govern/preview.ts';
import { settings } from '../helpers/cases.ts';

const OWNER = 'a'.repeat(64);
const THEM = 'arn:aws:iam::444455556666:root';
const at = { account: '123456789012', region: 'eu-central-1' } as const;
const bucket: BucketTarget = { ...at, kind: 'bucket', name: 'invoices' };
const collaborator: CollaboratorTarget = {
  ...at,
  ...{ kind: 'collaborator', bucket: 'invoices', principal: THEM },
};
const object: ObjectTarget = { ...at, kind: 'object', bucket: 'invoices', key: 'list.csv' };

const open = (Sid: string, more: JsonObject = {}): JsonObject => ({
  ...{ Sid, Effect: 'Allow', Principal: '*', Action: 's3:GetObject' },
  ...{ Resource: 'arn:aws:s3:::invoices/*', ...more },
});
const theirs = (Sid: string, AWS = THEM): JsonObject => open(Sid, { Principal: { AWS } });
const onlyTls = (Sid: string): JsonObject =>
  open(Sid, { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
const everybody = (permission: string) => ({
  permission,
  uri: 'http://acs.amazonaws.com/groups/global/AllUsers',
});
const signedIn = (permission: string) => ({
  permission,
  uri: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
});
const state = (
  Statement: readonly JsonObject[],
  grants: readonly { readonly permission: string; readonly uri: string }[] = [],
): BucketAccess => ({
  policy: { Version: '2012-10-17', Statement },
  acl: { ownerId: OWNER, grants },
  ...{ publicAccessBlock: null, accountBlock: null },
});

type Offered = Extract<Plan, { kind: 'offered' }>;
function planned<T extends Target, State extends JsonObject>(
  action: GovernanceAction<T, State>,
  target: T,
  seen: State,
): Offered {
  const plan = action.plan(target, seen, settings);
  return plan.kind === 'offered' ? plan : assert.fail(`not offered: ${JSON.stringify(plan.reason)}`);
}
const digestOf = (plan: Offered, target: Target): string =>
  offerDigest({
    ...{ key: 'k', label: 'Do it', left: [] },
    actions: [{ ...plan, action: 'a', title: say('s3.title.make-bucket-private'), target }],
  });
/** To the preview, and to the signatures. */
function isAnother<T extends Target, State extends JsonObject>(
  action: GovernanceAction<T, State>,
  target: T,
  [before, after]: readonly [State, State],
): boolean {
  const [shown, now] = [planned(action, target, before), planned(action, target, after)];
  const isVoid = differenceOf({ says: [...shown.says, shown.undo.says], basis: shown.basis }, now) !== null;
  assert.equal(digestOf(shown, target) !== digestOf(now, target), isVoid);
  return isVoid;
}

const base = [open('Web'), theirs('Partner')];

describe('the preview of a change to a bucket', () => {
  for (const [what, after] of [
    ['a harmless Deny', state([...base, onlyTls('Tls')])],
    ['three of them', state([...base, onlyTls('One'), onlyTls('Two'), onlyTls('Three')])],
    ['another order of the statements', state(base.toReversed())],
    [
      'a rule for a role of the account',
      state([...base, theirs('Own', 'arn:aws:iam::123456789012:role/app')]),
    ],
  ] as const)
    it(`does not mind ${what}`, () => {
      assert.equal(isAnother(makeBucketPrivate, bucket, [state(base), after]), false);
      assert.equal(isAnother(removeCollaborator, collaborator, [state(base), after]), false);
    });

  it('does not mind the first statement that stays, where the policy was to be deleted', () =>
    assert.equal(
      isAnother(makeBucketPrivate, bucket, [state([open('Web')]), state([open('Web'), onlyTls('Tls')])]),
      false,
    ));

  it('does not mind in which order public statements, outsiders and grants are given', () => {
    const statements = [open('Web'), open('Shop', { Resource: 'arn:aws:s3:::invoices/shop/*' })];
    const named = [theirs('One', 'arn:aws:iam::777788889999:root'), theirs('Two')];
    const grants = [everybody('READ'), signedIn('WRITE')];
    const forwards = state([...statements, ...named], grants);
    const backwards = state([...statements.toReversed(), ...named.toReversed()], grants.toReversed());

    assert.equal(isAnother(makeBucketPrivate, bucket, [forwards, backwards]), false);
    const objects: readonly [ObjectAccess, ObjectAccess] = [
      { acl: forwards.acl, bucket: state([]) },
      { acl: backwards.acl, bucket: state([]) },
    ];
    assert.equal(isAnother(makeObjectPrivate, object, objects), false);
  });

  it('does not mind a grant that stays on an object', () => {
    const acl = { ownerId: OWNER, grants: [everybody('READ')] };
    const more = { ...acl, grants: [...acl.grants, { permission: 'READ', canonicalId: 'b'.repeat(64) }] };

    assert.equal(
      isAnother(makeObjectPrivate, object, [
        { acl, bucket: state([]) },
        { acl: more, bucket: state([]) },
      ]),
      false,
    );
  });

  for (const [what, after] of [
    ['one more public statement', state([...base, open('Shop')])],
    [
      'more that a public statement lets people do',
      state([open('Web', { Action: 's3:*' }), theirs('Partner')]),
    ],
    ['a public grant', state(base, [everybody('READ')])],
    [
      'somebody else outside who is left in',
      state([...base, theirs('New', 'arn:aws:iam::777788889999:root')]),
    ],
    ['another one in their place', state([open('Web'), theirs('Partner', 'arn:aws:iam::777788889999:root')])],
  ] as const)
    it(`minds ${what}`, () => assert.equal(isAnother(makeBucketPrivate, bucket, [state(base), after]), true));

  it('minds an outsider for whom there is no room on the card', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        theirs(`S${index}`, `arn:aws:iam::${600000000000 + index}:root`),
      );
    const swapped = [...named(8).slice(0, 7), theirs('S7', 'arn:aws:iam::777788889999:root')];

    assert.equal(
      isAnother(makeBucketPrivate, bucket, [
        state([open('Web'), ...named(8)]),
        state([open('Web'), ...swapped]),
      ]),
      true,
    );
  });

  it('minds more that is taken off the same person', () => {
    const more = state([...base, theirs('More')]);

    assert.equal(isAnother(removeCollaborator, collaborator, [state(base), more]), true);
  });
});
