// When somebody works, whether they are away, and how they read dates: what their mailbox says.
import type { WorkingHours } from '../case/asking.ts';
import type { UserId } from '../case/ids.ts';

export interface Calendar {
  /** IANA. */
  readonly timeZone: string | null;
  readonly hours: WorkingHours | null;
  /** Automatic replies are on now. `until` is null where nobody said until when. ISO 8601 in UTC. */
  readonly away: { readonly until: string | null } | null;
  /** BCP 47. */
  readonly locale: string | null;
}

/** Throws CountersignError as the directory does where a later try may read it (`graph.throttled`, `graph.unavailable`). */
export interface Calendars {
  /** Null: it cannot be read (no mailbox, an on-premises one, no permission). That is unknown, never "away" or "always there". */
  calendarOf(user: UserId): Promise<Calendar | null>;
}
