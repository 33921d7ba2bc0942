// Words as the command line prints them: in English, times in UTC.
import { bundledWords } from '../adapters/words/bundled.ts';
import { type Written, writeOut } from '../case/written.ts';
import { FOR_THE_RECORD } from '../ports/words.ts';

/** Reads the files once, and writes all words in what it is handed. */
export function createEnglish(): <T>(data: T) => Written<T> {
  const words = bundledWords();
  return (data) => writeOut(data, (said) => words.write(said, FOR_THE_RECORD));
}
