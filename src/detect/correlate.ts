// Counts an event in its windows and says what that made true. The answer depends on the set of events alone: not on the order
// in which they come, not on how often, not on which replica counts. Opens nothing itself.
import type { Policy } from '../case/policy.ts';
import type { WindowEvent, Windows } from '../ports/windows.ts';
import type { Correlation, Observation } from './compiled.ts';
import { compareTexts, crossings } from './count.ts';
import { readOnward, storedKey, windowOf, writeOnward } from './onward.ts';

/** A correlation whose condition newly holds. */
export interface Crossed {
  readonly correlation: Correlation;
  readonly policy: Policy;
  readonly count: number;
  /** How many different events were counted. */
  readonly events: number;
  /** The first of them, and when it happened, milliseconds since 1970. */
  readonly firstId: string;
  readonly sinceMs: number;
  readonly window: string;
}

/** A window that takes no more events: what comes is not counted until old ones are forgotten. Said once meanwhile. */
export interface FullWindow {
  readonly correlation: Correlation;
  /** Of the correlation, or of one that refers to it. */
  readonly policy: Policy | null;
  readonly window: string;
}

export interface Observed {
  readonly crossed: readonly Crossed[];
  readonly full: readonly FullWindow[];
  /** Keys of correlations for which the event came too late to be counted. */
  readonly late: readonly string[];
}

export interface Counting {
  readonly windows: Windows;
  readonly correlations: ReadonlyMap<string, Correlation>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** How late an event may come and still be counted right. */
  readonly latenessMs: number;
}

export interface CountedEvent {
  readonly id: string;
  readonly atMs: number;
}

/** What `judgeDue` needs to go on with: written here, read there. */
export interface Pending {
  readonly correlation: string;
  readonly window: string;
  readonly event: string;
  readonly atMs: number;
  readonly body: string;
}

/** How much later than it is due a session may be judged, in milliseconds, and still be counted by those that refer to it. */
const JUDGED_WITHIN_MS = 60_000;

/** `body` comes back from `judgeDue` for what can only be judged later. */
export async function observe(
  observations: readonly Observation[],
  event: CountedEvent,
  body: string,
  counting: Counting,
): Promise<Observed> {
  const inOrder = observations
    .map((observation) => ({ observation, window: windowOf(observation) }))
    .sort((one, other) => compareTexts(one.window, other.window));
  const found: Observed[] = [];
  for (const { observation, window } of inOrder) {
    const { correlation } = observation;
    if (event.atMs <= oldestOf(correlation, counting)) found.push({ ...NOTHING, late: [correlation.key] });
    else found.push(await count(observation, window, event, body, counting));
  }
  return join(found);
}

export const NOTHING: Observed = { crossed: [], full: [], late: [] };

export const join = (all: readonly Observed[]): Observed => ({
  crossed: all.flatMap((one) => one.crossed),
  full: all.flatMap((one) => one.full),
  late: all.flatMap((one) => one.late),
});

/** What happened up to then is no longer counted. */
const oldestOf = (correlation: Correlation, counting: Counting): number =>
  counting.nowMs - latenessOf(correlation, counting) - correlation.timespanMs;

/** By how much the clock may be ahead of an event that is counted: more where a session had to end first. */
export function latenessOf(correlation: Correlation, counting: Omit<Counting, 'windows' | 'nowMs'>): number {
  const { correlations, latenessMs } = counting;
  const waits = correlation.rules.map((rule) => {
    const inner = correlations.get(rule);
    if (!inner) return latenessMs;
    return latenessOf(inner, counting) + (inner.grows ? 0 : inner.timespanMs + JUDGED_WITHIN_MS);
  });
  return Math.max(latenessMs, ...waits);
}

async function count(
  observation: Observation,
  window: string,
  event: CountedEvent,
  body: string,
  counting: Counting,
): Promise<Observed> {
  const { windows } = counting;
  const { correlation, rule, value, onward } = observation;
  const { timespanMs } = correlation;
  await windows.lock(window);
  if (!correlation.grows && (await isJudged(window, event, timespanMs, windows)))
    return { ...NOTHING, late: [correlation.key] };
  const eventId = storedKey(correlation.type, { eventId: event.id, atMs: event.atMs, rule, value });
  const row = { eventId, atMs: event.atMs, rule, value, onward: writeOnward(event.id, onward) };
  const outcome = await windows.add(window, row, oldestOf(correlation, counting));
  if (outcome === 'known') return NOTHING;
  if (outcome === 'full') return reportFull(observation, window, counting);
  if (correlation.grows) return crossNewly(observation, window, event, body, counting);
  const pending: Pending = { correlation: correlation.key, window, event: eventId, atMs: event.atMs, body };
  const dueMs = event.atMs + timespanMs + latenessOf(correlation, counting);
  await windows.defer(`${window} ${eventId}`, dueMs, JSON.stringify(pending));
  return NOTHING;
}

/** A session that was judged marks its first event. */
async function isJudged(window: string, { atMs }: CountedEvent, timespanMs: number, windows: Windows) {
  return (await windows.read(window, atMs - timespanMs, atMs)).some((other) => other.crossed);
}

async function crossNewly(
  observation: Observation,
  window: string,
  event: CountedEvent,
  body: string,
  counting: Counting,
): Promise<Observed> {
  const { correlation } = observation;
  const { timespanMs } = correlation;
  // It counts in the timespans that end less than one timespan after it, and those reach back as far before it.
  const around = await counting.windows.read(window, event.atMs - timespanMs, event.atMs + timespanMs - 1);
  const fresh = crossings(correlation, around).filter(
    (crossing) => crossing.event.atMs >= event.atMs && !crossing.event.crossed,
  );
  const [most] = fresh.toSorted((one, other) => other.count - one.count);
  if (!most) return NOTHING;
  await counting.windows.markCrossed(
    window,
    fresh.map((crossing) => crossing.event.eventId),
  );
  const passedOn: Observed[] = [];
  for (const crossing of fresh) passedOn.push(await passOn(crossing.event, body, counting));
  return join([{ ...NOTHING, crossed: report(correlation, window, most, counting) }, ...passedOn]);
}

/** The crossing is an event to the correlations that refer to this one, at the time of its own event. */
export async function passOn(stored: WindowEvent, body: string, counting: Counting): Promise<Observed> {
  const { id, to } = readOnward(stored.onward, counting.correlations);
  const found: Observed[] = [];
  for (const onward of to)
    found.push(await count(onward, windowOf(onward), { id, atMs: stored.atMs }, body, counting));
  return join(found);
}

/** Nothing for those that only feed others. */
export function report(
  correlation: Correlation,
  window: string,
  { count, counted }: { readonly count: number; counted(): readonly WindowEvent[] },
  { correlations }: Counting,
): readonly Crossed[] {
  const { policy } = correlation;
  const found = counted();
  const [first] = found;
  if (!policy || !first) return [];
  const idOf = ({ onward }: WindowEvent): string => readOnward(onward, correlations).id;
  const events = correlation.type === 'event_count' ? count : new Set(found.map(idOf)).size;
  return [{ correlation, policy, count, events, firstId: idOf(first), sinceMs: first.atMs, window }];
}

async function reportFull(observation: Observation, window: string, counting: Counting): Promise<Observed> {
  const { correlation } = observation;
  const lastsMs = correlation.timespanMs + latenessOf(correlation, counting);
  const first = await counting.windows.defer(`full ${window}`, counting.nowMs + lastsMs, '');
  return first ? { ...NOTHING, full: [{ correlation, policy: policyOf(observation), window }] } : NOTHING;
}

function policyOf({ correlation, onward }: Observation): Policy | null {
  return correlation.policy ?? onward.map(policyOf).find((policy) => policy !== null) ?? null;
}
