// Every state of every card, as the app draws it, in each language: the sample data in cards/ and the pictures in docs/images/cards are
// made from here.
import type { Language } from '../../src/case/languages.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { digestSamples } from './digest-samples.ts';
import { outcomeSamples } from './outcome-samples.ts';
import { questionSamples } from './question-samples.ts';
import { toldSamples } from './told-samples.ts';
import { writerIn } from './writer.ts';

/** By file name without `.data.json`. */
export function samplesIn(language: Language): Readonly<Record<string, CardContent>> {
  const write = writerIn(language);
  return {
    ...questionSamples(write),
    ...outcomeSamples(write),
    ...toldSamples(write),
    ...digestSamples(write),
  };
}
