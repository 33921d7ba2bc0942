// Whether the person in question is asked first whether it was them, as the policy wishes: see docs/decisions/0013.
import type { Approver, RouteRung } from '../case/question.ts';
import { awayOf, awayWords } from './away.ts';
import { type Inquiry, mayAsk } from './inquiry.ts';
import { isReachable, obstacleElsewhere, UNREACHABLE } from './obstacles.ts';
import { patient } from './parts.ts';

export interface SubjectFirst {
  /** Null: others are asked, now. */
  readonly asked: Extract<Approver, { kind: 'subject' }> | null;
  readonly reason: string;
  /** Why they are not asked (any more), where the policy would have them asked. */
  readonly passed: readonly RouteRung[];
}

const NOT_ASKED: SubjectFirst = { asked: null, reason: '', passed: [] };

export async function subjectFirst(inquiry: Inquiry): Promise<SubjectFirst> {
  const { about, subject } = inquiry;
  if (!about.policy.asking?.subjectFirst || !subject || !mayAsk('subject', inquiry)) return NOT_ASKED;
  const { id, displayName: name } = subject;
  const pass = (why: string): SubjectFirst => ({
    ...NOT_ASKED,
    passed: [{ name, id, outcome: 'passed-over', reason: `${name} would be asked first but ${why}.` }],
  });
  if (about.subjectAsked)
    return { ...NOT_ASKED, passed: [{ name, id, outcome: 'passed-over', reason: heard(inquiry) }] };
  if (isPastThem(inquiry)) return NOT_ASKED;
  const obstacle = await obstacleOf(inquiry);
  if (obstacle !== null) return pass(obstacle);
  return {
    asked: { kind: 'subject', id, name },
    reason: `${name} is asked first whether it was them.`,
    passed: [],
  };
}

/** Somebody else has been asked, has decided, or has said who is to answer: there is no way back to the person in question. */
const isPastThem = ({ about }: Inquiry): boolean =>
  about.decisions.length > 0 ||
  (about.reassigned ?? []).length > 0 ||
  (about.proposals ?? []).length > 0 ||
  (about.statements ?? []).some(({ was }) => was === 'not-me') ||
  (about.question !== null && about.question.approver.kind !== 'subject');

/** What makes it likelier that somebody else sits at their account, or that nobody would read it. */
async function obstacleOf(inquiry: Inquiry): Promise<string | null> {
  const { about, subject, parts, lastTry } = inquiry;
  if (!subject) return 'nobody knows who it was';
  const user = await patient(lastTry, () => parts.directory.findUser(subject.id));
  if (!user?.enabled) return 'the account is disabled';
  if (inquiry.unreachable.has(user.id)) return UNREACHABLE;
  const elsewhere = await obstacleElsewhere(user, about.id, lastTry, parts);
  if (elsewhere !== null) return elsewhere;
  const away = await awayOf(user, inquiry);
  if (away) return awayWords(away);
  return (await isReachable(user, inquiry)) ? null : UNREACHABLE;
}

function heard({ about, subject }: Inquiry): string {
  const name = subject?.displayName ?? '';
  const said = about.statements?.findLast(({ by }) => by.id === subject?.id);
  if (!said) return `${name} was asked first and has not answered.`;
  return `${name} was asked first and says that it was ${said.was === 'me' ? 'them' : 'not them'}.`;
}
