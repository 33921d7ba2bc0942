// Names of time zones as mailboxes have them: Windows' own, IANA's, or a client's invention.
import { IANAZone } from 'luxon';
import { findIana, findWindows } from 'windows-iana';

/** "dateTimeTimeZone resource type": what old clients write for UTC. */
const OLD_UTC = 'tzone://Microsoft/Utc';

/** IANA; null for a name that nobody knows. A Windows zone is many places: the region (`AT`) picks among them. */
export function ianaZone(name: string | null | undefined, region?: string): string | null {
  if (!name) return null;
  if (name === OLD_UTC) return 'UTC';
  const found = findIana(name, region)[0] ?? findIana(name)[0] ?? name;
  // A bare offset ("+02:00") is valid to Node, and no place.
  return /^[A-Z]/i.test(found) && IANAZone.isValidZone(found) ? found : null;
}

/** The same clock, by Windows' coarser map: Rome and Berlin are, Berlin and London are not. */
export const isSameClock = (one: string, other: string): boolean =>
  one === other || findWindows(one).some((name) => findWindows(other).includes(name));
