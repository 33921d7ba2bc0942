// The question's half of a card: what each button does, what is not offered and why, and the lines to write instead.
import type { Case, PlannedAction, PlannedOffer } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import { targetKey, targetLabel } from '../case/target.ts';
import type { Show } from './card-view.ts';
import { cleanText } from './plain-text.ts';

const NAME = 80;
/** Teams shows six actions in a set; two are "expected" and "hand to security". The rest is written. */
const MOST_BUTTONS = 4;
/** Of what one button does. */
const MOST_LINES = 24;

export function questionData(about: Case, show: Show): JsonObject {
  const question = about.question;
  if (!question) return {};
  return {
    reason: show(question.reason),
    path: question.path
      .filter((rung) => rung.outcome === 'passed-over')
      .map((rung) => ({ text: show(rung.reason) })),
    buttons: question.offers
      .slice(0, MOST_BUTTONS)
      .map(({ key, label }) => ({ key, title: buttonTitle(label) })),
    offers: question.offers.map((offer, index) => ({
      key: offer.key,
      label: show(offer.label, NAME),
      does: doesLines(offer, question.offers.slice(0, index)).map((text) => ({ text: show(text) })),
    })),
    withheld: question.withheld.map((one) => ({ text: `${show(one.label, NAME)}: ${show(one.reason)}` })),
    expected: show(expectedText(about)),
    canHandOver: !isWithSecurity(about),
    commands: [
      ...question.offers.map((offer) => ({ text: `approve ${about.ref} ${offer.key}` })),
      { text: `dismiss ${about.ref}` },
      ...(isWithSecurity(about) ? [] : [{ text: `escalate ${about.ref}` }]),
    ],
  };
}

/** What a button does. What an earlier one does as well is said once, by that button's name. */
function doesLines(offer: PlannedOffer, earlier: readonly PlannedOffer[]): readonly string[] {
  const whole = earlier.find((one) => one.actions.every((action) => has(offer, action)));
  const rest = whole ? offer.actions.filter((action) => !has(whole, action)) : offer.actions;
  const lines = [
    ...new Set([
      ...(whole ? [`Does what "${whole.label}" does, and more:`] : []),
      ...rest.flatMap((action) => action.says.map((says) => named(offer, action, says))),
      ...rest.map((action) => named(offer, action, action.undo.says)),
      ...offer.left.map((reason) => `Not touched: ${reason}`),
    ]),
  ];
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `... and ${lines.length - MOST_LINES} more of the same kind.`];
}

/** Where one button changes several things of a kind, each sentence says which. */
function named(offer: PlannedOffer, { action, target }: PlannedAction, says: string): string {
  const several = offer.actions.filter((one) => one.action === action).length > 1;
  return several ? `${targetLabel(target)}: ${says}` : says;
}

const has = (offer: PlannedOffer, { action, target }: PlannedAction): boolean =>
  offer.actions.some((one) => one.action === action && targetKey(one.target) === targetKey(target));

/** A button's title renders no markdown: nothing to escape there, only to cut. */
const buttonTitle = (label: string): string => cleanText(label, NAME);

export const isWithSecurity = (about: Case): boolean => about.question?.approver.kind === 'security';

function expectedText(about: Case): string {
  return !isWithSecurity(about) && (about.severity === 'high' || about.severity === 'critical')
    ? 'changes nothing; because the severity is high, a second person confirms it.'
    : 'changes nothing and closes this as expected activity.';
}
