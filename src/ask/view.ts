// The case as one reader sees it: which buttons their copy carries, and in which time zone. Reads, never writes.
import type { Case } from '../case/case.ts';
import { durationText } from '../case/duration-text.ts';
import type { UserId } from '../case/ids.ts';
import type { Run } from '../case/run.ts';
import { isDryRun, type OperatorSettings } from '../case/settings.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { CardContent } from '../ports/messenger.ts';
import { caseCard } from './card-data.ts';
import { SECURITY_READER } from './deliver.ts';
import { noticeCard } from './notice-card.ts';

const DRY_RUN = 'Dry run: whatever is answered here is recorded, and nothing is changed.';

export interface ViewParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly settings: OperatorSettings;
  readonly tenantId: string;
  canUndo(run: Run): boolean;
}

export interface ViewOptions {
  readonly superseded?: boolean;
  readonly notice?: string;
}

/** `reader` is a person's object id, or the security channel. */
export async function drawCase(
  about: Case,
  reader: string,
  options: ViewOptions,
  parts: ViewParts,
): Promise<CardContent> {
  const known = reader === SECURITY_READER ? null : await parts.store.findReachable(parts.tenantId, reader);
  const timeZone = known?.timeZone ?? parts.settings.timeZone;
  if (reader === about.subject?.id) return noticeCard(about, timeZone);
  const { undoWindowMs } = parts.settings.governance;
  const approver = about.question?.approver;
  const isSecurity = reader === SECURITY_READER || parts.settings.security.members.includes(reader as UserId);
  const isApprover = approver?.kind === 'person' && approver.id === reader;
  const settled = about.state === 'contained' || about.state === 'dismissed';
  const runs = settled ? await parts.store.runsOf(about.id) : [];
  const undoable = runs.filter(parts.canUndo);
  const ends = undoable
    .map((run) => run.verifiedAt ?? '')
    .filter(Boolean)
    .sort();
  const notice =
    options.notice ??
    (about.state === 'asking' && isDryRun(about.policy.id, parts.settings) ? DRY_RUN : null);
  return caseCard(about, {
    timeZone,
    now: isoTime(parts.clock),
    mayAnswer: isApprover || isSecurity,
    undoFor: durationText(undoWindowMs),
    mayUndo: (isApprover || isSecurity) && undoable.length > 0,
    mayUndoAnyway: isSecurity && (about.undoConflicts ?? []).length > 0,
    ...(ends[0] && { undoUntil: new Date(Date.parse(ends[0]) + undoWindowMs).toISOString() }),
    forOperator: isSecurity,
    halfUndone: runs.some((run) => run.state === 'kept'),
    dryRun: runs.some((run) => run.state === 'dry-run'),
    superseded: options.superseded ?? false,
    ...(notice && { notice }),
  });
}
