// The other half: what was decided, what came of it, and what can still be put back.
import { awaitsOf, type Case, type Decision, lastTaken, SYSTEM } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import type { Question } from '../case/question.ts';
import { contains, isAmong, type Said, sameSaid, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { offerSaid, openSignatures } from '../case/signed.ts';
import { atMinute, relatedOf, signatureLines, standingLines, withWords } from './asking-lines.ts';
import { type CardView, few, latest, type Show, type Size } from './card-view.ts';
import { leftLines } from './offer-lines.ts';
import { outcomeWords } from './template-words.ts';

export function outcomeData(about: Case, view: CardView, show: Show, { list }: Size): JsonObject {
  const { heading, tone } = headingOf(about, view);
  const lines: readonly Said[] = [
    ...about.decisions.filter((one) => !isDrawn(about, one)).map((one) => decisionText(about, one)),
    ...(view.superseded
      ? []
      : [...unsaid(about).filter((line) => !isAmong(view.fading ?? [], line)), ...leftOf(about)]),
    ...stateLines(about, view),
    ...(view.undoStops && !view.superseded ? [say('decide.undo-dry-run')] : []),
    ...repeatLines(about),
  ];
  const related = relatedOf(about);
  return {
    heading: show(heading),
    tone,
    lines: latest(lines, list).map((one) => ({ text: show(one) })),
    canUndo: view.mayUndo && !view.superseded,
    undoSays: [
      ...few(view.undoSays ?? [], list),
      ...(view.takes?.undo ? [view.takes.undo] : []),
      ...untilLines(view),
    ].map((one) => ({ text: show(one) })),
    commentLabel: needsComment(about, view) ? view.write(say('ask.comment.required')) : '',
    undoCommand: `undo ${about.ref}`,
    canUndoAnyway: view.mayUndoAnyway === true && !view.superseded,
    conflicts: few(conflictLines(about), list).map((one) => ({ text: show(one) })),
    undoAnywayCommand: `undo ${about.ref} anyway`,
    relatedTitle: view.write(related.title),
    related: few(related.lines, list).map((one) => ({ text: show(one) })),
    canCorrect: view.mayCorrect === true && !view.superseded,
    correctSays: view.write(
      say(about.state === 'executing' ? 'ask.correct.stops' : 'ask.correct.takes-back'),
    ),
    correctCommand: `correct ${about.ref}`,
    w: outcomeWords(about, view),
  };
}

const UNDO_ASKED = { heading: say('ask.heading.undo-asked'), tone: 'warning' };
const partlyHeading = (what: NonNullable<CardView['partly']>) => ({
  heading: say('ask.heading.partly', { what }),
  tone: 'warning',
});
const isUndoAsked = (about: Case): boolean => openSignatures(about).some(({ verb }) => verb === 'undo');

/** Said with what it still takes. */
const isDrawn = (about: Case, decision: Decision): boolean =>
  !decision.comment && openSignatures(about).includes(decision);

/** Where the policy demands one, these buttons would do nothing without it. */
const needsComment = (about: Case, { mayUndo, mayCorrect, superseded }: CardView): boolean =>
  about.policy.asking?.comment === 'always' && !superseded && (mayUndo || mayCorrect === true);

function headingOf(about: Case, view: CardView): { heading: Said; tone: string } {
  if (view.superseded) return { heading: say('ask.heading.newer-below'), tone: 'default' };
  switch (about.state) {
    case 'routing':
      return { heading: say('ask.heading.routing'), tone: 'warning' };
    case 'asking':
      return { heading: withWords(about.question?.approver), tone: 'warning' };
    case 'monitored':
      return { heading: say('ask.heading.monitored'), tone: 'default' };
    case 'executing':
      return { heading: say('ask.heading.executing'), tone: 'accent' };
    case 'contained':
      if (isUndoAsked(about)) return UNDO_ASKED;
      if (view.partly) return partlyHeading(view.partly);
      return view.dryRun
        ? { heading: say('ask.heading.dry-run'), tone: 'warning' }
        : { heading: say('ask.heading.contained'), tone: 'good' };
    case 'dismissed':
      if (isUndoAsked(about)) return UNDO_ASKED;
      return lastTaken(about)?.by.id === SYSTEM.id
        ? { heading: say('ask.heading.unanswered'), tone: 'default' }
        : { heading: say('ask.heading.dismissed'), tone: 'good' };
    case 'undoing':
      return { heading: say('ask.heading.undoing'), tone: 'accent' };
    case 'undone':
      if (view.partly) return partlyHeading(view.partly);
      return view.gone
        ? { heading: say('ask.heading.nothing-to-undo'), tone: 'default' }
        : { heading: say('ask.heading.undone'), tone: 'good' };
    case 'closed':
      return { heading: say('ask.heading.closed'), tone: 'default' };
  }
}

function stateLines(about: Case, view: CardView): readonly Said[] {
  if (about.state === 'executing') return [say('ask.will-change')];
  if (about.state === 'routing' && about.toSecurity) return [about.toSecurity];
  if (about.state === 'asking' && about.question) return askingLines(about, about.question, view);
  if (about.state === 'monitored') return watchedLines(about);
  return isUndoAsked(about) && !view.superseded ? signatureLines(about, view) : [];
}

/** Of what came of it, what the reason for the question does not say already. */
function unsaid(about: Case): readonly Said[] {
  const reasons = {
    asking: about.question?.reason,
    routing: about.toSecurity,
  } as Partial<Record<Case['state'], Said | null>>;
  const reason = reasons[about.state];
  return reason ? lasting(about).filter((line) => !contains(reason, line)) : lasting(about);
}

/** Without what has been answered since: that an earlier answer was a mistake. */
export function lasting({ outcome, decisions }: Case): readonly Said[] {
  const over = decisions.slice(0, -1).filter(({ verb }) => verb === 'correct');
  return outcome.filter((line) => !over.some(({ by }) => saysMistakeOf(by.name, line)));
}

/** What is on record from before there were messages is text. */
const saysMistakeOf = (name: string, line: Said): boolean =>
  sameSaid(line, say('decide.was-a-mistake', { name })) ||
  line === `${name} says that the answer was a mistake, so it is asked again.`;

function askingLines(about: Case, question: Question, view: CardView): readonly Said[] {
  return [question.reason, ...signatureLines(about, view), ...standingLines(about, question, view)];
}

/** What came again after the answer, so that a closed card does not hide it. */
const repeatLines = ({ repeats = 0 }: Case): readonly Said[] =>
  repeats === 0 ? [] : [say('ask.repeats', { n: repeats })];

/** What somebody would have been offered, so that a policy can be judged before it asks anybody. */
function watchedLines({ question }: Case): readonly Said[] {
  if (!question) return [];
  const { offers, withheld } = question;
  const choices = offers.map(({ label }) => say('case.answer.offer', { offer: label }));
  return [
    offers.length > 0
      ? say('ask.watched.choices', { choices: [...choices, say('ask.watched.expected')] })
      : say('ask.watched.none'),
    ...withheld.map(({ label, reason }) => say('ask.watched.withheld', { label, reason })),
  ];
}

function decisionText(about: Case, decision: Decision): Said {
  const { verb, by, comment } = decision;
  if (by.id === SYSTEM.id) return silenceText(about, decision);
  const did = say(DID[verb], {
    ...{ name: by.name, at: atMinute(decision.at), signed: awaitsOf(decision) ? 'yes' : 'no' },
    ...(verb === 'approve' && { offer: offerSaid(about, decision.offer) }),
    ...(verb === 'undo' && { anyway: decision.anyway ? 'yes' : 'no' }),
    ...(verb === 'reassign' && { to: decision.to?.name ?? say('ask.somebody-else') }),
  });
  return sentences([
    did,
    ...(comment ? [say('ask.did.comment', { comment })] : []),
    ...whyNotThem(about, decision),
  ]);
}

const DID = {
  approve: 'ask.did.approve',
  dismiss: 'ask.did.dismiss',
  escalate: 'ask.did.escalate',
  undo: 'ask.did.undo',
  reassign: 'ask.did.reassign',
  keep: 'ask.did.keep',
  correct: 'ask.did.correct',
} as const satisfies Readonly<Record<Decision['verb'], string>>;

/** Whoever handed it on reads why it went to somebody else after all. */
function whyNotThem({ question }: Case, { to }: Decision): readonly Said[] {
  const rung = to && question?.path.find(({ id, outcome }) => id === to.id && outcome === 'passed-over');
  return rung ? [rung.reason] : [];
}

/** Nobody decided it, and it must not read as if somebody had. */
const silenceText = (about: Case, { verb, offer, at }: Decision): Said =>
  verb === 'approve'
    ? say('ask.silence.chose', { offer: offerSaid(about, offer), at: atMinute(at) })
    : say('ask.silence.closed', { at: atMinute(at) });

/** Said once for all of it: the earliest end. */
const untilLines = ({ undoUntil }: CardView): readonly Said[] =>
  undoUntil ? [say('ask.undo-until', { at: { ...atMinute(undoUntil), dated: true } })] : [];

const conflictLines = ({ undoConflicts = [] }: Case): readonly Said[] =>
  undoConflicts.flatMap(({ says }) => says);

/** What the decision did not touch, and why: a card that says Done must not hide it. */
function leftOf(about: Case): readonly Said[] {
  const last = about.decisions.findLast((decision) => decision.verb === 'approve');
  // As it was shown then: by now there may be another question, about what has become of it.
  return leftLines(last?.left ?? []);
}
