// The time of a question is over: the security team is asked, or a question of low severity is closed. Nothing is changed in the world.
import { type Case, type Decision, SYSTEM } from '../case/case.ts';
import { type Approver, askedOf, type Question } from '../case/question.ts';
import type { Run } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { stillStanding } from '../case/standing.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { Transition } from '../ports/commit-transition.ts';
import { hasAnswered } from './nudge.ts';

/** `besides`: why nothing was contained first, a sentence. */
export function handOver(about: Case, question: Question, at: string, besides?: Said): Transition {
  const isSubject = question.approver.kind === 'subject';
  const why = sentences([silenceOf(about, question), ...(besides ? [besides] : [])]);
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
      outcome: standing.length > 0 ? standing : [say('decide.nothing-changed')],
      voids: 0,
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
function silenceOf(about: Case, question: Question): Said {
  const asked = askedOf(question);
  const silent = asked.filter((one) => !hasAnswered(about, question, one)).map(nameOf);
  const who = silent.length > 0 ? silent : asked.map(nameOf);
  const filling = { who, count: who.length, at: { time: question.askedAt } };
  return silent.length < asked.length
    ? say('chase.not-everybody-answered', filling)
    : say('chase.nobody-answered', filling);
}

const nameOf = (one: Approver): Said => (one.kind === 'security' ? say('case.security-team') : one.name);
