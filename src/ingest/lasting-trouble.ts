// What passes by itself (throttling, an outage) is no question, until it has not passed for some rounds.
import type { CaseStore } from '../ports/case-store.ts';

const ROUNDS = 3;
/** What was in trouble when the account was last looked at, and for how many rounds in a row. */
const markOf = (account: string): string => `inventory.trouble.${account}`;

/** Counts this round. Those of `names` that have been in trouble for so many rounds in a row. */
export async function lastingTrouble(
  account: string,
  names: readonly string[],
  store: Pick<CaseStore, 'readMark' | 'writeMark'>,
): Promise<ReadonlySet<string>> {
  const mark = (await store.readMark(markOf(account))) ?? '[]';
  const before = new Map<string, number>(JSON.parse(mark));
  const rounds = names.map((name) => [name, (before.get(name) ?? 0) + 1] as const);
  const next = JSON.stringify(rounds);
  if (next !== mark) await store.writeMark(markOf(account), next);
  return new Set(rounds.filter(([, count]) => count >= ROUNDS).map(([name]) => name));
}
