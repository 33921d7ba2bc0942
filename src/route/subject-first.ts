// Whether the person in question is asked first whether it was them, as the policy wishes: see docs/decisions/0013.
import type { Approver, RouteRung } from '../case/question.ts';
import { BUT_UNREACHABLE, passedBy } from '../case/rung-words.ts';
import { type Said, say } from '../case/said.ts';
import { awayOf, awayWords } from './away.ts';
import { type Inquiry, mayAsk } from './inquiry.ts';
import { isReachable, obstacleElsewhere } from './obstacles.ts';
import { patient } from './parts.ts';

export interface SubjectFirst {
  /** Null: others are asked, now. */
  readonly asked: Extract<Approver, { kind: 'subject' }> | null;
  readonly reason: Said;
  /** Why they are not asked (any more), where the policy would have them asked. */
  readonly passed: readonly RouteRung[];
}

type Known = NonNullable<Inquiry['subject']>;

const NOT_ASKED: SubjectFirst = { asked: null, reason: '', passed: [] };

export async function subjectFirst(inquiry: Inquiry): Promise<SubjectFirst> {
  const { about, subject } = inquiry;
  if (!about.policy.asking?.subjectFirst || !subject || !mayAsk('subject', inquiry)) return NOT_ASKED;
  const { id, displayName: name } = subject;
  const pass = (but: Said): SubjectFirst => {
    const reason = passedBy(say('route.who.subject-first', { name }), but);
    return { ...NOT_ASKED, passed: [{ name, id, outcome: 'passed-over', reason }] };
  };
  if (about.subjectAsked)
    return { ...NOT_ASKED, passed: [{ name, id, outcome: 'passed-over', reason: heard(subject, inquiry) }] };
  if (isPastThem(inquiry)) return NOT_ASKED;
  const obstacle = await obstacleOf(subject, inquiry);
  if (obstacle !== null) return pass(obstacle);
  return {
    asked: { kind: 'subject', id, name },
    reason: say('route.subject.asked-first', { name }),
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
async function obstacleOf(subject: Known, inquiry: Inquiry): Promise<Said | null> {
  const { about, parts, lastTry } = inquiry;
  const user = await patient(lastTry, () => parts.directory.findUser(subject.id));
  if (!user?.enabled) return say('route.but.disabled');
  if (inquiry.unreachable.has(user.id)) return BUT_UNREACHABLE;
  const elsewhere = await obstacleElsewhere(user, about.id, lastTry, parts);
  if (elsewhere !== null) return elsewhere;
  const away = await awayOf(user, inquiry);
  if (away) return awayWords(away);
  return (await isReachable(user, inquiry)) ? null : BUT_UNREACHABLE;
}

function heard({ id, displayName: name }: Known, { about }: Inquiry): Said {
  const said = about.statements?.findLast(({ by }) => by.id === id);
  if (!said) return say('route.subject.silent', { name });
  return said.was === 'me' ? say('route.subject.was-me', { name }) : say('route.subject.not-me', { name });
}
