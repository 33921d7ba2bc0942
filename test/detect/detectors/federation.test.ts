import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/case/json.ts';
import { resourceMadePublic } from '../../../src/detect/detectors/resource-made-public.ts';
import { CONTEXT, OWN, policyText, record, statement } from './calls.ts';

const HUB = 'token.actions.githubusercontent.com';
const POOL = 'cognito-identity.amazonaws.com';
const GOOGLE = 'accounts.google.com';
const provider = (host: string): string => `arn:aws:iam::${OWN}:oidc-provider/${host}`;
const trust = (federated: string | readonly string[], Condition: JsonObject = {}): JsonObject =>
  statement({ Principal: { Federated: federated }, Action: 'sts:AssumeRoleWithWebIdentity', Condition });
const audience = { [`${HUB}:aud`]: 'sts.amazonaws.com' };
const subject = (value: string | readonly string[], operator = 'StringLike'): JsonObject =>
  trust(provider(HUB), { StringEquals: audience, [operator]: { [`${HUB}:sub`]: value } });
const pool = (amr: string): JsonObject =>
  trust(POOL, {
    StringEquals: { [`${POOL}:aud`]: 'eu-central-1:00000000-0000-4000-8000-000000000001' },
    'ForAnyValue:StringLike': { [`${POOL}:amr`]: amr },
  });

const EVERYONE: readonly (readonly [string, JsonObject])[] = [
  ['all of Google', trust(GOOGLE)],
  ['all users of an application of Google', trust(GOOGLE, { StringEquals: { [`${GOOGLE}:aud`]: '1.apps' } })],
  ['all of Amazon', trust('www.amazon.com', { StringEquals: { 'www.amazon.com:app_id': 'amzn1.app' } })],
  ['all of Facebook', trust('graph.facebook.com')],
  ['every pool of identities', trust(POOL)],
  ['the guests of a pool', pool('unauthenticated')],
  ['all of GitHub', trust(provider(HUB))],
  ['all of GitHub with the usual audience', trust(provider(HUB), { StringEquals: audience })],
  ['all of GitHub by a pattern', subject('repo:*')],
  ['whose names begin alike, on GitHub', subject('repo:contoso*')],
  ['every repository of a name', subject('repo:*/shop:*')],
  ['anybody beside an own repository', subject(['repo:contoso/shop:*', '*'])],
  ['whoever has no subject', subject('repo:contoso/shop:*', 'StringLikeIfExists')],
  ['everyone but one subject', subject('repo:contoso/shop:*', 'StringNotLike')],
  [
    'all of a provider beside SAML',
    trust([`arn:aws:iam::${OWN}:saml-provider/entra`, provider('id.example')]),
  ],
];
const SOMEBODY: readonly (readonly [string, JsonObject])[] = [
  ['one user of Google', trust(GOOGLE, { StringEquals: { [`${GOOGLE}:sub`]: '1234567890' } })],
  ['one user of Amazon', trust('www.amazon.com', { StringEquals: { 'www.amazon.com:user_id': 'amzn1.1' } })],
  ['those who signed in to a pool', pool('authenticated')],
  ['one branch on GitHub', subject('repo:contoso/shop:ref:refs/heads/main', 'StringEquals')],
  ['one owner on GitHub', subject('repo:contoso/*')],
  ['two repositories on GitHub', subject(['repo:contoso/shop:*', 'repo:contoso/web:environment:live'])],
  [
    'a name space of a cluster',
    trust(provider('oidc.eks.eu-central-1.amazonaws.com/id/A'), {
      StringLike: { 'oidc.eks.eu-central-1.amazonaws.com/id/A:sub': 'system:serviceaccount:shop:*' },
    }),
  ],
  ['a provider from an address', trust(provider(HUB), { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })],
  ['an own directory over SAML', trust(`arn:aws:iam::${OWN}:saml-provider/entra`)],
  ['nobody', { ...trust(GOOGLE), Effect: 'Deny' }],
];
const calls = (each: JsonObject): readonly JsonObject[] => [
  record('iam:CreateRole', { roleName: 'deploy', assumeRolePolicyDocument: policyText(each) }),
  record('iam:UpdateAssumeRolePolicy', { roleName: 'deploy', policyDocument: policyText(each) }),
];

describe('a role that trusts identity providers', () => {
  for (const [whom, each] of EVERYONE)
    it(`is open to everyone when it lets in ${whom}`, () => {
      for (const call of calls(each)) assert.equal(resourceMadePublic(call, CONTEXT), true);
    });

  for (const [whom, each] of SOMEBODY)
    it(`is not when it lets in ${whom}`, () => {
      for (const call of calls(each)) assert.equal(resourceMadePublic(call, CONTEXT), false);
    });
});
