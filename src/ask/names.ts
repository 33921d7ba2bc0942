// Several names in one line of a card: the first few, and how many more there are.
import { type Said, say } from '../case/said.ts';

export interface NamesOptions {
  readonly most: number;
  /** How many there are that nobody listed. */
  readonly besides?: number;
  readonly write: (said: Said) => string;
}

export function namesAndMore(names: readonly Said[], { most, besides = 0, write }: NamesOptions): Said {
  const more = Math.max(0, names.length - most) + besides;
  const shown = names.slice(0, most).map(write).join(', ');
  return more > 0 ? say('ask.names-and-more', { names: shown, n: more }) : shown;
}
