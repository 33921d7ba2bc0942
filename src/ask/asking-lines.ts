// How a question stands: whom it is with, who has signed, until when it waits and what happens then, and what was done before anybody
// had answered. Whole sentences.
import type { QuestionClock } from '../case/asking.ts';
import { awaitsOf, type Case, type Decision } from '../case/case.ts';
import { titleSaid } from '../case/policy-words.ts';
import { type Approver, askedOf, isWithSecurity, type Question } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { saysNamedBy } from '../case/rung-words.ts';
import { contains, type Moment, type Phrase, type Said, sameSaid, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import {
  answerWords,
  doDiffer,
  isSameAnswer,
  offerSaid,
  openSignatures,
  outdatedSignaturesOf,
} from '../case/signed.ts';
import type { CardView } from './card-view.ts';

type Standing = Pick<CardView, 'now' | 'takes' | 'mayAnswer' | 'isLate'>;

/** Whom a card names for an approver, as a name among others. */
function approverWords(approver: Approver | undefined): Said {
  if (approver?.kind === 'subject') return say('ask.approver.subject', { name: approver.name });
  return approver?.kind === 'person' ? approver.name : say('case.security-team');
}

/** "With them". */
export const withWords = (approver: Approver | undefined): Phrase =>
  say('ask.with', {
    kind: approver?.kind ?? 'security',
    name: approver && approver.kind !== 'security' ? approver.name : '',
  });

/** To the minute. */
export const atMinute = (iso: string): Moment => ({ time: iso, precision: 'minutes' });

/** What a card says of its question, beside what is offered. */
export const standingLines = (about: Case, question: Question, view: Standing): readonly Said[] => [
  ...peopleLines(about, question, view),
  ...reassignedLines(about, view),
  // The clock of a question that went on is the security team's.
  ...(view.isLate ? [] : clockLines(about, question, view)),
];

function peopleLines(about: Case, question: Question, { takes }: Standing): readonly Said[] {
  const asked = askedOf(question);
  const several = asked.length > 1 ? [say('ask.asked', { names: asked.map(approverWords) })] : [];
  const rule = doDiffer(openSignatures(about))
    ? [say('ask.rule.differ')]
    : ruleWords(question, asked.length, !takes?.some);
  const line = [...several, ...rule];
  return [...(line.length > 0 ? [sentences(line)] : []), ...twoPeopleLines(question)];
}

const twoPeopleLines = ({ twoPeople }: Question): readonly Said[] =>
  twoPeople ? [sentences([say('ask.rule.two-people'), twoPeople])] : [];

function ruleWords(question: Question, asked: number, isAlone: boolean): readonly Said[] {
  const { rule, needs } = question;
  switch (rule?.kind ?? 'first') {
    case 'everyone':
      if (needs !== undefined && needs !== asked)
        return needs > 1 ? [say('ask.rule.different-people', { n: needs })] : [];
      return asked > 1 ? [say('ask.rule.everyone')] : [];
    case 'quorum':
      return [say('ask.rule.different-people', { n: rule?.kind === 'quorum' ? rule.of : 2 })];
    case 'sequence':
      return isWithSecurity(question) ? [] : [say('ask.rule.sequence')];
    default:
      if (asked === 1) return [];
      return [say(isAlone && !question.twoPeople ? 'ask.rule.first' : 'ask.rule.any')];
  }
}

/** The reason says it where that is why they are asked, and what was decided says it on the other card. */
function reassignedLines(about: Case, view: Standing): readonly Said[] {
  const { decisions, question } = about;
  const last = reassignedNow(about).at(-1);
  if (!last || (question && saysNamedBy(question.reason, last.by.name))) return [];
  if (!view.mayAnswer && decisions.some(({ verb, at }) => verb === 'reassign' && at === last.at)) return [];
  return [say('ask.reassigned', { by: last.by.name, to: last.to.name, at: atMinute(last.at) })];
}

/** Who has said so already, of an answer that takes more people than have given it: one line for each answer. */
export function signatureLines(about: Case, view: Standing): readonly Said[] {
  const outdated = outdatedSignaturesOf(about);
  return [
    ...(outdated.length > 0 ? [say('ask.signed.outdated', { names: whoOf(outdated) })] : []),
    ...openLines(about, view),
  ];
}

function openLines(about: Case, view: Standing): readonly Said[] {
  const open = openSignatures(about, view.now);
  const answers = open.filter((one, index) => index === open.findIndex((other) => isSameAnswer(one, other)));
  return answers.map((answer) => {
    const same = open.filter((one) => isSameAnswer(one, answer));
    const said =
      answer.verb === 'undo' ? [say('ask.signed.undo', { names: whoOf(same) })] : answeredSoFar(about, same);
    const awaits = awaitsOf(same.at(-1) ?? answer) ?? say('ask.signed.second-person');
    // Those who differ wait for the security team, and for nobody else.
    const isOver = doDiffer(open) || (!view.mayAnswer && isSaid(about, awaits));
    return sentences([...said, ...(isOver ? [] : [awaits])]);
  });
}

function answeredSoFar(about: Case, same: readonly Decision[]): readonly Said[] {
  const words = same.map((one) => answerWords(about, one));
  const different = words.filter((one, index) => index === words.findIndex((other) => sameSaid(one, other)));
  const answers = different.map((answer) =>
    say('ask.signed.by', {
      answer,
      names: whoOf(same.filter((one) => sameSaid(answerWords(about, one), answer))),
    }),
  );
  // What a plain "expected" makes of a date that somebody else has named.
  return [
    say('ask.signed.so-far', { answers }),
    ...(same.some(({ until }) => until) ? [say('ask.signed.dated')] : []),
  ];
}

const whoOf = (of: readonly Decision[]): readonly Said[] =>
  of.map(({ by, at }) => say('ask.signed.who', { name: by.name, at: atMinute(at) }));

const isSaid = ({ state, question }: Case, awaits: Said): boolean =>
  state === 'asking' && question !== null && contains(question.reason, awaits);

/** What has come of nobody answering, and what comes next. */
function clockLines(about: Case, question: Question, { now }: Standing): readonly Said[] {
  const { clock } = question;
  if (!clock) return [];
  const chased = about.chased?.question === question.id ? about.chased : undefined;
  const isAhead = (iso: string): boolean => now < iso;
  const [timeOut, escalate] = [atMinute(clock.timeOutAt), atMinute(clock.escalateAt)];
  if (question.approver.kind === 'subject')
    return isAhead(clock.timeOutAt)
      ? [say(hasOthers(about) ? 'ask.clock.then-others' : 'ask.clock.then-manager', { at: timeOut })]
      : [];
  const isAlone = askedOf(question).every(({ kind }) => kind === 'security');
  const lines = [
    ...(chased?.remindedAt ? [say('ask.clock.reminded', { at: atMinute(chased.remindedAt) })] : []),
    ...(!chased?.remindedAt && isAhead(clock.remindAt)
      ? [say('ask.clock.reminds', { at: atMinute(clock.remindAt) })]
      : []),
    ...(!isAlone && !chased?.escalatedAt && isAhead(clock.escalateAt) && clock.escalateAt < clock.timeOutAt
      ? [say('ask.clock.escalates', { at: escalate })]
      : []),
    ...(!isAlone && isAhead(clock.timeOutAt) ? [timeOutWords(about, question, clock)] : []),
  ];
  return lines.length > 0 ? [sentences(lines)] : [];
}

const hasOthers = ({ policy }: Case): boolean => (policy.asking?.approvers.length ?? 0) > 0;

function timeOutWords(about: Case, question: Question, { timeOutAt, onTimeOut }: QuestionClock): Said {
  const at = atMinute(timeOutAt);
  const contain = about.policy.asking?.contain;
  if (onTimeOut === 'contain' && contain && !about.containedFirst)
    return say('ask.clock.contains', { at, offer: offerSaid(about, contain) });
  if (onTimeOut === 'dismiss') return say('ask.clock.closes', { at });
  return say(isWithSecurity(question) ? 'ask.clock.security-takes-over' : 'ask.clock.security', { at });
}

/** What was done because nobody had answered, and what the answers now mean. */
export function containedLines(about: Case): readonly Said[] {
  const { containedFirst, decisions } = about;
  if (!containedFirst) return [];
  const key = decisions[containedFirst.decision]?.offer ?? about.policy.asking?.contain ?? '';
  return [
    say('ask.contained', { at: atMinute(containedFirst.at), offer: offerSaid(about, key) }),
    say('ask.contained.answers', { keep: KEEP, release: RELEASE }),
  ];
}

export const KEEP = say('ask.keep');
export const RELEASE = say('ask.release');

/** Of one person's several things, which: the case's own policy first. */
export function relatedOf({ policy, related = [] }: Case): {
  readonly title: Said;
  readonly lines: readonly Said[];
} {
  if (related.length === 0) return { title: '', lines: [] };
  return {
    title: say('ask.related', { n: related.length + 1 }),
    lines: [
      titleSaid(policy),
      ...related.map((one) => say('ask.related.one', { title: titleSaid(one), ref: one.ref })),
    ],
  };
}
