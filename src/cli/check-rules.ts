// What `countersign policies check` prints: each refused rule as compilers say it, notes, and a summary.
import { statSync } from 'node:fs';
import { checkFolder, problemText } from '../policy-files.ts';
import { fail, print } from './output.ts';
import { knownActions, readSettings, type SettingsFlags } from './policy-flags.ts';
import { shown } from './shown.ts';

/** Ends with 1 when anything was refused, with 2 when there is no such folder. */
export function checkRules(folder: string, flags: SettingsFlags): void {
  if (!isFolder(folder)) {
    fail(`${shown(folder)} is not a folder`, 2);
    return;
  }
  const checked = checkFolder(folder, { settings: readSettings(flags), knownActions });
  for (const problem of checked.problems)
    print(flags.json ? { kind: 'refused', ...problem } : shown(problemText(problem)));
  for (const one of checked.notes)
    print(
      flags.json ? { kind: 'note', ...one } : shown(problemText({ ...one, reason: `note: ${one.reason}` })),
    );
  const summary = {
    files: checked.files,
    policies: checked.policies.length,
    waiting: checked.policies.filter((policy) => policy.source === null).length,
    refused: checked.problems.length,
  };
  print(flags.json ? { kind: 'summary', ...summary } : summaryText(summary));
  if (summary.refused > 0) process.exitCode = 1;
}

function summaryText(
  summary: Readonly<Record<'files' | 'policies' | 'waiting' | 'refused', number>>,
): string {
  const { files, policies, waiting, refused } = summary;
  return [
    `Files: ${files}. Policies that load: ${policies}`,
    ...(waiting > 0 ? [` (${waiting} of them waiting for logs that no source delivers)`] : []),
    `. Refused: ${refused}.`,
  ].join('');
}

const isFolder = (folder: string): boolean =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
