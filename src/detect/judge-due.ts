// Judges what could not be judged when it came: conditions that one more event could have unmade. Any number of replicas may
// ask; each session is judged once. Opens nothing itself.
import type { WindowEvent } from '../ports/windows.ts';
import type { Correlation } from './compiled.ts';
import {
  type Counting,
  join,
  latenessOf,
  NOTHING,
  type Observed,
  type Pending,
  passOn,
  report,
} from './correlate.ts';
import { compareTexts, countAll, holds } from './count.ts';

export interface Judged extends Observed {
  /** What came with the event that started the session. */
  readonly body: string;
}

const JUDGED_TOGETHER = 20;

/** Sweeps take turns, because what one judges may be an event in what the next one judges. */
const SWEEP = 'sweep';

/** `more`: there may be others that are due. */
export async function judgeDue(
  counting: Counting,
): Promise<{ readonly judged: readonly Judged[]; readonly more: boolean }> {
  const { windows, nowMs } = counting;
  await windows.lock(SWEEP);
  const due = await windows.takeDue(nowMs, JUDGED_TOGETHER);
  const pending = due.flatMap(({ body }) => (body ? [JSON.parse(body) as Pending] : []));
  for (const window of [...new Set(pending.map((one) => one.window))].sort(compareTexts))
    await windows.lock(window);
  const judged: Judged[] = [];
  for (const one of pending) judged.push({ ...(await judge(one, counting)), body: one.body });
  return { judged, more: due.length === JUDGED_TOGETHER };
}

async function judge(
  { correlation: key, window, event, atMs, body }: Pending,
  counting: Counting,
): Promise<Observed> {
  const { windows, correlations } = counting;
  const correlation = correlations.get(key);
  if (!correlation || correlation.grows) return NOTHING;
  const { timespanMs } = correlation;
  const around = await windows.read(window, atMs - timespanMs, atMs + timespanMs - 1);
  const starts = around.filter((one) => one.crossed);
  const isCovered = (one: WindowEvent): boolean =>
    starts.some((start) => start.atMs <= one.atMs && one.atMs < start.atMs + timespanMs);
  const session = around.filter((one) => one.atMs >= atMs && !isCovered(one));
  const [start] = session;
  if (start?.eventId !== event) return NOTHING;
  await windows.markCrossed(window, [start.eventId]);
  const count = countAll(correlation, session);
  if (!holds(correlation.condition, count)) return NOTHING;
  const crossed = report(correlation, window, { count, counted: () => session }, counting);
  return join([{ ...NOTHING, crossed }, await passOn(start, body, counting)]);
}

/** How long events are kept: a session that was judged is told by its first event, as long as one within it may still come. */
export function keepMs(counting: Omit<Counting, 'windows' | 'nowMs'>): number {
  const each = (one: Correlation): number => 2 * one.timespanMs + latenessOf(one, counting);
  return Math.max(counting.latenessMs, ...[...counting.correlations.values()].map(each));
}
