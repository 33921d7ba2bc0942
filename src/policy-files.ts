// Reads policies from their folders: the project's own, and the operator's folders of rules from outside. What cannot be read
// becomes a problem with its file, never a crash; nothing that it reads is believed before detect/ has compiled it.
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { CountersignError } from './case/errors.ts';
import type { Policy } from './case/policy.ts';
import type { OperatorSettings } from './case/settings.ts';
import { loadPolicies } from './detect/load-policies.ts';
import type { PolicyProblem } from './detect/problem.ts';
import type { PolicyFile } from './detect/read-file.ts';
import { lineFinder } from './settings/lines.ts';
import { settingsNotes } from './settings/notes.ts';

export interface CatalogueOptions {
  /** What the operator decided; without it every policy runs as it is written. */
  readonly settings?: OperatorSettings | undefined;
  /** Further folders of rules from outside, beside those of the settings. */
  readonly ruleFolders?: readonly string[];
  /** Ids of the governance actions that exist. */
  readonly knownActions: readonly string[];
}

export type LoadedCatalogue = ReturnType<typeof loadPolicies>;

export interface FolderReading {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly PolicyProblem[];
}

/** The project's own policies. */
export const POLICY_FOLDER = path.join(import.meta.dirname, '..', 'policies');

/** The largest rule of SigmaHQ has 30 kB: what is larger than this is no rule. */
const MAX_RULE_BYTES = 1_048_576;
const RULE_FILE = /\.ya?ml$/i;

/** Everything that loads, and each problem of what does not; `file` of a problem is a path that the reader can open. */
export function loadCatalogue(options: CatalogueOptions): LoadedCatalogue {
  const folders = new Set([
    ...(options.settings?.detection.ruleFolders ?? []),
    ...(options.ruleFolders ?? []),
  ]);
  const readings = [readPolicyFolder(), ...[...folders].map((folder) => readRuleFolder(folder))];
  const { catalogue, problems, notes } = loadReadings(readings, options);
  const named = withPath(options.settings?.file);
  return { catalogue, problems: problems.map(named), notes: notes.map(named) };
}

export interface CheckedFolder {
  readonly files: number;
  readonly policies: readonly Policy[];
  readonly problems: LoadedCatalogue['problems'];
  readonly notes: LoadedCatalogue['notes'];
}

/** What one folder brings beside the project's own policies, or as them where it is their folder. */
export function checkFolder(folder: string, options: Omit<CatalogueOptions, 'ruleFolders'>): CheckedFolder {
  const own = realpathSync(folder) === realpathSync(POLICY_FOLDER);
  const rules = own ? [] : [readRuleFolder(folder)];
  const { catalogue, problems, notes } = loadReadings([readPolicyFolder(), ...rules], options);
  // The settings may name rules of other folders, which were not loaded here.
  const here = ({ file }: { readonly file: string }): boolean => (own ? file !== SETTINGS : isOutside(file));
  return {
    files: (own ? [readPolicyFolder()] : rules).flatMap((reading) => reading.files).length,
    policies: catalogue.policies.filter((policy) => policy.outside !== own),
    problems: problems.filter(here).map(withPath(undefined)),
    notes: notes.filter(here).map(withPath(undefined)),
  };
}

function loadReadings(
  readings: readonly FolderReading[],
  { settings, knownActions }: CatalogueOptions,
): LoadedCatalogue {
  const files = readings.flatMap((reading) => reading.files);
  const loaded = loadPolicies(files, { knownActions, ...(settings && { settings }) });
  const all = [...loaded.problems, ...visibilityProblems(loaded, settings)];
  const notes = [...loaded.notes, ...notesOfSettings(loaded, settings)];
  const hasPath = [...all, ...notes].some(({ path }) => path);
  const located = hasPath ? createLocator(settings?.file) : (problem: PolicyProblem) => problem;
  const problems = [...readings.flatMap((reading) => reading.problems), ...all.map(located)];
  return { ...loaded, problems, notes: notes.map(located) };
}

/** What was to be hidden of a policy that there is not would be shown of the one that was meant. */
const visibilityProblems = (
  { catalogue }: LoadedCatalogue,
  settings: OperatorSettings | undefined,
): readonly PolicyProblem[] =>
  Object.keys(settings?.visibility.policies ?? {})
    .filter((id) => !catalogue.policies.some((policy) => policy.id === id))
    .map((id) => ({
      ...{ file: SETTINGS, line: 1, path: ['visibility', 'policies', id] },
      reason: `visibility.policies.${id}: there is no such policy`,
    }));

const notesOfSettings = (
  { catalogue }: LoadedCatalogue,
  settings: OperatorSettings | undefined,
): readonly PolicyProblem[] =>
  (settings ? settingsNotes(settings, catalogue.policies) : []).map(({ path, reason }) => ({
    ...{ file: SETTINGS, line: 1, path },
    reason: `${path.join('.')} ${reason}`,
  }));

/** Of a problem of the settings, the line in their file; their text is read again for it. */
function createLocator(file: string | undefined): (problem: PolicyProblem) => PolicyProblem {
  const lineOf = file === undefined ? () => 1 : lineFinder(readFileSync(file, 'utf8'));
  return ({ path, ...problem }) => (path ? { ...problem, line: lineOf(path) } : problem);
}

/** A rule from outside is named with its folder, a policy of the project by its file alone. */
const isOutside = (file: string): boolean => file.includes('/');
const SETTINGS = 'settings';
const withPath =
  (settingsFile: string | undefined) =>
  <One extends { readonly file: string }>(one: One): One => {
    if (one.file === SETTINGS) return { ...one, file: settingsFile ?? SETTINGS };
    return isOutside(one.file) ? one : { ...one, file: `policies/${one.file}` };
  };

/** For a start: throws `config.policies` with file, line and reason of everything that does not load. */
export function requireCatalogue(options: CatalogueOptions): LoadedCatalogue {
  const loaded = loadCatalogue(options);
  if (loaded.problems.length === 0) return loaded;
  const lines = loaded.problems.map((problem) => `  - ${problemText(problem)}`);
  throw new CountersignError('config.policies', ['These policies cannot be loaded:', ...lines].join('\n'));
}

/** `file:line: reason`, as compilers say it. */
export const problemText = ({ file, line, reason }: PolicyProblem): string => `${file}:${line}: ${reason}`;

/** The project's own policies, which may carry a `countersign:` block. */
export function readPolicyFolder(): FolderReading {
  const { files, problems } = readRuleFolder(POLICY_FOLDER);
  return {
    files: files.map(({ name, text }) => ({ name: path.basename(name), text })),
    problems: problems.map((one) => ({ ...one, file: path.basename(one.file) })),
  };
}

/**
 * Every *.yml and *.yaml of a folder and the folders below, as rules from outside, in the order of their names. A name is the
 * folder as given and the path below it. Hidden files and folders are left alone; a folder that several links lead to is read once.
 */
export function readRuleFolder(folder: string): FolderReading {
  const files: PolicyFile[] = [];
  const problems: PolicyProblem[] = [];
  const seen = new Set<string>();

  function walk(at: string, above: readonly string[]): void {
    const real = realpathSync(at);
    if (above.includes(real)) throw new Refusal('is a link back to a folder that it lies in');
    if (seen.has(real)) return;
    seen.add(real);
    for (const name of readdirSync(at).sort())
      if (!name.startsWith('.')) attempt(`${at}/${name}`, (entry) => visit(entry, [...above, real]));
  }
  function visit(entry: string, above: readonly string[]): void {
    if (statSync(entry).isDirectory()) walk(entry, above);
    else if (RULE_FILE.test(entry)) files.push({ name: entry, text: readRule(entry), outside: true });
  }
  function attempt(entry: string, work: (entry: string) => void): void {
    try {
      work(entry);
    } catch (error) {
      problems.push({ file: entry, line: 1, reason: reasonOf(error) });
    }
  }

  attempt(folder.replace(/(?<=.)\/+$/, ''), (start) => walk(start, []));
  return { files, problems };
}

class Refusal extends Error {}

function readRule(file: string): string {
  const found = statSync(file);
  // A pipe would never end.
  if (!found.isFile()) throw new Refusal('is not a file');
  if (found.size > MAX_RULE_BYTES) throw new Refusal(`is larger than ${MAX_RULE_BYTES} bytes`);
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
}

/** Node's own texts, shortened: the file is named already. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not a folder',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ELOOP: 'is a link that leads to itself',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8 text',
};

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? `cannot be read: ${message}`;
}
