// The name of an app or a group as it stands in quotes inside our sentences. Whoever made it up may be the one in question.

/** Longer than the names of real apps, too short for sentences of its own. */
const NAME_LENGTH = 60;
const QUOTES = /["\u201c-\u201f\u00ab\u00bb\u2033\u2036\u301d-\u301f\uff02]/g;

/** One line of at most 60 characters without double quotes, which would seem to end ours. Still hostile: escaped where rendered. */
export function foreignName(text: string | null | undefined): string {
  const line = (text ?? '').replace(QUOTES, "'").replace(/\s+/g, ' ').trim();
  if (line.length <= NAME_LENGTH) return line;
  const start = line.slice(0, NAME_LENGTH - 1).toWellFormed();
  return `${start.replace(/\ufffd$/, '')}…`;
}
