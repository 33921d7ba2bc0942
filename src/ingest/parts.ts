// A group whose question would get too long goes on in further cases, each with a key, a question and a card of its own. Pure.

/** The last one takes whatever comes, says how much it does not list, and is for the security team: a flood is not answered one by one. */
export const MOST_PARTS = 10;

/** From 1 on; the first is the group itself. */
export const partKey = (groupKey: string, part: number): string =>
  part === 1 ? groupKey : `${groupKey}|part:${part}`;
