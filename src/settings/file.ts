// Reads the operator's settings file: YAML in, checked settings out, every problem named with its path.
import { parse } from 'yaml';
import { z } from 'zod';
import { CountersignError } from '../case/errors.ts';
import { parseUserId } from '../case/ids.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { askingSection } from './asking.ts';
import { account as accountId, detectionSection, duration } from './detection.ts';
import { readForm } from './form.ts';
import { lineFinder } from './lines.ts';
import { localeSection } from './locale.ts';
import { type KnownActions, nameProblems } from './names.ts';
import { securitySection, userId } from './security.ts';
import { isTimeZone } from './time-zone.ts';
import { visibilitySection } from './visibility.ts';

const organisation = z
  .string('must be the id of an organisation (o-...)')
  .regex(/^o-[a-z0-9]{10,32}$/, 'must be the id of an organisation (o-...)');
const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'must be the ARN of a role');
const account = z
  .strictObject({ id: accountId, roleArn })
  .refine((value) => value.roleArn.includes(`::${value.id}:`), 'roleArn is in another account than id');
const iamUserArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:user\/.+$/, 'must be the ARN of an IAM user');
const owner = z.string().refine((value) => parseUserId(value) !== null || /^[^\s@]+@[^\s@]+$/.test(value), {
  error: 'must be an Entra object id or a user principal name',
});
const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

const groupId = z
  .string()
  .refine((value) => parseUserId(value) !== null, 'must be the object id of an Entra group (GUID)')
  .transform((value) => value.toLowerCase());
const principalPattern = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[\d*?]+:(user|role)\/.+$/,
    'must be the ARN of an IAM user or a role (* and ? allowed)',
  );
const cap = z.number().int().min(0);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const schemaOf = (folder: string) =>
  z.strictObject({
    timeZone: timeZone.default('UTC'),
    locale: localeSection(),
    security: securitySection(),
    asking: askingSection(folder),
    visibility: visibilitySection(),
    protectedUsers: z.array(userId).default([]),
    users: z
      .strictObject({
        restrictDownloadsGroup: groupId.nullable().default(null),
        removableGroups: z.array(groupId).nullable().default(null),
        mailFrom: owner.nullable().default(null),
      })
      .prefault({}),
    aws: z
      .strictObject({
        accounts: z
          .array(account)
          .refine((all) => new Set(all.map((one) => one.id)).size === all.length, 'lists an account twice')
          .default([]),
        protectedPrincipals: z.array(principalPattern).default([]),
        serviceControlPolicyRole: roleArn.nullable().default(null),
        watchBuckets: duration(MINUTE_MS, 7 * DAY_MS, 'from 1m to 7d')
          .nullable()
          .default(null),
        organisations: z.array(organisation).default([]),
        samlRoles: z.array(roleArn).default([]),
        sourceIdentityRoles: z.array(roleArn).default([]),
        iamUsers: z.record(iamUserArn, owner).default({}),
      })
      .refine(
        ({ accounts, serviceControlPolicyRole: role }) =>
          !accounts.some(({ roleArn }) => roleArn.toLowerCase() === role?.toLowerCase()),
        {
          path: ['serviceControlPolicyRole'],
          error: 'must not be the role of an account: give it one of its own',
        },
      )
      .transform(({ watchBuckets, ...rest }) => ({ ...rest, watchBucketsMs: watchBuckets }))
      .prefault({}),
    detection: detectionSection(folder),
    governance: z
      .strictObject({
        dryRun: z.boolean().default(false),
        capsPerHour: z.record(z.string(), cap).default({}),
        kindCapsPerHour: z.record(z.string(), cap).default({}),
        approverCapPerHour: cap.default(30),
        undoWindow: duration(MINUTE_MS, 365 * DAY_MS, 'from 1m to 365d').default(30 * DAY_MS),
      })
      .transform(({ undoWindow, ...rest }) => ({ ...rest, undoWindowMs: undoWindow }))
      .prefault({}),
  });

/**
 * `folder` is where the file lies: paths in it are relative to that. `actions`: those whose names it may use; absent, names are not
 * looked at. Throws `config.settings` with every problem.
 */
export function parseSettings(text: string, folder: string, actions?: KnownActions): OperatorSettings {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (cause) {
    throw new CountersignError(
      'config.settings',
      `is not YAML: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
  const lineOf = lineFinder(text);
  const result = readForm(schemaOf(folder), raw);
  const misnamed = actions ? nameProblems(raw, lineOf, actions) : [];
  if (result.success && misnamed.length === 0) return result.data;
  const malformed = (result.error?.issues ?? []).map((issue) => {
    const why = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
    const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    return `${issue.path.join('.') || 'file'} ${why} (line ${lineOf([...issue.path, ...key])})`;
  });
  throw new CountersignError('config.settings', [...malformed, ...misnamed].join('; '));
}
