// What the person in question is shown: what happened in their name, and two buttons. Nothing of who is asked, or what is offered.
import type { Case, Statement } from '../case/case.ts';
import { titleSaid } from '../case/policy-words.ts';
import { type Said, say } from '../case/said.ts';
import { targetSaid } from '../case/target-words.ts';
import type { Mail } from '../ports/mailer.ts';
import type { CardContent } from '../ports/messenger.ts';
import { atMinute } from './asking-lines.ts';
import type { CardView } from './card-view.ts';
import { namesAndMore } from './names.ts';
import { cleanText, plainText } from './plain-text.ts';
import { noticeWords } from './template-words.ts';

type Write = CardView['write'];

const MOST_THINGS = 4;

/** What it was about, by name: people are told of things, not of other people. Empty where there is nothing of the kind. */
function thingsOf({ targets }: Case, write: Write): string {
  const things = targets.filter(({ kind }) => kind !== 'user').map(targetSaid);
  return write(namesAndMore(things, { most: MOST_THINGS, write }));
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

function answered({ ref, state }: Case, answer: Statement): Said {
  if (answer.was === 'not-me') return say('ask.notice.not-me');
  return state === 'dismissed' ? say('ask.notice.me-closed', { ref }) : say('ask.notice.me');
}

export function noticeCard(about: Case, write: Write): CardContent {
  const answer = answerOf(about);
  const things = thingsOf(about, write);
  const name = plainText(about.subject?.name ?? '', 80);
  const at = { ...atMinute(about.lastSeenAt), dated: true } as const;
  return {
    template: 'notice',
    data: {
      ref: about.ref,
      questionId: about.question?.id ?? '',
      facts: [
        { title: write(say('ask.fact.what')), value: plainText(write(titleSaid(about.policy)), 200) },
        { title: write(say('ask.fact.when')), value: plainText(write(say('ask.when', { at })), 200) },
        ...(things ? [{ title: write(say('ask.fact.on')), value: plainText(things, 300) }] : []),
      ],
      asks: !answer,
      answered: answer ? write(answered(about, answer)) : '',
      w: noticeWords(about, name, write),
    },
  };
}

/** The same as plain text. A mail has no buttons, and no links: one that had would teach people to press them. */
export function noticeMail(about: Case, write: Write): Pick<Mail, 'subject' | 'text'> {
  const things = thingsOf(about, write);
  const { ref } = about;
  const at = { ...atMinute(about.lastSeenAt), dated: true } as const;
  return {
    subject: write(say('ask.mail.subject', { ref })),
    text: [
      write(say('ask.mail.hello', { name: cleanText(about.subject?.name ?? '', 80) })),
      '',
      write(say('ask.mail.what')),
      `  ${cleanText(write(titleSaid(about.policy)), 200)}`,
      ...(things ? [`  ${write(say('ask.mail.on', { things: cleanText(things, 300) }))}`] : []),
      `  ${write(say('ask.mail.when', { at }))}`,
      '',
      write(say('ask.mail.do', { ref })),
      '',
      write(say('ask.mail.no-links')),
    ].join('\n'),
  };
}
