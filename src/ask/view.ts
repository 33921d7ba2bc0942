// The case as one reader sees it: which buttons their copy carries, and in which time zone. Reads, never writes.

import { SECURITY_READER } from '../case/ask-step.ts';
import { type Case, type Decision, lastTaken, lastWord } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import { isAsked, isLate, isWithSecurity } from '../case/question.ts';
import type { Run } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { isDryRun, type OperatorSettings } from '../case/settings.ts';
import { decidersOf, hasSigned } from '../case/signed.ts';
import { isForUndoFirst, labelled, stands, undoLines } from '../case/standing.ts';
import { canFollow } from '../case/transitions.ts';
import { caseFor, textFor } from '../case/visibility.ts';
import type { CaseStore, Reachable } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { CardContent } from '../ports/messenger.ts';
import type { Reader, Words } from '../ports/words.ts';
import { caseCard } from './card-data.ts';
import type { CardView, Takes } from './card-view.ts';
import { noticeCard } from './notice-card.ts';

const DRY_RUN = say('ask.dry-run');

/** As many as Teams takes of one card. */
const MOST_READERS = 60;

export interface ViewParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly settings: OperatorSettings;
  readonly tenantId: string;
  readonly words: Words;
  /** In whose language, and in which zone. */
  readerOf(id: string, known: Reachable | null): Promise<Reader>;
  canUndo(run: Run): boolean;
  undoLetsIn(run: Run): boolean;
  /** As it is counted where answers are taken. */
  takes(
    about: Case,
    reading: {
      readonly reader: string;
      readonly at: string;
      readonly isDryRun: boolean;
      readonly undoLetsIn?: boolean;
    },
    settings: OperatorSettings,
  ): Takes;
}

export interface ViewOptions {
  readonly superseded?: boolean;
  readonly notice?: Said;
  /** Where the reader signs in afresh before they press again. */
  readonly signInUrl?: string;
  /** What they had typed, where nothing came of it. */
  readonly comment?: string;
}

/** `reader` is a person's object id, or the security channel. */
export async function drawCase(
  about: Case,
  reader: string,
  options: ViewOptions,
  parts: ViewParts,
): Promise<CardContent> {
  const known = reader === SECURITY_READER ? null : await parts.store.findReachable(parts.tenantId, reader);
  const as = await parts.readerOf(reader, known);
  const write = (said: Said): string => parts.words.write(said, as);
  const readers = await teamsIdsOf(reader, known, parts);
  if (reader === about.subject?.id) return refreshing(noticeCard(about, write), about, readers);
  const { undoWindowMs } = parts.settings.governance;
  const isSecurity = reader === SECURITY_READER || parts.settings.security.members.includes(reader as UserId);
  const isApprover = about.question !== null && isAsked(about.question, reader);
  const late = isLate(about.question, reader);
  const settled = about.state === 'contained' || about.state === 'dismissed';
  const runs = await parts.store.runsOf(about.id);
  const hide = (said: Said): Said => textFor(said, about, reader, parts.settings, runs, write);
  const undoStops = isDryRun(about.policy.id, parts.settings) && runs.some(parts.canUndo);
  const canUndo = undoStops ? () => false : parts.canUndo;
  const canBack = runs.filter(canUndo);
  const undoable = settled ? canBack : [];
  // What is half has no end.
  const ends = undoable
    .map(({ state, verifiedAt }) => (state === 'kept' ? '' : (verifiedAt ?? '')))
    .filter(Boolean)
    .sort();
  const mayPressUndo = isApprover || isSecurity || (late && lastTaken(about)?.by.id === reader);
  const isDry = about.question?.dryRun ?? isDryRun(about.policy.id, parts.settings);
  const notice = options.notice ?? (saysDryRun(about, isDry) ? DRY_RUN : null);
  const { now } = as;
  const card = caseCard(caseFor(about, reader, parts.settings, runs, write), {
    ...{ reader, write },
    isBystander:
      late || (isSecurity && !isApprover && about.question !== null && !isWithSecurity(about.question)),
    takes: hiddenIn(
      parts.takes(
        about,
        { reader, at: now, isDryRun: isDry, undoLetsIn: canBack.some(parts.undoLetsIn) },
        parts.settings,
      ),
      hide,
    ),
    fading:
      about.state === 'undoing'
        ? runs
            .filter((run) => isFading(run, parts))
            .flatMap(linesOf)
            .map(hide)
        : [],
    timeZone: as.timeZone,
    readers,
    now,
    longestMs: parts.settings.asking.longestMs,
    mayAnswer: isApprover || isSecurity || late,
    isLate: late,
    mayCorrect: mayCorrect(about, reader, isSecurity, { runs, undoable }, parts),
    undoForMs: undoWindowMs,
    mayUndo: mayPressUndo && undoable.length > 0,
    undoStops: undoStops && settled && mayPressUndo,
    // Over what can no longer be put back there is nothing to decide.
    mayUndoAnyway:
      isSecurity && (about.undoConflicts ?? []).some(({ run }) => undoable.some(({ id }) => id === run)),
    undoSays: settled ? undoLines(runs, canUndo).map(hide) : [],
    ...(ends[0] && { undoUntil: new Date(Date.parse(ends[0]) + undoWindowMs).toISOString() }),
    forOperator: isSecurity,
    ...((settled || about.state === 'undone') && endOf(about, runs)),
    superseded: options.superseded ?? false,
    ...(notice && { notice: hide(notice) }),
    ...(options.signInUrl && { signInUrl: options.signInUrl }),
    ...(options.comment && { comment: options.comment }),
  });
  return refreshing(card, about, readers);
}

/** It is being put back, or is about to be: its proof may hold no longer. */
const isFading = (run: Run, { canUndo }: ViewParts): boolean => run.state === 'reverting' || canUndo(run);

const linesOf = ({ says, later, ...run }: Run): readonly Said[] => [
  ...(says === null ? [] : [says, labelled(run, says)]),
  ...(later ? [later] : []),
];

const hiddenIn = (takes: Takes, hide: (said: Said) => Said): Takes => ({
  ...takes,
  ...{ dismiss: hide(takes.dismiss), keep: hide(takes.keep), undo: hide(takes.undo) },
  offers: Object.fromEntries(Object.entries(takes.offers).map(([key, says]) => [key, hide(says)])),
});

const refreshing = (card: CardContent, { ref, question }: Case, readers: readonly string[]): CardContent =>
  readers.length > 0 ? { ...card, refresh: { caseRef: ref, questionId: question?.id ?? '', readers } } : card;

/** `29:` ids of those whose client may fetch the card anew: Teams names people by them, and we know who has written to us. */
async function teamsIdsOf(
  reader: string,
  known: Reachable | null,
  { store, settings, tenantId }: ViewParts,
): Promise<readonly string[]> {
  const members = settings.security.members.slice(0, MOST_READERS);
  const all =
    reader === SECURITY_READER
      ? await Promise.all(members.map((member) => store.findReachable(tenantId, member)))
      : [known];
  return all.flatMap((one) => (one?.teamsId.startsWith('29:') ? [one.teamsId] : []));
}

const isUnbegun = ({ decisions }: Case, taken: Decision, runs: readonly Run[]): boolean => {
  const its = runs.filter(({ decision }) => decision === decisions.indexOf(taken));
  return its.length > 0 && its.every(({ state }) => state === 'pending');
};

/** Whoever gave the last answer, or the security team, for as long as it could be undone; of what is being done, until it begins. */
function mayCorrect(
  about: Case,
  reader: string,
  isSecurity: boolean,
  { runs, undoable }: { readonly runs: readonly Run[]; readonly undoable: readonly Run[] },
  { clock, settings }: ViewParts,
): boolean {
  if (hasSigned(about, reader)) return true;
  const taken = lastTaken(about);
  const last = taken ?? (about.state === 'dismissed' ? lastWord(about) : undefined);
  if (!last || !(isSecurity || decidersOf(about).includes(reader))) return false;
  if (clock.now() - Date.parse(last.at) > settings.governance.undoWindowMs) return false;
  if (about.state === 'executing') return taken !== undefined && isUnbegun(about, taken, runs);
  if (isForUndoFirst(about, undoable)) return false;
  return canFollow(about.state, 'corrected');
}

/** While it can be answered, while what was answered is carried out, and where nothing else says so afterwards. */
function saysDryRun({ state, question }: Case, isDry: boolean): boolean {
  if (state === 'dismissed') return question?.dryRun === true;
  return isDry && (state === 'asking' || state === 'executing');
}

/** How far the latest decision went: what came of earlier ones does not change what this one did. */
function endOf(
  { state, decisions }: Case,
  runs: readonly Run[],
): Pick<CardView, 'dryRun' | 'partly' | 'gone'> {
  const latest = Math.max(-1, ...runs.map(({ decision }) => decision ?? -1));
  const its = runs.filter(({ decision }) => (decision ?? -1) === latest);
  const dryRun = its.length > 0 && its.every(({ state }) => state === 'dry-run');
  const isStanding = runs.some(stands);
  // Half done, or half put back: what was wanted last says which.
  const isHalf = runs.some(({ state }) => state === 'kept');
  if (state === 'undone' || decisions.at(-1)?.verb === 'undo') {
    const isBack = runs.some(({ state }) => state === 'reverted');
    return isHalf || (isStanding && isBack) ? { dryRun, partly: 'undone' } : { dryRun, gone: !isBack };
  }
  const isShort = isHalf || (isStanding && its.some(({ state }) => state === 'failed'));
  return { dryRun, ...(isShort && { partly: 'done' }) };
}
