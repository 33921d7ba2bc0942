// What a line of text is told once it was done, where the card above shows it as well. Pure.
import { awaitsOf, type Case } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { isWaitingLine } from '../case/waiting.ts';
import type { Answer } from '../ports/answer.ts';

export function doneWords(about: Case, answer: Answer): Said {
  return sentences([whatWasDone(about, answer), say('decide.card-above-shows', { ref: about.ref })]);
}

function whatWasDone(about: Case, { verb }: Answer): Said {
  const { outcome, decisions, toSecurity, state } = about;
  const last = decisions.at(-1);
  const awaits = last && awaitsOf(last);
  if (awaits) {
    const why = (state === 'routing' && toSecurity) || awaits;
    return sentences([say('decide.done.signed'), why, say('decide.done.nothing-yet')]);
  }
  switch (verb) {
    case 'approve':
      return outcome.find(isWaitingLine) ?? say('decide.done.working');
    case 'undo':
      return say('decide.done.undoing');
    case 'dismiss':
      return state === 'undoing' ? say('decide.done.put-back') : say('decide.done.expected');
    case 'keep':
      return say('decide.done.kept');
    case 'reassign':
      return last?.to
        ? say('decide.done.reassigned-to', { name: last.to.name })
        : say('decide.done.reassigned');
    case 'correct':
      return state === 'routing' && about.decidedBefore === decisions.length
        ? say('decide.done.asked-again')
        : say('decide.done.taken-back');
    case 'escalate':
      return say('decide.done.escalated');
  }
}
