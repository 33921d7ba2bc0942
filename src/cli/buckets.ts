// `countersign buckets`: every bucket of the listed accounts, how public it is, and why. Reads only. Its calls go on record like
// all others of our role: one that is not on record would open a case.
import { Command } from 'commander';
import { createS3ObjectStorage } from '../adapters/aws/object-storage.ts';
import { openStore } from '../adapters/store/index.ts';
import { systemClock } from '../adapters/system.ts';
import { bundledWords } from '../adapters/words/bundled.ts';
import { errorText } from '../case/errors.ts';
import type { Said } from '../case/said.ts';
import { type BucketLook, lookAtBuckets } from '../ingest/look-at-buckets.ts';
import { FOR_THE_RECORD } from '../ports/words.ts';
import { bucketsConfig } from './buckets-config.ts';
import { fail, note, print } from './output.ts';
import { printable } from './shown.ts';

interface Flags {
  readonly account?: readonly string[];
  readonly public?: boolean;
  readonly json?: boolean;
}

export const createBucketsCommand = (): Command =>
  new Command('buckets')
    .description("list the accounts' buckets, with how public each is and why")
    .option('--account <id...>', 'only these of the listed accounts')
    .option('--public', 'only those that are public, or could not be looked at')
    .option('--json', 'one JSON object a line')
    .action(async (flags: Flags) => {
      const config = bucketsConfig();
      const { settings, aws } = config;
      const listed = settings.aws.accounts.map(({ id }) => id);
      const unknown = flags.account?.find((id) => !listed.includes(id));
      if (unknown !== undefined)
        return fail(`account ${unknown} is not in the settings; there are ${listed.join(', ') || 'none'}`, 2);
      const words = bundledWords();
      const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
      const store = await openStore({
        ...config,
        databaseUrl: config.databaseUrl?.reveal(),
        clock: systemClock,
        words,
      });
      try {
        const storage = createS3ObjectStorage({ ...aws, accounts: settings.aws.accounts, requestLog: store });
        for (const account of flags.account ?? listed) await printAccount(account, storage, flags, write);
      } finally {
        await store.close();
      }
    });

async function printAccount(
  account: string,
  storage: Parameters<typeof lookAtBuckets>[1],
  flags: Flags,
  write: (said: Said) => string,
): Promise<void> {
  const count = { looked: 0, public: 0, objects: 0, unknown: 0 };
  try {
    for await (const look of lookAtBuckets(account, storage)) {
      count.looked += 1;
      if (look.public === null) count.unknown += 1;
      if (look.public) count.public += 1;
      if (wordOf(look) === OBJECTS) count.objects += 1;
      if (flags.public && look.public === false) continue;
      const shown = { ...look, reasons: look.reasons.map(write) };
      print(flags.json ? lineOf(shown) : textOf(shown));
    }
  } catch (error) {
    if (flags.json) print({ account, error: errorText(error) });
    return fail(`the buckets of account ${account} could not be listed: ${errorText(error)}`, 1);
  }
  // Whoever runs it in a script must not take what was not seen for private.
  if (count.unknown > 0) process.exitCode = 1;
  const objects = count.objects > 0 ? `, ${count.objects} whose objects can be public` : '';
  const rest = `${objects}${count.unknown > 0 ? `, ${count.unknown} could not be looked at` : ''}`;
  note(`account ${account}: ${count.looked} buckets, ${count.public} public${rest}`);
}

/** With its reasons in words. */
type Shown = Omit<BucketLook, 'reasons'> & { readonly reasons: readonly string[] };

const lineOf = ({ bucket, ...look }: Shown): object => ({
  account: bucket.account,
  region: bucket.region,
  bucket: bucket.name,
  ...look,
});

const WORD = new Map<boolean | null, string>([
  [true, 'PUBLIC'],
  [false, 'private'],
  [null, 'unknown'],
]);
/** Nobody gets in by the bucket, but single objects may be open: what AWS's console calls "Objects can be public". */
const OBJECTS = 'objects';

const wordOf = ({ public: isOpen, objects }: Pick<BucketLook, 'public' | 'objects'>): string =>
  isOpen === false && objects === 'can be public' ? OBJECTS : (WORD.get(isOpen) ?? '');

function textOf(look: Shown): string {
  const { bucket, policyStatus, acl, block, accountBlock, reasons } = look;
  const line = [
    wordOf(look).padEnd(8),
    bucket.name.padEnd(32),
    bucket.region.padEnd(14),
    `policy: ${policyStatus}, ACL: ${acl}, block: ${block}, account's block: ${accountBlock}`,
  ].join(' ');
  return [line, ...reasons.map((reason) => `         ${printable(reason)}`)].join('\n');
}
