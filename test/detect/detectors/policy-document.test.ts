import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../../src/case/json.ts';
import { opensToStrangers as opens } from '../../../src/detect/detectors/policy-document.ts';
import {
  FOREIGN,
  OTHER_ORGANISATION,
  OWN,
  OWN_ORGANISATION,
  policyOf,
  policyText,
  rootOf,
  SISTER,
  statement,
} from './calls.ts';

const isForeign = (account: string): boolean => account !== OWN && account !== SISTER;
const opensToStrangers = (document: Json | undefined, organisations: readonly string[] = []): boolean =>
  opens(document, { isForeign, organisations });
const when = (operator: string, key: string, value: Json, more: JsonObject = {}): JsonObject =>
  statement({ Condition: { [operator]: { [key]: value } }, ...more });
const foreign = { Principal: { AWS: rootOf(FOREIGN) } };

const OPEN: readonly (readonly [string, JsonObject])[] = [
  ['everyone', statement()],
  ['everyone in a list', statement({ Principal: { AWS: [rootOf(OWN), '*'] } })],
  ['everyone in other letter cases', { effect: 'Allow', principal: { aws: '*' }, action: '*' }],
  ['everyone but one', { Effect: 'Allow', NotPrincipal: { AWS: rootOf(FOREIGN) }, Action: '*' }],
  ['every account by a pattern', statement({ Principal: { AWS: 'arn:aws:iam::*:root' } })],
  ['a foreign account by ARN', statement(foreign)],
  ['a foreign account by id', statement({ Principal: { AWS: FOREIGN } })],
  [
    'a foreign account beside an own one',
    statement({ Principal: { AWS: [rootOf(OWN), `arn:aws:iam::${FOREIGN}:role/x`] } }),
  ],
  [
    'a foreign account in another partition',
    statement({ Principal: { AWS: `arn:aws-us-gov:iam::${FOREIGN}:root` } }),
  ],
  [
    'the identity provider of a foreign account',
    statement({ Principal: { Federated: `arn:aws:iam::${FOREIGN}:saml-provider/x` } }),
  ],
  ['a foreign account with an external id', when('StringEquals', 'sts:ExternalId', 'contoso', foreign)],
  ['a foreign account from an address', when('IpAddress', 'aws:SourceIp', '192.0.2.0/24', foreign)],
  ['a foreign account through a VPC endpoint', when('StringEquals', 'aws:SourceVpce', 'vpce-1', foreign)],
  ['everyone of a foreign account, by condition', when('StringEquals', 'aws:PrincipalAccount', FOREIGN)],
  [
    'everyone of an own or a foreign account, by condition',
    when('StringEquals', 'aws:PrincipalAccount', [OWN, FOREIGN]),
  ],
  [
    'a service on behalf of a foreign account',
    when('StringEquals', 'aws:SourceAccount', FOREIGN, { Principal: { Service: 'sns.amazonaws.com' } }),
  ],
  ['a topic of a foreign account', when('ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${FOREIGN}:*`)],
  ['everyone over TLS', when('Bool', 'aws:SecureTransport', 'true')],
  ['everyone from everywhere', when('IpAddress', 'aws:SourceIp', '0.0.0.0/0')],
  ['everyone if they have no organisation', when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-1')],
  ['everyone through a service', when('StringEquals', 'kms:ViaService', 'rds.eu-central-1.amazonaws.com')],
  ['every account that an ARN pattern allows', when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:topic')],
  [
    'a foreign account of any organisation',
    when('StringEquals', 'aws:PrincipalOrgID', OTHER_ORGANISATION, foreign),
  ],
  [
    'a foreign account of units of any organisation',
    when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-1/r-1/ou-1/', foreign),
  ],
  [
    'everyone of a foreign account and of any organisation, by condition',
    statement({
      Condition: {
        StringEquals: { 'aws:PrincipalAccount': FOREIGN, 'aws:PrincipalOrgID': OTHER_ORGANISATION },
      },
    }),
  ],
  [
    'a bucket, by its ARN and its foreign account',
    statement({
      Condition: {
        ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::anybody' },
        StringEquals: { 'aws:SourceAccount': FOREIGN },
      },
    }),
  ],
  [
    'a foreign topic through a network of anybody',
    statement({
      Condition: {
        ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${FOREIGN}:*` },
        StringEquals: { 'aws:SourceVpc': 'vpc-1' },
      },
    }),
  ],
  ['callers that are no service', when('Bool', 'aws:PrincipalIsAWSService', 'false')],
];

const CLOSED: readonly (readonly [string, JsonObject])[] = [
  ['its own account', statement({ Principal: { AWS: rootOf(OWN) } })],
  [
    'another account of the company',
    statement({ Principal: { AWS: [SISTER, `arn:aws:iam::${SISTER}:user/a`] } }),
  ],
  ['nobody', statement({ ...foreign, Effect: 'Deny' })],
  ["one of AWS's services", statement({ Principal: { Service: 'lambda.amazonaws.com' } })],
  ['a deleted principal', statement({ Principal: { AWS: 'AIDAEXAMPLEUSERID0000' } })],
  [
    'an identity provider of its own',
    statement({ Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/entra` } }),
  ],
  ['an organisation', when('StringEquals', 'aws:PrincipalOrgID', 'o-contoso0001')],
  ['the units of an organisation', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-1/r-1/ou-1/')],
  ['an own source account', when('StringEquals', 'aws:SourceAccount', OWN)],
  ['an own source ARN', when('ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${OWN}:*`)],
  [
    'a bucket, whose ARN names no account',
    when('ArnEquals', 'aws:SourceArn', 'arn:aws:s3:::contoso-invoices'),
  ],
  ['an own source owner, as new topics have it', when('StringEquals', 'AWS:SourceOwner', OWN)],
  ['the own account of the caller, as keys of AWS have it', when('StringEquals', 'kms:CallerAccount', OWN)],
  ['a VPC endpoint', when('StringEquals', 'aws:SourceVpce', 'vpce-1a2b3c4d')],
  ['an address of the company', when('IpAddress', 'aws:SourceIp', '192.0.2.0/24')],
  ['whoever mounts the file system', when('Bool', 'elasticfilesystem:AccessedViaMountTarget', 'true')],
  ["AWS's services", when('Bool', 'aws:PrincipalIsAWSService', 'true')],
  [
    'a foreign account that must be an own one, too',
    statement({ ...foreign, Condition: { StringEquals: { 'aws:PrincipalAccount': OWN } } }),
  ],
];

describe('a resource policy', () => {
  for (const [whom, each] of OPEN)
    it(`opens to strangers when it lets in ${whom}`, () => {
      assert.equal(opensToStrangers(policyOf(statement({ Principal: { AWS: OWN } }), each)), true);
      assert.equal(opensToStrangers(policyText(each)), true);
    });

  for (const [whom, each] of CLOSED)
    it(`does not when it lets in ${whom}`, () => {
      assert.equal(opensToStrangers(policyOf(each)), false);
      assert.equal(opensToStrangers(policyText(each, each)), false);
    });

  const listed = (each: JsonObject): boolean => opensToStrangers(policyOf(each), [OWN_ORGANISATION]);

  it('lets in the organisations that the operator listed, and foreign accounts of these', () => {
    for (const own of [
      when('StringEquals', 'aws:PrincipalOrgID', OWN_ORGANISATION),
      when('StringEqualsIgnoreCase', 'aws:PrincipalOrgID', OWN_ORGANISATION.toUpperCase()),
      when('StringEquals', 'aws:PrincipalOrgID', OWN_ORGANISATION, foreign),
      when('ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', `${OWN_ORGANISATION}/r-1/ou-1/`),
      when('StringEquals', 'aws:SourceOrgID', OWN_ORGANISATION, {
        Principal: { Service: 'sns.amazonaws.com' },
      }),
      when('StringEquals', 'aws:PrincipalOrgID', OTHER_ORGANISATION, { Principal: { AWS: OWN } }),
    ])
      assert.equal(listed(own), false, JSON.stringify(own));
  });

  it('opens to strangers when it lets in an organisation beside those that the operator listed', () => {
    for (const other of [
      when('StringEquals', 'aws:PrincipalOrgID', OTHER_ORGANISATION),
      when('StringEquals', 'aws:PrincipalOrgID', [OWN_ORGANISATION, OTHER_ORGANISATION]),
      when('StringEquals', 'aws:PrincipalOrgID', [OWN_ORGANISATION, OTHER_ORGANISATION], foreign),
      when('ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', `${OTHER_ORGANISATION}/r-1/ou-1/`),
      when('StringEquals', 'aws:SourceOrgID', OTHER_ORGANISATION, {
        Principal: { Service: 'sns.amazonaws.com' },
      }),
    ])
      assert.equal(listed(other), true, JSON.stringify(other));
  });

  it('is read in other letter cases, with one bare statement, and URL-encoded', () => {
    assert.equal(opensToStrangers({ statement: statement() }), true);
    assert.equal(opensToStrangers(encodeURIComponent(policyText(statement()))), true);
    assert.equal(
      opensToStrangers(encodeURIComponent(policyText(statement({ Principal: { AWS: OWN } })))),
      false,
    );
  });

  it('opens when it cannot be read, and not when there is none', () => {
    assert.equal(opensToStrangers('{"Statement": ['), true);
    assert.equal(opensToStrangers('HIDDEN'), true);
    for (const nothing of [undefined, null, '', '  ', {}, { Statement: [] }])
      assert.equal(opensToStrangers(nothing), false);
  });
});
