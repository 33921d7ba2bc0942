// Reads an answer of Graph by a schema that asks only for what is used; what does not fit is an error, never a guess.
import type { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import type { GraphAnswer } from './client.ts';

/** Throws `graph.unexpected`, naming the fields that are missing or wrong (never their values). `what`: "a user". */
export function parseAnswer<Shape>(
  schema: z.ZodType<Shape>,
  answer: Pick<GraphAnswer, 'body' | 'requestId'>,
  what: string,
): Shape {
  const result = schema.safeParse(answer.body);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join('.') || 'everything').join(', ');
  throw new CountersignError('graph.unexpected', `Graph answered ${what} without a usable ${fields}`, {
    requestId: answer.requestId,
  });
}

/** One item of a page, in the same way. */
export const parseItem = <Shape>(schema: z.ZodType<Shape>, item: unknown, what: string): Shape =>
  parseAnswer(schema, { body: item, requestId: '' }, what);
