// The time of a question is over: the security team is asked, or a question of low severity is closed. Nothing is changed in the world.
import { type Case, type Decision, SYSTEM } from '../case/case.ts';
import { type Approver, askedOf, type Question } from '../case/question.ts';
import type { Run } from '../case/run.ts';
import { stillStanding } from '../case/standing.ts';
import { timeMark } from '../case/times.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { Transition } from '../ports/commit-transition.ts';
import { hasAnswered } from './nudge.ts';

/** `besides`: why nothing was contained first, a sentence. */
export function handOver(about: Case, question: Question, at: string, besides?: string): Transition {
  const isSubject = question.approver.kind === 'subject';
  const why = [silenceOf(about, question), ...(besides ? [besides] : [])].join(' ');
  return {
    event: 'timed-out',
    at,
    patch: isSubject ? { subjectAsked: true } : { toSecurity: why },
    steps: [
      { kind: 'route', key: '' },
      ...(isSubject ? [] : writeBackSteps(about, { kind: 'escalated', says: [why] })),
    ],
    note: {
      kind: 'question.timed-out',
      actor: SYSTEM,
      facts: { question: question.id, approver: question.approver.kind, onTimeOut: 'escalate' },
      personal: { says: why },
    },
  };
}

/** `runs`: of the case. What an earlier decision changed is said. */
export function dismiss(about: Case, question: Question, runs: readonly Run[], at: string): Transition {
  const decision: Decision = { verb: 'dismiss', by: SYSTEM, at };
  const standing = stillStanding(runs);
  return {
    event: 'dismissed',
    at,
    patch: {
      decisions: [...about.decisions, decision],
      outcome: standing.length > 0 ? standing : ['Nothing was changed.'],
    },
    steps: writeBackSteps(about, { kind: 'unanswered', says: standing, decision }),
    note: {
      kind: 'decision.dismiss',
      actor: SYSTEM,
      facts: { verb: 'dismiss', offer: null, question: question.id, role: 'system', onTimeOut: 'dismiss' },
    },
  };
}

/** "Nobody answered in time: Morgan Reyes was asked on ..." */
function silenceOf(about: Case, question: Question): string {
  const asked = askedOf(question);
  const silent = asked.filter((one) => !hasAnswered(about, question, one)).map(nameOf);
  const who = silent.length > 0 ? silent : asked.map(nameOf);
  const were = who.length === 1 ? 'was' : 'were';
  return `${silent.length < asked.length ? 'Not everybody' : 'Nobody'} answered in time: ${list(who)} ${were} asked at ${timeMark(question.askedAt)}.`;
}

const nameOf = (one: Approver): string => (one.kind === 'security' ? 'the security team' : one.name);

const list = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'nobody');
