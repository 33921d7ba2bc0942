// The ready IAM policies, evaluated as AWS does: what the actions call is allowed on what they call it on, and on nothing beside.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { awsPermissions, isOfOrganisation, OWN_PRINCIPALS } from '../../scripts/docs/iam-policy.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { matchStatement } from '../../src/sandbox/s3/policy-language.ts';

const ACCOUNT = '123456789012';
const BUCKET = 'arn:aws:s3:::contoso-invoices';
const iam = (name: string): string => `arn:aws:iam::${ACCOUNT}:${name}`;
const organisation = (name: string): string => `arn:aws:organizations::111122223333:${name}`;
const OUR_POLICY = organisation('policy/o-contoso00/service_control_policy/p-12345678');
const MEMBER = organisation(`account/o-contoso00/${ACCOUNT}`);

/** "Service Authorization Reference": what each action is authorised on. The first that fits. */
const CALLED_ON: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^s3:(ListAllMyBuckets|\w+AccountPublicAccessBlock)$/, ['*']],
  [/^s3:\w*ObjectAcl$/, [`${BUCKET}/2026/list.csv`]],
  [/^s3:/, [BUCKET]],
  [
    /^iam:GetRole$/,
    [iam('role/Deploy'), iam('role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_A_0')],
  ],
  [/^iam:\w*Role/, [iam('role/Deploy'), iam('role/service-role/Deploy')]],
  [/^iam:/, [iam('user/alex'), iam('user/people/alex')]],
  [/^organizations:(Attach|Detach)Policy$/, [OUR_POLICY, MEMBER]],
  [/^organizations:DeletePolicy$/, [OUR_POLICY]],
  [/^organizations:(CreatePolicy|List\w+|Describe\w+)$/, ['*']],
];
const calledOn = (action: string): readonly string[] =>
  CALLED_ON.find(([fits]) => fits.test(action))?.[1] ?? assert.fail(`${action}: on what?`);

const KEYS = { 'aws:resourceaccount': ACCOUNT, 'organizations:policytype': 'SERVICE_CONTROL_POLICY' };

function isAllowed(action: string, resource: string, keys: Readonly<Record<string, string>> = KEYS): boolean {
  const file = isOfOrganisation(action) ? 'docs/iam-policy-management.json' : 'docs/iam-policy.json';
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const policy: { readonly Statement: readonly JsonObject[] } = JSON.parse(
    text.replaceAll('$' + '{aws:PrincipalAccount}', ACCOUNT),
  );
  const request = { action, resource, keys, caller: { account: ACCOUNT, canonicalId: '', arns: [] } };
  const effects = policy.Statement.filter(
    (statement) => matchStatement({ ...statement, Principal: '*' }, request) !== null,
  ).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

const writesOf = (kind: RegExp): readonly string[] =>
  awsPermissions().filter((one) => kind.test(one) && !/:(Get|List)/.test(one));
const ROLE_WRITES = writesOf(/^iam:\w*Role/);
const USER_WRITES = writesOf(/^iam:\w*(User|AccessKey)/);

describe('the ready IAM policies', () => {
  for (const action of awsPermissions())
    it(`allow ${action} on what it is called on`, () => {
      for (const resource of calledOn(action)) assert.ok(isAllowed(action, resource), resource);
    });

  for (const [kind, name] of OWN_PRINCIPALS)
    it(`allow no change of the ${kind} ${name}, which is Countersign's own, whatever its path`, () => {
      for (const action of kind === 'role' ? ROLE_WRITES : USER_WRITES)
        for (const path of ['', 'service/'])
          assert.ok(!isAllowed(action, iam(`${kind}/${path}${name}`)), `${action} ${path}`);
    });

  it('allow no change of a role that is AWS’s own', () => {
    const owned = ['aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0', 'aws-service-role/x.amazonaws.com/X'];

    for (const action of ROLE_WRITES)
      for (const name of owned) assert.ok(!isAllowed(action, iam(`role/${name}`)), action);
    assert.ok(ROLE_WRITES.length > 0 && USER_WRITES.length > 0);
  });

  it('allow nothing on a bucket of another account', () => {
    for (const action of awsPermissions().filter(
      (one) => one.startsWith('s3:') && !calledOn(one).includes('*'),
    ))
      for (const resource of calledOn(action))
        assert.ok(!isAllowed(action, resource, { ...KEYS, 'aws:resourceaccount': '444455556666' }), action);
  });

  it('bind no root, no organisational unit, and touch no policy of AWS or of another type', () => {
    const others = [
      organisation('root/o-contoso00/r-ab12'),
      organisation('ou/o-contoso00/ou-ab12-12345678'),
      'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
      organisation('policy/o-contoso00/tag_policy/p-12345678'),
    ];

    for (const action of ['AttachPolicy', 'DetachPolicy', 'DeletePolicy'].map(
      (one) => `organizations:${one}`,
    )) {
      for (const resource of others) assert.ok(!isAllowed(action, resource), `${action} ${resource}`);
      assert.ok(!isAllowed(action, OUR_POLICY, { ...KEYS, 'organizations:policytype': 'TAG_POLICY' }));
    }
    assert.ok(!isAllowed('organizations:UpdatePolicy', OUR_POLICY));
  });
});
