// Times as the reader reads them: in their own zone, which is named.

/** "21 Nov 2026, 10:42 CET". An unknown zone falls back to UTC rather than failing a card. */
export function timeText(iso: string, timeZone: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  return formatterFor(timeZone).format(at);
}

/** "10:42 CET" on the reader's same day, else with the date. */
export function shortTimeText(iso: string, timeZone: string, now: string): string {
  const full = timeText(iso, timeZone);
  const today = timeText(now, timeZone).split(', ')[0];
  return full.startsWith(`${today}, `) ? full.slice(`${today}, `.length) : full;
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const options = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}
