// The question's half of a card: what each button does, what is not offered and why, and the lines to write instead.

import { readerOf } from '../case/ask-step.ts';
import { DEFAULT_ASKING } from '../case/asking.ts';
import { awaitsOf, type Case } from '../case/case.ts';
import { durationText } from '../case/duration-text.ts';
import type { JsonObject } from '../case/json.ts';
import {
  type Approver,
  askedOf,
  isWithSecurity,
  type PlannedOffer,
  type Question,
  type WithheldOffer,
} from '../case/question.ts';
import { doDiffer, openSignatures } from '../case/signed.ts';
import {
  approverWords,
  containedLines,
  KEEP,
  RELEASE,
  relatedOf,
  signatureLines,
  standingLines,
} from './asking-lines.ts';
import { type CardView, few, type Show, type Size } from './card-view.ts';
import { isForSecurity, offerLines, offerSentence } from './offer-lines.ts';
import { cleanText, plainText } from './plain-text.ts';
import { dayText, shortTimeText, timed } from './time-text.ts';

const NAME = 80;
const TITLE = 60;
const SHORT_LABEL = 60;
const COMMAND = 80;
/** What this answer means is never cut to less. */
const EXPECTED = 160;
/** Teams shows six actions in a set; two are "expected" and "keep". The rest is written. */
const MOST_BUTTONS = 4;
const MOST_WITHHELD = 6;

export function questionData(
  about: Case,
  show: Show,
  { line, lines: mostLines, list }: Size,
  view: CardView,
): JsonObject {
  const question = about.question;
  if (!question) return {};
  const { undoFor = '' } = view;
  const isContained = about.containedFirst !== undefined;
  const canHandOver = !isWithSecurity(question) && !view.isBystander;
  const common = commonTakes(question, view);
  const related = relatedOf(about);
  const lined = (lines: readonly string[]) =>
    few(lines, list).map((text) => ({ text: show(timed(text, view)) }));
  const reassign = plainText(`reassign ${about.ref} somebody@your-company`, COMMAND);
  const offers = question.offers.map((offer, index) => ({
    key: offer.key,
    label: show(offer.label, NAME),
    says: show(offerSentence(offer, question.offers.slice(0, index))),
    does: [
      ...offerLines(offer, question.offers.slice(0, index), mostLines).filter(
        (text) => view.forOperator || !isForSecurity(text),
      ),
      ...(common === '' ? takesLines(view.takes?.offers[offer.key], question) : []),
    ].map((text) => ({ text: show(text) })),
  }));
  return {
    withWhom: view.isBystander
      ? show(`With ${approverWords(question.approver)}. You may answer as well.`)
      : '',
    whyTitle: view.isBystander ? 'Why it is with them' : 'Why this comes to you',
    reason: show(timed(unsigned(reasonFor(about, question, view), about), view)),
    path: lined(question.path.filter(({ outcome }) => outcome === 'passed-over').map(({ reason }) => reason)),
    contained: lined(containedLines(about, view)),
    relatedTitle: related.title,
    related: lined(related.lines),
    signed: lined(signatureLines(about, view)),
    waits: lined([
      ...(common === '' ? [] : [`Whatever you answer does not take effect yet. ${common}`]),
      ...standingLines(about, question, view),
    ]),
    buttons: question.offers.slice(0, MOST_BUTTONS).map(({ key, label, actions }) => ({
      key,
      title: buttonTitle(label, line),
      style: shutsOut(actions) ? 'destructive' : 'default',
    })),
    offers: offers.slice(0, MOST_BUTTONS),
    // Without a button, and folded away: each with its line, so that nobody writes what they have not read.
    moreOffers: offers
      .slice(MOST_BUTTONS)
      .map((offer) => ({ ...offer, command: `approve ${about.ref} ${offer.key}` })),
    withheld: withheldLines(question.withheld, show).map((text) => ({ text })),
    undoFor: question.offers.some(canBeUndone) ? undoFor : '',
    // What was contained first is answered by one of these two, more often than by anything else.
    expectedFirst: isContained,
    expectedTitle: isContained ? RELEASE : 'This was expected',
    expected: plainText(
      expectedText(about, common === '' ? view : {}, common !== ''),
      Math.max(line, EXPECTED),
    ),
    canKeep: isContained,
    keepTitle: KEEP,
    keep: 'what was done stays done, and the question is answered.',
    canHandOver,
    // Their answer waits for others.
    canCorrect: view.mayCorrect === true,
    commentLabel: cleanText(commentLabel(about, question.offers), Math.max(line, SHORT_LABEL)),
    untilMin: dayText(view.now, view.timeZone),
    longest: durationText(view.longestMs),
    reassignCommand: reassign,
    commands: [
      ...question.offers
        .slice(0, MOST_BUTTONS)
        .map((offer) => ({ text: `approve ${about.ref} ${offer.key}` })),
      ...(isContained ? [{ text: `keep ${about.ref}` }] : []),
      { text: `dismiss ${about.ref}` },
      ...untilCommand(about, view),
      { text: reassign },
      ...(canHandOver ? [{ text: `escalate ${about.ref}` }] : []),
      ...(view.mayCorrect ? [{ text: `correct ${about.ref}` }] : []),
    ],
  };
}

/** What is not offered for one and the same reason is said in one line. */
function withheldLines(withheld: readonly WithheldOffer[], show: Show): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { label, reason } of withheld) {
    const labels = reasons.get(reason) ?? [];
    if (!labels.includes(label)) reasons.set(reason, [...labels, label]);
  }
  const lines = [...reasons].map(
    ([reason, labels]) => `${labels.map((label) => show(label, NAME)).join('; ')}: ${show(reason)}`,
  );
  if (lines.length <= MOST_WITHHELD) return lines;
  return [...lines.slice(0, MOST_WITHHELD), `${lines.length - MOST_WITHHELD} more, for other reasons.`];
}

/** A button's title renders no markdown: nothing to escape there, only to cut. */
const buttonTitle = (label: string, line: number): string => cleanText(label, Math.min(TITLE, line));

const DAY_MS = 86_400_000;

/** A card lies for weeks: a day that has a name never lies in the past. */
function untilCommand({ ref }: Case, { longestMs }: CardView): readonly { readonly text: string }[] {
  if (longestMs < 2 * DAY_MS) return [];
  return [{ text: `dismiss ${ref} until ${longestMs < 8 * DAY_MS ? 'tomorrow' : 'friday'}` }];
}

/** Never a required field: it would hold back those answers that need none. What lacks its comment is asked for it, and not done. */
function commentLabel({ policy, containedFirst }: Case, offers: readonly PlannedOffer[]): string {
  const { comment } = policy.asking ?? DEFAULT_ASKING;
  if (comment === 'optional') return 'Comment (optional)';
  if (comment === 'always') return 'Comment (required, except to hand it on)';
  const some = offers.filter(({ actions }) => actions.some(({ nature }) => nature !== 'informs'));
  const names = [...(containedFirst ? [KEEP] : []), ...some.map(({ label }) => label)];
  return names.length > 0 ? `Comment (required for: ${names.join('; ')})` : 'Comment (optional)';
}

const shutsOut = (actions: PlannedOffer['actions']): boolean => !actions.every(({ nature }) => nature);

const canBeUndone = ({ actions }: PlannedOffer): boolean => actions.some(({ undo }) => undo.possible);

function expectedText(about: Case, { takes }: Pick<CardView, 'takes'>, isSaid: boolean): string {
  const does = about.containedFirst ? 'puts back what was done' : 'changes nothing';
  if (isSaid) return `${does}, and closes this as expected activity once enough people say so.`;
  if (!takes?.dismiss) return `${does} and closes this as expected activity.`;
  return `${does}, and closes this as expected activity once others agree. ${takes.dismiss}`;
}

/** What every answer takes alike is said once. */
function commonTakes({ offers }: Question, { takes }: CardView): string {
  if (!takes?.dismiss) return '';
  return offers.every(({ key }) => takes.offers[key] === takes.dismiss) && offers.length > 0
    ? takes.dismiss
    : '';
}

const takesLines = (says: string | undefined, { twoPeople }: Question): readonly string[] =>
  says && !(twoPeople && says.includes(twoPeople)) ? [`Not by one alone: ${says}`] : [];

/** Whoever was asked besides has a reason of their own. */
function reasonFor(about: Case, question: Question, view: CardView): string {
  const { reader } = view;
  const [first, ...others] = askedOf(question);
  const mine = others.find((one) => readerOf(one) === reader);
  if (!mine || !first) return question.reason;
  const rung = question.path.findLast(
    ({ outcome, id, name }) =>
      outcome === 'asked' && (mine.kind === 'security' ? name === SECURITY_TEAM : id === mine.id),
  );
  if (!rung || question.reason.includes(rung.reason)) return question.reason;
  // Whoever is on call is asked for the reason that brought it to the team.
  if (first.kind === 'security') return `${question.reason} ${rung.reason}`;
  const chased = about.chased?.question === question.id ? about.chased : undefined;
  if (!chased || openSignatures(about).length > 0 || rung.reason.startsWith('Nobody has answered'))
    return rung.reason;
  const since = shortTimeText(question.askedAt, view.timeZone, view.now);
  return `${nameOf(first)} has not answered since ${since}. ${rung.reason}`;
}

/** What the signatures still take is said beside them, nearer to the buttons. */
function unsigned(reason: string, about: Case): string {
  if (doDiffer(openSignatures(about))) return reason;
  const left = openSignatures(about).reduce((text, one) => text.replace(awaitsOf(one) ?? '', ''), reason);
  return left.trim() || reason;
}

const SECURITY_TEAM = 'The security team';
const nameOf = (one: Approver): string => (one.kind === 'security' ? SECURITY_TEAM : one.name);
