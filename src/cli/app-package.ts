// Builds the Teams app package: the manifest with its tokens filled in, its words in the other languages, and the two icons, as a zip.
import { readFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { CountersignError } from '../case/errors.ts';
import { LANGUAGES } from '../case/languages.ts';
import { checkAppPackage } from './app-package-check.ts';

export interface AppPackageOptions {
  /** The bot's Entra application id. */
  readonly botAppId: string;
  /** `id` in the manifest, which Graph calls externalId. */
  readonly teamsAppId: string;
  /** Who stands behind the app, as Teams shows it; placeholders where absent. */
  readonly developer?: Partial<Developer>;
}

export interface Developer {
  readonly name: string;
  readonly websiteUrl: string;
  readonly privacyUrl: string;
  readonly termsOfUseUrl: string;
}

/** Teams refuses a package without them; an organisation's own catalogue takes any https address. */
export const PLACEHOLDER_DEVELOPER: Developer = {
  name: 'Countersign',
  websiteUrl: 'https://countersign.example',
  privacyUrl: 'https://countersign.example/privacy',
  termsOfUseUrl: 'https://countersign.example/terms',
};

const FOLDER = new URL('../../appPackage/', import.meta.url);
/** English is the manifest's own. */
const AS_THEY_ARE = [
  'color.png',
  'outline.png',
  ...LANGUAGES.filter((language) => language !== 'en').map((language) => `${language}.json`),
];

/** `${{NAME}}` to its value, quoted as JSON text asks for. Names without a value stay, and the check finds them. */
function fillTokens(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{(\w+)\}\}/g, (token, name: string) => {
    const value = values[name];
    return value === undefined ? token : JSON.stringify(value).slice(1, -1);
  });
}

/** The zip's bytes. Throws `package.invalid` with every problem in its message, one a line. */
export async function buildAppPackage(options: AppPackageOptions): Promise<Uint8Array> {
  const developer = { ...PLACEHOLDER_DEVELOPER, ...options.developer };
  const template = await readFile(new URL('manifest.json', FOLDER), 'utf8');
  const others = await Promise.all(
    AS_THEY_ARE.map(async (name) => [name, await readFile(new URL(name, FOLDER))] as const),
  );
  const manifest = fillTokens(template, {
    TEAMS_APP_ID: options.teamsAppId,
    BOT_ID: options.botAppId,
    DEVELOPER_NAME: developer.name,
    WEBSITE_URL: developer.websiteUrl,
    PRIVACY_URL: developer.privacyUrl,
    TERMS_URL: developer.termsOfUseUrl,
  });
  const zip = zipSync({ 'manifest.json': strToU8(manifest), ...Object.fromEntries(others) });
  const problems = checkAppPackage(zip);
  if (problems.length > 0)
    throw new CountersignError('package.invalid', `The app package is not valid:\n${problems.join('\n')}`);
  return zip;
}
