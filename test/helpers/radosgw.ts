// A real S3 for tests: Ceph's radosgw, one for the whole run, started for the first suite that asks. It enforces policies, access
// lists and two of the four public access blocks, across accounts too, and its STS hands out roles with permissions of their own.
import { randomBytes } from 'node:crypto';
import { findRadosgw } from '../../scripts/test/parts.ts';
import { type CephCluster, startCeph } from './ceph-cluster.ts';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Radosgw {
  /** `http://127.0.0.1:PORT`, S3 and STS alike. */
  readonly url: string;
  /** Makes a user. Accounts are what Ceph calls tenants. */
  addUser(account: string, name: string): Promise<S3Keys>;
  /** Makes a role with one policy; `allows` must be permissions that radosgw knows. */
  addRole(
    account: string,
    name: string,
    trusts: readonly string[],
    allows: readonly string[],
  ): Promise<{ readonly arn: string }>;
}

let cluster: Promise<CephCluster> | null = null;
let said = false;

/** Starts it, or answers the one that runs. Call it in a hook with its `this`: without Ceph the suite is skipped; with CI=true it fails. */
export async function startRadosgw(context: Mocha.Context): Promise<Radosgw> {
  const binaries = findRadosgw();
  if (!binaries) {
    const how =
      'radosgw is missing: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common, or set CEPH_BIN.';
    if (process.env.CI === 'true') throw new Error(how);
    if (!said) console.error(how);
    said = true;
    return context.skip();
  }
  cluster ??= startCeph(binaries);
  const { url, admin } = await cluster;
  const document = (...statements: readonly object[]): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return {
    url,
    async addUser(account, name) {
      const keys = {
        accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(20).toString('hex'),
      };
      await admin(
        ...['user', 'create', '--tenant', account, '--uid', name, '--display-name', name],
        ...['--access-key', keys.accessKeyId, '--secret-key', keys.secretAccessKey],
      );
      return keys;
    },
    async addRole(account, name, trusts, allows) {
      const role = ['--tenant', account, '--role-name', name];
      const trust = document({ Effect: 'Allow', Principal: { AWS: trusts }, Action: ['sts:AssumeRole'] });
      await admin('role', 'create', ...role, '--assume-role-policy-doc', trust);
      const policy = document({ Effect: 'Allow', Action: allows, Resource: ['*'] });
      await admin('role-policy', 'put', ...role, '--policy-name', 'allows', '--policy-doc', policy);
      return { arn: `arn:aws:iam::${account}:role/${name}` };
    },
  };
}

after('stop radosgw', async () => {
  const running = await cluster?.catch(() => null);
  await running?.stop();
});
