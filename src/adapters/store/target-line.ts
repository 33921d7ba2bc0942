// The line for held targets: whose turn it is, and whom each one waits for. Pure.
// A case gets everything that it asked for or nothing, so that no two can wait for each other.
import type { CaseId } from '../../case/ids.ts';
import type { Said } from '../../case/said.ts';

export interface Waiting {
  readonly caseId: CaseId;
  /** Key and label of each target. */
  readonly wants: ReadonlyMap<string, Said>;
  readonly strength: number;
  readonly place: number;
}

export interface Line {
  /** Who holds what. */
  readonly held: ReadonlyMap<string, CaseId>;
  readonly waiting: readonly Waiting[];
}

export interface Place {
  /** Whoever is right before it, else whoever holds what it wants. */
  readonly behind: CaseId;
  readonly label: Said;
  readonly isChanging: boolean;
}

/** The strongest first; among equals, the first. */
const inTurn = (waiting: readonly Waiting[]): readonly Waiting[] =>
  waiting.toSorted((a, b) => b.strength - a.strength || a.place - b.place);

/**
 * Gives what is free to those whose turn it is. What somebody ahead waits for is not given to anybody behind, or whoever wants
 * two things at once might never get both.
 */
export function giveTurns(line: Line): { readonly line: Line; readonly turns: readonly Waiting[] } {
  const taken = new Map(line.held);
  const spokenFor = new Set<string>();
  const turns: Waiting[] = [];
  const waiting: Waiting[] = [];
  for (const one of inTurn(line.waiting)) {
    const keys = [...one.wants.keys()];
    if (keys.some((key) => taken.has(key) || spokenFor.has(key))) {
      waiting.push(one);
      for (const key of keys) spokenFor.add(key);
      continue;
    }
    turns.push(one);
    for (const key of keys) taken.set(key, one.caseId);
  }
  return { line: { held: taken, waiting }, turns };
}

/** Whom each one waits for, where all turns have been given. */
export function placesIn({ held, waiting }: Line): ReadonlyMap<CaseId, Place> {
  const places = new Map<CaseId, Place>();
  const lastFor = new Map<string, { readonly caseId: CaseId; readonly index: number }>();
  for (const [index, { caseId, wants }] of inTurn(waiting).entries()) {
    const [nearest] = [...wants]
      .flatMap(([key, label]) => {
        const ahead = lastFor.get(key);
        return ahead ? [{ ...ahead, label }] : [];
      })
      .toSorted((a, b) => b.index - a.index);
    const [holder] = [...wants].flatMap(([key, label]) => {
      const behind = held.get(key);
      return behind ? [{ behind, label, isChanging: true }] : [];
    });
    const place = nearest ? { behind: nearest.caseId, label: nearest.label, isChanging: false } : holder;
    if (place) places.set(caseId, place);
    for (const key of wants.keys()) lastFor.set(key, { caseId, index });
  }
  return places;
}
