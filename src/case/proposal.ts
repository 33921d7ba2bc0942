// What the security role had offered besides, and how it is told from everything else that was. Pure.
import type { Actor } from './case.ts';
import type { Target } from './target.ts';

/** An action that somebody with the security role wants to be offered, beside what the policy offers. */
export interface Proposal {
  /** Of the proposals of this case, counted from 1. Absent in older ones: its place. */
  readonly number?: number;
  readonly action: string;
  readonly target: Target;
  readonly by: Actor;
  readonly at: string;
}

/** `index`: its place among the proposals of its case. */
export const numberOf = ({ number }: Proposal, index: number): number => number ?? index + 1;
/** The key of the offer that comes of it. */
export const proposalKey = (one: Proposal, index: number): string => `proposed-${numberOf(one, index)}`;
