// The windows of the store as plain lists in memory, for counting as the service does it without a database.
import type { Deferred, WindowEvent, Windows } from '../../src/ports/windows.ts';

export interface ListedWindows extends Windows {
  /** Every event of every window. */
  readonly kept: () => readonly (WindowEvent & { readonly window: string })[];
}

export function createListedWindows(): ListedWindows {
  let events: (WindowEvent & { window: string })[] = [];
  let waiting: (Deferred & { dueMs: number })[] = [];
  return {
    kept: () => events,
    async lock() {},
    async add(window, event) {
      if (events.some((each) => each.window === window && each.eventId === event.eventId)) return 'known';
      events.push({ ...event, window, crossed: false });
      return 'added';
    },
    async read(window, afterMs, untilMs) {
      return events
        .filter((each) => each.window === window && each.atMs > afterMs && each.atMs <= untilMs)
        .sort((one, other) => one.atMs - other.atMs || (one.eventId < other.eventId ? -1 : 1));
    },
    async markCrossed(window, eventIds) {
      events = events.map((each) =>
        each.window === window && eventIds.includes(each.eventId) ? { ...each, crossed: true } : each,
      );
    },
    async defer(key, dueMs, body) {
      if (waiting.some((each) => each.key === key)) return false;
      waiting.push({ key, dueMs, body });
      return true;
    },
    async takeDue(nowMs, limit) {
      const due = waiting
        .filter((each) => each.dueMs <= nowMs)
        .sort((one, other) => one.dueMs - other.dueMs)
        .slice(0, limit);
      waiting = waiting.filter((each) => !due.includes(each));
      return due;
    },
    async forget(beforeMs) {
      events = events.filter(({ atMs }) => atMs >= beforeMs);
    },
  };
}
