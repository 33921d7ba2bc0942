// What correlations remember: sets of event times, keyed by event id, committed with the alert that brought the event.

/** One event in a window. */
export interface WindowEvent {
  readonly eventId: string;
  /** When it happened, milliseconds since 1970. */
  readonly atMs: number;
  /** Key of the rule (or inner correlation) that it matched. */
  readonly rule: string;
  /** Of `value_count`: the value that is counted. Empty otherwise. */
  readonly value: string;
  /** The condition held for the timespan that ends at this event. */
  readonly crossed: boolean;
  /** For correlations of correlations: what this event would be to them, as JSON. */
  readonly onward: string;
}

/** A window whose condition can only be judged once no more events can come. */
export interface DueWindow {
  readonly window: string;
  /** What was deferred: JSON of the caller's. */
  readonly body: string;
}

/** More events than this are not kept in one window: `add` says `full`. */
export const MAX_WINDOW_EVENTS = 10_000;

/** Inside one transaction (the store), or in memory (replay). A window is one group of one correlation. */
export interface Windows {
  /** Nobody else gets past this for the same window until the transaction ends. */
  lock(window: string): Promise<void>;
  add(window: string, event: Omit<WindowEvent, 'crossed'>): Promise<'added' | 'known' | 'full'>;
  /** Events with `afterMs < atMs <= untilMs`, by time, then id. */
  read(window: string, afterMs: number, untilMs: number): Promise<readonly WindowEvent[]>;
  markCrossed(window: string, eventIds: readonly string[]): Promise<void>;
  /** Comes back from `takeDue` once `dueMs` (milliseconds since 1970) is past; deferring again keeps the earlier due time. */
  defer(window: string, dueMs: number, body: string): Promise<void>;
  /** Takes up to `limit` windows that are due: nobody else gets the same. */
  takeDue(nowMs: number, limit: number): Promise<readonly DueWindow[]>;
  /** Forgets events older than this. */
  forget(beforeMs: number): Promise<void>;
}
