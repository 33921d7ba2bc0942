// A question on one line. What is cut is the names in it: without its end, which is what is asked, nobody can answer.
import { type Said, withTexts } from '../case/said.ts';
import { cleanText, plainText } from './plain-text.ts';

/** Characters of each name, tried one after the other. */
const NAMES = [60, 40, 24, 16, 10];

/** Shortened at its end only where it does not fit with the shortest names. */
export function questionLine(question: Said, most: number, write: (said: Said) => string): string {
  const fits = (text: string): boolean => [...cleanText(text, most + 1)].length <= most;
  const whole = write(question);
  if (fits(whole) || typeof question === 'string') return plainText(whole, most);
  const shorter = NAMES.map((name) => write(withTexts(question, (text) => cleanText(text, name))));
  return plainText(shorter.find(fits) ?? shorter.at(-1) ?? whole, most);
}
