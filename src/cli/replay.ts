// `countersign replay`: CloudTrail files and folders through the policies. Asks nobody and changes nothing.
import { Command } from 'commander';
import type { ReplayMatch, ReplayProblem } from '../replay/matcher.ts';
import { type ReplaySummary, replay } from '../replay/replay.ts';
import { fail, note, print } from './output.ts';
import { type CatalogueFlags, loadFlagged, withCatalogueFlags } from './policy-flags.ts';
import { createProgress } from './progress.ts';
import { shown } from './shown.ts';

export const createReplayCommand = (): Command =>
  withCatalogueFlags(
    new Command('replay')
      .description('run the policies over CloudTrail files: what would have been asked')
      .argument('<path...>', 'files or folders: .json, .jsonl, .json.gz, .jsonl.gz')
      .action(run),
  );

async function run(paths: readonly string[], flags: CatalogueFlags): Promise<void> {
  const { catalogue } = loadFlagged(flags);
  const progress = createProgress();
  const summary = await replay(paths, {
    catalogue,
    onMatch(match) {
      progress.clear();
      print(flags.json ? dataOf(match) : textOf(match));
    },
    onProblem(problem) {
      progress.clear();
      note(shown(problemText(problem)));
    },
    onProgress: ({ bytes, ofBytes, files, ofFiles, records, matches }) =>
      progress.show(
        ofBytes > 0 ? bytes / ofBytes : 0,
        `${files} of ${ofFiles} files, ${records} records, ${matches} matches`,
      ),
  });
  progress.clear();
  note(summaryText(summary));
  if (summary.unopened > 0) fail(`not opened: ${summary.unopened}; everything else was read`, 1);
}

function dataOf({ policy, file, index, describe }: ReplayMatch) {
  const { eventId, subject, target, attempt } = describe();
  return { policy: policy.id, eventId, index, file, subject, target, severity: policy.severity, attempt };
}

function textOf({ policy, file, index, describe }: ReplayMatch): string {
  const { subject, target, attempt } = describe();
  return [
    policy.severity.padEnd(13),
    policy.id,
    shown(`${subject} -> ${target}${attempt ? ' (attempt)' : ''}`),
    shown(`${file}#${index}`),
  ].join('  ');
}

function problemText({ file, index, reason }: ReplayProblem): string {
  const where = [file, index === null ? null : `record ${index}`].filter((part) => part !== null);
  return [...where, reason].join(': ');
}

function summaryText({ files, records, matches, unreadable, timeless }: ReplaySummary): string {
  const uncounted = timeless > 0 ? `, ${timeless} without a time that a counted policy needs` : '';
  return `${files} files, ${records} records, ${matches} matches, ${unreadable} unreadable${uncounted}`;
}
