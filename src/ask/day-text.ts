// The day as a date input takes it: `2026-12-01`, on the reader's calendar. Everything else is written as a moment among words.

/** An unknown zone falls back to UTC rather than failing a card. */
export function dayText(iso: string, timeZone: string): string {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const at = new Date(iso);
  try {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: 'UTC' }).format(at);
  }
}
