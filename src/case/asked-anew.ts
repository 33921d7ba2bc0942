// What a question that has grown still knows of the answers before: nothing that they said counts for it. Pure.
import { awaitsOf, type Case, type Decision } from './case.ts';
import { say } from './said.ts';

/** The decisions so far say nothing about a question that has grown: it takes both signatures again. */
export function askedAnew(about: Case): Pick<Case, 'decidedBefore' | 'toSecurity'> {
  const { decisions, toSecurity } = about;
  const decidedBefore = decisions.length;
  const last = decisions.at(-1);
  if (toSecurity === null || !last || !isFirstSignature(last)) return { decidedBefore, toSecurity };
  // It was with the security team for the second signature alone, or somebody had a reason to hand it over.
  const isHandedOver = !decisions.every(isFirstSignature);
  return { decidedBefore, toSecurity: isHandedOver ? say('decide.security-had-it') : null };
}

/** What a second person is asked about: "expected" from high severity, or an approval that takes two. */
const isFirstSignature = (decision: Decision): boolean =>
  decision.verb === 'dismiss' || awaitsOf(decision) !== undefined;
