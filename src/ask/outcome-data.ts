// The other half: what was decided, what came of it, and what can still be put back.
import { awaitsOf, type Case, type Decision, lastTaken, SYSTEM } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import type { Question } from '../case/question.ts';
import { openSignatures } from '../case/signed.ts';
import { asItStandsSentence } from '../case/voids.ts';
import { approverWords, offerLabel, relatedOf, signatureLines, standingLines } from './asking-lines.ts';
import { type CardView, few, latest, type Show, type Size } from './card-view.ts';
import { shortTimeText, timed, timeText } from './time-text.ts';

export function outcomeData(about: Case, view: CardView, show: Show, { list }: Size): JsonObject {
  const { heading, tone } = headingOf(about, view);
  const lines = [
    ...about.decisions.filter((one) => !isDrawn(about, one)).map((one) => decisionText(about, one, view)),
    ...(view.superseded
      ? []
      : [...unsaid(about).filter((line) => !view.fading?.includes(line)), ...leftLines(about)]),
    ...stateLines(about, view),
    ...repeatLines(about),
  ];
  const related = relatedOf(about);
  return {
    heading: show(heading),
    tone,
    lines: latest(lines, list).map((text) => ({ text: show(timed(text, view)) })),
    canUndo: view.mayUndo && !view.superseded,
    undoSays: [
      ...few(view.undoSays ?? [], list),
      ...(view.takes?.undo ? [view.takes.undo] : []),
      ...untilLines(view),
    ].map((text) => ({ text: show(text) })),
    commentLabel: needsComment(about, view) ? 'Comment (required)' : '',
    undoCommand: `undo ${about.ref}`,
    canUndoAnyway: view.mayUndoAnyway === true && !view.superseded,
    conflicts: few(conflictLines(about), list).map((text) => ({ text: show(text) })),
    undoAnywayCommand: `undo ${about.ref} anyway`,
    relatedTitle: related.title,
    related: few(related.lines, list).map((text) => ({ text: show(text) })),
    canCorrect: view.mayCorrect === true && !view.superseded,
    correctSays:
      about.state === 'executing'
        ? 'stops it, as long as nothing was changed yet; the question is asked again.'
        : 'takes the answer back; the question is asked again.',
    correctCommand: `correct ${about.ref}`,
  };
}

const UNDO_ASKED = { heading: 'Undo asked for: one more person has to agree', tone: 'warning' };
const isUndoAsked = (about: Case): boolean => openSignatures(about).some(({ verb }) => verb === 'undo');

/** Said with what it still takes. */
const isDrawn = (about: Case, decision: Decision): boolean =>
  !decision.comment && openSignatures(about).includes(decision);

/** Where the policy demands one, these buttons would do nothing without it. */
const needsComment = (about: Case, { mayUndo, mayCorrect, superseded }: CardView): boolean =>
  about.policy.asking?.comment === 'always' && !superseded && (mayUndo || mayCorrect === true);

function headingOf(about: Case, view: CardView): { heading: string; tone: string } {
  if (view.superseded) return { heading: 'There is a newer card for this case below', tone: 'default' };
  switch (about.state) {
    case 'routing':
      return { heading: 'Finding who can answer', tone: 'warning' };
    case 'asking':
      return { heading: `With ${approverWords(about.question?.approver)}`, tone: 'warning' };
    case 'monitored':
      return { heading: 'Only watched: nobody was asked', tone: 'default' };
    case 'executing':
      return { heading: 'Working on it', tone: 'accent' };
    case 'contained':
      if (isUndoAsked(about)) return UNDO_ASKED;
      if (view.partly) return { heading: `Partly ${view.partly}`, tone: 'warning' };
      return view.dryRun ? { heading: 'Dry run', tone: 'warning' } : { heading: 'Done', tone: 'good' };
    case 'dismissed':
      if (isUndoAsked(about)) return UNDO_ASKED;
      return lastTaken(about)?.by.id === SYSTEM.id
        ? { heading: 'Closed: nobody answered', tone: 'default' }
        : { heading: 'Closed as expected', tone: 'good' };
    case 'undoing':
      return { heading: 'Undoing it', tone: 'accent' };
    case 'undone':
      return { heading: 'Undone', tone: 'good' };
    case 'closed':
      return { heading: 'Closed', tone: 'default' };
  }
}

function stateLines(about: Case, view: CardView): readonly string[] {
  if (about.state === 'executing')
    return ['This card changes when it is done and checked. You can close it in the meantime.'];
  if (about.state === 'routing' && about.toSecurity) return [about.toSecurity];
  if (about.state === 'asking' && about.question) return askingLines(about, about.question, view);
  if (about.state === 'monitored') return watchedLines(about);
  return isUndoAsked(about) && !view.superseded ? signatureLines(about, view) : [];
}

/** Of what came of it, what the reason for the question does not say already. */
export function unsaid(about: Case): readonly string[] {
  const reasons = {
    asking: about.question?.reason,
    routing: about.toSecurity,
  } as Partial<Record<Case['state'], string | null>>;
  const reason = reasons[about.state];
  return reason ? lasting(about).filter((line) => !reason.includes(line)) : lasting(about);
}

/** Without what has been answered since: that an earlier answer was a mistake. */
export function lasting({ outcome, decisions }: Case): readonly string[] {
  const over = decisions.slice(0, -1).filter(({ verb }) => verb === 'correct');
  return outcome.filter(
    (line) =>
      !over.some(({ by }) => line === `${by.name} says that the answer was a mistake, so it is asked again.`),
  );
}

function askingLines(about: Case, question: Question, view: CardView): readonly string[] {
  const standing = asItStandsSentence(about);
  return [
    question.reason,
    ...(standing ? [standing] : []),
    ...signatureLines(about, view),
    ...standingLines(about, question, view),
  ];
}

/** What came again after the answer, so that a closed card does not hide it. */
function repeatLines({ repeats = 0 }: Case): readonly string[] {
  if (repeats === 0) return [];
  const times = repeats === 1 ? 'once more' : `${repeats} times more`;
  return [`The same was done ${times} since then: it was counted, and nobody was asked again.`];
}

/** What somebody would have been offered, so that a policy can be judged before it asks anybody. */
function watchedLines({ question }: Case): readonly string[] {
  if (!question) return [];
  const { offers, withheld } = question;
  return [
    offers.length > 0
      ? `The choices would have been: ${[...offers.map((one) => `"${one.label}"`), '"expected"'].join(', ')}.`
      : 'There would have been no action to choose.',
    ...withheld.map((one) => `Not offered: ${one.label}. ${one.reason}`),
  ];
}

function decisionText(about: Case, decision: Decision, view: CardView): string {
  if (decision.by.id === SYSTEM.id) return silenceText(about, decision, view);
  const at = shortTimeText(decision.at, view.timeZone, view.now);
  const did = {
    approve: `chose "${offerLabel(about, decision.offer)}" at ${at}`,
    dismiss: `said this was expected at ${at}`,
    escalate: `handed this to the security team at ${at}`,
    undo: `pressed ${decision.anyway ? 'Undo anyway' : 'Undo'} at ${at}`,
    // What is said of somebody else ends with no time: it would read as theirs.
    reassign: `said at ${at} that it is for ${decision.to?.name ?? 'somebody else'} to answer`,
    keep: `said at ${at} that it should stay as it is`,
    correct: `took the answer back at ${at}`,
  }[decision.verb];
  const comment = decision.comment ? ` Comment: ${decision.comment}` : '';
  const signed = awaitsOf(decision) ? '; it took somebody else as well' : '';
  return `${decision.by.name} ${did}${signed}.${comment}${whyNotThem(about, decision)}`;
}

/** Whoever handed it on reads why it went to somebody else after all. */
function whyNotThem({ question }: Case, { to }: Decision): string {
  const rung = to && question?.path.find(({ id, outcome }) => id === to.id && outcome === 'passed-over');
  return rung ? ` ${rung.reason}` : '';
}

/** Nobody decided it, and it must not read as if somebody had. */
function silenceText(about: Case, { verb, offer, at }: Decision, view: CardView): string {
  const when = shortTimeText(at, view.timeZone, view.now);
  return verb === 'approve'
    ? `Nobody had answered in time, so Countersign chose "${offerLabel(about, offer)}" at ${when}.`
    : `Nobody answered in time, so Countersign closed this at ${when}. Nobody said that it was expected.`;
}

/** Said once for all of it: the earliest end. */
const untilLines = ({ undoUntil, timeZone }: CardView): readonly string[] =>
  undoUntil ? [`Undo is possible until ${timeText(undoUntil, timeZone)}.`] : [];

const conflictLines = ({ undoConflicts = [] }: Case): readonly string[] =>
  undoConflicts.flatMap(({ says }) => says);

/** What the decision did not touch, and why: a card that says Done must not hide it. */
function leftLines(about: Case): readonly string[] {
  const last = about.decisions.findLast((decision) => decision.verb === 'approve');
  // As it was shown then: by now there may be another question, about what has become of it.
  return (last?.left ?? []).map((reason) => `Not touched: ${reason}`);
}
