// One policy file to its documents (rules, correlations, filters) and its `countersign:` block, checked for their form alone.
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { isMap } from './compile-detection.ts';
import { attempt, type Place, type PolicyProblem, problemAt, RuleError } from './problem.ts';
import {
  type Block,
  blockSchema,
  type CorrelationRule,
  correlationSchema,
  type Filter,
  filterSchema,
  type Rule,
  ruleSchema,
} from './rule-schema.ts';
import { readYaml, type YamlDocument } from './yaml-file.ts';

export interface PolicyFile {
  /** Relative path, shown in problems: `aws-s3-bucket-public.yml`. */
  readonly name: string;
  readonly text: string;
  /** From the operator's rules folders: its `countersign:` block is ignored. */
  readonly outside?: boolean;
}

interface Common extends Place {
  readonly of: RuleFile;
  /** Counted from 0 in its file. */
  readonly at: number;
}
export type RuleDocument = Common & { readonly kind: 'rule'; readonly rule: Rule };
export type CorrelationDocument = Common & { readonly kind: 'correlation'; readonly rule: CorrelationRule };
export type FilterDocument = Common & { readonly kind: 'filter'; readonly rule: Filter };
export type AnyDocument = RuleDocument | CorrelationDocument | FilterDocument;

export interface RuleFile {
  readonly name: string;
  /** Base name without extension. */
  readonly id: string;
  readonly text: string;
  readonly hash: string;
  readonly outside: boolean;
  /** Null for a file from outside. */
  readonly block: Block | null;
  readonly documents: readonly AnyDocument[];
}

const OWN_NAME = /^([a-z0-9][a-z0-9_-]{2,80})\.ya?ml$/;
const OUTSIDE_NAME = /(?:^|[\\/])([A-Za-z0-9][A-Za-z0-9_-]{0,120})\.ya?ml$/;

export type FileReading =
  | { readonly file: RuleFile; readonly notes: readonly PolicyProblem[] }
  | { readonly problem: PolicyProblem };

export function readFile({ name, text, outside = false }: PolicyFile): FileReading {
  const refuse = (line: number, reason: string): FileReading => ({ problem: { file: name, line, reason } });
  const id = (outside ? OUTSIDE_NAME : OWN_NAME).exec(name)?.[1];
  if (!id) {
    const letters = outside ? 'letters' : 'lower-case letters';
    return refuse(1, `the file name must be ${letters}, digits, - and _, ending in .yml`);
  }
  const yaml = readYaml(text);
  if ('reason' in yaml) return refuse(yaml.line, yaml.reason);
  const documents: AnyDocument[] = [];
  const notes: PolicyProblem[] = [];
  const hash = createHash('sha256').update(text).digest('hex');
  const file = { name, id, text, hash, outside, block: null as Block | null, documents };
  for (const [at, { content, lineOf }] of yaml.documents.entries()) {
    const place = { file: name, lineOf };
    const reading = attempt(place, () => readDocument(content, { ...place, of: file, at }));
    if ('problem' in reading) return reading;
    documents.push(reading.result);
    if (outside && isMap(content) && content.countersign !== undefined) {
      notes.push(problemAt(place, ['countersign'], 'ignored: a rule from outside does not say whom to ask'));
    }
  }
  if (!outside) {
    const reading = readBlock(file, yaml.documents);
    if ('problem' in reading) return reading;
    file.block = reading.result;
  }
  return { file, notes };
}

const KINDS = ['detection', 'correlation', 'filter'] as const;

function readDocument(content: unknown, common: Common): AnyDocument {
  if (!isMap(content)) throw new RuleError([], 'expected object: a file holds rules');
  if (Object.hasOwn(content, 'action')) throw new RuleError(['action'], 'rule collections are not supported');
  const kinds = KINDS.filter((kind) => Object.hasOwn(content, kind));
  if (kinds[1]) throw new RuleError([kinds[1]], `not supported beside "${kinds[0]}"`);
  if (kinds[0] === 'correlation') {
    return { ...common, kind: 'correlation', rule: parseForm(correlationSchema, content) };
  }
  if (kinds[0] === 'filter') return { ...common, kind: 'filter', rule: parseForm(filterSchema, content) };
  return { ...common, kind: 'rule', rule: parseForm(ruleSchema, content) };
}

/** The policy is the first document: only it can say what is asked. */
function readBlock(
  file: RuleFile,
  documents: readonly YamlDocument[],
): { readonly result: Block } | { readonly problem: PolicyProblem } {
  for (const [at, { content, lineOf }] of documents.entries()) {
    const block = isMap(content) ? content.countersign : undefined;
    if (block === undefined) continue;
    const reason =
      at > 0
        ? 'this belongs into the first document'
        : file.documents.every(({ kind }) => kind === 'filter')
          ? 'a filter asks nothing'
          : null;
    return attempt({ file: file.name, lineOf }, () => {
      if (reason) throw new RuleError(['countersign'], reason);
      return parseForm(blockSchema, block, ['countersign']);
    });
  }
  return { result: blockSchema.parse({}) };
}

function parseForm<Schema extends z.ZodType>(
  schema: Schema,
  content: unknown,
  below: readonly PropertyKey[] = [],
): z.infer<Schema> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw new RuleError([...below, ...(issue?.path ?? []), ...key], issue?.message ?? 'unreadable');
}
