// Why a question is with the security team, where nobody's word brought it there. Pure.
import { type Said, says } from './said.ts';
import { sentencesIn } from './sentences.ts';

/** Nobody had answered in time, or not everybody whom it took. */
export const isSilence = (why: Said): boolean =>
  sentencesIn(why).some(
    (one) => says(one, 'chase.nobody-answered') || says(one, 'chase.not-everybody-answered'),
  );
