// The two S3s that the suites of the S3 actions run against: the sandbox's own, and Ceph's radosgw.
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createS3Server } from '../../src/sandbox/s3/server.ts';
import type { S3Role } from '../../src/sandbox/s3/state.ts';
import { type Radosgw, type S3Keys, startRadosgw } from './radosgw.ts';
import {
  ACCOUNT_OF,
  arnOf,
  createSite,
  EVERYBODY,
  OWNER_ACCOUNT,
  PARTNER_ACCOUNT,
  REGION,
  type S3Site,
  USERS,
} from './s3-site.ts';

type Keys = Record<(typeof USERS)[number], S3Keys>;

/** By name, how each is started; in a hook, with its `this`. */
export const SITES: Readonly<Record<S3Site['name'], (context: Mocha.Context) => Promise<S3Site>>> = {
  sandbox: startSandboxSite,
  radosgw: startRadosgwSite,
};

async function startSandboxSite(): Promise<S3Site> {
  const canonicalIds = { olu: 'a'.repeat(64), pat: 'b'.repeat(64) };
  /** radosgw knows no identity policies for users of the owner's account: `sam` has none here either. */
  const allows = { olu: ['s3:*'], sam: [], bot: ['sts:*'], pat: ['s3:*', 'sts:*'], kim: ['s3:*'] };
  const users = USERS.map((name) => ({
    arn: arnOf(name),
    accessKeyId: `${name.toUpperCase()}KEY`,
    secretAccessKey: `${name}-secret`,
    allows: allows[name],
  }));
  const roles: S3Role[] = [
    { arn: arnOf('auditor'), trusts: [arnOf('bot')], allows: [] },
    { arn: arnOf('reader'), trusts: [arnOf('pat')], allows: ['s3:*'] },
  ];
  const server = await createS3Server({
    accounts: [
      { id: OWNER_ACCOUNT, canonicalId: canonicalIds.olu },
      { id: PARTNER_ACCOUNT, canonicalId: canonicalIds.pat },
    ],
    users,
    roles,
    buckets: [],
  });
  return createSite({
    name: 'sandbox',
    url: server.url,
    stsUrl: `${server.url}/sts`,
    canonicalIds,
    callers: EVERYBODY,
    roles: { auditor: arnOf('auditor'), reader: arnOf('reader') },
    keys: Object.fromEntries(USERS.map((name, index) => [name, users[index]])) as unknown as Keys,
    addBucket: async (_owner, name) =>
      server.world.putBucket({ name, account: OWNER_ACCOUNT, region: REGION, ownership: 'ObjectWriter' }),
    async addRole(account, name, trusts, mayDo) {
      const arn = `arn:aws:iam::${account}:role/${name}`;
      roles.push({ arn, trusts, allows: mayDo });
      return arn;
    },
    foreignName: (bucket) => bucket,
    stop: () => server.close(),
  });
}

/**
 * radosgw knows no ownership controls, and answers a question for them with a listing. It knows no block of an account either, and
 * takes no policy that names the permission: nobody asks it.
 */
const IN_RADOSGW_WORDS: Readonly<Record<string, string>> = {
  's3:GetBucketOwnershipControls': 's3:ListBucket',
  's3:GetAccountPublicAccessBlock': 's3:ListBucket',
};

interface People {
  readonly keys: Keys;
  readonly roles: { readonly auditor: string; readonly reader: string };
}
/** One set for every suite: users and roles stay until the whole cluster goes. */
let people: Promise<People> | null = null;

async function addPeople({ addUser, addRole }: Radosgw): Promise<People> {
  const keys = await Promise.all(
    USERS.map(async (name) => [name, await addUser(ACCOUNT_OF[name], name)] as const),
  );
  // A role needs some permission: this one lets nobody at anything.
  const [auditor, reader] = await Promise.all([
    addRole(OWNER_ACCOUNT, 'auditor', [arnOf('bot')], ['s3:ListAllMyBuckets']),
    addRole(PARTNER_ACCOUNT, 'reader', [arnOf('pat')], ['s3:*']),
  ]);
  return { keys: Object.fromEntries(keys) as Keys, roles: { auditor: auditor.arn, reader: reader.arn } };
}

async function startRadosgwSite(context: Mocha.Context): Promise<S3Site> {
  const radosgw = await startRadosgw(context);
  people ??= addPeople(radosgw);
  return createSite({
    name: 'radosgw',
    url: radosgw.url,
    stsUrl: radosgw.url,
    canonicalIds: { olu: `${OWNER_ACCOUNT}$olu`, pat: `${PARTNER_ACCOUNT}$pat` },
    callers: EVERYBODY.filter((who) => who !== 'reader'),
    ...(await people),
    addBucket: (owner, Bucket) => owner.send(new CreateBucketCommand({ Bucket })),
    async addRole(account, name, trusts, allows) {
      const known = [...new Set(allows.map((permission) => IN_RADOSGW_WORDS[permission] ?? permission))];
      return (await radosgw.addRole(account, name, trusts, known)).arn;
    },
    // Buckets of other accounts carry the account's name.
    foreignName: (bucket) => `${OWNER_ACCOUNT}:${bucket}`,
    stop: async () => {},
  });
}
