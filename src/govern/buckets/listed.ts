// Names on a card: a card has little room, and whoever chose a name may have chosen a long one.
import { type Filled, type Said, say, withTexts } from '../../case/said.ts';

const MOST_NAMES = 5;
const LONGEST_NAME = 40;

/** Some names, each cut to length, and how many there are besides: to be filled in. */
export function listed(names: readonly Said[], longest = LONGEST_NAME): Filled {
  const cut = (name: string): string => (name.length > longest ? `${name.slice(0, longest)}…` : name);
  const shown = names.slice(0, MOST_NAMES).map((name) => withTexts(name, cut));
  const more = names.length - shown.length;
  return more > 0 ? [...shown, say('s3.more', { n: more })] : shown;
}
