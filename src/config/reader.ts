// Reads settings one by one out of an environment that is handed in, and gathers what is wrong with them.
import { readFileSync } from 'node:fs';
import { errorText } from '../case/errors.ts';
import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every reader answers something usable and notes what is wrong in `problems`, so that all of it is said at once. */
export function createReader(env: Environment) {
  const problems: string[] = [];
  const text = (name: string): string | null => env[name]?.trim() || null;

  const required = (name: string, what: string): string => {
    const value = text(name);
    if (!value) problems.push(`${name} is missing: ${what}`);
    return value ?? '';
  };

  const guid = (name: string, what: string): string => {
    const value = required(name, what).toLowerCase();
    if (value && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
      problems.push(`${name} is not a GUID`);
    return value;
  };

  const number = (name: string, fallback: number, least: number, most: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    if (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    problems.push(`${name} must be a whole number from ${least} to ${most}`);
    return fallback;
  };

  const choice = <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
    const value = text(name) ?? fallback;
    const found = choices.find((one) => one === value);
    if (!found) problems.push(`${name} must be one of ${choices.join(', ')}`);
    return found ?? fallback;
  };

  /** The value itself, or `file:` and the path of a mounted secret. */
  const secret = (name: string): Secret | null => {
    const value = text(name);
    if (value === null) return null;
    if (value.startsWith('@Microsoft.KeyVault')) {
      problems.push(`${name} is a Key Vault reference that the platform has not resolved`);
      return null;
    }
    if (!value.startsWith('file:')) return new Secret(value.replaceAll('\\n', '\n'));
    try {
      const content = readFileSync(value.slice('file:'.length), 'utf8').trim();
      if (!content) problems.push(`${name} names a file that is empty`);
      return content ? new Secret(content) : null;
    } catch (error) {
      problems.push(`${name} names a file that cannot be read: ${errorText(error)}`);
      return null;
    }
  };

  const url = (name: string, fallback: string): string => {
    const value = text(name) ?? fallback;
    if (/^https?:\/\//i.test(value) && URL.canParse(value)) return value.replace(/\/$/, '');
    problems.push(`${name} is not a URL that begins with https:// or http://`);
    return fallback;
  };

  return { problems, text, required, guid, number, choice, secret, url };
}
