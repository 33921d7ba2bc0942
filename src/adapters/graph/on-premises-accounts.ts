// Accounts of on-premises Active Directory through Defender for Identity (`/security/identities/identityAccounts`, v1.0, global cloud only).
// Where that is not there, `find` says so by null; where it cannot be reached, it fails.
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';
import type { OnPremisesAccount, OnPremisesAccounts } from '../../ports/on-premises-accounts.ts';
import { type GraphClient, type GraphErrorBody, literal, segment } from './client.ts';
import { saysNoLicence } from './errors.ts';
import { pagesOf } from './pages.ts';
import { parseItem } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

const READ: readonly GraphPermission[] = ['SecurityIdentitiesAccount.Read.All'];
const ACT: readonly GraphPermission[] = ['SecurityIdentitiesActions.ReadWrite.All'];
const LICENCE = 'Microsoft Defender for Identity';
const PROVIDER = 'activeDirectory';
const SID = /^S-1-\d+(?:-\d+)+$/i;

/** Not there, not in this cloud; the others only where Graph says that it is for want of Defender. */
const ABSENT: readonly number[] = [400, 401, 403, 404, 501];
/** "Unauthorized request - Account is not provisioned." Any other 400, 401 or 403 may be our own fault, and says nothing of Defender. */
const isAbsence = (error: GraphErrorBody): boolean =>
  error.status === 404 ||
  error.status === 501 ||
  /not provisioned/i.test(error.message) ||
  (error.status === 403 && saysNoLicence(error));

const identityItem = z.object({
  id: z.string(),
  onPremisesSecurityIdentifier: z.string().nullish(),
  isEnabled: z.boolean().nullish(),
  accounts: z.array(
    z.object({
      identifier: z.string(),
      // "account resource type" says identityProvider and `activeDirectory`, the examples of "List identityAccounts" say provider and `ActiveDirectory`.
      identityProvider: z.string().nullish(),
      provider: z.string().nullish(),
    }),
  ),
});

const sameText = (one: string | null | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();

function toAccount(item: unknown, sid: string): OnPremisesAccount | null {
  const identity = parseItem(identityItem, item, 'an identity account');
  if (!sameText(identity.onPremisesSecurityIdentifier, sid)) return null;
  const account = identity.accounts.find((one) => sameText(one.identityProvider ?? one.provider, PROVIDER));
  return (
    (account && { id: identity.id, account: account.identifier, enabled: identity.isEnabled ?? null }) ?? null
  );
}

export function createGraphOnPremisesAccounts(client: GraphClient): OnPremisesAccounts {
  return {
    async find(sid) {
      if (!SID.test(sid)) return null;
      const pages = pagesOf(client, {
        method: 'GET',
        path: '/security/identities/identityAccounts',
        query: { $filter: `onPremisesSecurityIdentifier eq ${literal(sid)}` },
        permissions: READ,
        licence: LICENCE,
        answers: ABSENT,
        isAnswer: isAbsence,
      });
      for await (const page of pages)
        for (const item of page) {
          const account = toAccount(item, sid);
          if (account) return account;
        }
      return null;
    },

    async invoke({ id, account }, action) {
      if (account === '') throw new CountersignError('graph.bad-id', 'An action on no account was refused.');
      const { requestId } = await client.call({
        method: 'POST',
        path: `/security/identities/identityAccounts/${segment(id)}/invokeAction`,
        body: { accountId: account, action, identityProvider: PROVIDER },
        permissions: ACT,
        licence: LICENCE,
        gone: say('errors.graph-unknown-on-premises'),
      });
      return { requestId };
    },
  };
}
