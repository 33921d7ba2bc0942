// The public access block of a whole AWS account, which S3 Control keeps. Every call names the account.
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import { fromBlock, toBlock } from './access-documents.ts';
import { type AwsOptions, createRoleCalls, hasCode, receiptOf } from './clients.ts';

/** Throws as the port says. A stand-in answers S3 Control at the endpoint of S3. */
export function createAccountBlocks(
  options: AwsOptions,
): Pick<ObjectStorage, 'readAccountBlock' | 'writeAccountBlock'> {
  const calls = createRoleCalls(options, (config) => {
    if (options.endpoint === undefined) return new S3ControlClient(config);
    const endpoint = new URL(options.endpoint);
    const { hostname } = endpoint;
    // The account id in front of an address is no host at all: the SDK would refuse it.
    endpoint.hostname = 'localhost';
    const client = new S3ControlClient({ ...config, endpoint: endpoint.href });
    keepHost(client, hostname);
    return client;
  });

  return {
    async readAccountBlock(account) {
      const command = new GetPublicAccessBlockCommand({ AccountId: account });
      const answer = await calls.sendOr(
        account,
        'GetAccountPublicAccessBlock',
        (control, o) => control.send(command, o),
        hasCode('NoSuchPublicAccessBlockConfiguration'),
        () => null,
      );
      const configured = answer?.PublicAccessBlockConfiguration;
      return configured ? toBlock(configured) : null;
    },

    async writeAccountBlock(account, block) {
      if (block === null)
        return receiptOf(
          await calls.send(account, 'DeleteAccountPublicAccessBlock', (control, o) =>
            control.send(new DeletePublicAccessBlockCommand({ AccountId: account }), o),
          ),
        );
      const command = new PutPublicAccessBlockCommand({
        AccountId: account,
        PublicAccessBlockConfiguration: fromBlock(block),
      });
      return receiptOf(
        await calls.send(account, 'PutAccountPublicAccessBlock', (control, o) => control.send(command, o)),
      );
    },
  };
}

/**
 * The SDK puts the account id before the host's name, whatever the endpoint, and a stand-in on loopback has no such name.
 * (aws-sdk-js-v3 issue 7146.) Set back before the request is signed.
 */
function keepHost(client: S3ControlClient, hostname: string): void {
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { hostname });
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'keepHost' },
  );
}
