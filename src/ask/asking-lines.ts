// How a question stands: whom it is with, who has signed, until when it waits and what happens then, and what was done before anybody
// had answered. Plain sentences, not escaped; times as the reader reads them.
import { awaitsOf, type Case, type Decision } from '../case/case.ts';
import { type Approver, askedOf, isWithSecurity, type Question } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { answerWords, doDiffer, isSameAnswer, openSignatures } from '../case/signed.ts';
import type { CardView } from './card-view.ts';
import { shortTimeText } from './time-text.ts';

type Times = Pick<CardView, 'timeZone' | 'now'>;
type Standing = Times & Pick<CardView, 'takes' | 'mayAnswer'>;

/** Whom a card names for an approver. */
export function approverWords(approver: Approver | undefined): string {
  if (approver?.kind === 'subject') return `${approver.name}, who was asked whether it was them`;
  return approver?.kind === 'person' ? approver.name : 'the security team';
}

/** What a card says of its question, beside what is offered. */
export const standingLines = (about: Case, question: Question, view: Standing): readonly string[] => [
  ...peopleLines(about, question, view),
  ...reassignedLines(about, view),
  ...clockLines(about, question, view),
];

function peopleLines(about: Case, question: Question, { takes }: Standing): readonly string[] {
  const asked = askedOf(question);
  const names = asked.map(approverWords);
  const several = `Asked: ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`;
  const isAlone = !takes?.some;
  const rule = doDiffer(openSignatures(about))
    ? 'They do not agree: one of the security team who has not answered yet decides.'
    : ruleWords(question, asked.length, isAlone);
  const line = [...(asked.length > 1 ? [several] : []), ...(rule ? [rule] : [])].join(' ');
  return [
    ...(line ? [line] : []),
    ...(question.twoPeople
      ? [`What keeps somebody or something out takes two people here. ${question.twoPeople}`]
      : []),
  ];
}

function ruleWords(question: Question, asked: number, isAlone: boolean): string {
  switch (question.rule?.kind ?? 'first') {
    case 'everyone':
      if (question.needs !== undefined && question.needs !== asked)
        return question.needs > 1 ? `It takes ${question.needs} different people who say the same.` : '';
      return asked > 1 ? 'All of them have to agree.' : '';
    case 'quorum':
      return `It takes ${question.rule?.kind === 'quorum' ? question.rule.of : 2} different people who say the same.`;
    case 'sequence':
      return isWithSecurity(question) ? '' : 'After this answer the security team is asked, too.';
    default:
      if (asked === 1) return '';
      return isAlone && !question.twoPeople ? 'Whoever answers first decides.' : 'Any of them can answer.';
  }
}

/** The reason says it where that is why they are asked, and what was decided says it on the other card. */
function reassignedLines(about: Case, view: Standing): readonly string[] {
  const { decisions, question } = about;
  const last = reassignedNow(about).at(-1);
  if (!last) return [];
  if (question?.reason.includes(`named by ${last.by.name}`)) return [];
  if (!view.mayAnswer && decisions.some(({ verb, at }) => verb === 'reassign' && at === last.at)) return [];
  return [
    `${last.by.name} said at ${shortTimeText(last.at, view.timeZone, view.now)} that it is for ${last.to.name} to say.`,
  ];
}

/** Who has said so already, of an answer that takes more people than have given it: one line for each answer. */
export function signatureLines(about: Case, view: Standing): readonly string[] {
  const open = openSignatures(about, view.now);
  const answers = open.filter((one, index) => index === open.findIndex((other) => isSameAnswer(one, other)));
  return answers.map((answer) => {
    const same = open.filter((one) => isSameAnswer(one, answer));
    const who = (of: readonly Decision[]): string =>
      list(of.map(({ by, at }) => `${by.name} (${shortTimeText(at, view.timeZone, view.now)})`));
    const words = [...new Set(same.map((one) => answerWords(about, one)))];
    const byWords = words.map(
      (one) => `${one} by ${who(same.filter((other) => answerWords(about, other) === one))}`,
    );
    const said =
      answer.verb === 'undo'
        ? `Undo asked for by ${who(same)}.`
        : `Answered so far: ${list(byWords)}.${same.some(({ until }) => until) ? ` ${DATED}` : ''}`;
    const awaits = awaitsOf(same.at(-1) ?? answer) ?? 'A second person has to agree.';
    // Those who differ wait for the security team, and for nobody else.
    return doDiffer(open) || (!view.mayAnswer && isSaid(about, awaits)) ? said : `${said} ${awaits}`;
  });
}

/** What a plain "expected" makes of a date that somebody else has named. */
const DATED =
  'Until that day it asks nobody only if whoever agrees names a day as well; the earlier one counts. Without one it asks again.';

const isSaid = ({ state, question }: Case, awaits: string): boolean =>
  state === 'asking' && question !== null && question.reason.includes(awaits);

const list = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');

/** As it was shown, else as the policy says. */
export function offerLabel(about: Case, key: string | undefined): string {
  const planned = about.question?.offers.find((one) => one.key === key)?.label;
  const label = planned ?? about.policy.offers.find((one) => one.key === key)?.label ?? key ?? '';
  return label.replaceAll('{subject}', about.subject?.name ?? 'the person');
}

/** What has come of nobody answering, and what comes next. */
function clockLines(about: Case, question: Question, view: Times): readonly string[] {
  const { clock } = question;
  if (!clock) return [];
  const chased = about.chased?.question === question.id ? about.chased : undefined;
  const at = (iso: string): string => shortTimeText(iso, view.timeZone, view.now);
  const isAhead = (iso: string): boolean => view.now < iso;
  if (question.approver.kind === 'subject')
    return isAhead(clock.timeOutAt)
      ? [`If they have not answered by ${at(clock.timeOutAt)}, ${afterSubject(about)} is asked.`]
      : [];
  const isAlone = askedOf(question).every(({ kind }) => kind === 'security');
  const lines = [
    ...(chased?.remindedAt ? [`A reminder came at ${at(chased.remindedAt)}.`] : []),
    ...(!chased?.remindedAt && isAhead(clock.remindAt) ? [`A reminder comes at ${at(clock.remindAt)}.`] : []),
    ...(!isAlone && !chased?.escalatedAt && isAhead(clock.escalateAt) && clock.escalateAt < clock.timeOutAt
      ? [`If nobody has answered by ${at(clock.escalateAt)}, somebody else is asked as well.`]
      : []),
    ...(!isAlone && isAhead(clock.timeOutAt)
      ? [`If nobody answers by ${at(clock.timeOutAt)}, ${timeOutWords(about, question, clock.onTimeOut)}.`]
      : []),
  ];
  return lines.length > 0 ? [lines.join(' ')] : [];
}

const afterSubject = ({ policy }: Case): string =>
  (policy.asking?.approvers.length ?? 0) > 0 ? 'whoever else is to answer' : 'their manager';

function timeOutWords(
  about: Case,
  question: Question,
  onTimeOut: NonNullable<Question['clock']>['onTimeOut'],
): string {
  const contain = about.policy.asking?.contain;
  if (onTimeOut === 'contain' && contain && !about.containedFirst)
    return `"${offerLabel(about, contain)}" is done first, and the question stays`;
  if (onTimeOut === 'dismiss') return 'it is closed as unanswered, and nothing is changed';
  return isWithSecurity(question) ? 'it is with the security team alone' : 'the security team is asked';
}

/** What was done because nobody had answered, and what the answers now mean. */
export function containedLines(about: Case, view: Times): readonly string[] {
  const { containedFirst, decisions } = about;
  if (!containedFirst) return [];
  const label = offerLabel(
    about,
    decisions[containedFirst.decision]?.offer ?? about.policy.asking?.contain ?? '',
  );
  const at = shortTimeText(containedFirst.at, view.timeZone, view.now);
  return [
    `Contained at ${at} because nobody had answered: "${label}" was done.`,
    `"${KEEP}" leaves it so. "${RELEASE}" puts it back.`,
  ];
}

export const KEEP = 'Keep it as it is';
export const RELEASE = 'Expected: release it';

/** Of one person's several things, which: the case's own policy first. */
export function relatedOf({ policy, related = [] }: Case): {
  readonly title: string;
  readonly lines: readonly string[];
} {
  if (related.length === 0) return { title: '', lines: [] };
  return {
    title: `${related.length + 1} things of one person:`,
    lines: [policy.title, ...related.map(({ title, ref }) => `${title} (was case ${ref})`)],
  };
}
