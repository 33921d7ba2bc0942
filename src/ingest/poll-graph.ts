// Pulls Graph security alerts since a durable watermark, with an overlap: there is no webhook for alerts_v2.
// Never moves the watermark before the alerts are committed.
import type { Alert } from '../case/alert.ts';
import { errorText } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import type { AlertSource } from '../ports/alert-source.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Receipt } from './accept-alerts.ts';

const WATERMARK = 'graph.alerts.watermark';

export interface PollParts {
  readonly source: AlertSource;
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly log: Log;
  parse(raw: JsonObject): readonly Alert[];
  accept(alerts: readonly Alert[]): Promise<readonly Receipt[]>;
  /** How far to look back behind the watermark: late commits at Microsoft's side. */
  readonly overlapMs: number;
  /** How far to look back the first time. */
  readonly firstLookBackMs: number;
}

export interface PollReport {
  readonly read: number;
  readonly fresh: number;
  readonly unreadable: number;
}

/** One round. Throws what the source throws (`graph.throttled`, ...), having kept every page that was committed. */
export async function pollGraph(parts: PollParts): Promise<PollReport> {
  const stored = await parts.store.readMark(WATERMARK);
  let watermark = stored ?? new Date(parts.clock.now() - parts.firstLookBackMs).toISOString();
  const since = new Date(Date.parse(watermark) - (stored ? parts.overlapMs : 0)).toISOString();
  let read = 0;
  let fresh = 0;
  let unreadable = 0;
  for await (const page of parts.source.updatedSince(since)) {
    const alerts: Alert[] = [];
    for (const raw of page) {
      read += 1;
      try {
        alerts.push(...parts.parse(raw));
      } catch (error) {
        // One alert that cannot be read must not hide the ones behind it.
        unreadable += 1;
        parts.log.error(
          { alertId: String(raw.id ?? ''), reason: errorText(error) },
          'graph alert not readable',
        );
      }
    }
    const receipts = await parts.accept(alerts);
    fresh += receipts.filter((receipt) => receipt.outcome !== 'repeat').length;
    for (const alert of alerts) if (alert.revision > watermark) watermark = alert.revision;
    if (watermark !== stored) await parts.store.writeMark(WATERMARK, watermark);
  }
  return { read, fresh, unreadable };
}
