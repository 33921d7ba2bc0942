// `countersign fire`: sends a sample detection to the running sandbox.
import { Command } from 'commander';
import { environment, parseStoreConfig } from '../config.ts';
import { fire } from '../sandbox/fire.ts';
import { readRunning } from '../sandbox/running.ts';
import { SAMPLES } from '../sandbox/samples/samples.ts';
import { fail, print } from './output.ts';

export const createFireCommand = (): Command =>
  new Command('fire')
    .description('send a sample detection to the running sandbox')
    .argument('[name]', 'which sample; --list names them')
    .option('--list', 'list the samples')
    .option('--json', 'one JSON object on stdout')
    .action(async (name: string | undefined, options: { list?: boolean; json?: boolean }) => {
      if (options.list || !name) {
        for (const [id, sample] of Object.entries(SAMPLES))
          print(
            options.json
              ? { name: id, title: sample.title, door: sample.door }
              : `${id.padEnd(28)} ${sample.title}`,
          );
        if (!options.list) fail('name a sample', 2);
        return;
      }
      if (!Object.hasOwn(SAMPLES, name))
        return fail(`there is no sample called ${name}; see: countersign fire --list`, 2);
      const fired = await fire(name, readRunning(parseStoreConfig(environment()).stateDirectory));
      const refs = casesOf(fired.answer);
      print(
        options.json
          ? { ...fired, cases: refs }
          : `${name}: ${fired.status}${refs.length > 0 ? `, case ${refs.join(', ')}` : ', no case'}${heldBack(fired.answer)}`,
      );
      if (fired.status >= 400) process.exitCode = 1;
    });

/** By what it asks nobody. */
function heldBack(answer: unknown): string {
  const alerts = (answer as { alerts?: readonly { exception?: string }[] } | null)?.alerts ?? [];
  const ids = alerts.flatMap(({ exception }) => exception ?? []);
  return ids.length > 0 ? `, held back by exception ${ids.join(', ')}` : '';
}

function casesOf(answer: unknown): readonly string[] {
  const alerts = (answer as { alerts?: readonly { case?: string | null }[] } | null)?.alerts ?? [];
  return alerts.flatMap((one) => (one.case ? [one.case] : []));
}
