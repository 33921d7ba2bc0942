// Which of the known names somebody probably meant.

const MOST = 5;
/** Nobody mistypes this much; it bounds the work. */
const MAX_TYPED = 100;

/** Up to five, the nearest first: names with every word that was typed, then names that are a few letters away. */
export function nearNames(typed: string, names: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase().slice(0, MAX_TYPED);
  const words = wanted.split(/[^a-z0-9]+/).filter(Boolean);
  const reach = Math.max(2, Math.floor(wanted.length / 4));
  return names
    .map((name) => {
      const holdsWords = words.length > 0 && words.every((word) => name.toLowerCase().includes(word));
      const distance = lettersApart(wanted, name.toLowerCase());
      return { name, near: holdsWords || distance <= reach, rank: holdsWords ? 0 : distance };
    })
    .filter((one) => one.near)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map((one) => one.name);
}

/** Levenshtein's distance: insertions, deletions and replacements of one letter. */
function lettersApart(a: string, b: string): number {
  let above = [...Array(b.length + 1).keys()];
  for (const [row, letter] of [...a].entries()) {
    const line = [row + 1];
    for (const [column, other] of [...b].entries())
      line.push(
        Math.min(
          (line[column] ?? 0) + 1,
          (above[column + 1] ?? 0) + 1,
          (above[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    above = line;
  }
  return above.at(-1) ?? 0;
}
