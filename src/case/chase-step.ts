// The step that chases an unanswered question: what it is called, and when it is due first.
import type { Question } from './question.ts';

export interface ChaseStep {
  readonly kind: 'chase';
  readonly key: string;
  readonly delayMs: number;
}

/** None where the question has no clock. */
export function chaseSteps({ id, askedAt, clock }: Question): readonly ChaseStep[] {
  if (!clock) return [];
  const first = Math.min(...[clock.remindAt, clock.escalateAt, clock.timeOutAt].map((at) => Date.parse(at)));
  return [{ kind: 'chase', key: id, delayMs: Math.max(0, first - Date.parse(askedAt)) }];
}
