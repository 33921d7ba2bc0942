// The `detection:` section of the operator's settings file: how policies are run, and what binds all of them.
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { parseUserId } from '../case/ids.ts';
import { STAGES } from '../case/policy.ts';
import {
  ASKED_KINDS,
  DEFAULT_DETECTION,
  type DetectionSettings,
  type PolicySettings,
} from '../case/settings.ts';
import { askingForm } from '../detect/asking-form.ts';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Events are kept for timespan and lateness: beyond these the store would grow without bound. */
const MOST_LATENESS_MS = 7 * UNIT_MS.d;
const MOST_TIMESPAN_MS = 30 * UNIT_MS.d;

/** `15m` to milliseconds. */
export const duration = (leastMs: number, mostMs: number, range: string) =>
  z.string(`must be a duration such as 30m, ${range}`).transform((text, context): number => {
    const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const ms = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
    if (!(ms >= leastMs && ms <= mostMs))
      context.addIssue({ code: 'custom', message: `must be a duration such as 30m (s, m, h, d), ${range}` });
    return ms;
  });

export const account = z
  .string('must be twelve digits, in quotes')
  .regex(/^\d{12}$/, 'must be twelve digits, in quotes');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'must be a region such as eu-central-1');
const network = z.string().refine(isNetwork, 'must be a CIDR range such as 192.0.2.0/24');
const user = z.string().superRefine((text, context) => {
  if (/^arn:aws[a-z-]*:sts:/.test(text))
    context.addIssue({
      code: 'custom',
      message: 'is the ARN of a session, whose last part its caller chose: name the role instead',
    });
  else if (!isUser(text))
    context.addIssue({
      code: 'custom',
      message: 'must be an Entra object id, a user principal name, or the ARN of an IAM user, a role or root',
    });
});
const group = z.string().transform((text, context): string => {
  const id = parseUserId(text);
  if (!id) context.addIssue({ code: 'custom', message: 'must be the object id of an Entra group (GUID)' });
  return id ?? '';
});

const scope = z.strictObject({
  accounts: z.array(account).default([]),
  regions: z.array(region).default([]),
  networks: z.array(network).default([]),
  users: z.array(user).default([]),
  groups: z.array(group).default([]),
});

/** How a policy asks stands one level below, as in its own file. */
function misplaced({ code, keys }: z.core.$ZodRawIssue): string | undefined {
  const [key] = code === 'unrecognized_keys' && Array.isArray(keys) ? keys : [];
  return Object.keys(askingForm).includes(String(key)) ? `knows "${key}" under \`asking\` alone` : undefined;
}

const policy = z
  .strictObject(
    {
      stage: z.enum(STAGES, `must be one of ${STAGES.join(', ')}`).optional(),
      dryRun: z.boolean().optional(),
      asking: z.strictObject(askingForm).partial().optional(),
      only: scope.optional(),
      except: scope.optional(),
      threshold: z.int().min(1).optional(),
      timespan: duration(UNIT_MS.s, MOST_TIMESPAN_MS, 'from 1s to 30d').optional(),
    },
    { error: misplaced },
  )
  .transform(
    ({ timespan, ...rest }): PolicySettings => ({
      ...rest,
      ...(timespan !== undefined && { timespanMs: timespan }),
    }),
  );

/** What `%name%` stands for; the engine brings two of its own. */
const placeholder = z
  .string()
  .regex(/^[\w.-]+$/, 'must be letters, digits, _, . and -')
  .refine(
    (name) => !['countersign_roles', 'own_accounts'].includes(name.toLowerCase()),
    'is built in, and cannot be set',
  );
const placeholderValue = z
  .union([z.string(), z.number(), z.boolean()], 'must be a text, a number or a boolean')
  .transform(String);

const pattern = z.string().regex(/^\S{1,256}$/, 'must be a pattern such as contoso-*');
/** A bucket's ARN, or its address, would match none. */
export const bucketPattern = z
  .string('must be a pattern such as contoso-*')
  .regex(/^[\w.*?-]{1,256}$/, 'must be a pattern of bucket names such as contoso-*, without arn:aws:s3:::');
const bounds = z.strictObject({
  actions: z.array(z.string()).nullable().default(null),
  ask: z
    .array(z.enum(ASKED_KINDS, `must be one of ${ASKED_KINDS.join(', ')}`))
    .refine(
      (who) => who.includes('security'),
      'must name security: what nobody else can answer is asked there',
    )
    .default([...DEFAULT_DETECTION.bounds.ask]),
  buckets: z.array(bucketPattern).nullable().default(null),
  users: z.array(pattern).nullable().default(null),
});

/** Relative folders of rules are taken from this one, the settings file's own. */
export const detectionSection = (folder: string) =>
  z
    .strictObject({
      rules: z.array(z.string().min(1, 'must be a folder')).default([]),
      lateness: duration(0, MOST_LATENESS_MS, 'from 0s to 7d').default(DEFAULT_DETECTION.latenessMs),
      placeholders: z.record(placeholder, z.array(placeholderValue)).default({}),
      policies: z.record(z.string(), policy).default({}),
      bounds: bounds.prefault({}),
    })
    .transform(
      ({ rules, lateness, ...rest }): DetectionSettings => ({
        ...rest,
        ruleFolders: rules.map((rule) => path.resolve(folder, rule)),
        latenessMs: lateness,
      }),
    )
    .prefault({});

function isNetwork(text: string): boolean {
  const [address = '', prefix = '', ...more] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  return more.length === 0 && most !== undefined && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most;
}

function isUser(text: string): boolean {
  if (text.startsWith('arn:')) return /^arn:aws[a-z-]*:iam::\d{12}:(?:user\/.+|role\/.+|root)$/.test(text);
  return parseUserId(text) !== null || /^[^\s@]+@[^\s@]+$/.test(text);
}
