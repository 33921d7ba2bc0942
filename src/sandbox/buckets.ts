// Contoso's made-up AWS account, its partner's, and the buckets that samples open to everyone. Nothing here is real.
import { AWS_READS } from '../adapters/aws/permissions.ts';
import type { JsonObject } from '../case/json.ts';
import { ACTIONS } from '../govern/actions/index.ts';
import {
  ALEX_USER,
  BASE_USER,
  COUNTERSIGN_ROLE,
  MANAGEMENT_ACCOUNT,
  MANAGEMENT_ROLE,
  ORGANISATION,
  PIPELINE_ROLE,
} from './identities.ts';
import type { KnownCallers } from './s3/callers.ts';
import type { BucketSeed } from './s3/state.ts';
import { SAMPLE_ACCOUNT, SAMPLE_REGION } from './samples/cloudtrail-samples.ts';

export const PARTNER_ACCOUNT = '444455556666';
/** How access lists name the two accounts. */
const OWN_ID = 'c0'.repeat(32);
const PARTNER_ID = 'fa'.repeat(32);

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
/** Who holds keys in the sandbox: Countersign's base identity, the account's owner, Alex, and somebody at the partner. */
export interface SandboxKeys {
  readonly countersign: AwsKeys;
  readonly owner: AwsKeys;
  readonly alex: AwsKeys;
  readonly partner: AwsKeys;
}

export const callers = (keys: SandboxKeys): KnownCallers => ({
  accounts: [
    { id: SAMPLE_ACCOUNT, canonicalId: OWN_ID, organisation: ORGANISATION.id },
    { id: PARTNER_ACCOUNT, canonicalId: PARTNER_ID },
    { id: MANAGEMENT_ACCOUNT, canonicalId: '3a'.repeat(32), organisation: ORGANISATION.id },
  ],
  users: [
    { arn: BASE_USER, ...keys.countersign, allows: [] },
    { arn: `arn:aws:iam::${SAMPLE_ACCOUNT}:user/owner`, ...keys.owner, allows: ['s3:*'] },
    { arn: ALEX_USER, ...keys.alex, allows: READS },
    { arn: `arn:aws:iam::${PARTNER_ACCOUNT}:user/auditor`, ...keys.partner, allows: ['s3:*'] },
  ],
  roles: [
    { arn: COUNTERSIGN_ROLE, allows: declared(false), trusts: [BASE_USER] },
    { arn: MANAGEMENT_ROLE, allows: declared(true), trusts: [BASE_USER] },
    { arn: PIPELINE_ROLE, allows: READS, trusts: [ALEX_USER] },
  ],
});

const READS = ['s3:GetObject', 's3:ListBucket'];

/** What the actions declare and the look at buckets needs, and nothing else: of the organisation, or of an account. */
const declared = (ofOrganisation: boolean): readonly string[] =>
  [
    ...new Set([
      ...Object.keys(AWS_READS),
      ...[...ACTIONS.values()].flatMap((action) => action.permissions.aws ?? []),
    ]),
  ].filter((permission) => permission.startsWith('organizations:') === ofOrganisation);

const arn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
const PARTNER_READS = {
  Sid: 'PartnerAudit',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${PARTNER_ACCOUNT}:root` },
  Action: 's3:GetObject',
  Resource: `${arn('contoso-invoices')}/*`,
};
const ONLY_TLS = {
  Sid: 'OnlyTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: `${arn('contoso-invoices')}/*`,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const PUBLIC_READ = {
  Sid: 'PublicRead',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `${arn('contoso-invoices')}/*`,
};
const SUPPLIER_READS = {
  Sid: 'SupplierReads',
  Effect: 'Allow',
  Principal: { AWS: [`arn:aws:iam::${PARTNER_ACCOUNT}:user/auditor`, COUNTERSIGN_ROLE] },
  Action: 's3:GetObject',
  Resource: `${arn('contoso-supplier-drop')}/*`,
};
const policyOf = (statements: readonly JsonObject[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const INVOICES_POLICY = policyOf([PARTNER_READS, ONLY_TLS]);
/** What the `bucket-shared` sample leaves behind. */
export const SUPPLIER_POLICY = policyOf([SUPPLIER_READS]);
/** What the `bucket-public` sample leaves behind. */
export const INVOICES_OPENED = policyOf([PARTNER_READS, PUBLIC_READ, ONLY_TLS]);

const CLOSED = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

export const BUCKETS: readonly BucketSeed[] = [
  {
    name: 'contoso-invoices',
    account: SAMPLE_ACCOUNT,
    region: SAMPLE_REGION,
    policy: INVOICES_POLICY,
    publicAccessBlock: CLOSED,
    objects: { 'invoices-2026.csv': 'number,customer,amount\n1001,Example GmbH,1200.00\n' },
  },
  {
    name: 'contoso-press-kit',
    account: SAMPLE_ACCOUNT,
    region: SAMPLE_REGION,
    ownership: 'ObjectWriter',
    acl: 'private',
    publicAccessBlock: CLOSED,
    objects: { 'logo.txt': { body: 'a picture of a signature\n', acl: 'public-read' } },
  },
  // A partner by policy and by access list, and an object that somebody made public by itself.
  {
    name: 'contoso-supplier-drop',
    account: SAMPLE_ACCOUNT,
    region: SAMPLE_REGION,
    ownership: 'ObjectWriter',
    acl: [
      { canonicalId: OWN_ID, permission: 'FULL_CONTROL' },
      { canonicalId: PARTNER_ID, permission: 'READ' },
    ],
    policy: SUPPLIER_POLICY,
    objects: {
      'orders.csv': 'number,item,amount\n2001,Ink,12\n',
      'price-list.txt': { body: 'Ink: 4.00\n', acl: 'public-read' },
    },
  },
];
