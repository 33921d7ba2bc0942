// The question's half of a card: what each button does, what is not offered and why, and the lines to write instead.
import type { Case, PlannedOffer, WithheldOffer } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import type { Show } from './card-view.ts';
import { offerLines } from './offer-lines.ts';
import { cleanText } from './plain-text.ts';

const NAME = 80;
const TITLE = 60;
/** Teams shows six actions in a set; two are "expected" and "hand to security". The rest is written. */
const MOST_BUTTONS = 4;
const MOST_WITHHELD = 6;

/** `mostLines`: of what one button does; `undoFor`: how long what can be undone can be. */
export function questionData(about: Case, show: Show, mostLines: number, undoFor = ''): JsonObject {
  const question = about.question;
  if (!question) return {};
  const offers = question.offers.map((offer, index) => ({
    key: offer.key,
    label: show(offer.label, NAME),
    does: [
      ...offerLines(offer, question.offers.slice(0, index), mostLines),
      ...(letsIn(offer) ? ['It lets somebody in, so a second person confirms it.'] : []),
    ].map((text) => ({ text: show(text) })),
  }));
  return {
    reason: show(question.reason),
    path: question.path
      .filter((rung) => rung.outcome === 'passed-over')
      .map((rung) => ({ text: show(rung.reason) })),
    buttons: question.offers.slice(0, MOST_BUTTONS).map(({ key, label, actions }) => ({
      key,
      title: buttonTitle(label),
      style: actions.every(({ nature }) => nature) ? 'default' : 'destructive',
    })),
    offers: offers.slice(0, MOST_BUTTONS),
    // Without a button, and folded away: each with its line, so that nobody writes what they have not read.
    moreOffers: offers
      .slice(MOST_BUTTONS)
      .map((offer) => ({ ...offer, command: `approve ${about.ref} ${offer.key}` })),
    withheld: withheldLines(question.withheld, show).map((text) => ({ text })),
    undoFor: question.offers.some(canBeUndone) ? undoFor : '',
    expected: show(expectedText(about)),
    canHandOver: !isWithSecurity(about),
    commands: [
      ...question.offers
        .slice(0, MOST_BUTTONS)
        .map((offer) => ({ text: `approve ${about.ref} ${offer.key}` })),
      { text: `dismiss ${about.ref}` },
      ...(isWithSecurity(about) ? [] : [{ text: `escalate ${about.ref}` }]),
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
const buttonTitle = (label: string): string => cleanText(label, TITLE);

export const isWithSecurity = (about: Case): boolean => about.question?.approver.kind === 'security';

const isHigh = ({ severity }: Case): boolean => severity === 'high' || severity === 'critical';
const canBeUndone = ({ actions }: PlannedOffer): boolean => actions.some(({ undo }) => undo.possible);
const letsIn = ({ actions }: PlannedOffer): boolean => actions.some(({ nature }) => nature === 'lets-in');

function expectedText(about: Case): string {
  if (!isHigh(about)) return 'changes nothing and closes this as expected activity.';
  // As it is counted where answers are taken: said of this question, whoever had it then.
  const first = about.decisions.slice(about.decidedBefore ?? 0).find(({ verb }) => verb === 'dismiss');
  return first
    ? `changes nothing, and closes this as expected activity once somebody other than ${first.by.name} says so too.`
    : 'changes nothing; because the severity is high, a second person confirms it.';
}
