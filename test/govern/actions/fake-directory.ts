// A directory of one account for the tests of actions: says what was changed, and fails on any call that a test did not allow.

import type { UserId } from '../../../src/case/ids.ts';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import type { UserTarget } from '../../../src/case/target.ts';
import type { World } from '../../../src/govern/action.ts';
import type { DirectoryUser } from '../../../src/ports/directory.ts';
import { settings as base } from '../../helpers/cases.ts';

export const ALEX = 'ec7719b6-7d1b-4d8c-acd1-cf8b20742202' as UserId;
export const target: UserTarget = { kind: 'user', id: ALEX, label: 'Alex Weber' };
export const BEFORE = '2026-03-02T10:00:00Z';
export const AFTER = '2026-03-02T10:05:00Z';

export const settings: OperatorSettings = base;
export const protecting: OperatorSettings = { ...settings, protectedUsers: [ALEX] };

export interface FakeAccount {
  user: DirectoryUser | null;
  administrator: boolean;
  /** Shown by reads only once this is true; the default. */
  settled: boolean;
  readonly changes: string[];
}

export function createFakeDirectory(user: Partial<DirectoryUser> | null = {}): {
  readonly world: World;
  readonly account: FakeAccount;
} {
  const account: FakeAccount = {
    user: user && {
      id: ALEX,
      displayName: 'Alex Weber',
      userPrincipalName: 'alex.weber@contoso.example',
      enabled: true,
      guest: false,
      synced: false,
      sessionsValidFrom: BEFORE,
      ...user,
    },
    administrator: false,
    settled: true,
    changes: [],
  };
  const change = (what: string, part: Partial<DirectoryUser>): { readonly requestId: string } => {
    account.changes.push(what);
    if (account.user && account.settled) account.user = { ...account.user, ...part };
    return { requestId: `request-${account.changes.length}` };
  };
  const unexpected = (): never => {
    throw new Error('unexpected call');
  };
  return {
    account,
    world: {
      directory: {
        findUser: async (id) => (id === ALEX ? account.user : null),
        managerOf: unexpected,
        isAdministrator: async () => account.administrator,
        isMemberOfAny: unexpected,
        revokeSessions: async () => change('revoke', { sessionsValidFrom: AFTER }),
        setEnabled: async (_id, enabled) => change(enabled ? 'enable' : 'disable', { enabled }),
      },
      storage: {
        readAccess: unexpected,
        writePolicy: unexpected,
        writeAcl: unexpected,
        writePublicAccessBlock: unexpected,
      },
    },
  };
}
