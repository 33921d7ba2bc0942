// How Countersign proves to Entra who it is: a client secret, or the managed identity of the machine. Nothing else is tried,
// so that a start without either fails instead of borrowing somebody's developer login.
import {
  ClientSecretCredential,
  type ClientSecretCredentialOptions,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { CountersignError } from '../../case/errors.ts';

type AdditionalPolicyConfig = NonNullable<ClientSecretCredentialOptions['additionalPolicies']>[number];

export type CredentialSettings =
  | {
      readonly kind: 'secret';
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
      /** `https://login.microsoftonline.com` unless told. */
      readonly authorityHost?: string;
    }
  | { readonly kind: 'managed-identity'; readonly clientId: string };

const MICROSOFT_AUTHORITIES: readonly string[] = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
];
const DEFAULT_AUTHORITY = 'https://login.microsoftonline.com';

/** The SDK's login ignores the caller's abort signal, and has no time-out of its own. */
const LOGIN_TIMEOUT_MS = 10_000;

/** Ends a request to the login that takes longer than `timeoutMs`. */
const loginTimeout = (timeoutMs: number): AdditionalPolicyConfig => ({
  position: 'perCall',
  policy: {
    name: 'countersignLoginTimeout',
    sendRequest(request, next) {
      request.timeout = timeoutMs;
      return next(request);
    },
  },
});

/** `timeoutMs`: for one request to the login, 10 s unless told. */
export function createCredential(
  settings: CredentialSettings,
  timeoutMs: number = LOGIN_TIMEOUT_MS,
): TokenCredential {
  const additionalPolicies = [loginTimeout(timeoutMs)];
  if (settings.kind === 'managed-identity')
    return new ManagedIdentityCredential({ clientId: settings.clientId, additionalPolicies });
  const { tenantId, clientId, clientSecret, authorityHost = DEFAULT_AUTHORITY } = settings;
  return new ClientSecretCredential(tenantId, clientId, clientSecret, {
    // Always named, for the SDK would else take it from the environment.
    authorityHost,
    // Microsoft's discovery knows only Microsoft's authorities, and asking it would leave this machine.
    disableInstanceDiscovery: !MICROSOFT_AUTHORITIES.includes(new URL(authorityHost).host),
    // Steps retry, with back-off; a retry in here would only outlive the step's lease.
    retryOptions: { maxRetries: 0 },
    additionalPolicies,
  });
}

/** A token that vouches for another application, which trusts this identity ("Configure an application to trust a managed identity"). */
export const createAssertion =
  (credential: TokenCredential, audience: string) => async (): Promise<string> => {
    const token = await credential.getToken(`${audience}/.default`);
    if (!token) throw new CountersignError('graph.unauthenticated', 'the managed identity gave no token');
    return token.token;
  };
