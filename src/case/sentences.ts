// Sentences in a row. Pure.
import { distinctSaid, isPhrase, type Said, sameSaid, say, says } from './said.ts';

/** One after the other, as one; empty ones left out, and what is said twice. */
export const sentences = (all: readonly Said[]): Said => {
  const [first = '', ...others] = distinctSaid(all.flatMap(sentencesIn));
  return others.reduce((before, next) => say('case.sentences', { first: before, next }), first);
};

/** What `sentences` put together, each by itself. */
export function sentencesIn(said: Said): readonly Said[] {
  if (!says(said, 'case.sentences')) return said === '' ? [] : [said];
  const { first = '', next = '' } = said.with ?? {};
  return [first, next].flatMap((one) => (typeof one === 'string' || isPhrase(one) ? sentencesIn(one) : []));
}

/** The same without the sentences of `part`. */
export function withoutSentences(said: Said, part: Said): Said {
  if (!isPhrase(said)) return isPhrase(part) ? said : said.replace(part, '').trim();
  const gone = sentencesIn(part);
  return sentences(sentencesIn(said).filter((one) => !gone.some((other) => sameSaid(one, other))));
}
