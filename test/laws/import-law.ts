// Who may import what, as data and one pure function over file texts. Holds the design: the core knows nobody, rooms do not
// know each other, an SDK stays in its folder.
import { posix } from 'node:path';

export const ROOMS = [
  'ingest',
  'detect',
  'route',
  'ask',
  'chase',
  'decide',
  'govern',
  'audit',
  'commands',
] as const;

/** Packages that any part but case/ and ports/ may use: they touch nothing outside the process. */
const PURE = ['zod', 'yaml', 'node:*', 'luxon', 'chrono-node*'];

/** Every other package (and one built-in) has a home. `x*` stands for all that begin with x. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'botbuilder*': ['adapters/teams'],
  'botframework*': ['adapters/teams'],
  '@azure/msal-node': ['adapters/teams'],
  'adaptivecards-templating': ['adapters/teams'],
  'adaptive-expressions': ['adapters/teams'],
  '@microsoft/microsoft-graph-client': ['adapters/graph'],
  // A bot with a managed identity gets its own token by it too.
  '@azure/identity': ['adapters/graph', 'adapters/teams'],
  '@aws-sdk/*': ['adapters/aws'],
  '@smithy/*': ['adapters/aws'],
  restify: ['adapters/http'],
  kysely: ['adapters/store'],
  pg: ['adapters/store'],
  'node:sqlite': ['adapters/store'],
  jose: ['adapters/teams', 'adapters/http', 'adapters/sign-in', 'sandbox'],
  'openid-client': ['adapters/sign-in'],
  adaptivecards: ['adapters/cards-preview'],
  'markdown-it': ['adapters/cards-preview'],
  'playwright-core': ['adapters/cards-preview'],
  pino: ['adapters/log.ts'],
  commander: ['cli'],
  fflate: ['cli'],
  'intl-messageformat': ['adapters/words'],
  luxon: ['chase', 'commands', 'adapters/graph'],
  'windows-iana': ['adapters/graph'],
  'chrono-node*': ['commands'],
  selfsigned: ['sandbox'],
  '@microsoft/m365agentsplayground': ['sandbox'],
};

const WORD_KEYS = 'case/word-keys.ts';
const MAX_LINES = 300;
const MAX_APP_LINES = 200;
const ENVIRONMENT = 'process.env';
/** Stands for the small files beside app.ts, and in the two folders of the same rank, that know nobody above them. */
const ROOT_FILE = '(a file beside app.ts)';
const ROOT_FOLDERS = ['config', 'settings'];
/** What builds and starts the process: these know the adapters, and through compose.ts everything else. */
const STARTERS = ['compose.ts', 'service.ts', 'start.ts', 'index.ts'];
const TOP_FILES = ['app.ts', ...STARTERS];

/** One place where the general rule does not fit. An exception that nothing needs is a finding itself. */
export interface Exception {
  /** Relative to src. */
  readonly file: string;
  /** A part of src (`detect`), a package, or `process.env`. */
  readonly may: string;
  readonly because: string;
}

interface Finding {
  readonly file: string;
  /** What an exception would have to name. */
  readonly what: string;
  readonly message: string;
}

interface Rule {
  readonly parts: readonly string[];
  readonly packages: readonly string[];
  readonly says: string;
}

/** `case/alert.ts` is of `case`, `adapters/teams/token.ts` of `adapters/teams`; `app.ts` and `adapters/log.ts` of themselves. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'adapters' && second ? `${first}/${second}` : first;
}

function ruleFor(part: string): Rule {
  const packages = [...PURE, ...Object.keys(HOMES)];
  if (part === 'case')
    return { parts: ['case'], packages: ['node:crypto'], says: 'case/ imports only itself and node:crypto' };
  if (part === 'ports')
    return { parts: ['case', 'ports'], packages: [], says: 'ports/ imports only itself and case/' };
  if (ROOMS.some((room) => room === part))
    return {
      parts: [part, 'case', 'ports'],
      packages: PURE,
      says: 'a room imports only itself, case/ and ports/',
    };
  if (part.startsWith('adapters/'))
    return {
      parts: [part, 'case', 'ports'],
      packages,
      says: 'an adapter imports only itself, case/ and ports/',
    };
  if (part === 'replay')
    return {
      parts: ['replay', 'detect', 'ingest', 'case', 'ports'],
      packages: PURE,
      says: 'replay/ joins detect/ and ingest/, and imports only them, itself, case/ and ports/',
    };
  if (part === 'app.ts')
    return {
      parts: ['case', 'ports', ...ROOMS, ROOT_FILE],
      packages: PURE,
      says: 'app.ts joins rooms and knows no adapter',
    };
  if ([...STARTERS, 'cli', 'sandbox'].includes(part)) {
    const offline = part === 'cli' ? ['replay'] : [];
    const parts = ['case', 'ports', 'adapters', 'sandbox', 'cli', ...offline, ROOT_FILE, ...TOP_FILES];
    return { parts, packages, says: 'only app.ts joins rooms' };
  }
  return {
    parts: ['case', 'ports', ROOT_FILE],
    packages: PURE,
    says: 'it imports only case/, ports/ and its neighbours',
  };
}

/** The specifiers of every static, re-exporting, dynamic and bare import, and of `require.resolve`. Comments do not count. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /\bfrom\s*['"]([^'"\s]+)['"]|\bimport\s*[\s(]\s*['"]([^'"\s]+)['"]|\b(?:require|require\.resolve|import\.meta\.resolve)\(\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map(([, fromClause, plain, resolved]) => fromClause ?? plain ?? resolved ?? '');
}

const fits = (pattern: string, name: string): boolean =>
  pattern.endsWith('*')
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern || name.startsWith(`${pattern}/`);

function checkPackage(part: string, name: string): string | null {
  const rule = ruleFor(part);
  if (!rule.packages.some((pattern) => fits(pattern, name)))
    return rule.packages.length > PURE.length ? 'give it a home in the import law first' : rule.says;
  const home = Object.entries(HOMES).find(([pattern]) => fits(pattern, name))?.[1];
  return home && !home.includes(part) ? `it belongs in ${home.join(' and ')} alone` : null;
}

function checkImport(file: string, specifier: string): Finding | null {
  const part = partOf(file);
  const message = (why: string): string => `src/${file} imports ${specifier}: ${why}`;
  if (!specifier.startsWith('.')) {
    const why = checkPackage(part, specifier);
    return why ? { file, what: specifier, message: message(why) } : null;
  }
  const target = posix.join(posix.dirname(file), specifier);
  // The keys of the words are types: nothing of the file is there at run time.
  if (file === WORD_KEYS && target.startsWith('../words/en/')) return null;
  if (target.startsWith('..'))
    return { file, what: target, message: message('src imports nothing outside src') };
  const targetPart = partOf(target);
  const rule = ruleFor(part);
  const isRootFile =
    ROOT_FOLDERS.includes(targetPart) || (targetPart.endsWith('.ts') && !TOP_FILES.includes(targetPart));
  if (rule.parts.some((allowed) => fits(allowed, isRootFile ? ROOT_FILE : targetPart))) return null;
  return { file, what: targetPart, message: message(rule.says) };
}

function checkFile(file: string, text: string): readonly Finding[] {
  const findings = importsOf(text).flatMap((specifier) => checkImport(file, specifier) ?? []);
  if (
    /\bprocess\s*\.\s*env\b|\bprocess\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(text) &&
    file !== 'config.ts'
  )
    findings.push({ file, what: ENVIRONMENT, message: `src/${file} reads process.env: only config.ts does` });
  const lines = text.split('\n').length - 1;
  const most = file === 'app.ts' ? MAX_APP_LINES : MAX_LINES;
  if (lines > most)
    findings.push({
      file,
      what: 'length',
      message: `src/${file} has ${lines} lines: at most ${most}, split it`,
    });
  return findings;
}

/** What breaks the law, one sentence each. `files` maps paths relative to src to their text. */
export function checkLaw(
  files: ReadonlyMap<string, string>,
  exceptions: readonly Exception[],
): readonly string[] {
  const findings = [...files].flatMap(([file, text]) => checkFile(file, text));
  const covers = (exception: Exception, finding: Finding): boolean =>
    exception.file === finding.file && exception.may === finding.what;
  const open = findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding)));
  const idle = exceptions.filter((exception) => !findings.some((finding) => covers(exception, finding)));
  return [
    ...open.map((finding) => finding.message),
    ...idle.map(
      ({ file, may }) => `src/${file} no longer needs its exception for ${may}: take it out of the list`,
    ),
  ];
}
