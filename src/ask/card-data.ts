// What a card says: plain data for cards/question.json and cards/outcome.json. Pure; the adapter draws it.
// Every text that came from outside passes plainText here, and nowhere else on the way to the card.
import { ASKED_FOR } from '../case/alert.ts';
import type { Case, Decision, PlannedAction, PlannedOffer } from '../case/case.ts';
import type { Json, JsonObject } from '../case/json.ts';
import { targetKey, targetLabel } from '../case/target.ts';
import { withTimes } from '../case/times.ts';
import type { CardContent } from '../ports/messenger.ts';
import { answeredLines, deedLines } from './deed-lines.ts';
import { cleanText, plainText } from './plain-text.ts';
import { shortTimeText, timeText } from './time-text.ts';

export interface CardView {
  readonly timeZone: string;
  /** ISO time at which the card is drawn. */
  readonly now: string;
  /** Whether this copy carries the buttons of the question. */
  readonly mayAnswer: boolean;
  /** Whether something that was done can be put back by this reader. */
  readonly mayUndo: boolean;
  /** What was approved was only planned. */
  readonly dryRun?: boolean;
  /** A sentence above everything else: "Already decided by ...". */
  readonly notice?: string;
  /** A newer card for the same case lies further down the same conversation. */
  readonly superseded?: boolean;
}

/** Characters of a line; the short form is for cards that would grow too large for Teams. */
const LINE = 300;
const SHORT_LINE = 60;
const NAME = 80;
/** Of what one button does. */
const MOST_LINES = 24;
/** The templates around the data take up to 9 KB, and a card must stay below 28. */
const MOST_DATA_BYTES = 17 * 1024;

export function caseCard(about: Case, view: CardView): CardContent {
  const full = drawWith(about, view, (text, most = LINE) => plainText(text, most));
  if (Buffer.byteLength(JSON.stringify(full.data)) <= MOST_DATA_BYTES) return full;
  return drawWith(about, view, (text, most = LINE) => plainText(text, Math.min(most, SHORT_LINE)));
}

const timed = (text: string, view: CardView): string =>
  withTimes(text, (iso) => shortTimeText(iso, view.timeZone, view.now));

type Show = (text: string, most?: number) => string;

function drawWith(about: Case, view: CardView, show: Show): CardContent {
  const asks = about.state === 'asking' && about.question !== null && view.mayAnswer && !view.superseded;
  const shared: JsonObject = {
    ref: about.ref,
    questionId: about.question?.id ?? '',
    notice: [...(view.notice ? [view.notice] : []), ...(asks ? answeredLines(about) : [])]
      .map((text) => show(timed(text, view)))
      .join(' '),
    headline: show(headline(about)),
    severity: severityText(about),
    severityColor: severityColor(about),
    facts: factsOf(about, view, show),
    details: [
      ...about.facts.map((fact) => ({ title: show(fact.label, 40), value: show(fact.value) })),
      ...deedLines(about, show).rest,
    ],
  };
  return asks
    ? { template: 'question', data: { ...shared, ...questionData(about, show) } }
    : { template: 'outcome', data: { ...shared, ...outcomeData(about, view, show) } };
}

/** The policy's question with the names filled in. */
export function headline(about: Case): string {
  // A name that the caller chose is shown among the facts, never as the one who did it.
  const known = about.hint.kind === 'entra' ? about.hint.name : undefined;
  const subject = about.subject?.name ?? known ?? 'Somebody';
  const first = about.targets.find((target) => target.kind !== 'user') ?? about.targets[0];
  const target = first ? targetLabel(first) : about.title;
  const text = about.policy.question.replaceAll('{subject}', subject).replaceAll('{target}', target);
  return about.attempt ? `${text} (It was tried, and refused.)` : text;
}

function questionData(about: Case, show: Show): JsonObject {
  const question = about.question;
  if (!question) return {};
  return {
    reason: show(question.reason),
    path: question.path
      .filter((rung) => rung.outcome === 'passed-over')
      .map((rung) => ({ text: show(rung.reason) })),
    offers: question.offers.map((offer, index) => ({
      key: offer.key,
      label: show(offer.label, NAME),
      title: buttonTitle(offer.label),
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

const isWithSecurity = (about: Case): boolean => about.question?.approver.kind === 'security';

function expectedText(about: Case): string {
  return !isWithSecurity(about) && (about.severity === 'high' || about.severity === 'critical')
    ? 'changes nothing; because the severity is high, a second person confirms it.'
    : 'changes nothing and closes this as expected activity.';
}

function outcomeData(about: Case, view: CardView, show: Show): JsonObject {
  const { heading, tone } = headingOf(about, view);
  const lines = [
    ...about.decisions.map((decision) => decisionText(about, decision, view)),
    ...(view.superseded ? [] : [...about.outcome, ...leftLines(about)]),
    ...stateLines(about),
    ...repeatLines(about),
  ];
  return {
    heading: show(heading),
    tone,
    lines: lines.map((text) => ({ text: show(timed(text, view)) })),
    canUndo: view.mayUndo && !view.superseded,
    undoSays: undoSays(about).map((text) => ({ text: show(text) })),
    undoCommand: `undo ${about.ref}`,
  };
}

function headingOf(about: Case, view: CardView): { heading: string; tone: string } {
  if (view.superseded) return { heading: 'There is a newer card for this case below', tone: 'default' };
  switch (about.state) {
    case 'routing':
      return { heading: 'Finding who can answer', tone: 'warning' };
    case 'asking':
      return { heading: `With ${whomAsked(about)}`, tone: 'warning' };
    case 'monitored':
      return { heading: 'Only watched: nobody was asked', tone: 'default' };
    case 'executing':
      return { heading: 'Working on it', tone: 'accent' };
    case 'contained':
      return view.dryRun ? { heading: 'Dry run', tone: 'warning' } : { heading: 'Done', tone: 'good' };
    case 'dismissed':
      return { heading: 'Closed as expected', tone: 'good' };
    case 'undoing':
      return { heading: 'Undoing it', tone: 'accent' };
    case 'undone':
      return { heading: 'Undone', tone: 'good' };
    case 'closed':
      return { heading: 'Closed', tone: 'default' };
  }
}

/** Whom the case asks, or would have asked. */
const whomAsked = (about: Case): string =>
  about.question?.approver.kind === 'person' ? about.question.approver.name : 'the security team';

function stateLines(about: Case): readonly string[] {
  if (about.state === 'executing')
    return ['This card changes when it is done and checked. You can close it in the meantime.'];
  if (about.state === 'routing' && about.toSecurity) return [about.toSecurity];
  if (about.state === 'asking' && about.question) return [about.question.reason];
  if (about.state === 'monitored') return watchedLines(about);
  return [];
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
  const planned = about.question?.offers.find((one) => one.key === decision.offer)?.label;
  const label = planned ?? about.policy.offers.find((one) => one.key === decision.offer)?.label ?? '';
  const did = {
    approve: `chose "${label.replaceAll('{subject}', about.subject?.name ?? 'the person')}"`,
    dismiss: 'said this was expected',
    escalate: 'handed this to the security team',
    undo: 'pressed Undo',
  }[decision.verb];
  const comment = decision.comment ? ` Comment: ${decision.comment}` : '';
  return `${decision.by.name} ${did} at ${shortTimeText(decision.at, view.timeZone, view.now)}.${comment}`;
}

/** What the decision did not touch, and why: a card that says Done must not hide it. */
function leftLines(about: Case): readonly string[] {
  const last = about.decisions.findLast((decision) => decision.verb === 'approve');
  const offer = about.question?.offers.find((one) => one.key === last?.offer);
  return (offer?.left ?? []).map((reason) => `Not touched: ${reason}`);
}

function undoSays(about: Case): readonly string[] {
  const last = about.decisions.findLast((decision) => decision.verb === 'approve');
  const offer = about.question?.offers.find((one) => one.key === last?.offer);
  const lines = offer?.actions.map(({ title, undo }) =>
    undo.possible ? undo.says : `${title}: ${undo.says}`,
  );
  return [...new Set(lines)];
}

function factsOf(about: Case, view: CardView, show: Show): Json {
  const when =
    about.seen > 1
      ? `${timeText(about.lastSeenAt, view.timeZone)} (${about.seen - 1} more since ${shortTimeText(about.firstSeenAt, view.timeZone, about.lastSeenAt)})`
      : timeText(about.lastSeenAt, view.timeZone);
  const who = about.subject
    ? `${about.subject.name} (${about.subject.userPrincipalName})`
    : about.hint.kind === 'unknown'
      ? `Not known for certain: ${about.hint.reason}`
      : (about.hint.name ?? about.hint.id);
  const what = about.targets.filter((target) => target.kind !== 'user').map(targetLabel);
  const more = Math.max(0, what.length - 4) + (about.moreTargets ?? 0);
  const deeds = deedLines(about, show).first;
  const shown = what.slice(0, 4).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return [
    { title: 'What', value: show(whatHappened(about)) },
    { title: 'Who', value: show(who) },
    { title: 'When', value: when },
    ...(shown ? [{ title: 'On', value: show(shown) }] : []),
    ...(deeds.length > 0 ? deeds : askedFor(about, show)),
  ];
}

function askedFor(about: Case, show: Show): readonly { readonly title: string; readonly value: string }[] {
  const asked = about.facts.find(({ label }) => label === ASKED_FOR);
  return asked ? [{ title: 'With', value: show(asked.value, 200) }] : [];
}

/** A CloudTrail title is the name of an API call, which stands among the technical details already. */
const whatHappened = (about: Case): string =>
  about.sources.some((one) => one.source === 'graph') ? about.title : about.policy.title;

const severityText = (about: Case): string =>
  `${about.severity.charAt(0).toUpperCase()}${about.severity.slice(1)} severity`;

function severityColor(about: Case): string {
  if (about.severity === 'critical' || about.severity === 'high') return 'attention';
  return about.severity === 'medium' ? 'warning' : 'default';
}
