// The flags that say which policies a command is about, and the catalogue that they lead to.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CountersignError, errorText } from '../case/errors.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { environment } from '../config.ts';
import { ACTIONS } from '../govern/actions/index.ts';
import { type LoadedCatalogue, loadCatalogue, problemText } from '../policy-files.ts';
import { parseSettings } from '../settings/file.ts';
import { fail, note } from './output.ts';
import { shown } from './shown.ts';

export interface SettingsFlags {
  readonly json?: boolean;
  readonly settings?: string;
}
export interface CatalogueFlags extends SettingsFlags {
  readonly rules: readonly string[];
}

export const knownActions = [...ACTIONS.keys()];

export const withSettingsFlags = (command: Command): Command =>
  command
    .option('--settings <file>', 'the operator’s settings; COUNTERSIGN_SETTINGS when absent')
    .option('--json', 'one JSON object a line');

export const withCatalogueFlags = (command: Command): Command =>
  withSettingsFlags(command).option(
    '--rules <folder>',
    'a folder of Sigma rules from outside; may be repeated',
    (folder: string, before: readonly string[]) => [...before, folder],
    [],
  );

/** Undefined where none are named. Throws `config.settings`, naming the file. */
export function readSettings({ settings }: SettingsFlags): OperatorSettings | undefined {
  const file = settings ?? environment().COUNTERSIGN_SETTINGS;
  if (!file) return undefined;
  try {
    return { ...parseSettings(readFileSync(file, 'utf8'), path.dirname(file), ACTIONS), file };
  } catch (cause) {
    throw new CountersignError('config.settings', `${file}: ${errorText(cause)}`, { cause });
  }
}

/** Rules that were refused are said on stderr, and make the command fail once it has done what it could. */
export function loadFlagged(flags: CatalogueFlags): LoadedCatalogue {
  const loaded = loadCatalogue({ settings: readSettings(flags), ruleFolders: flags.rules, knownActions });
  for (const problem of loaded.problems) note(shown(problemText(problem)));
  if (loaded.problems.length > 0) fail(`refused: ${loaded.problems.length}; everything else was loaded`, 1);
  return loaded;
}
