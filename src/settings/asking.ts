// The `asking:` section of the operator's settings file: who owns what, how long a question waits, and how many have to agree.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SEVERITIES, type Severity } from '../case/alert.ts';
import { type AskingSettings, DEFAULT_ASKING_SETTINGS, ON_TIME_OUT, type Patience } from '../case/asking.ts';
import { parseUserId } from '../case/ids.ts';
import { account, bucketPattern, duration } from './detection.ts';
import { lineFinder } from './lines.ts';
import { isTimeZone } from './time-zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const person = z.string().refine((value) => parseUserId(value) !== null || /^[^\s@]+@[^\s@]+$/.test(value), {
  error: 'must be an Entra object id or a user principal name',
});
const objectId = z
  .string()
  .refine((value) => parseUserId(value) !== null, 'must be an Entra object id (GUID)')
  .transform((value) => value.toLowerCase());
const waiting = duration(MINUTE_MS, 30 * DAY_MS, 'from 1m to 30d');
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 09:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const patienceOf = (severity: Severity) => {
  const usual = DEFAULT_ASKING_SETTINGS.patience[severity];
  return z
    .strictObject({
      remind: waiting.default(usual.remindMs),
      escalate: waiting.default(usual.escalateMs),
      timeOut: waiting.default(usual.timeOutMs),
      onTimeOut: z.enum(ON_TIME_OUT, `must be one of ${ON_TIME_OUT.join(', ')}`).default(usual.onTimeOut),
      hours: z.enum(['working', 'clock'], 'must be working or clock').default(usual.hours),
    })
    .refine(({ remind, escalate, timeOut }) => remind <= escalate && escalate <= timeOut, {
      error: 'must come in this order: remind, escalate, timeOut',
    })
    .refine(
      ({ onTimeOut }) => onTimeOut !== 'dismiss' || severity === 'low' || severity === 'informational',
      {
        error: 'silence never dismisses anything above low severity',
        path: ['onTimeOut'],
      },
    )
    .transform(
      ({ remind, escalate, timeOut, ...rest }): Patience => ({
        ...rest,
        remindMs: remind,
        escalateMs: escalate,
        timeOutMs: timeOut,
      }),
    )
    .prefault({});
};
type PatienceSchema = ReturnType<typeof patienceOf>;

const workingHours = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS, `must be among ${WEEKDAYS.join(', ')}`))
      .min(1)
      .default(['mon', 'tue', 'wed', 'thu', 'fri']),
    from: clockTime.prefault('09:00'),
    to: clockTime.prefault('17:00'),
  })
  .refine(({ from, to }) => from < to, 'must begin before they end')
  .transform(({ days, from, to }) => ({
    days: days.map((day) => WEEKDAYS.indexOf(day) + 1),
    fromMinute: from,
    toMinute: to,
  }));

const ownership = z
  .strictObject({
    owner: person,
    accounts: z.array(account).default([]),
    buckets: z.array(bucketPattern).default([]),
  })
  .refine(({ accounts, buckets }) => accounts.length + buckets.length > 0, 'must name accounts or buckets');

const date = z
  .string('must be a date such as 2026-12-25')
  .refine(isDate, 'must be a date such as 2026-12-25, and one that there is');

/** `2026-02-30` is none: it would be the 2nd of March. */
function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && at.getTime() > 0 && at.toISOString().startsWith(text);
}

/** Dates by zone, `*` for everybody's. */
const days = z.record(
  z.string().refine((zone) => zone === '*' || isTimeZone(zone), 'must be an IANA time zone or "*"'),
  z.array(date, 'must be a list of dates'),
);

/** Relative files are taken from `folder`, the settings file's own. */
export const askingSection = (folder: string) =>
  z
    .strictObject({
      patience: z
        .strictObject(
          Object.fromEntries(SEVERITIES.map((severity) => [severity, patienceOf(severity)])) as Record<
            Severity,
            PatienceSchema
          >,
        )
        .prefault({}),
      subjectFirst: waiting.default(DEFAULT_ASKING_SETTINGS.subjectFirstMs),
      workingHours: workingHours.prefault({}),
      holidays: z
        .string()
        .transform((file, context) => readHolidays(path.resolve(folder, file), context))
        .optional(),
      owners: z.array(ownership).default([]),
      containFirst: z.array(z.string()).default([]),
      quorum: z
        .strictObject({
          executives: z.array(objectId).default([]),
          administrators: z.boolean().default(DEFAULT_ASKING_SETTINGS.quorum.administrators),
          targets: z.int().min(1).default(DEFAULT_ASKING_SETTINGS.quorum.targets),
        })
        .prefault({}),
      longest: duration(HOUR_MS, 365 * DAY_MS, 'from 1h to 365d').default(DEFAULT_ASKING_SETTINGS.longestMs),
      digest: z
        .strictObject({
          after: z.int().min(1).default(DEFAULT_ASKING_SETTINGS.digest.after),
          within: waiting.default(DEFAULT_ASKING_SETTINGS.digest.withinMs),
        })
        .prefault({}),
      freshSignIn: waiting.default(DEFAULT_ASKING_SETTINGS.freshSignInMs),
      related: duration(0, 30 * DAY_MS, 'from 0s to 30d').default(DEFAULT_ASKING_SETTINGS.relatedMs),
    })
    .superRefine(({ patience, containFirst }, context) => {
      if (containFirst.length > 0) return;
      for (const severity of SEVERITIES)
        if (patience[severity].onTimeOut === 'contain')
          context.addIssue({
            code: 'custom',
            path: ['patience', severity, 'onTimeOut'],
            message: 'needs something that may be contained first: containFirst is empty',
          });
    })
    .transform(
      ({ subjectFirst, holidays, longest, digest, freshSignIn, related, ...rest }): AskingSettings => ({
        ...rest,
        subjectFirstMs: subjectFirst,
        holidays: holidays ?? {},
        longestMs: longest,
        digest: { after: digest.after, withinMs: digest.within },
        freshSignInMs: freshSignIn,
        relatedMs: related,
      }),
    )
    .prefault({});

function readHolidays(file: string, context: z.RefinementCtx): z.infer<typeof days> {
  try {
    const text = readFileSync(file, 'utf8');
    const read = days.safeParse(parse(text) ?? {});
    if (read.success) return read.data;
    const lineOf = lineFinder(text);
    for (const { path: where, message, ...issue } of read.error.issues) {
      const why = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? message) : message;
      context.addIssue({
        code: 'custom',
        message: `${path.basename(file)}: ${where.join('.') || 'file'} ${why} (line ${lineOf(where)})`,
      });
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    context.addIssue({ code: 'custom', message: `cannot be read: ${why}` });
  }
  return {};
}
