// The page where people sign in afresh: it remembers who did, and when, and decides nothing. Whoever opens somebody else's link signs
// in themselves, which helps nobody else: the claim looks for a sign-in of the person who presses the button.
import { hkdfSync } from 'node:crypto';
import { durationText } from '../../case/duration-text.ts';
import { errorText } from '../../case/errors.ts';
import type { UserId } from '../../case/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type ClientProof, createEntraLogin, type Failure, failureOf } from './entra-login.ts';
import { onward, type PageAnswer, page } from './page.ts';
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
  readonly clock: Clock;
  readonly log: Log;
  /** For one call to the login; 10 s unless told. */
  readonly timeoutMs?: number | undefined;
  /** Puts it on record, or throws. `ref`: of the case that the link named; empty where it named none. */
  remember(user: UserId, authTime: string, ref: string): Promise<void>;
}

export interface SignInPages {
  begin(query: URLSearchParams): Promise<PageAnswer>;
  finish(query: URLSearchParams, cookies: string | undefined): Promise<PageAnswer>;
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
  const { publicUrl, clock, log, freshSignInMs, tenantId } = options;
  const cookie = createRoundCookie(options.cookieKey, publicUrl.startsWith('https:'));
  const login = createEntraLogin({
    ...options,
    redirectUri: `${publicUrl}${CALLBACK_PATH}`,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  });
  const again = (ref: string) => ({
    href: ref ? `${SIGN_IN_PATH}?for=${ref}` : SIGN_IN_PATH,
    text: 'Sign in again',
  });

  function failed({ kind, code }: Failure, ref: string): PageAnswer {
    log[kind === 'declined' || kind === 'void' ? 'warn' : 'error']({ kind, code }, 'sign-in not completed');
    const { status, ...words } = WORDS[kind];
    return page(status, { ...words, link: again(ref) }, cookie.gone);
  }

  function refused(why: Extract<SignedIn, { kind: 'refused' }>['why'], ref: string): PageAnswer {
    log[why === 'not-fresh' ? 'warn' : 'error']({ why }, 'sign-in refused');
    const { status, ...words } = WORDS[why];
    return page(status, why === 'not-fresh' ? { ...words, link: again(ref) } : words, cookie.gone);
  }

  return {
    async begin(query) {
      const wanted = query.get('for')?.toUpperCase() ?? '';
      const ref = REF.test(wanted) ? wanted : '';
      const round = { ...login.newRound(), startedMs: clock.now(), ref };
      return onward(await login.addressFor(round), await cookie.seal(round));
    },

    async finish(query, cookies) {
      const round = await cookie.open(cookies, clock.now());
      // The round stays as it is: whoever sends a browser here with an answer of their own must not end it.
      if (!round || query.get('state') !== round.state) {
        log.warn({ begun: round !== null }, 'sign-in of no round here refused');
        const { status, ...words } = WORDS.over;
        return page(status, { ...words, link: again(round?.ref ?? '') });
      }
      const { ref, startedMs } = round;
      let found: SignedIn;
      try {
        const claims = await login.redeem(query, round);
        found = whoSignedIn(claims, { tenantId, startedMs, nowMs: clock.now(), freshSignInMs });
      } catch (error) {
        return failed(failureOf(error), ref);
      }
      if (found.kind === 'refused') return refused(found.why, ref);
      try {
        await options.remember(found.user, found.authTime, ref);
      } catch (error) {
        log.error({ reason: errorText(error) }, 'sign-in could not be kept');
        const { status, ...words } = WORDS.unkept;
        return page(status, { ...words, link: again(ref) }, cookie.gone);
      }
      log.info({ user: found.user }, 'signed in afresh');
      return page(200, THANKS(found.name, ref, durationText(freshSignInMs)), cookie.gone);
    },
  };
}
