// The one way in which a source refuses its input: which field, and what is wrong with it. Never echoes the input back.
import type { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';

/** `value[3].lastUpdateDateTime`: a place in the body as the sender knows it. Empty for the body itself. */
export function pathText(prefix: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, prefix);
}

/** `ingest.malformed`, which the door answers with 400 and this message. */
export function malformed(path: string, reason: string): CountersignError {
  const message = `${path === '' ? 'body' : path}: ${reason}`;
  return new CountersignError('ingest.malformed', message, { say: message });
}

/** The first thing that a schema found wrong. One is enough: the sender fixes it and sends again. */
export function malformedBy(error: z.ZodError, prefix: string): CountersignError {
  const issue = error.issues[0];
  return issue
    ? malformed(pathText(prefix, issue.path), issue.message)
    : malformed(prefix, 'not of the expected form');
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
