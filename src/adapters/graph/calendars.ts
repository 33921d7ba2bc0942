// When somebody works and whether they are away, from their mailbox through Graph. What cannot be read is unknown: never an error that
// keeps a question from being asked, and never "away".
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { WorkingHours } from '../../case/asking.ts';
import { isCountersignError } from '../../case/errors.ts';
import type { Calendar, Calendars } from '../../ports/calendars.ts';
import type { Clock } from '../../ports/clock.ts';
import { type GraphClient, segment } from './client.ts';
import type { GraphPermission } from './permissions.ts';
import { ianaZone, isSameClock } from './time-zone.ts';

/** "Get user mailbox settings" */
const READ: readonly GraphPermission[] = ['MailboxSettings.Read'];
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MIDNIGHT_MINUTE = 24 * 60;

/** Each field by itself: one that is odd takes no other with it. */
const text = z.string().nullish().catch(null);
const moment = z.object({ dateTime: text, timeZone: text }).nullish().catch(null);
const settingsBody = z.object({
  timeZone: text,
  language: z.object({ locale: text }).nullish().catch(null),
  workingHours: z
    .object({
      daysOfWeek: z.array(z.string().catch('')).catch([]),
      startTime: text,
      endTime: text,
      timeZone: z.object({ name: text }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  automaticRepliesSetting: z
    .object({ status: text, scheduledStartDateTime: moment, scheduledEndDateTime: moment })
    .nullish()
    .catch(null),
});
type Settings = z.infer<typeof settingsBody>;

export function createGraphCalendars(client: GraphClient, clock: Clock): Calendars {
  return {
    async calendarOf(user) {
      try {
        const { body } = await client.call({
          method: 'GET',
          path: `/users/${segment(user)}/mailboxSettings`,
          permissions: READ,
        });
        const settings = settingsBody.safeParse(body);
        return settings.success ? toCalendar(settings.data, clock.now()) : null;
      } catch (error) {
        // No mailbox, one on premises (MailboxNotEnabledForRESTAPI), or not ours to read: no later try changes that.
        if (isCountersignError(error) && !error.retryable) return null;
        throw error;
      }
    },
  };
}

function toCalendar(settings: Settings, now: number): Calendar {
  const locale = toLocale(settings.language?.locale);
  const region = locale ? new Intl.Locale(locale).region : undefined;
  const mailboxZone = ianaZone(settings.timeZone, region);
  const hours = toHours(settings.workingHours);
  const hoursZone = hours && toHoursZone(settings.workingHours, mailboxZone, region);
  return {
    // Hours are of the zone that they were set in; the mailbox's own moves along when its owner travels.
    timeZone: hoursZone ?? mailboxZone,
    hours: hoursZone ? hours : null,
    away: toAway(settings.automaticRepliesSetting, now),
    locale,
  };
}

function toLocale(name: string | null | undefined): string | null {
  try {
    return name ? (Intl.getCanonicalLocales(name)[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** Null where their zone is one that nobody knows ("Customized Time Zone"): then the hours say nothing. */
function toHoursZone(
  workingHours: Settings['workingHours'],
  mailboxZone: string | null,
  region: string | undefined,
): string | null {
  const name = workingHours?.timeZone?.name;
  if (!name) return mailboxZone;
  const zone = ianaZone(name, region);
  // Of two names for the same clock the mailbox's is the finer one: days off are looked up by it.
  return zone && mailboxZone && isSameClock(zone, mailboxZone) ? mailboxZone : zone;
}

/** Null for hours at which nobody works, and for those that run past midnight, which nobody can set in Outlook. */
function toHours(workingHours: Settings['workingHours']): WorkingHours | null {
  if (!workingHours) return null;
  const days = DAYS.flatMap((day, index) =>
    workingHours.daysOfWeek.some((one) => one.toLowerCase() === day) ? [index + 1] : [],
  );
  const fromMinute = toMinute(workingHours.startTime);
  const end = toMinute(workingHours.endTime);
  if (days.length === 0 || fromMinute === null || end === null) return null;
  const toMinuteOfDay = end === 0 ? MIDNIGHT_MINUTE : end;
  return fromMinute < toMinuteOfDay ? { days, fromMinute, toMinute: toMinuteOfDay } : null;
}

/** `08:30:00.0000000` (Edm.TimeOfDay) */
function toMinute(time: string | null | undefined): number | null {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d{1,12})?)?$/.exec(time ?? '') ?? [];
  return hour === undefined ? null : Number(hour) * 60 + Number(minute);
}

function toAway(replies: Settings['automaticRepliesSetting'], now: number): Calendar['away'] {
  if (replies?.status === 'alwaysEnabled') return { until: null };
  // "scheduled" stays when the time is over, and the times stay when it is off.
  if (replies?.status !== 'scheduled') return null;
  const start = toMs(replies.scheduledStartDateTime);
  const end = toMs(replies.scheduledEndDateTime);
  if (start === null || end === null || now < start || now >= end) return null;
  return { until: new Date(end).toISOString() };
}

function toMs(at: z.infer<typeof moment>): number | null {
  const zone = ianaZone(at?.timeZone);
  if (!zone || !at?.dateTime) return null;
  const time = DateTime.fromISO(at.dateTime, { zone });
  return time.isValid ? time.toMillis() : null;
}
