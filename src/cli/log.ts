// `countersign log`: the governance log of one case or of all, as lines or as OCSF events for a SIEM.
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Store } from '../adapters/store/index.ts';
import { bundledWords } from '../adapters/words/bundled.ts';
import { type GovernanceRecord, governanceLog, logLine } from '../audit/governance-log.ts';
import { ocsfEvent } from '../audit/ocsf.ts';
import type { Case } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { CaseId } from '../case/ids.ts';
import type { Words } from '../ports/words.ts';
import { withStore } from './open-store.ts';
import { print } from './output.ts';
import { printable } from './shown.ts';

interface Flags {
  readonly ocsf?: boolean;
  readonly json?: boolean;
  readonly since?: string;
  readonly follow?: boolean;
}

const FOLLOW_MS = 2_000;
/** A record's time is taken before it is committed: what is committed last need not be the latest. */
const READ_ON = `
To read on after a break, name a time some minutes before the last record, and drop what is there already: a record has the same
uid (metadata.uid in OCSF) whenever it is read.`;

export const createLogCommand = (): Command =>
  new Command('log')
    .description('who asked, who decided, what was planned, done, verified and undone, with request ids')
    .argument('[case]', 'reference of a case; all of them when absent')
    .addOption(
      new Option('--ocsf', 'one OCSF 1.3.0 event (Remediation Activity) a line, for a SIEM').conflicts(
        'json',
      ),
    )
    .option('--json', 'one JSON object a line')
    .option('--since <time>', 'only what happened at this time or later, ISO 8601', parseTime)
    .option('--follow', 'go on with what happens from now on')
    .addHelpText('after', READ_ON)
    .action(async (ref: string | undefined, flags: Flags) =>
      withStore(async (store) => {
        const [seen, words] = [new Map<CaseId, number>(), bundledWords()];
        for (;;) {
          for await (const { record, about } of news(store, ref, seen, words))
            if (record.at >= (flags.since ?? '')) print(lineOf(record, about, flags));
          if (!flags.follow) return;
          await wait(FOLLOW_MS);
        }
      }),
    );

function parseTime(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('A time such as 2026-11-22T10:00:00Z.');
  return at.toISOString();
}

/** What each case's chain has gained since it was last looked at: `seen` moves on with it. */
async function* news(store: Store, ref: string | undefined, seen: Map<CaseId, number>, words: Words) {
  const wanted = ref === undefined ? null : await store.findCase(ref);
  if (ref !== undefined && !wanted) throw new CountersignError('log.no-case', `There is no case ${ref}.`);
  for (const { caseId, seq } of await store.heads()) {
    const last = seen.get(caseId) ?? 0;
    if (seq <= last || (wanted && wanted.id !== caseId)) continue;
    const entries = await store.entriesOf(caseId, last);
    seen.set(caseId, entries.at(-1)?.seq ?? last);
    // Some chains are about no case: a policy that is kept quiet, somebody who answers in another's place.
    const about = await store.readCase(caseId);
    for (const record of governanceLog(about, about ? await store.runsOf(caseId) : [], entries, words))
      yield { record, about };
  }
}

function lineOf(record: GovernanceRecord, about: Case | null, { ocsf, json }: Flags): string | object {
  if (ocsf) return ocsfEvent(record, about?.severity ?? 'informational');
  if (json) return record;
  return printable(logLine(record));
}
