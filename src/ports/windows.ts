// What correlations remember: sets of event times, keyed by event id, committed with the alert that brought the event.

/** One event in a window. */
export interface WindowEvent {
  /** Of what is to be counted once; known in the window or not. */
  readonly eventId: string;
  /** When it happened, milliseconds since 1970. */
  readonly atMs: number;
  /** Key of the rule (or inner correlation) that it matched. */
  readonly rule: string;
  /** Of `value_count`: the values that are counted, a line each (a long one as its digest). Empty otherwise. */
  readonly value: string;
  /** The condition held for the timespan that ends at this event; where sessions are judged: the session that it starts was. */
  readonly crossed: boolean;
  /** For correlations of correlations: what this event would be to them, as JSON. */
  readonly onward: string;
}

/** Something that can only be judged once no more events can come. */
export interface Deferred {
  readonly key: string;
  /** What was deferred: JSON of the caller's. */
  readonly body: string;
}

/** More events than this are not kept in one window: `add` says `full`. */
export const MAX_WINDOW_EVENTS = 10_000;

/** Inside one transaction of the store. A window is one group of one correlation. */
export interface Windows {
  /** Nobody else gets past this for the same window until the transaction ends. Taken in the order of the texts. */
  lock(window: string): Promise<void>;
  /** The window is locked. One that is full first forgets what happened up to `oldMs`, and is looked at again. */
  add(
    window: string,
    event: Omit<WindowEvent, 'crossed'>,
    oldMs: number,
  ): Promise<'added' | 'known' | 'full'>;
  /** Events with `afterMs < atMs <= untilMs`, by time, then id. */
  read(window: string, afterMs: number, untilMs: number): Promise<readonly WindowEvent[]>;
  /** By their ids as `read` gave them. */
  markCrossed(window: string, eventIds: readonly string[]): Promise<void>;
  /** Comes back from `takeDue` once `dueMs` (milliseconds since 1970) is past. False, and nothing changes, when the key is waiting. */
  defer(key: string, dueMs: number, body: string): Promise<boolean>;
  /** Takes up to `limit` that are due, the earliest first: nobody else gets the same. */
  takeDue(nowMs: number, limit: number): Promise<readonly Deferred[]>;
  /** Forgets events older than this. */
  forget(beforeMs: number): Promise<void>;
}
