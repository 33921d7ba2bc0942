// The settings of the page where people sign in afresh, and who needs it.
import type { Policy } from '../case/policy.ts';
import type { createReader } from './reader.ts';
import type { Secret } from './secret.ts';

export interface SignInConfig {
  /** Where people reach this server: scheme, host and port, no slash at the end. */
  readonly publicUrl: string;
  readonly appId: string;
  /** Null: the bot's managed identity vouches for the application. */
  readonly password: Secret | null;
}

export interface BotIdentity {
  readonly appId: string;
  readonly appType: 'SingleTenant' | 'UserAssignedMSI';
  readonly password: Secret | null;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const APP_ID = 'COUNTERSIGN_SIGN_IN_APP_ID';
const APP_PASSWORD = 'COUNTERSIGN_SIGN_IN_APP_PASSWORD';

/** Null where there is no such page. People sign in to the bot's own application unless another one is named. */
export function readSignIn(
  { problems, text, secret, guid }: ReturnType<typeof createReader>,
  bot: BotIdentity,
  production: boolean,
): SignInConfig | null {
  const given = text('COUNTERSIGN_PUBLIC_URL');
  if (given === null) {
    for (const name of [APP_ID, APP_PASSWORD])
      if (text(name) !== null) problems.push(`${name} only counts with COUNTERSIGN_PUBLIC_URL`);
    return null;
  }
  const publicUrl = originOf(given, production);
  if (!publicUrl)
    problems.push(
      `COUNTERSIGN_PUBLIC_URL must be https:// and a host, with nothing behind it${production ? '' : ' (http:// on this machine alone)'}`,
    );
  const own = text(APP_ID) !== null;
  const appId = own ? guid(APP_ID, '') : bot.appId;
  const isBots = appId === bot.appId;
  const password = secret(APP_PASSWORD) ?? (isBots ? bot.password : null);
  if (bot.appType === 'UserAssignedMSI' && isBots)
    problems.push(
      `${APP_ID} is missing: nobody can sign in to a managed identity, so name an application that trusts it`,
    );
  if (bot.appType === 'SingleTenant' && own && !isBots && text(APP_PASSWORD) === null)
    problems.push(`${APP_PASSWORD} is missing: ${APP_ID} names another application than the bot's`);
  return { publicUrl: publicUrl ?? '', appId, password };
}

function originOf(given: string, production: boolean): string | null {
  if (!URL.canParse(given)) return null;
  const { protocol, hostname, origin, href } = new URL(given);
  if (href !== `${origin}/`) return null;
  const isHere = !production && LOOPBACK.includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? origin : null;
}

/** What keeps policies from being answered at all: a start says so, instead of the first person who is asked. */
export const signInProblems = (
  policies: readonly Policy[],
  signIn: SignInConfig | null,
): readonly string[] =>
  signIn
    ? []
    : policies
        .filter(({ stage, asking }) => stage === 'ask' && asking.freshSignIn)
        .map(
          ({ id }) =>
            `COUNTERSIGN_PUBLIC_URL is missing: the policy ${id} demands a fresh sign-in (asking.freshSignIn), and there is no page for it`,
        );
