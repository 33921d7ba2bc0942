// What shuts somebody out can take a fresh sign-in of whoever decides it. Pure: when they last signed in is read by the claim, in its
// own transaction, of the person who answers and of nobody else.
import type { Case } from '../case/case.ts';
import { say } from '../case/said.ts';
import type { Answer } from '../ports/answer.ts';
import type { Ruling } from './authorise.ts';

export interface SignInFacts {
  /** Of the person who answers; ISO 8601. Null: none is on record. */
  readonly signedInAt: string | null;
  readonly nowMs: number;
}

export interface SignInRules {
  /** How old it may be. */
  readonly freshSignInMs: number;
  /** The page where people sign in; null where none is set up, and then nobody can. */
  readonly page: string | null;
}

/** The page's own case is only for its words: it decides nothing. */
export type SignInRuling = Extract<Ruling, { kind: 'refused' }> & { readonly signInUrl?: string };

/** Clocks of Entra, of us and of our replicas differ by less. What lies further ahead proves nothing. */
const SKEW_MS = 2 * 60_000;

/**
 * Only a policy asks for it, and only for what keeps somebody or something out or lets them in: an undo does, and "expected" where
 * something was contained before anybody had answered.
 */
export function takesFreshSignIn(about: Case, { verb, offer }: Answer): boolean {
  if (!about.policy.asking?.freshSignIn) return false;
  if (verb === 'undo' || (verb === 'dismiss' && about.containedFirst)) return true;
  if (verb !== 'approve') return false;
  const chosen = about.question?.offers.find(({ key }) => key === offer);
  return chosen?.actions.some(({ nature }) => nature !== 'informs') ?? false;
}

/** Null where the answer takes no fresh sign-in, or there is one. */
export function ruleFreshSignIn(
  about: Case,
  answer: Answer,
  { signedInAt, nowMs }: SignInFacts,
  { freshSignInMs, page }: SignInRules,
): SignInRuling | null {
  if (!takesFreshSignIn(about, answer)) return null;
  const ageMs = signedInAt === null ? Number.NaN : nowMs - Date.parse(signedInAt);
  if (ageMs >= -SKEW_MS && ageMs <= freshSignInMs) return null;
  const refused = { kind: 'refused', code: 'decide.sign-in-first', mayLook: true } as const;
  if (page === null)
    return {
      ...refused,
      say: say('decide.no-sign-in-page'),
    };
  return {
    ...refused,
    say: say('decide.sign-in-first', { age: { ms: freshSignInMs } }),
    signInUrl: `${page}?for=${encodeURIComponent(about.ref)}`,
  };
}
