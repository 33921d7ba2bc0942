import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/case/json.ts';
import { PUBLISHING_CALLS, resourceMadePublic } from '../../../src/detect/detectors/resource-made-public.ts';
import {
  CONTEXT,
  FOREIGN,
  LISTING,
  OTHER_ORGANISATION,
  OWN,
  OWN_ORGANISATION,
  policyText,
  record,
  rootOf,
  SISTER,
  statement,
} from './calls.ts';
import { RESOURCE_REQUESTS } from './resource-requests.ts';

const nameOf = (call: string): string => call.replace('*:', 'secretsmanager:');
const matches = (event: JsonObject, accounts: readonly string[] = CONTEXT.accounts): boolean =>
  resourceMadePublic(event, { accounts, organisations: [] });
const snapshotTo = (userId: unknown): JsonObject =>
  record('ec2:ModifySnapshotAttribute', { createVolumePermission: { add: { items: [{ userId }] } } });

describe('the detector resource-made-public', () => {
  it('is tried on every call that it knows', () => {
    assert.deepEqual(Object.keys(RESOURCE_REQUESTS).sort(), PUBLISHING_CALLS);
  });

  for (const [call, [opening, harmless]] of Object.entries(RESOURCE_REQUESTS))
    it(`tells what opens from what does not, of ${call}`, () => {
      for (const request of opening)
        assert.equal(matches(record(nameOf(call), request)), true, JSON.stringify(request));
      for (const request of harmless)
        assert.equal(matches(record(nameOf(call), request)), false, JSON.stringify(request));
    });

  it('takes the account of the record for the only own one when none is configured', () => {
    assert.equal(matches(snapshotTo(OWN), []), false);
    assert.equal(matches(snapshotTo(SISTER), []), true);
    assert.equal(matches(snapshotTo(SISTER), [OWN, SISTER]), false);
    assert.equal(matches(snapshotTo(FOREIGN), [OWN, SISTER]), true);
  });

  it('never takes the owner of a record for a stranger, and falls back on the account of the caller', () => {
    const { recipientAccountId: _left, ...without } = snapshotTo(OWN);

    assert.equal(matches(snapshotTo(OWN), [SISTER]), false);
    assert.equal(matches({ ...without, userIdentity: { accountId: OWN } } as JsonObject, []), false);
    assert.equal(matches(without as JsonObject, []), true);
  });

  const organisationArn = (account: string, organisation: string): string =>
    `arn:aws:organizations::${account}:organization/${organisation}`;
  const imageTo = (arn: string): JsonObject =>
    record('ec2:ModifyImageAttribute', { launchPermission: { add: { items: [{ organizationArn: arn }] } } });
  const grants = (organisation: string): readonly JsonObject[] => [
    record('lambda:AddPermission20150331v2', { principal: '*', principalOrgID: organisation }),
    record('lambda:AddLayerVersionPermission', { principal: '*', organizationId: organisation }),
    record('events:PutPermission', {
      principal: '*',
      condition: { type: 'StringEquals', key: 'aws:PrincipalOrgID', value: organisation },
    }),
    record('serverlessrepo:PutApplicationPolicy', {
      statements: [{ principals: ['*'], principalOrgIDs: [organisation] }],
    }),
    record('ec2:ModifySnapshotAttribute', {
      createVolumePermission: {
        add: {
          items: [{ organizationalUnitArn: `arn:aws:organizations::${FOREIGN}:ou/${organisation}/ou-1` }],
        },
      },
    }),
    imageTo(organisationArn(FOREIGN, organisation)),
    record('ram:CreateResourceShare', { principals: [organisationArn(FOREIGN, organisation)] }),
  ];

  it('trusts an organisation only where the operator listed it, once any is listed', () => {
    for (const event of grants(OWN_ORGANISATION))
      assert.equal(resourceMadePublic(event, LISTING), false, JSON.stringify(event));
    for (const event of grants(OTHER_ORGANISATION))
      assert.equal(resourceMadePublic(event, LISTING), true, JSON.stringify(event));
  });

  it('takes the ARN of an organisation for its management account’s where none is listed', () => {
    assert.equal(matches(imageTo(organisationArn(SISTER, OTHER_ORGANISATION))), false);
    assert.equal(matches(imageTo(organisationArn(FOREIGN, OWN_ORGANISATION))), true);
  });

  it('knows a call by its name without the API version', () => {
    for (const version of ['20150331', '20150331v2'])
      assert.equal(matches(record(`lambda:AddPermission${version}`, { principal: '*' })), true);
    assert.equal(matches(record('lambda:AddLayerVersionPermission20181031', { principal: FOREIGN })), true);
  });

  it('does not take a call of another service for one that it knows, and takes a resource policy of any', () => {
    assert.equal(matches(record('ecs:CreateCluster', { publiclyAccessible: true })), false);
    assert.equal(matches(record('logs:AddPermission', { principal: '*' })), false);
    for (const [service, name] of [
      ['glue', 'policyInJson'],
      ['logs', 'policyDocument'],
      ['dynamodb', 'policy'],
      ['future', 'resourcePolicy'],
    ])
      assert.equal(
        matches(record(`${service}:PutResourcePolicy`, { [`${name}`]: policyText(statement()) })),
        true,
      );
  });

  it('sees what AWS made of a new database or cluster that said nothing', () => {
    const open = { dBInstanceIdentifier: 'orders', publiclyAccessible: true };

    assert.equal(matches(record('rds:CreateDBInstance', { dBInstanceIdentifier: 'orders' }, open)), true);
    assert.equal(matches(record('rds:CreateDBInstance', { publiclyAccessible: false }, open)), false);
    assert.equal(
      matches(record('rds:ModifyDBInstance', { allocatedStorage: 20 }, open)),
      false,
      'it was so before',
    );
    assert.equal(
      matches(
        record(
          'eks:CreateCluster',
          { resourcesVpcConfig: { subnetIds: ['subnet-1'] } },
          {
            cluster: { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } },
          },
        ),
      ),
      true,
    );
  });

  it('matches what was refused, too: somebody tried', () => {
    assert.equal(matches({ ...snapshotTo(FOREIGN), errorCode: 'Client.UnauthorizedOperation' }), true);
  });

  it('takes a number for the account that it is written as', () => {
    assert.equal(matches(snapshotTo(Number(FOREIGN))), true);
    assert.equal(matches(snapshotTo(Number(OWN))), false);
  });

  it('lets in the members of a list however deep they lie', () => {
    const deep = Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], rootOf(FOREIGN));

    assert.equal(matches(record('ram:CreateResourceShare', { principals: deep })), true);
  });

  it('never throws, whatever the record holds', () => {
    const value = fc.jsonValue({ maxDepth: 6 });
    const wild = fc.record({
      eventSource: fc.oneof(fc.constantFrom('ec2.amazonaws.com', 'sns.amazonaws.com', '', 'a'), value),
      eventName: value,
      requestParameters: value,
      responseElements: value,
      userIdentity: value,
      recipientAccountId: value,
    });
    fc.assert(
      fc.property(wild, fc.constantFrom(...PUBLISHING_CALLS), value, (event, call, parameters) => {
        assert.equal(typeof matches(event as JsonObject), 'boolean');
        const named = { ...event, ...record(nameOf(call), parameters, event.responseElements) };
        assert.equal(typeof matches(named as JsonObject), 'boolean');
      }),
    );
  });

  it('never throws on known names that hold anything', () => {
    const names = [
      'policy',
      'principal',
      'statements',
      'patchOperations',
      'createVolumePermission',
      'add',
      'items',
      'Statement',
      'Condition',
      'Effect',
      'resourcesVpcConfig',
      '__proto__',
      'toString',
      'valueOf',
      'type',
      'settingId',
      'attributeName',
      'Principal',
    ];
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('*', 'all', OWN, FOREIGN, null, true, 7, '{', policyText(statement())),
        fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 3 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...PUBLISHING_CALLS), node, (call, parameters) => {
        assert.equal(typeof matches(record(nameOf(call), parameters)), 'boolean');
      }),
    );
  });
});
