// A revision from the future would make every true one after it look old, and carry the poller's watermark past them.
import type { Alert } from '../case/alert.ts';
import { CountersignError } from '../case/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Clocks differ, but not by more. */
const TOLERANCE_MS = 10 * 60_000;

/** The alerts as they are, or `ingest.malformed` naming the first whose revision lies ahead. */
export function refuseFuture(alerts: readonly Alert[], clock: Clock): readonly Alert[] {
  const latest = clock.now() + TOLERANCE_MS;
  const ahead = alerts.findIndex((alert) => alert.revision !== '' && Date.parse(alert.revision) > latest);
  if (ahead < 0) return alerts;
  const name = alerts.length > 1 ? `[${ahead}].lastUpdateDateTime` : 'lastUpdateDateTime';
  throw new CountersignError('ingest.malformed', `${name}: lies in the future`);
}
