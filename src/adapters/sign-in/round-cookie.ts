// What a round must bring back, kept in the browser that began it: sealed, so that any replica can finish it, and nobody but us can
// read it or make one up. Another browser has none: a link with somebody else's code in it is worth nothing there.
import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';
import type { Round } from './entra-login.ts';

/** How long somebody may take to sign in. */
export const ROUND_MS = 10 * 60_000;

export interface BegunRound extends Round {
  readonly startedMs: number;
  /** Reference of the case that brought them: for words alone. */
  readonly ref: string;
}

export interface RoundCookie {
  /** The value of `Set-Cookie`. */
  seal(round: BegunRound): Promise<string>;
  /** Null: none, more than one, not of our making, or too old. */
  open(header: string | undefined, nowMs: number): Promise<BegunRound | null>;
  /** The value of `Set-Cookie` that ends it. */
  readonly gone: string;
}

const HOLDS = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  startedMs: z.number(),
  ref: z.string(),
});
const USE = 'countersign-sign-in';
const SEALED = { alg: 'dir', enc: 'A256GCM' } as const;

/** `key`: 32 bytes. Over plain http (a laptop) browsers take no `__Host-` cookie, which no neighbouring host can set or overwrite. */
export function createRoundCookie(key: Uint8Array, secure: boolean): RoundCookie {
  const name = secure ? `__Host-${USE}` : USE;
  // Lax: the login sends the browser back from another site, by a plain link.
  const rules = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    gone: `${name}=; ${rules}; Max-Age=0`,
    async seal({ ...round }) {
      const value = await new EncryptJWT(round)
        .setProtectedHeader(SEALED)
        .setAudience(USE)
        .setExpirationTime(new Date(round.startedMs + ROUND_MS))
        .encrypt(key);
      return `${name}=${value}; ${rules}; Max-Age=${ROUND_MS / 1_000}`;
    },
    async open(header, nowMs) {
      const [value, ...others] = cookiesNamed(name, header);
      if (!value || others.length > 0) return null;
      try {
        const { payload } = await jwtDecrypt(value, key, {
          audience: USE,
          currentDate: new Date(nowMs),
          requiredClaims: ['exp'],
          keyManagementAlgorithms: [SEALED.alg],
          contentEncryptionAlgorithms: [SEALED.enc],
        });
        return HOLDS.parse(payload);
      } catch {
        return null;
      }
    },
  };
}

const cookiesNamed = (name: string, header = ''): readonly string[] =>
  header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
