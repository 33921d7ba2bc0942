// The hourly limits of an approval: how many of an action, on a kind of target, decided by one person.
// A limit that is reached asks a second person, who may go beyond it; a limit of 0 forbids.
import type { Decision } from '../case/case.ts';
import type { Run } from '../case/run.ts';
import { distinctSaid, type Said, say } from '../case/said.ts';
import type { Target } from '../case/target.ts';
import { kindSaid } from '../case/target-words.ts';
import type { CapSlot, StoreTransaction } from '../ports/case-store.ts';
import { ClaimRefused, type DecideParts } from './parts.ts';
import type { Reason, Weighed } from './signatures.ts';

/**
 * Why a second person has to confirm, for every limit that the runs would go beyond. Where it is none, and the answer takes effect,
 * what they use is reserved, in the claim's transaction; where it does not yet, whoever signs is told now. What was reserved stays used
 * when a run turns out void or already done, or is taken back: a limit bounds how much is decided in an hour, and whoever presses again
 * and again is what it is there for.
 */
export async function limitsOf(
  tx: StoreTransaction,
  runs: readonly Run[],
  decision: Decision,
  weighed: Weighed,
  parts: DecideParts,
): Promise<readonly Reason[]> {
  const isEnough = weighed.kind === 'enough';
  const slots = slotsOf(runs, [decision, ...(isEnough ? weighed.agreeing : [])], parts);
  const full = await (isEnough ? tx.reserveSlots(slots) : tx.fullSlots(slots));
  return distinctSaid(full.map(limitSentence)).map((says) => ({ people: 2, says }));
}

/** Reserves it all the same: those who agree were told of every limit. */
export async function beyondLimits(
  tx: StoreTransaction,
  runs: readonly Run[],
  decision: Decision,
  agreeing: readonly Decision[],
  parts: DecideParts,
): Promise<void> {
  await tx.reserveSlots(slotsOf(runs, [decision, ...agreeing], parts), { beyond: true });
}

/** Throws where the settings allow none of it at all: nobody can go beyond that, and a dry run says so as well. */
export function refuseForbidden(runs: readonly Run[], decision: Decision, parts: DecideParts): void {
  const forbidden = slotsOf(runs, [decision], parts).find(({ cap }) => cap < 1);
  if (forbidden)
    throw new ClaimRefused('decide.cap-reached', `the cap of ${forbidden.key} is ${forbidden.cap}`, {
      say: say('decide.limit-zero'),
    });
}

/**
 * In the order in which their sentences are said: action, kind of target, person. Everybody who agrees decides on all of it. What is
 * done because nobody answered no person decides on, and where nobody may decide, silence does not either.
 */
function slotsOf(runs: readonly Run[], signers: readonly Decision[], parts: DecideParts): readonly CapSlot[] {
  const { kindCapsPerHour, approverCapPerHour } = parts.settings.governance;
  const slots = new Map<string, CapSlot>();
  const use = (key: string, cap: number | undefined): void => {
    if (cap !== undefined) slots.set(key, { key, cap, uses: (slots.get(key)?.uses ?? 0) + 1 });
  };
  for (const { action } of runs) use(action, parts.capOf(action));
  for (const { target } of runs) use(`${KIND}${target.kind}`, kindCapsPerHour[target.kind]);
  for (const { by } of signers)
    if (by.kind === 'person' || approverCapPerHour < 1)
      for (const _ of runs) use(`${APPROVER}${by.id}`, approverCapPerHour);
  return [...slots.values()];
}

const KIND = 'kind:';
const APPROVER = 'approver:';

function limitSentence({ key, cap }: CapSlot): Said {
  if (key.startsWith(APPROVER)) return say('decide.limit.person', { cap });
  return key.startsWith(KIND)
    ? say('decide.limit.kind', { cap, kind: kindSaid(key.slice(KIND.length) as Target['kind']) })
    : say('decide.limit.action', { cap });
}
