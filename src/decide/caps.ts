// The hourly limits of an approval: how many of an action, on a kind of target, decided by one person.
// A limit that is reached asks a second person, who may go beyond it; a limit of 0 forbids.
import type { Case, Decision, PlannedOffer } from '../case/case.ts';
import type { Run } from '../case/run.ts';
import type { CapSlot, StoreTransaction } from '../ports/case-store.ts';
import { ClaimRefused, type DecideParts } from './parts.ts';

/**
 * Reserves what the runs use of every limit, in the claim's transaction. Null: they may run. Else why a second person has to
 * confirm, a sentence. What was reserved stays used when a run turns out void or already done: a limit bounds how much is
 * decided in an hour, and whoever presses again and again is what it is there for.
 */
export async function reserveRuns(
  tx: StoreTransaction,
  about: Case,
  runs: readonly Run[],
  offer: PlannedOffer,
  decision: Decision,
  parts: DecideParts,
): Promise<string | null> {
  const slots = slotsOf(runs, decision, parts);
  const full = await tx.reserveSlots(slots);
  if (full.length === 0) return null;
  const chosen = unconfirmed(about, offer.key);
  if (chosen.some((earlier) => earlier.by.id !== decision.by.id)) {
    await tx.reserveSlots(slots, { beyond: true });
    return null;
  }
  const limits = [...new Set(full.map(limitSentence))].join(' ');
  if (chosen.length > 0)
    throw new ClaimRefused('decide.same-person', `the first signature beyond a cap is theirs`, {
      say: `You chose this already; the limit asks for somebody else. ${limits}`,
    });
  return limits;
}

/** Throws where the settings allow none of it at all: nobody can go beyond that, and a dry run says so as well. */
export function refuseForbidden(runs: readonly Run[], decision: Decision, parts: DecideParts): void {
  const forbidden = slotsOf(runs, decision, parts).find(({ cap }) => cap < 1);
  if (forbidden)
    throw new ClaimRefused('decide.cap-reached', `the cap of ${forbidden.key} is ${forbidden.cap}`, {
      say: 'The settings allow none of these: their limit is 0 an hour. Nothing was changed; hand this to the security team.',
    });
}

/** First signatures that nobody has confirmed yet, on the question as it is now. */
export function unconfirmed({ decisions, decidedBefore = 0 }: Case, offer: string): readonly Decision[] {
  const current = decisions.slice(decidedBefore);
  const carriedOut = current.findLastIndex(({ verb, awaits }) => verb === 'approve' && !awaits);
  return current
    .slice(carriedOut + 1)
    .filter((earlier) => earlier.verb === 'approve' && earlier.awaits && earlier.offer === offer);
}

/** In the order in which their sentences are said: action, kind of target, person. */
function slotsOf(runs: readonly Run[], { by }: Decision, parts: DecideParts): readonly CapSlot[] {
  const { kindCapsPerHour, approverCapPerHour } = parts.settings.governance;
  const slots = new Map<string, CapSlot>();
  const use = (key: string, cap: number | undefined): void => {
    if (cap !== undefined) slots.set(key, { key, cap, uses: (slots.get(key)?.uses ?? 0) + 1 });
  };
  for (const { action } of runs) use(action, parts.capOf(action));
  for (const { target } of runs) use(`${KIND}${target.kind}`, kindCapsPerHour[target.kind]);
  for (const _ of runs) use(`${APPROVER}${by.id}`, approverCapPerHour);
  return [...slots.values()];
}

const KIND = 'kind:';
const APPROVER = 'approver:';

function limitSentence({ key, cap }: CapSlot): string {
  if (key.startsWith(APPROVER))
    return `The limit of ${cap} changes an hour that one person decides on is reached.`;
  return key.startsWith(KIND)
    ? `The limit of ${cap} changes an hour to this kind of target (${key.slice(KIND.length)}) is reached.`
    : `The limit of ${cap} of these an hour is reached.`;
}
