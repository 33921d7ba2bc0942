// A moment inside a sentence that several people will read, each in their own time zone: marked here, written out at the end.

/** `{time:2026-11-21T10:42:07.000Z}` */
export const timeMark = (iso: string): string => `{time:${iso}}`;

const MARK = /\{time:(\d{4}-\d\d-\d\dT[\d:.]+Z)\}/g;

/** The text with every marked moment as `write` puts it. */
export const withTimes = (text: string, write: (iso: string) => string): string =>
  text.replace(MARK, (_mark, iso: string) => write(iso));

/** For records that no single person reads: ISO 8601, in UTC. */
export const isoTimes = (text: string): string => withTimes(text, (iso) => iso);
