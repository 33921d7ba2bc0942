// The question's half of a card: what each button does, what is not offered and why, and the lines to write instead.

import { DEFAULT_ASKING } from '../case/asking.ts';
import type { Case } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import { isWithSecurity, type PlannedOffer, type WithheldOffer } from '../case/question.ts';
import { containedLines, KEEP, RELEASE, relatedOf, signatureLines, standingLines } from './asking-lines.ts';
import { type CardView, few, type Show, type Size } from './card-view.ts';
import { offerLines } from './offer-lines.ts';
import { cleanText, plainText } from './plain-text.ts';
import { dayText, timed } from './time-text.ts';

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
  const canHandOver = !isWithSecurity(question);
  const related = relatedOf(about);
  const lined = (lines: readonly string[]) =>
    few(lines, list).map((text) => ({ text: show(timed(text, view)) }));
  const reassign = plainText(`reassign ${about.ref} somebody@your-company`, COMMAND);
  const offers = question.offers.map((offer, index) => ({
    key: offer.key,
    label: show(offer.label, NAME),
    does: [
      ...offerLines(offer, question.offers.slice(0, index), mostLines),
      ...(letsIn(offer) ? ['It lets somebody in, so a second person confirms it.'] : []),
    ].map((text) => ({ text: show(text) })),
  }));
  return {
    reason: show(timed(question.reason, view)),
    path: lined(question.path.filter(({ outcome }) => outcome === 'passed-over').map(({ reason }) => reason)),
    contained: lined(containedLines(about, view)),
    relatedTitle: related.title,
    related: lined(related.lines),
    signed: lined(signatureLines(about, view)),
    waits: lined(standingLines(about, question, view)),
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
    expected: plainText(expectedText(about), Math.max(line, EXPECTED)),
    canKeep: isContained,
    keepTitle: KEEP,
    keep: 'what was done stays done, and the question is answered.',
    canHandOver,
    commentLabel: cleanText(commentLabel(about, question.offers), Math.max(line, SHORT_LABEL)),
    untilMin: dayText(view.now, view.timeZone),
    untilMax: dayText(new Date(Date.parse(view.now) + view.longestMs).toISOString(), view.timeZone),
    reassignCommand: reassign,
    commands: [
      ...question.offers
        .slice(0, MOST_BUTTONS)
        .map((offer) => ({ text: `approve ${about.ref} ${offer.key}` })),
      ...(isContained ? [{ text: `keep ${about.ref}` }] : []),
      { text: `dismiss ${about.ref}` },
      { text: `dismiss ${about.ref} until ${dayText(weekAfter(view.now), view.timeZone)}` },
      { text: reassign },
      ...(canHandOver ? [{ text: `escalate ${about.ref}` }] : []),
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

const WEEK_MS = 7 * 86_400_000;
const weekAfter = (iso: string): string => new Date(Date.parse(iso) + WEEK_MS).toISOString();

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

const isHigh = ({ severity }: Case): boolean => severity === 'high' || severity === 'critical';
const canBeUndone = ({ actions }: PlannedOffer): boolean => actions.some(({ undo }) => undo.possible);
const letsIn = ({ actions }: PlannedOffer): boolean => actions.some(({ nature }) => nature === 'lets-in');

function expectedText(about: Case): string {
  const does = about.containedFirst ? 'puts back what was done' : 'changes nothing';
  if (!isHigh(about)) return `${does} and closes this as expected activity.`;
  // As it is counted where answers are taken: said of this question, whoever had it then.
  const first = about.decisions.slice(about.decidedBefore ?? 0).find(({ verb }) => verb === 'dismiss');
  return first
    ? `${does}, and closes this as expected activity once somebody other than ${first.by.name} says so too.`
    : `${does}; because the severity is high, a second person confirms it.`;
}
