// The shapes that requests share across services, each with what opens and what does not.
import { FOREIGN, OWN, policyOf, policyText, rootOf, SISTER, statement } from './calls.ts';

/** Requests that open something to strangers, and requests that do not. */
export type Requests = readonly [opening: readonly unknown[], harmless: readonly unknown[]];

export const everyone = statement();
export const abroad = statement({ Principal: { AWS: rootOf(FOREIGN) } });
export const athome = statement({ Principal: { AWS: [rootOf(OWN), SISTER] } });
export const organisation = statement({
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } },
});

/** A policy document under this name: text, object, wrapped, public or foreign; and all that is not. */
export const policyUnder = (name: string): Requests => [
  [
    { [name]: policyText(everyone) },
    { [name]: policyText(athome, abroad) },
    { [name]: policyOf(abroad) },
    { Request: { [name]: policyText(everyone) } },
    { [name]: 'unreadable' },
  ],
  [{ [name]: policyText(athome, organisation) }, { [name]: policyOf(athome) }, { [name]: '' }, {}, null],
];
/** Of buckets: what S3 calls public, or cannot be read, is for another detector. */
export const bucketPolicyUnder = (name: string): Requests => [
  [
    { [name]: policyOf(athome, abroad) },
    { [name]: policyText(abroad) },
    { [name]: policyOf(everyone, abroad) },
    {
      [name]: policyOf(
        statement({ Condition: { StringEquals: { 'aws:PrincipalAccount': [OWN, FOREIGN] } } }),
      ),
    },
  ],
  [
    { [name]: policyOf(everyone, athome, organisation) },
    { [name]: policyText(everyone) },
    { [name]: 'unreadable' },
    { [name]: '' },
    null,
  ],
];
export const accountsUnder = (name: string): Requests => [
  [
    { [name]: [OWN, FOREIGN] },
    { [name]: FOREIGN },
    { Request: { [name]: { content: rootOf(FOREIGN), tag: 1 } } },
    { [name]: `arn:aws:organizations::${FOREIGN}:ou/o-1/ou-1` },
  ],
  [
    { [name]: [OWN, SISTER] },
    { [name]: [] },
    { [name]: `arn:aws:organizations::${SISTER}:ou/o-1/ou-1` },
    {},
    null,
  ],
];
export const everyoneToo = (word: string, name: string): Requests => {
  const [opening, harmless] = accountsUnder(name);
  return [[...opening, { [name]: [word] }], harmless];
};
export const switchUnder = (name: string): Requests => [
  [{ [name]: true }, { [name]: 'true' }, { Request: { [name]: true } }],
  [{ [name]: false }, { [name]: 'false' }, {}, null],
];
export const addTo = (permission: string): Requests => [
  [
    { [permission]: { add: { items: [{ group: 'all' }] } } },
    { [permission]: { add: { items: [{ userId: OWN }, { userId: FOREIGN }] } } },
    { [permission]: { add: { items: { userId: FOREIGN } }, remove: { items: [{ userId: OWN }] } } },
    { operationType: 'add', userIdSet: { items: [{ userId: FOREIGN }] } },
    {
      [permission]: {
        add: { items: [{ organizationArn: `arn:aws:organizations::${FOREIGN}:organization/o-1` }] },
      },
    },
  ],
  [
    { [permission]: { remove: { items: [{ group: 'all' }, { userId: FOREIGN }] } } },
    { [permission]: { add: { items: [{ userId: SISTER }] } } },
    {
      [permission]: {
        add: { items: [{ organizationArn: `arn:aws:organizations::${SISTER}:organization/o-1` }] },
      },
    },
    { operationType: 'remove', userIdSet: { items: [{ userId: FOREIGN }] } },
    { attributeType: 'description', description: { value: 'all' } },
    null,
  ],
];
export const ALWAYS: Requests = [[{}, null], []];
const cluster = (config: object) => ({ name: 'shop', resourcesVpcConfig: config });
export const clusters: Requests = [
  [
    cluster({ endpointPublicAccess: true, publicAccessCidrs: ['192.0.2.0/24', '0.0.0.0/0'] }),
    cluster({ endpointPublicAccess: true }),
    cluster({ publicAccessCidrs: ['::/0'] }),
  ],
  [
    cluster({ endpointPublicAccess: true, publicAccessCidrs: ['192.0.2.0/24'] }),
    cluster({ endpointPublicAccess: false, publicAccessCidrs: ['0.0.0.0/0'] }),
    cluster({ endpointPrivateAccess: true }),
    { logging: {} },
    null,
  ],
];
export const lambdaGrant: Requests = [
  [
    { principal: '*' },
    { principal: '*', functionUrlAuthType: 'NONE' },
    { principal: FOREIGN },
    { principal: rootOf(FOREIGN), sourceAccount: OWN },
    { principal: 's3.amazonaws.com', sourceAccount: FOREIGN },
    { principal: 'sns.amazonaws.com', sourceArn: `arn:aws:sns:eu-central-1:${FOREIGN}:orders` },
    { principal: rootOf(FOREIGN), principalOrgID: 'o-attacker001' },
    { principal: FOREIGN, organizationId: 'o-attacker001' },
    { principal: '*', principalOrgID: 'o-*' },
  ],
  [
    { principal: OWN },
    { principal: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::contoso-invoices' },
    { principal: '*', principalOrgID: 'o-contoso0001' },
    { principal: '*', organizationId: 'o-contoso0001' },
    { principal: '*', sourceAccount: OWN },
    null,
  ],
];
const network = (isPublic: boolean, type = 'network') => ({
  type,
  policy: JSON.stringify([{ Rules: [], AllowFromPublic: isPublic }]),
});
export const networks: Requests = [[network(true)], [network(false), network(true, 'encryption'), null]];
export const domain: Requests = [
  [...policyUnder('accessPolicies')[0]],
  [
    ...policyUnder('accessPolicies')[1],
    { accessPolicies: policyText(everyone), vPCOptions: { subnetIds: ['subnet-1'] } },
  ],
];
export const patch = (op: string, path: string, value?: string) => ({
  restApiId: 'a1b2c3d4e5',
  patchOperations: [{ op, path, ...(value === undefined ? {} : { value }) }],
});
