// Accounts of on-premises Active Directory through Defender for Identity (`/security/identities/identityAccounts`, v1.0, global cloud only).
// Where that is not there, `find` says so by null; where it cannot be reached, it fails.
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';
import type { OnPremisesAccount, OnPremisesAccounts } from '../../ports/on-premises-accounts.ts';
import { type GraphClient, type GraphErrorBody, literal, segment } from './client.ts';
import { pagesOf } from './pages.ts';
import { parseItem } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

const READ: readonly GraphPermission[] = ['SecurityIdentitiesAccount.Read.All'];
const ACT: readonly GraphPermission[] = ['SecurityIdentitiesActions.ReadWrite.All'];
const LICENCE = 'Microsoft Defender for Identity';
const PROVIDER = 'activeDirectory';
const SID = /^S-1-\d+(?:-\d+)+$/i;

/** Not allowed, not there, not in this cloud; 400 and one kind of 401 in a tenant where Defender was never set up. */
const ABSENT: readonly number[] = [400, 401, 403, 404, 501];
/** "Unauthorized request - Account is not provisioned." Any other 401 is a token that is not accepted. */
const isAbsence = ({ status, message }: GraphErrorBody): boolean =>
  status !== 401 || /not provisioned/i.test(message);

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
