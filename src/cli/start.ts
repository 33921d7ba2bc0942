// `countersign start`: the service, or with --sandbox the whole made-up world around it.
import { Command } from 'commander';

export const createStartCommand = (): Command =>
  new Command('start')
    .description('run Countersign; without any setting, in the sandbox')
    .option('--sandbox', 'the local world of contoso.example; refused where Countersign is configured')
    .option('--no-client', 'without the Teams client (sandbox)')
    .option('--json', 'one line of JSON on stdout once everything answers')
    .action(async (options: { sandbox?: boolean; client: boolean; json?: boolean }) => {
      // The service with its SDKs takes a second to load: the other commands need not wait for it.
      const { start } = await import('../start.ts');
      await start({
        sandbox: options.sandbox ?? false,
        client: options.client,
        json: options.json ?? false,
      });
    });
