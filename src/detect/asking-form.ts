// The form of an `asking:` block: a policy's own in its file, and the operator's for that policy in the settings.
import { z } from 'zod';
import { type AnswerRule, ON_TIME_OUT } from '../case/asking.ts';

const MOST_APPROVERS = 10;

const person = z
  .string()
  .regex(
    /^([^\s@]+@[^\s@]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/,
    'expected an object id or a user principal name',
  )
  .transform((text) => text.toLowerCase());

const answerRule = z.union(
  [
    z.enum(['first', 'everyone', 'sequence']).transform((kind): AnswerRule => ({ kind })),
    z
      .int()
      .min(2)
      .max(5)
      .transform((of): AnswerRule => ({ kind: 'quorum', of })),
  ],
  'expected first, everyone, sequence, or how many have to agree (2 to 5)',
);

const truth = z.boolean('expected true or false');

/** Nothing has a default here: what is left out of the settings is as the policy says. */
export const askingForm = {
  approvers: z.array(person, 'expected a list').max(MOST_APPROVERS, `expected at most ${MOST_APPROVERS}`),
  subjectFirst: truth,
  rule: answerRule,
  comment: z.enum(['optional', 'destructive', 'always'], 'expected one of optional, destructive, always'),
  freshSignIn: truth,
  contain: z.string('expected the key of an offer').nullable(),
  onTimeOut: z.enum(ON_TIME_OUT, `expected one of ${ON_TIME_OUT.join(', ')}`),
};
