// `countersign package`: writes the zip that an administrator uploads to Teams.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { CountersignError, errorText } from '../case/errors.ts';
import { type AppPackageOptions, buildAppPackage, type Developer } from './app-package.ts';
import { note, print } from './output.ts';

/** What the configuration gives; read only when the command runs. */
export type AppIdentity = Pick<AppPackageOptions, 'botAppId' | 'teamsAppId'>;

interface Flags {
  readonly out: string;
  readonly json?: boolean;
  readonly developer?: string;
  readonly website?: string;
  readonly privacy?: string;
  readonly terms?: string;
}

/** Leaves out what was not given, so that the placeholders stay. */
function developerFrom(flags: Flags): Partial<Developer> {
  const given = {
    name: flags.developer,
    websiteUrl: flags.website,
    privacyUrl: flags.privacy,
    termsOfUseUrl: flags.terms,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function createPackageCommand(readIdentity: () => AppIdentity): Command {
  return new Command('package')
    .description('builds the Teams app package from the settings')
    .option('--out <file>', 'the zip to write', 'countersign-teams.zip')
    .option('--developer <name>', 'who stands behind the app, as Teams shows it')
    .option('--website <url>', 'your page about the app')
    .option('--privacy <url>', 'your privacy statement')
    .option('--terms <url>', 'your terms of use')
    .option('--json', 'one JSON line instead of prose')
    .action(async (flags: Flags) => {
      const identity = readIdentity();
      const developer = developerFrom(flags);
      const zip = await buildAppPackage({ ...identity, developer });
      const file = resolve(flags.out);
      await writeFile(file, zip).catch((cause: unknown) => {
        throw new CountersignError('package.not-written', `Cannot write ${file}: ${errorText(cause)}`, {
          cause,
        });
      });
      if (Object.keys(developer).length < 4)
        note(
          'Placeholders stand for the developer’s name and pages that were not given (--developer, --website, --privacy, --terms).',
        );
      print(flags.json ? { file, bytes: zip.length, ...identity } : file);
      note('Upload it in the Teams admin center, under Teams apps, Manage apps.');
    });
}
