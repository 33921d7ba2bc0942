// Words as the pages have them: in English, with moments that no single person reads.
import { bundledWords } from '../../src/adapters/words/bundled.ts';
import type { Said } from '../../src/case/said.ts';
import { FOR_THE_RECORD } from '../../src/ports/words.ts';

const words = bundledWords();

export const english = (said: Said): string => words.write(said, FOR_THE_RECORD);
