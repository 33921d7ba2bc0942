// The form of a policy file: Sigma's rule schema (V2.0.0) plus our `countersign:` block.
import { z } from 'zod';
import { SEVERITIES } from '../case/alert.ts';
import { DETECTOR_NAMES } from './detectors/index.ts';

const date = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$/, 'expected a date, YYYY-MM-DD');
const line = z.string().min(2);

const offerSchema = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected lower-case letters, digits and hyphens'),
  // Teams cuts button titles at about this length on a phone.
  label: z.string().min(1).max(60),
  actions: z.array(z.string()).min(1),
});

export const blockSchema = z.strictObject({
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
  fallback: z.boolean().default(false),
  securityOnly: z.boolean().default(false),
  detector: z.enum(DETECTOR_NAMES, `unknown detector; known are ${DETECTOR_NAMES.join(', ')}`).optional(),
});

/** Other keys are allowed ("arbitrary custom fields"), inside `countersign:` they are not. */
export const ruleSchema = z.looseObject({
  title: z.string().min(1).max(256),
  id: z.guid().optional(),
  name: z.string().max(256).optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).optional(),
  description: z.string().max(65_535).optional(),
  author: z.string().optional(),
  references: z.array(z.string()).optional(),
  date: date.optional(),
  modified: date.optional(),
  logsource: z.looseObject({
    category: z.string().optional(),
    product: z.string().optional(),
    service: z.string().optional(),
  }),
  detection: z.looseObject({ condition: z.union([z.string(), z.array(z.string()).min(1)]) }),
  fields: z.array(z.string()).optional(),
  falsepositives: z.array(line).optional(),
  level: z.enum(SEVERITIES).optional(),
  tags: z.array(z.string().regex(/^[a-z0-9_-]+\.[a-z0-9._-]+$/, 'expected namespace.tag')).optional(),
  countersign: blockSchema.default(() => blockSchema.parse({})),
});
export type Rule = z.infer<typeof ruleSchema>;
