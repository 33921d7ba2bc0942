// Checks what the operator wrote against the form of the settings: what is empty is taken for an empty section, and what is wrong is
// said in words that do not take a programmer.
import type { z } from 'zod';

/** What a section holds whose lines are all commented out: YAML reads that as nothing. */
const EMPTY: Readonly<Record<string, () => unknown>> = {
  object: () => ({}),
  record: () => ({}),
  array: () => [],
};
const WORDS: Readonly<Record<string, string>> = {
  object: 'a section with names below it',
  record: 'a section with names below it',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

export function readForm<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  let content: unknown = raw ?? {};
  for (;;) {
    const result = schema.safeParse(content, { error: inWords });
    const filled = result.success ? content : fillEmpty(content, result.error.issues);
    if (filled === content) return result;
    content = filled;
  }
}

/** A value that was left empty stays a mistake: nobody is to think that it says yes, or no. */
function fillEmpty(content: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  return issues.reduce((filled, issue) => {
    const empty = issue.code === 'invalid_type' ? EMPTY[issue.expected] : undefined;
    return empty ? filledAt(filled, issue.path, empty()) : filled;
  }, content);
}

/** The same content where there is something at the path, or no such key. */
function filledAt(content: unknown, path: readonly PropertyKey[], empty: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return content === null ? empty : content;
  if (!isMap(content)) return content;
  const key = String(step);
  if (!Object.hasOwn(content, key)) return content;
  const inner = filledAt(content[key], rest, empty);
  return inner === content[key] ? content : { ...content, [key]: inner };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** For what the form has no words of its own for. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { code, input } = issue;
  if (code === 'too_small' && typeof input === 'number') return `must be at least ${issue.minimum}`;
  if (code !== 'invalid_type') return undefined;
  const must = `must be ${WORDS[issue.expected] ?? issue.expected}`;
  return input === undefined ? `is missing: it ${must}` : input === null ? `is empty: it ${must}` : must;
}
