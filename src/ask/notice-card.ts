// What the person in question is shown: what happened in their name, and two buttons. Nothing of who is asked, or what is offered.
import type { Case, Statement } from '../case/case.ts';
import { targetLabel } from '../case/target.ts';
import type { Mail } from '../ports/mailer.ts';
import type { CardContent } from '../ports/messenger.ts';
import { cleanText, plainText } from './plain-text.ts';
import { timeText } from './time-text.ts';

const MOST_THINGS = 4;

/** What it was about, by name: people are told of things, not of other people. */
function thingsOf({ targets }: Case): string {
  const things = targets.filter(({ kind }) => kind !== 'user').map(targetLabel);
  const more = things.length > MOST_THINGS ? ` and ${things.length - MOST_THINGS} more` : '';
  return things.slice(0, MOST_THINGS).join(', ') + more;
}

export const statementOf = ({ statements = [], subject }: Case): Statement | undefined =>
  statements.findLast((one) => one.by.id === subject?.id);

/** Asked again about what came in since, they have not said anything yet. */
const answerOf = (about: Case): Statement | undefined => {
  const { question, state } = about;
  const answer = statementOf(about);
  const isAsked = state === 'asking' && question?.approver.kind === 'subject';
  return isAsked && answer && answer.at < question.askedAt ? undefined : answer;
};

const ANSWERS: Readonly<Record<Statement['was'], string>> = {
  me: 'You said that it was you. Thank you: whoever looks into it sees that.',
  'not-me':
    'You said that it was not you. The security team sees that. Do not change anything by yourself; they will tell you what to do.',
};

const closedBy = ({ ref }: Case): string =>
  `You said that it was you. Thank you: nothing else is needed. If it was not you after all, write to me: not-me ${ref}`;

export function noticeCard(about: Case, timeZone: string): CardContent {
  const answer = answerOf(about);
  const isTaken = answer?.was === 'me' && about.state === 'dismissed';
  const things = thingsOf(about);
  return {
    template: 'notice',
    data: {
      ref: about.ref,
      questionId: about.question?.id ?? '',
      name: plainText(about.subject?.name ?? '', 80),
      facts: [
        { title: 'What', value: plainText(about.policy.title, 200) },
        { title: 'When', value: timeText(about.lastSeenAt, timeZone) },
        ...(things ? [{ title: 'On', value: plainText(things, 300) }] : []),
      ],
      asks: !answer,
      answered: answer ? (isTaken ? closedBy(about) : ANSWERS[answer.was]) : '',
    },
  };
}

/** The same as plain text. A mail has no buttons, and no links: one that had would teach people to press them. */
export function noticeMail(about: Case): Pick<Mail, 'subject' | 'text'> {
  const things = thingsOf(about);
  return {
    subject: `Was this you? (case ${about.ref})`,
    text: [
      `Hello ${cleanText(about.subject?.name ?? '', 80)},`,
      '',
      'Something was done in your name:',
      `  ${cleanText(about.policy.title, 200)}`,
      ...(things ? [`  On: ${cleanText(things, 300)}`] : []),
      `  When: ${about.lastSeenAt.slice(0, 16).replace('T', ' ')} UTC`,
      '',
      `If it was you, there is nothing to do. If it was not, call your security team now and give them the case number ${about.ref}.`,
      '',
      'This mail has no links on purpose. Countersign never asks for a password.',
    ].join('\n'),
  };
}
