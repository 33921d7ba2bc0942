// The question's half of a card: what each button does, what is not offered and why, and the lines to write instead.

import { readerOf } from '../case/ask-step.ts';
import { DEFAULT_ASKING } from '../case/asking.ts';
import { awaitsOf, type Case } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import {
  type Approver,
  askedOf,
  isWithSecurity,
  type PlannedOffer,
  type Question,
  type WithheldOffer,
} from '../case/question.ts';
import { contains, type Said, sameSaid, say, says } from '../case/said.ts';
import { sentences, withoutSentences } from '../case/sentences.ts';
import { doDiffer, openSignatures, outdatedSignaturesOf } from '../case/signed.ts';
import { asItStandsSentence } from '../case/voids.ts';
import {
  atMinute,
  containedLines,
  KEEP,
  RELEASE,
  relatedOf,
  signatureLines,
  standingLines,
  withWords,
} from './asking-lines.ts';
import { type CardView, few, type Show, type Size } from './card-view.ts';
import { dayText } from './day-text.ts';
import { isForSecurity, offerLines, offerSentence } from './offer-lines.ts';
import { cleanText, plainText } from './plain-text.ts';
import { questionWords } from './template-words.ts';

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
  const { write } = view;
  const isContained = about.containedFirst !== undefined;
  const canHandOver = !isWithSecurity(question) && !view.isBystander;
  const common = commonTakes(question, view);
  const related = relatedOf(about);
  const asItStands = asItStandsSentence(about);
  const lined = (lines: readonly Said[]) => few(lines, list).map((line) => ({ text: show(line) }));
  const reassign = plainText(write(say('cards.reassign.command', { ref: about.ref })), COMMAND);
  const offers = question.offers.map((offer, index) => ({
    key: offer.key,
    label: show(offer.label, NAME),
    says: show(offerSentence(offer, question.offers.slice(0, index), write)),
    does: [
      ...offerLines(offer, question.offers.slice(0, index), { mostLines, write }).filter(
        (line) => view.forOperator || !isForSecurity(line),
      ),
      ...(common === '' ? takesLines(view.takes?.offers[offer.key], question) : []),
    ].map((line) => ({ text: show(line) })),
  }));
  return {
    withWhom: view.isBystander
      ? show(say('ask.you-may-as-well', { with: withWords(question.approver) }))
      : '',
    whyTitle: write(say(view.isBystander ? 'ask.why-them' : 'ask.why-you')),
    reason: show(unsigned(reasonFor(about, question, view), about)),
    path: lined(question.path.filter(({ outcome }) => outcome === 'passed-over').map(({ reason }) => reason)),
    contained: lined(containedLines(about)),
    relatedTitle: write(related.title),
    related: lined(related.lines),
    signed: lined(signatureLines(about, view)),
    waits: lined([
      ...(asItStands ? [asItStands] : []),
      ...(common === '' ? [] : [sentences([say('ask.takes.not-yet'), common])]),
      ...standingLines(about, question, view),
    ]),
    buttons: question.offers.slice(0, MOST_BUTTONS).map(({ key, label, actions }) => ({
      key,
      title: buttonTitle(write(label), line),
      style: shutsOut(actions) ? 'destructive' : 'default',
    })),
    offers: offers.slice(0, MOST_BUTTONS),
    // Without a button, and folded away: each with its line, so that nobody writes what they have not read.
    moreOffers: offers
      .slice(MOST_BUTTONS)
      .map((offer) => ({ ...offer, command: `approve ${about.ref} ${offer.key}` })),
    withheld: withheldLines(question.withheld, show, write(say('cards.colon'))).map((text) => ({ text })),
    canBeUndone: question.offers.some(canBeUndone) && view.undoForMs !== undefined,
    // What was contained first is answered by one of these two, more often than by anything else.
    expectedFirst: isContained,
    expectedTitle: write(isContained ? RELEASE : say('ask.expected')),
    expected: plainText(
      write(expectedText(about, common === '' ? view : {}, common !== '')),
      Math.max(line, EXPECTED),
    ),
    canKeep: isContained,
    keepTitle: write(KEEP),
    keep: write(say('ask.keep.does')),
    canHandOver,
    canReassign: view.isLate !== true,
    // Their answer waits for others.
    canCorrect: view.mayCorrect === true,
    commentLabel: cleanText(write(commentLabel(about, question.offers, write)), Math.max(line, SHORT_LABEL)),
    untilMin: dayText(view.now, view.timeZone),
    w: questionWords(about, view),
    reassignCommand: reassign,
    commands: [
      ...question.offers
        .slice(0, MOST_BUTTONS)
        .map((offer) => ({ text: `approve ${about.ref} ${offer.key}` })),
      ...(isContained ? [{ text: `keep ${about.ref}` }] : []),
      { text: `dismiss ${about.ref}` },
      ...untilCommand(about, view),
      ...(view.isLate ? [] : [{ text: reassign }]),
      ...(canHandOver ? [{ text: `escalate ${about.ref}` }] : []),
      ...(view.mayCorrect ? [{ text: `correct ${about.ref}` }] : []),
    ],
  };
}

/** What is not offered for one and the same reason is said in one line. */
function withheldLines(withheld: readonly WithheldOffer[], show: Show, colon: string): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const offer of withheld) {
    const [label, reason] = [show(offer.label, NAME), show(offer.reason)];
    const labels = reasons.get(reason) ?? [];
    if (!labels.includes(label)) reasons.set(reason, [...labels, label]);
  }
  const lines = [...reasons].map(([reason, labels]) => `${labels.join('; ')}${colon} ${reason}`);
  if (lines.length <= MOST_WITHHELD) return lines;
  return [
    ...lines.slice(0, MOST_WITHHELD),
    show(say('ask.withheld.more', { n: lines.length - MOST_WITHHELD })),
  ];
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
function commentLabel(
  { policy, containedFirst }: Case,
  offers: readonly PlannedOffer[],
  write: CardView['write'],
): Said {
  const { comment } = policy.asking ?? DEFAULT_ASKING;
  if (comment === 'optional') return say('ask.comment.optional');
  if (comment === 'always') return say('ask.comment.always');
  const some = offers.filter(({ actions }) => actions.some(({ nature }) => nature !== 'informs'));
  const names = [...(containedFirst ? [KEEP] : []), ...some.map(({ label }) => label)];
  return names.length > 0
    ? say('ask.comment.required-for', { answers: names.map(write).join('; ') })
    : say('ask.comment.optional');
}

const shutsOut = (actions: PlannedOffer['actions']): boolean => !actions.every(({ nature }) => nature);

const canBeUndone = ({ actions }: PlannedOffer): boolean => actions.some(({ undo }) => undo.possible);

function expectedText(about: Case, { takes }: Pick<CardView, 'takes'>, isSaid: boolean): Said {
  const does = about.containedFirst ? 'releases' : 'nothing';
  if (isSaid) return say('ask.expected.once-enough', { does });
  if (!takes?.dismiss) return say('ask.expected.does', { does });
  return sentences([say('ask.expected.once-others', { does }), takes.dismiss]);
}

/** What every answer takes alike is said once. */
function commonTakes({ offers }: Question, { takes }: CardView): Said {
  if (!takes?.dismiss || offers.length === 0) return '';
  const { dismiss } = takes;
  return offers.every(({ key }) => sameSaid(takes.offers[key] ?? '', dismiss)) ? dismiss : '';
}

const takesLines = (says: Said | undefined, { twoPeople }: Question): readonly Said[] =>
  says && !(twoPeople && contains(says, twoPeople)) ? [say('ask.takes.not-alone', { says })] : [];

/** Whoever was asked besides has a reason of their own. */
function reasonFor(about: Case, question: Question, view: CardView): Said {
  const { reader } = view;
  const [first, ...others] = askedOf(question);
  const mine = others.find((one) => readerOf(one) === reader);
  if (!mine || !first) return question.reason;
  const rung = question.path.findLast(
    ({ outcome, id }) =>
      outcome === 'asked' && (mine.kind === 'security' ? id === undefined : id === mine.id),
  );
  if (!rung || contains(question.reason, rung.reason)) return question.reason;
  // Whoever is on call is asked for the reason that brought it to the team.
  if (first.kind === 'security') return sentences([question.reason, rung.reason]);
  const chased = about.chased?.question === question.id ? about.chased : undefined;
  if (!chased || openSignatures(about).length > 0 || says(rung.reason, 'chase.not-answered-yet'))
    return rung.reason;
  const since = atMinute(question.askedAt);
  return sentences([say('ask.not-answered-since', { ...nameOf(first), since }), rung.reason]);
}

/** What the signatures still take is said beside them, nearer to the buttons. */
function unsigned(reason: Said, about: Case): Said {
  if (doDiffer(openSignatures(about))) return reason;
  const left = [...openSignatures(about), ...outdatedSignaturesOf(about)].reduce(
    (rest, one) => withoutSentences(rest, awaitsOf(one) ?? ''),
    reason,
  );
  return left === '' ? reason : left;
}

const nameOf = (one: Approver) => ({ kind: one.kind, name: one.kind === 'security' ? '' : one.name });
