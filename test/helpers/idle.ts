// When a test has waited long enough.

/** What is due much later is followed up, or chased: nobody waits for that. */
const MUCH_LATER_MS = 8 * 60_000;

/** Whether nothing is owed now, by when the next step is due. */
export const isIdle = (dueInMs: number | null): boolean => dueInMs === null || dueInMs > MUCH_LATER_MS;
