// The page where people sign in afresh: it remembers who did, and when, and decides nothing. Whoever opens somebody else's link signs
// in themselves, which helps nobody else: the claim looks for a sign-in of the person who presses the button.
import { hkdfSync } from 'node:crypto';
import { errorText } from '../../case/errors.ts';
import type { UserId } from '../../case/ids.ts';
import { chooseLocale } from '../../case/languages.ts';
import { say } from '../../case/said.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import { type Clock, isoTime } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Words as Writer } from '../../ports/words.ts';
import { wishesOf } from './accept-language.ts';
import { type ClientProof, createEntraLogin, type Failure, failureOf } from './entra-login.ts';
import { onward, type PageAnswer, page, type Words } from './page.ts';
import { createRoundCookie } from './round-cookie.ts';
import { type SignedIn, whoSignedIn } from './who-signed-in.ts';
import { THANKS, WORDS } from './words.ts';

export interface SignInOptions {
  /** Where people reach this server: scheme, host and port. */
  readonly publicUrl: string;
  readonly loginUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  /** 32 bytes, the same on every replica. */
  readonly cookieKey: Uint8Array;
  readonly freshSignInMs: number;
  readonly words: Writer;
  /** In which the page is written where neither the person nor the browser says a language that there is. */
  readonly tenant: Pick<OperatorSettings, 'locale' | 'timeZone'>;
  readonly clock: Clock;
  readonly log: Log;
  /** For one call to the login; 10 s unless told. */
  readonly timeoutMs?: number | undefined;
  /** Puts it on record, or throws. `ref`: of the case that the link named; empty where it named none. */
  remember(user: UserId, authTime: string, ref: string): Promise<void>;
  /** What their Teams says; null where it has said nothing. */
  localeOf(user: UserId): Promise<string | null>;
}

/** `languages`: the browser's `Accept-Language`. */
export interface SignInPages {
  begin(query: URLSearchParams): Promise<PageAnswer>;
  finish(
    query: URLSearchParams,
    cookies: string | undefined,
    languages: string | undefined,
  ): Promise<PageAnswer>;
  /** Where neither of them could answer. */
  sorry(why: 'too-long' | 'broken', languages: string | undefined): PageAnswer;
}

/** The key of the cookie, out of a secret that every replica has: a use of its own, which says nothing of the secret. */
export const cookieKeyFrom = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'countersign sign-in cookie', 32));

export const SIGN_IN_PATH = '/sign-in';
const CALLBACK_PATH = `${SIGN_IN_PATH}/callback`;
const TIMEOUT_MS = 10_000;
/** Of a case; anything else that stands in a link is nobody's words. */
const REF = /^[0-9A-HJKMNP-TV-Z]{8}$/;

export function createSignInPages(options: SignInOptions): SignInPages {
  const { publicUrl, clock, log, freshSignInMs, tenantId, tenant } = options;
  const cookie = createRoundCookie(options.cookieKey, publicUrl.startsWith('https:'));
  const login = createEntraLogin({
    ...options,
    redirectUri: `${publicUrl}${CALLBACK_PATH}`,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  });
  const again = (ref: string) => ({
    href: ref ? `${SIGN_IN_PATH}?for=${ref}` : SIGN_IN_PATH,
    text: say('sign-in.again'),
  });

  /** In the first of these languages that there is. */
  const shown = (status: number, words: Words, wishes: readonly (string | null)[], ended = true) => {
    const locale = chooseLocale([...wishes, tenant.locale]);
    const reader = { locale, timeZone: tenant.timeZone, now: isoTime(clock) };
    return page(status, words, {
      ...{ writer: options.words, reader },
      ...(ended && { cookie: cookie.gone }),
    });
  };

  function failed({ kind, code }: Failure, ref: string, wishes: readonly string[]): PageAnswer {
    log[kind === 'declined' || kind === 'void' ? 'warn' : 'error']({ kind, code }, 'sign-in not completed');
    const { status, ...words } = WORDS[kind];
    return shown(status, { ...words, link: again(ref) }, wishes);
  }

  type Why = Extract<SignedIn, { kind: 'refused' }>['why'];
  function refused(why: Why, ref: string, wishes: readonly string[]): PageAnswer {
    log[why === 'not-fresh' ? 'warn' : 'error']({ why }, 'sign-in refused');
    const { status, ...words } = WORDS[why];
    return shown(status, why === 'not-fresh' ? { ...words, link: again(ref) } : words, wishes);
  }

  /** Their sign-in is on record: a store that fails now must not look as if it were not. */
  async function localeOf(user: UserId): Promise<string | null> {
    try {
      return await options.localeOf(user);
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'whose language it is could not be read');
      return null;
    }
  }

  return {
    async begin(query) {
      const wanted = query.get('for')?.toUpperCase() ?? '';
      const ref = REF.test(wanted) ? wanted : '';
      const round = { ...login.newRound(), startedMs: clock.now(), ref };
      return onward(await login.addressFor(round), await cookie.seal(round));
    },

    async finish(query, cookies, languages) {
      const wishes = wishesOf(languages);
      const round = await cookie.open(cookies, clock.now());
      // The round stays as it is: whoever sends a browser here with an answer of their own must not end it.
      if (!round || query.get('state') !== round.state) {
        log.warn({ begun: round !== null }, 'sign-in of no round here refused');
        const { status, ...words } = WORDS.over;
        return shown(status, { ...words, link: again(round?.ref ?? '') }, wishes, false);
      }
      const { ref, startedMs } = round;
      let found: SignedIn;
      try {
        const claims = await login.redeem(query, round);
        found = whoSignedIn(claims, { tenantId, startedMs, nowMs: clock.now(), freshSignInMs });
      } catch (error) {
        return failed(failureOf(error), ref, wishes);
      }
      if (found.kind === 'refused') return refused(found.why, ref, wishes);
      try {
        await options.remember(found.user, found.authTime, ref);
      } catch (error) {
        log.error({ reason: errorText(error) }, 'sign-in could not be kept');
        const { status, ...words } = WORDS.unkept;
        return shown(status, { ...words, link: again(ref) }, wishes);
      }
      log.info({ user: found.user }, 'signed in afresh');
      const theirs = await localeOf(found.user);
      return shown(200, THANKS(found.name, ref, freshSignInMs), [theirs, ...wishes]);
    },

    sorry(why, languages) {
      const { status, ...words } = WORDS[why];
      return shown(status, words, wishesOf(languages), false);
    },
  };
}
