// All policy files and the operator's settings to one catalogue: what loads, every problem of what does not, and what is worth
// saying about what does. Pure: reading folders is the caller's business.
import type { AskingSettings } from '../case/asking.ts';
import { type AwsAccount, DEFAULT_DETECTION, type DetectionSettings } from '../case/settings.ts';
import { assembleRules } from './assemble-rules.ts';
import { createCatalogue } from './catalogue.ts';
import { compileDocuments } from './compile-documents.ts';
import type { Catalogue } from './compiled.ts';
import { linkFiles } from './link-files.ts';
import { settingsProblems } from './policy-settings.ts';
import { type PolicyProblem, TOO_MUCH } from './problem.ts';
import { type FileReading, type PolicyFile, type RuleFile, readFile } from './read-file.ts';

export type { PolicyProblem } from './problem.ts';
export type { PolicyFile } from './read-file.ts';

export interface LoadOptions {
  /** Ids of the governance actions that exist: an offer of any other is refused. */
  readonly knownActions: readonly string[];
  readonly settings?: {
    readonly detection: DetectionSettings;
    readonly asking?: Pick<AskingSettings, 'containFirst'>;
    readonly aws: { readonly accounts: readonly AwsAccount[]; readonly organisations?: readonly string[] };
  };
}

export interface Loaded {
  readonly catalogue: Catalogue;
  /** Refused: the file was left out. "settings" names the settings file. */
  readonly problems: readonly PolicyProblem[];
  /** Loaded, but worth saying. */
  readonly notes: readonly PolicyProblem[];
}

function readBounded(file: PolicyFile): FileReading {
  try {
    return readFile(file);
  } catch (error) {
    if (error instanceof RangeError) return { problem: { file: file.name, line: 1, reason: TOO_MUCH } };
    throw error;
  }
}

/** Never throws for a bad file: it is left out, and `problems` says why. */
export function loadPolicies(files: readonly PolicyFile[], options: LoadOptions): Loaded {
  const problems: PolicyProblem[] = [];
  const notes: PolicyProblem[] = [];
  const read: RuleFile[] = [];
  for (const file of files) {
    const reading = readBounded(file);
    if ('problem' in reading) problems.push(reading.problem);
    else {
      read.push(reading.file);
      notes.push(...reading.notes);
    }
  }
  const settings = options.settings?.detection ?? DEFAULT_DETECTION;
  const containFirst = options.settings?.asking?.containFirst ?? [];
  const accounts = options.settings?.aws.accounts ?? [];
  const organisations = options.settings?.aws.organisations ?? [];
  const compileOptions = { knownActions: options.knownActions, settings, accounts, organisations };
  const compiled = compileDocuments(read, compileOptions);
  const linked = linkFiles(compiled.files);
  const assembled = assembleRules(linked.links, compiled.tests, compileOptions);
  problems.push(...compiled.problems, ...linked.problems);
  problems.push(...settingsProblems(settings, containFirst, assembled.configured));
  notes.push(...compiled.notes, ...assembled.notes);
  const refused = new Set(problems.map(({ file }) => file));
  return {
    catalogue: createCatalogue(assembled),
    problems,
    notes: notes.filter(({ file }) => !refused.has(file)),
  };
}
