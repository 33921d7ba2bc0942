import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BOT_USER, bucket, OWNER, REGION, ROLE_ARN, startWorld } from '../../sandbox/s3/world-fixture.ts';

const ADAPTER = new URL('../../../src/adapters/aws/object-storage.ts', import.meta.url).href;

describe('credentials that are handed over', () => {
  it('are the only ones looked at: neither environment, nor files, nor a metadata service', async () => {
    const server = await startWorld({ buckets: [bucket('files')] });
    let lookups = 0;
    const metadata = createServer((_request, response) => {
      lookups += 1;
      response.statusCode = 404;
      response.end();
    });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', () => resolve()));
    const trap = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`;
    const options = {
      accounts: [{ id: OWNER.id, roleArn: ROLE_ARN }],
      region: REGION,
      endpoint: server.url,
      stsEndpoint: `${server.url}/sts`,
      credentials: { accessKeyId: BOT_USER.accessKeyId, secretAccessKey: BOT_USER.secretAccessKey },
    };
    const target = { kind: 'bucket', account: OWNER.id, region: REGION, name: 'files' };
    const script = `
      const { createS3ObjectStorage } = await import(${JSON.stringify(ADAPTER)});
      const requestLog = { noteRequests: async () => {} };
      const access = await createS3ObjectStorage({ ...${JSON.stringify(options)}, requestLog }).readAccess(${JSON.stringify(target)});
      process.stdout.write(JSON.stringify(access));`;
    const env = {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      AWS_ACCESS_KEY_ID: 'FROM-THE-ENVIRONMENT',
      AWS_SECRET_ACCESS_KEY: 'poison',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${trap}/container`,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: trap,
    };

    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env });
    const output: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.stderr.on('data', (part: Buffer) => output.push(part));
    const code = await new Promise((resolve) => child.on('close', resolve));
    await server.close();
    await new Promise((resolve) => metadata.close(resolve));

    assert.equal(Buffer.concat(output).toString(), '{"acl":null,"policy":null,"publicAccessBlock":null}');
    assert.equal(code, 0);
    assert.equal(lookups, 0);
    assert.equal(server.world.calls.filter(({ operation }) => operation === 'AssumeRole').length, 1);
  });
});
