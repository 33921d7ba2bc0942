// Windows in memory, for tests of what counts in them. One caller at a time; nothing is undone.
import { MAX_WINDOW_EVENTS, type WindowEvent, type Windows } from '../../src/ports/windows.ts';

export interface MemoryWindows extends Windows {
  /** In the order in which they were asked for. */
  readonly locks: readonly string[];
  /** How many events are kept. */
  readonly size: () => number;
}

export function createMemoryWindows(most = MAX_WINDOW_EVENTS): MemoryWindows {
  const kept = new Map<string, Map<string, WindowEvent>>();
  const waiting = new Map<string, { readonly dueMs: number; readonly body: string }>();
  const locks: string[] = [];
  const eventsOf = (window: string): Map<string, WindowEvent> => {
    const events = kept.get(window) ?? new Map<string, WindowEvent>();
    kept.set(window, events);
    return events;
  };
  const drop = (events: Map<string, WindowEvent>, isOld: (atMs: number) => boolean): void => {
    for (const [id, event] of events) if (isOld(event.atMs)) events.delete(id);
  };

  return {
    locks,
    size: () => [...kept.values()].reduce((sum, events) => sum + events.size, 0),
    lock: async (window) => void locks.push(window),
    async add(window, event, oldMs) {
      const events = eventsOf(window);
      if (events.has(event.eventId)) return 'known';
      if (events.size >= most) drop(events, (atMs) => atMs <= oldMs);
      if (events.size >= most) return 'full';
      events.set(event.eventId, { ...event, crossed: false });
      return 'added';
    },
    read: async (window, afterMs, untilMs) =>
      [...eventsOf(window).values()]
        .filter(({ atMs }) => afterMs < atMs && atMs <= untilMs)
        .sort((one, other) => one.atMs - other.atMs || (one.eventId < other.eventId ? -1 : 1)),
    async markCrossed(window, eventIds) {
      const events = eventsOf(window);
      for (const id of eventIds) {
        const event = events.get(id);
        if (event) events.set(id, { ...event, crossed: true });
      }
    },
    async defer(key, dueMs, body) {
      if (waiting.has(key)) return false;
      waiting.set(key, { dueMs, body });
      return true;
    },
    async takeDue(nowMs, limit) {
      const due = [...waiting]
        .filter(([, { dueMs }]) => dueMs <= nowMs)
        .sort(([, one], [, other]) => one.dueMs - other.dueMs)
        .slice(0, limit);
      for (const [key] of due) waiting.delete(key);
      return due.map(([key, { body }]) => ({ key, body }));
    },
    async forget(beforeMs) {
      for (const events of kept.values()) drop(events, (atMs) => atMs < beforeMs);
    },
  };
}
