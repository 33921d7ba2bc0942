// What the claims of an ID token prove, once its signature, issuer, audience and nonce hold: who it is, of which tenant, and that they
// signed in just now. Pure. Source: "ID token claims reference" (Microsoft identity platform); `auth_time` is an optional claim there.
import { parseUserId, type UserId } from '../../case/ids.ts';
import type { Claims } from './entra-login.ts';

export interface SignInFacts {
  readonly tenantId: string;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly freshSignInMs: number;
}

export type SignedIn =
  | { readonly kind: 'proven'; readonly user: UserId; readonly name: string; readonly authTime: string }
  | { readonly kind: 'refused'; readonly why: 'other-tenant' | 'nobody' | 'no-auth-time' | 'not-fresh' };

/** Clocks of Entra and of us differ by less. */
const SKEW_MS = 2 * 60_000;
const refused = (why: Extract<SignedIn, { kind: 'refused' }>['why']): SignedIn => ({ kind: 'refused', why });

export function whoSignedIn(claims: Claims, facts: SignInFacts): SignedIn {
  const { tid, oid, name, auth_time: seconds } = claims;
  if (tid !== facts.tenantId) return refused('other-tenant');
  const user = typeof oid === 'string' ? parseUserId(oid) : null;
  if (!user) return refused('nobody');
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return refused('no-auth-time');
  const authMs = seconds * 1_000;
  const isFresh =
    authMs >= facts.startedMs - SKEW_MS &&
    authMs <= facts.nowMs + SKEW_MS &&
    facts.nowMs - authMs <= facts.freshSignInMs;
  if (!isFresh) return refused('not-fresh');
  return {
    kind: 'proven',
    user,
    name: typeof name === 'string' ? name : '',
    // A clock ahead of ours must not make it last longer.
    authTime: new Date(Math.min(authMs, facts.nowMs)).toISOString(),
  };
}
