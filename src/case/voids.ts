// What was approved but had changed before it could be done is asked again, though not for ever: whoever can change it before every
// answer must not keep it from being contained. Pure.
import type { Case } from './case.ts';
import { type Said, say } from './said.ts';

/** After so many in a row, the security team is asked, and what they choose is done as things stand then. */
export const MOST_VOIDS = 3;

/** The question that is with the security team says so; only they are told. */
export const isDoneAsItStands = ({ voids = 0, question }: Pick<Case, 'voids' | 'question'>): boolean =>
  voids >= MOST_VOIDS && question?.approver.kind === 'security';

/** For the card of that question; null where there is nothing of the kind to say. */
export const asItStandsSentence = (about: Pick<Case, 'voids' | 'question'>): Said | null =>
  isDoneAsItStands(about) ? say('case.done-as-it-stands', { times: about.voids ?? 0 }) : null;
