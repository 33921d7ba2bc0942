// The forms of a policy file's documents: Sigma's rules, correlations and filters (V2.1.0), and our `countersign:` block.
import { z } from 'zod';
import { SEVERITIES } from '../case/alert.ts';
import { type Asking, DEFAULT_ASKING } from '../case/asking.ts';
import { STAGES } from '../case/policy.ts';
import { askingForm } from './asking-form.ts';
import { CORRELATION_TYPES } from './compiled.ts';
import { DETECTOR_NAMES } from './detectors/index.ts';
import { parseDuration } from './duration.ts';

const date = z
  .string()
  .regex(/^\d{4}([-/])(0[1-9]|1[012])\1(0[1-9]|[12][0-9]|3[01])$/, 'expected a date, YYYY-MM-DD');
const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== null) return milliseconds;
  context.addIssue({ code: 'custom', message: 'expected a number with s, m, h or d, of at most 30 days' });
  return z.NEVER;
});

const offerSchema = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected lower-case letters, digits and hyphens'),
  // Teams cuts button titles at about this length on a phone.
  label: z.string().min(1).max(60),
  actions: z.array(z.string()).min(1),
});

/** Of whom and how a policy asks. */
const asking = z
  .strictObject({
    approvers: askingForm.approvers.default([]),
    subjectFirst: askingForm.subjectFirst.default(DEFAULT_ASKING.subjectFirst),
    rule: askingForm.rule.default(DEFAULT_ASKING.rule),
    comment: askingForm.comment.default(DEFAULT_ASKING.comment),
    freshSignIn: askingForm.freshSignIn.default(DEFAULT_ASKING.freshSignIn),
    contain: askingForm.contain.default(DEFAULT_ASKING.contain),
    onTimeOut: askingForm.onTimeOut.optional(),
  })
  .transform(({ onTimeOut, ...rest }): Asking => ({ ...rest, ...(onTimeOut && { onTimeOut }) }));

export const blockSchema = z
  .strictObject({
    question: z
      .string()
      .min(1)
      .max(300)
      .refine(
        (text) => !/[{}]/.test(text.replace(/\{(?:subject|target)\}/g, '')),
        'the only placeholders are {subject} and {target}',
      )
      .optional(),
    offers: z
      .array(offerSchema)
      .refine(
        (offers) => new Set(offers.map((offer) => offer.key)).size === offers.length,
        'two offers have the same key',
      )
      .default([]),
    group: z
      .strictObject({
        by: z.enum(['subject', 'target']).default('subject'),
        within: duration.default(3_600_000),
      })
      .default({ by: 'subject', within: 3_600_000 }),
    covers: z.array(z.string()).default([]),
    stage: z.enum(STAGES).default('ask'),
    fallback: z.boolean().default(false),
    securityOnly: z.boolean().default(false),
    asking: asking.prefault({}),
    detector: z.enum(DETECTOR_NAMES, `unknown detector; known are ${DETECTOR_NAMES.join(', ')}`).optional(),
  })
  .superRefine(({ asking, offers }, context) => {
    const say = (key: keyof Asking, message: string): void =>
      context.addIssue({ code: 'custom', path: ['asking', key], message });
    if (asking.contain !== null && !offers.some(({ key }) => key === asking.contain))
      say('contain', `"${asking.contain}" is the key of none of the offers`);
    if (asking.contain === null && asking.onTimeOut === 'contain')
      say('onTimeOut', 'contain needs `contain`: the key of the offer that is meant');
  });
export type Block = z.infer<typeof blockSchema>;

/** What every document may say; what is left empty is left out. Other keys are allowed ("arbitrary custom fields"), inside `countersign:` they are not. */
const head = {
  title: z.string().min(1).max(256),
  id: z.guid().optional(),
  name: z.string().min(1).max(256).optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).nullish(),
  description: z.string().max(65_535).nullish(),
  author: z.string().nullish(),
  references: z.array(z.string()).nullish(),
  date: date.nullish(),
  modified: date.nullish(),
  taxonomy: z.literal('sigma', 'only the taxonomy "sigma" is known').nullish(),
  falsepositives: z.array(z.string().min(2)).nullish(),
  level: z.enum(SEVERITIES).nullish(),
  tags: z.array(z.string().regex(/^[a-z0-9_-]+\.[a-z0-9._-]+$/, 'expected namespace.tag')).nullish(),
};

const logsource = z.looseObject({
  category: z.string().nullish(),
  product: z.string().nullish(),
  service: z.string().nullish(),
});
export type LogSource = z.infer<typeof logsource>;

const condition = z.union([z.string(), z.array(z.string()).min(1)]);
/** The parts are compiled one by one: what the schema would copy could lose a key such as `__proto__`. */
const detection = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected a map',
  )
  .superRefine((value, context) => {
    const parsed = condition.safeParse(value.condition);
    if (!parsed.success)
      context.addIssue({ code: 'custom', path: ['condition'], message: 'expected a text' });
  });
export const conditionOf = (definition: Readonly<Record<string, unknown>>): string | readonly string[] =>
  condition.parse(definition.condition);

export const ruleSchema = z.looseObject({
  ...head,
  logsource,
  detection,
  fields: z.array(z.string()).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

const fieldNames = z.union([
  z
    .string()
    .min(1)
    .transform((name) => [name]),
  z.array(z.string().min(1)),
]);
const count = z.number('expected a number').int('expected a whole number');
const LATER = ['value_sum', 'value_avg', 'value_percentile'];

export const correlationSchema = z.looseObject({
  ...head,
  correlation: z.strictObject({
    type: z
      .string()
      .refine((type) => !LATER.includes(type), {
        error: ({ input }) => `the correlation "${input}" is not supported`,
        abort: true,
      })
      .pipe(z.enum(CORRELATION_TYPES, `unknown type; known are ${CORRELATION_TYPES.join(', ')}`)),
    rules: z.union([z.string().transform((name) => [name]), z.array(z.string()).min(1)]),
    'group-by': fieldNames.default([]),
    timespan: duration,
    aliases: z.record(z.string(), z.record(z.string(), z.string().min(1))).default({}),
    generate: z.boolean().optional(),
    condition: z
      .strictObject({
        field: fieldNames.optional(),
        gt: count.optional(),
        gte: count.optional(),
        lt: count.optional(),
        lte: count.optional(),
        eq: count.optional(),
        neq: count.optional(),
      })
      .optional(),
  }),
  generate: z.boolean().optional(),
});
export type CorrelationRule = z.infer<typeof correlationSchema>;

export const filterSchema = z.looseObject({
  ...head,
  logsource,
  filter: detection.superRefine((value, context) => {
    const rules = z.array(z.string()).min(1).safeParse(value.rules);
    if (!rules.success)
      context.addIssue({ code: 'custom', path: ['rules'], message: 'expected a list of rules' });
  }),
});
export type Filter = z.infer<typeof filterSchema>;
