// Who is calling: looks access keys up, checks the signature, and hands out temporary keys for assumed roles (in memory only).
import { randomBytes } from 'node:crypto';
import type { PolicyRequest } from './policy-language.ts';
import { S3Error } from './s3-error.ts';
import { checkSignature, readScope, type Scope, type SignedRequest } from './signature.ts';
import type { S3Account, S3Role, S3User } from './state.ts';

export interface Caller {
  /** The user's ARN, or the session's. */
  readonly arn: string;
  /** The role's ARN, for a session. */
  readonly roleArn?: string;
  readonly account: S3Account;
  readonly allows: readonly string[];
  /** What AWS knows of the caller when it looks at conditions; lower-case names. */
  readonly keys?: Readonly<Record<string, string>>;
  /** An explicit deny of IAM or of the organisation. */
  readonly denies?: (request: PolicyRequest) => boolean;
}

/** What IAM and the organisation say of callers, where there are stand-ins for them. */
export interface IdentityGate {
  isKeyActive(accessKeyId: string): boolean;
  readonly denies: (request: PolicyRequest) => boolean;
}

export interface Session {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: number;
}

interface Keys {
  readonly secret: string;
  readonly caller: Caller;
  readonly session?: Session;
}

export interface Callers {
  /** Null for an anonymous request. Throws InvalidAccessKeyId, InvalidToken, ExpiredToken and what the signature check throws. */
  authenticate(request: SignedRequest): { readonly caller: Caller; readonly scope: Scope } | null;
  openSession(role: S3Role, name: string, durationMs: number): Session;
  findRole(arn: string): S3Role | undefined;
}

export interface KnownCallers {
  readonly accounts: readonly S3Account[];
  readonly users: readonly S3User[];
  readonly roles: readonly S3Role[];
  readonly identities?: IdentityGate | undefined;
}

const OPEN: IdentityGate = { isKeyActive: () => true, denies: () => false };
const isRoot = (arn: string): boolean => arn.endsWith(':root');
const nameIn = (arn: string): string => arn.split(/[/:]/).at(-1) ?? '';

/** Throws when a user or role belongs to an account that is not listed. */
export function createCallers(known: KnownCallers, now: () => number): Callers {
  const { accounts, users, roles, identities = OPEN } = known;
  const keys = new Map<string, Keys>();
  const accountOf = (arn: string): S3Account => {
    const account = accounts.find(({ id }) => id === arn.split(':')[4]);
    if (!account) throw new Error(`${arn}: its account is not known`);
    return account;
  };
  for (const { arn, accessKeyId, secretAccessKey, allows } of users) {
    const caller = {
      arn,
      account: accountOf(arn),
      allows: isRoot(arn) ? ['*'] : allows,
      keys: { 'aws:username': nameIn(arn) },
      denies: identities.denies,
    };
    keys.set(accessKeyId, { secret: secretAccessKey, caller });
  }
  for (const { arn } of roles) accountOf(arn);

  function checkToken({ session }: Keys, token: string | undefined): void {
    if (!session && token !== undefined) throw new S3Error('InvalidToken');
    if (!session) return;
    if (token !== session.sessionToken)
      throw new S3Error(token === undefined ? 'InvalidAccessKeyId' : 'InvalidToken');
    if (now() >= session.expiresAt) throw new S3Error('ExpiredToken');
  }

  return {
    authenticate(request) {
      const scope = readScope(request);
      if (!scope) return null;
      const found = keys.get(scope.accessKeyId);
      // AWS says the same of a key that was deactivated.
      if (!found || !identities.isKeyActive(scope.accessKeyId)) throw new S3Error('InvalidAccessKeyId');
      checkSignature(request, scope, found.secret, now());
      checkToken(found, request.headers['x-amz-security-token']?.toString());
      return { caller: found.caller, scope };
    },

    openSession(role, name, durationMs) {
      const account = accountOf(role.arn);
      const session = {
        arn: `arn:aws:sts::${account.id}:assumed-role/${nameIn(role.arn)}/${name}`,
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(60).toString('base64'),
        expiresAt: now() + durationMs,
      };
      const caller = {
        arn: session.arn,
        roleArn: role.arn,
        account,
        allows: role.allows,
        keys: {
          'aws:userid': `AROA${nameIn(role.arn).toUpperCase()}:${name}`,
          'aws:tokenissuetime': new Date(now()).toISOString(),
        },
        denies: identities.denies,
      };
      keys.set(session.accessKeyId, { secret: session.secretAccessKey, caller, session });
      return session;
    },

    findRole: (arn) => roles.find((role) => role.arn === arn),
  };
}
