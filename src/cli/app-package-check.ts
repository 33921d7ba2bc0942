// Checks a Teams app package the way the Teams upload does, as far as our manifest goes, and lists every problem at once.
// Lengths and patterns: the Teams app manifest schema 1.29, and its localization schema.
import { strFromU8, unzipSync } from 'fflate';
import { z } from 'zod';

const guid = z.string().regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, 'must be a GUID');
/** Teams takes http for some of these, and then warns people: we do not. */
const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' }).max(2048);
const text = (most: number) => z.string().min(1).max(most);

const command = z.strictObject({ title: text(128), description: text(4000) });
const scope = z.enum(['personal', 'team', 'groupChat']);

const languages = z.strictObject({
  defaultLanguageTag: z.literal('en'),
  additionalLanguages: z.array(z.strictObject({ languageTag: text(10), file: z.string() })),
});

const bot = z.strictObject({
  botId: guid,
  scopes: z.array(scope).min(1),
  supportsFiles: z.literal(false),
  isNotificationOnly: z.literal(false),
  commandLists: z
    .array(z.strictObject({ scopes: z.array(scope), commands: z.array(command).max(12) }))
    .max(3),
});

const manifestSchema = z.strictObject({
  $schema: httpsUrl,
  manifestVersion: z.string().regex(/^1\.\d+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.0.0'),
  id: guid,
  developer: z.strictObject({
    name: text(32),
    websiteUrl: httpsUrl,
    privacyUrl: httpsUrl,
    termsOfUseUrl: httpsUrl,
  }),
  name: z.strictObject({ short: text(30), full: text(100) }),
  description: z.strictObject({ short: text(80), full: text(4000) }),
  localizationInfo: languages,
  icons: z.strictObject({ color: z.literal('color.png'), outline: z.literal('outline.png') }),
  accentColor: z.string().regex(/^#[0-9a-f]{6}$/i),
  bots: z.array(bot).length(1),
  defaultInstallScope: scope,
  permissions: z.array(z.enum(['identity', 'messageTeamMembers'])),
  validDomains: z.array(text(2048)).max(100),
  webApplicationInfo: z.strictObject({ id: guid, resource: text(2048) }),
});

type Manifest = z.infer<typeof manifestSchema>;
interface Checked {
  readonly problems: readonly string[];
  /** Null where it could not be read. */
  readonly manifest: Manifest | null;
}

function checkManifest(source: string): Checked {
  const unfilled = [...new Set(source.match(/\$\{\{\w+\}\}/g))].map(
    (token) => `manifest.json: ${token} is not filled in`,
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    return { problems: [...unfilled, 'manifest.json: not valid JSON'], manifest: null };
  }
  const result = manifestSchema.safeParse(parsed);
  if (!result.success)
    return { problems: [...unfilled, ...issuesIn('manifest.json', result.error)], manifest: null };
  const { $schema, manifestVersion, bots, webApplicationInfo } = result.data;
  const problems = [...unfilled];
  if (!$schema.includes(`/v${manifestVersion}/`))
    problems.push(`manifest.json: $schema is not that of manifestVersion ${manifestVersion}`);
  // Graph installs the app for a person only when the caller is the application named here.
  if (webApplicationInfo.id !== bots[0]?.botId)
    problems.push('manifest.json: webApplicationInfo.id is not the bot’s application id');
  return { problems, manifest: result.data };
}

const issuesIn = (file: string, { issues }: z.ZodError): readonly string[] =>
  issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`);

/** What of the manifest people read, as the localization schema names it. What people type stays as it is: titles of commands. */
function wordsOf({ $schema, bots }: Manifest) {
  const commands = bots.flatMap(({ commandLists }, bot) =>
    commandLists.flatMap((list, at) =>
      list.commands.map((_, nth) => `bots[${bot}].commandLists[${at}].commands[${nth}].description`),
    ),
  );
  return z.strictObject({
    $schema: z.literal(
      $schema.replace(/MicrosoftTeams\.schema\.json$/, 'MicrosoftTeams.Localization.schema.json'),
    ),
    'name.short': text(30),
    'name.full': text(100),
    'description.short': text(80),
    'description.full': text(4000),
    ...Object.fromEntries(commands.map((key) => [key, text(4000)])),
  });
}

function checkLanguage(name: string, bytes: Uint8Array | undefined, manifest: Manifest): readonly string[] {
  if (!bytes) return [`${name}: missing`];
  try {
    const result = wordsOf(manifest).safeParse(JSON.parse(strFromU8(bytes)));
    return result.success ? [] : issuesIn(name, result.error);
  } catch {
    return [`${name}: not valid JSON`];
  }
}

const PNG_SIGNATURE = '89504e470d0a1a0a';
const RGBA = 6;

/** Size and colour type stand at fixed places in the first chunk of every PNG. */
function checkIcon(name: string, bytes: Uint8Array, size: number, transparent: boolean): readonly string[] {
  const header = Buffer.from(bytes.subarray(0, 26));
  if (header.length < 26 || header.toString('hex', 0, 8) !== PNG_SIGNATURE) return [`${name}: not a PNG`];
  const problems: string[] = [];
  const [width, height] = [header.readUInt32BE(16), header.readUInt32BE(20)];
  if (width !== size || height !== size)
    problems.push(`${name}: ${width} by ${height} pixels, Teams wants ${size} by ${size}`);
  if (transparent && header.readUInt8(25) !== RGBA) problems.push(`${name}: has no transparency`);
  return problems;
}

/** Every problem, one sentence each; none means that Teams takes it. */
export function checkAppPackage(zip: Uint8Array): readonly string[] {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip);
  } catch {
    return ['not a zip'];
  }
  const { 'manifest.json': source, 'color.png': color, 'outline.png': outline, ...others } = files;
  const { problems, manifest } = source
    ? checkManifest(strFromU8(source))
    : { problems: ['manifest.json: missing'], manifest: null };
  const named = manifest?.localizationInfo.additionalLanguages.map(({ file }) => file) ?? [];
  // Which languages there are, only the manifest says.
  const strays = Object.keys(others).filter((name) => manifest && !named.includes(name));
  return [
    ...strays.map((name) => `${name}: does not belong in the package`),
    ...problems,
    ...(manifest ? named.flatMap((name) => checkLanguage(name, others[name], manifest)) : []),
    ...(color ? checkIcon('color.png', color, 192, false) : ['color.png: missing']),
    ...(outline ? checkIcon('outline.png', outline, 32, true) : ['outline.png: missing']),
  ];
}
