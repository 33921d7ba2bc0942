// Where alerts come from when they are pulled, and where verdicts go back to.
import type { JsonObject } from '../case/json.ts';

export interface AlertVerdict {
  readonly status?: 'inProgress' | 'resolved';
  readonly classification?: 'truePositive' | 'falsePositive' | 'informationalExpectedActivity';
  readonly determination?: 'compromisedAccount' | 'maliciousUserActivity' | 'confirmedActivity' | 'other';
}

export interface AlertSource {
  /** Raw `alerts_v2` objects with `lastUpdateDateTime` at or after `since` (ISO 8601), oldest first, page by page. */
  updatedSince(since: string): AsyncIterable<readonly JsonObject[]>;
  /** The alert as it is now, or null. */
  read(id: string): Promise<JsonObject | null>;
  setVerdict(id: string, verdict: AlertVerdict): Promise<void>;
  comment(id: string, text: string): Promise<void>;
}
