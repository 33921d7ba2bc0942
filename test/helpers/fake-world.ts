// The world behind our own ports, in memory, counting what is done to it: for tests that crash between any two calls.

import { systemClock } from '../../src/adapters/system.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { JsonObject } from '../../src/case/json.ts';
import type { BucketAccess, BucketAcl, PublicAccessBlock } from '../../src/case/public-access.ts';
import { targetKey } from '../../src/case/target.ts';
import type { World } from '../../src/govern/action.ts';
import type { AlertSource } from '../../src/ports/alert-source.ts';
import type { AppInstaller } from '../../src/ports/app-installer.ts';
import type { AccountDeny, KeyFacts, PrincipalFacts } from '../../src/ports/aws-identities.ts';
import type { Calendar, Calendars } from '../../src/ports/calendars.ts';
import type { AppFacts, AppRole, DelegatedGrant } from '../../src/ports/consents.ts';
import type { DirectoryUser, PasswordState } from '../../src/ports/directory.ts';
import type { GroupFacts } from '../../src/ports/groups.ts';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';
import type { CardContent, Messenger } from '../../src/ports/messenger.ts';
import type { OnPremisesAccount } from '../../src/ports/on-premises-accounts.ts';
import type { Risk } from '../../src/ports/risk-register.ts';
import { INVOICES_OPENED } from '../../src/sandbox/buckets.ts';
import { PEOPLE, people } from '../../src/sandbox/people.ts';
import { settings } from './cases.ts';

export interface FakeWorld {
  readonly world: Omit<World, 'notices' | 'clock' | 'settings'>;
  readonly calendars: Calendars;
  readonly mailer: Mailer;
  /** Set and read by tests: what the ports above stand on. */
  readonly state: FakeState;
  readonly messenger: Messenger;
  readonly installer: AppInstaller;
  readonly alerts: AlertSource;
  /** How often each thing was done to the world. */
  readonly done: Readonly<Record<string, number>>;
  readonly bucket: () => BucketAccess;
  readonly cards: ReadonlyMap<string, CardContent>;
  readonly comments: readonly string[];
  addAlert(alert: JsonObject): void;
}

/** Mutable on purpose: a test sets the scene, acts, and looks. */
export interface FakeState {
  readonly users: Map<string, DirectoryUser>;
  readonly administrators: Set<string>;
  readonly passwords: Map<string, PasswordState>;
  readonly groups: Map<string, GroupFacts>;
  /** `group user` */
  readonly members: Set<string>;
  readonly risks: Map<string, Risk>;
  /** `appId` -> service principal. */
  readonly apps: Map<string, AppFacts>;
  /** `user principal` -> grants. */
  readonly grants: Map<string, readonly DelegatedGrant[]>;
  readonly roles: Map<string, readonly AppRole[]>;
  readonly allowedForEverybody: Set<string>;
  /** Principal -> how many permissions of its own. */
  readonly ownPermissions: Map<string, number>;
  /** Security identifier -> account. */
  readonly onPremises: Map<string, OnPremisesAccount>;
  /** `targetKey` of the bucket -> access; any other bucket is the one that `bucket()` answers. */
  readonly buckets: Map<string, BucketAccess>;
  readonly objectAcls: Map<string, BucketAcl>;
  readonly accountBlocks: Map<string, PublicAccessBlock>;
  /** `targetKey` of a user or a role -> what IAM knows. */
  readonly principals: Map<string, PrincipalFacts>;
  /** `targetKey` of a user -> keys. */
  readonly keys: Map<string, readonly KeyFacts[]>;
  /** `targetKey name` -> inline policy. */
  readonly inlinePolicies: Map<string, JsonObject>;
  /** `account name` -> service control policy. */
  readonly accountPolicies: Map<string, AccountDeny>;
  managementAccount: string;
  readonly mails: Mail[];
  /** By person; whoever is not in it has a mailbox that cannot be read. */
  readonly calendars: Map<string, Calendar>;
}

export function createFakeWorld(): FakeWorld {
  const done: Record<string, number> = {};
  const count = (what: string): { readonly requestId: string } => {
    done[what] = (done[what] ?? 0) + 1;
    return { requestId: `${what}-${done[what]}` };
  };
  const users = new Map<string, DirectoryUser>(
    PEOPLE.map((person) => [
      person.id,
      {
        id: person.id,
        displayName: person.displayName,
        userPrincipalName: person.userPrincipalName,
        enabled: person.accountEnabled,
        guest: person.userType === 'Guest',
        synced: person.onPremisesSyncEnabled === true,
        mail: person.mail,
        sessionsValidFrom: '2024-01-01T00:00:00Z',
      },
    ]),
  );
  const find = (name: string) =>
    [...users.values()].find(
      (user) => user.id === name || user.userPrincipalName.toLowerCase() === name.toLowerCase(),
    ) ?? null;
  let bucket: BucketAccess = { acl: null, policy: INVOICES_OPENED, publicAccessBlock: null };
  const state: FakeState = {
    users,
    administrators: new Set(),
    passwords: new Map(),
    groups: new Map(),
    members: new Set(),
    risks: new Map(),
    apps: new Map(),
    grants: new Map(),
    roles: new Map(),
    allowedForEverybody: new Set(),
    ownPermissions: new Map(),
    onPremises: new Map(),
    buckets: new Map(),
    objectAcls: new Map(),
    accountBlocks: new Map(),
    principals: new Map(),
    keys: new Map(),
    inlinePolicies: new Map(),
    accountPolicies: new Map(),
    managementAccount: '444455556666',
    mails: [],
    calendars: new Map(),
  };
  const at = (map: Map<string, BucketAccess>, key: string): BucketAccess => map.get(key) ?? bucket;
  const setAccess = (key: string, part: Partial<BucketAccess>): void => {
    if (state.buckets.has(key)) state.buckets.set(key, { ...at(state.buckets, key), ...part });
    else bucket = { ...bucket, ...part };
  };
  const cards = new Map<string, CardContent>();
  const alerts = new Map<string, JsonObject>();
  const comments: string[] = [];

  return {
    done,
    bucket: () => bucket,
    cards,
    comments,
    addAlert: (alert) => void alerts.set(String(alert.id), alert),
    state,
    calendars: { calendarOf: async (user) => state.calendars.get(user) ?? null },
    mailer: {
      send: async (mail) => {
        state.mails.push(mail);
        return count('mail');
      },
    },
    world: {
      directory: {
        findUser: async (name) => find(name),
        searchPeople: async (text) =>
          [...users.values()]
            .filter(({ enabled, guest }) => enabled && !guest)
            .filter(({ displayName, userPrincipalName, mail = '' }) =>
              [displayName, userPrincipalName, mail].some((one) =>
                one.toLowerCase().includes(text.trim().toLowerCase()),
              ),
            )
            .slice(0, 10),
        managerOf: async (id) => {
          const link = PEOPLE.find((person) => person.id === id)?.manager;
          const user = link?.kind === 'user' ? users.get(link.id) : undefined;
          return user ? { kind: 'user', user } : null;
        },
        isAdministrator: async (id) => state.administrators.has(id),
        isMemberOfAny: async (id, groups) => {
          const mine = PEOPLE.find((person) => person.id === id)?.memberOf ?? [];
          return mine.flatMap((one) => [one, ...(one.within ?? [])]).some((one) => groups.includes(one.id));
        },
        revokeSessions: async (id) => {
          const user = users.get(id);
          if (user) users.set(id, { ...user, sessionsValidFrom: new Date().toISOString() });
          return count('revoke');
        },
        setEnabled: async (id, enabled) => {
          const user = users.get(id);
          if (user) users.set(id, { ...user, enabled });
          return count(enabled ? 'enable' : 'disable');
        },
        passwordOf: async (id) =>
          users.has(id) ? (state.passwords.get(id) ?? { mustChange: false, changedAt: null }) : null,
        setMustChangePassword: async (id, mustChange) => {
          const { changedAt } = state.passwords.get(id) ?? { changedAt: null };
          state.passwords.set(id, { mustChange, changedAt });
          return count(mustChange ? 'must-change' : 'need-not-change');
        },
      },
      groups: {
        find: async (group) => state.groups.get(group) ?? null,
        hasDirectMember: async (group, user) => state.members.has(`${group} ${user}`),
        addMember: async (group, user) => {
          state.members.add(`${group} ${user}`);
          return count('join');
        },
        removeMember: async (group, user) => {
          state.members.delete(`${group} ${user}`);
          return count('leave');
        },
      },
      risk: {
        riskOf: async (user) => state.risks.get(user) ?? null,
        confirmCompromised: async (user) => {
          state.risks.set(user, {
            level: 'high',
            state: 'confirmedCompromised',
            updatedAt: new Date().toISOString(),
          });
          return count('compromised');
        },
        dismiss: async (user) => {
          state.risks.set(user, { level: 'none', state: 'dismissed', updatedAt: new Date().toISOString() });
          return count('risk-dismissed');
        },
      },
      consents: {
        findApp: async (app) => state.apps.get(app) ?? null,
        delegatedGrants: async (user, principal) => state.grants.get(`${user} ${principal}`) ?? [],
        isAllowedForEverybody: async (principal) => state.allowedForEverybody.has(principal),
        ownPermissions: async (principal) => state.ownPermissions.get(principal) ?? 0,
        appRoles: async (user, principal) => state.roles.get(`${user} ${principal}`) ?? [],
        removeDelegatedGrant: async (id) => {
          for (const [key, all] of state.grants)
            state.grants.set(
              key,
              all.filter((one) => one.id !== id),
            );
          return count('grant-removed');
        },
        addDelegatedGrant: async (user, principal, grant) => {
          const key = `${user} ${principal}`;
          const receipt = count('grant-added');
          const id = `new-grant-${receipt.requestId}`;
          state.grants.set(key, [...(state.grants.get(key) ?? []), { ...grant, id }]);
          return receipt;
        },
        removeAppRole: async (_user: UserId, id) => {
          for (const [key, all] of state.roles)
            state.roles.set(
              key,
              all.filter((one) => one.id !== id),
            );
          return count('role-removed');
        },
        addAppRole: async (user, role) => {
          const receipt = count('role-added');
          const { id: principal = role.resource } =
            [...state.apps.values()].find((one) => one.id === role.resource) ?? {};
          const key = `${user} ${principal}`;
          const id = `new-role-${receipt.requestId}`;
          state.roles.set(key, [...(state.roles.get(key) ?? []), { ...role, id }]);
          return receipt;
        },
      },
      onPremises: {
        find: async (sid) => state.onPremises.get(sid) ?? null,
        invoke: async (account, action) => {
          for (const [sid, one] of state.onPremises)
            if (one.id === account.id && action !== 'forcePasswordReset')
              state.onPremises.set(sid, { ...one, enabled: action === 'enable' });
          return count(`ad-${action}`);
        },
      },
      storage: {
        readAccess: async (target) => at(state.buckets, targetKey(target)),
        writePolicy: async (target, policy) => {
          setAccess(targetKey(target), { policy });
          return count('policy');
        },
        writeAcl: async (target, acl) => {
          setAccess(targetKey(target), { acl });
          return count('acl');
        },
        writePublicAccessBlock: async (target, publicAccessBlock) => {
          setAccess(targetKey(target), { publicAccessBlock });
          return count('block');
        },
        readObjectAcl: async (target) => state.objectAcls.get(targetKey(target)) ?? null,
        writeObjectAcl: async (target, acl) => {
          state.objectAcls.set(targetKey(target), acl);
          return count('object-acl');
        },
        listBuckets: async (account) =>
          [...state.buckets.keys()]
            .filter((key) => key.startsWith(`bucket:${account}:`))
            .map((key) => ({
              kind: 'bucket',
              account,
              region: 'eu-central-1',
              name: key.split(':')[2] ?? '',
            })),
        readPolicyStatus: async () => null,
        readAccountBlock: async (account) => state.accountBlocks.get(account) ?? null,
        writeAccountBlock: async (account, block) => {
          if (block) state.accountBlocks.set(account, block);
          else state.accountBlocks.delete(account);
          return count('account-block');
        },
      },
      identities: {
        findPrincipal: async (principal) => state.principals.get(targetKey(principal)) ?? null,
        keysOf: async (user) => state.keys.get(targetKey(user)) ?? null,
        setKeyActive: async ({ account, user, id }, active) => {
          const key = targetKey({ kind: 'iam-user', account, name: user });
          const all = state.keys.get(key) ?? [];
          state.keys.set(
            key,
            all.map((one) => (one.id === id ? { ...one, active } : one)),
          );
          return count(active ? 'key-on' : 'key-off');
        },
        readInlinePolicy: async (principal, name) =>
          state.inlinePolicies.get(`${targetKey(principal)} ${name}`) ?? null,
        writeInlinePolicy: async (principal, name, policy) => {
          if (policy) state.inlinePolicies.set(`${targetKey(principal)} ${name}`, policy);
          else state.inlinePolicies.delete(`${targetKey(principal)} ${name}`);
          return count(policy ? 'inline-put' : 'inline-deleted');
        },
        ownArns: async () => [],
      },
      accountPolicies: {
        managementAccount: async () => state.managementAccount,
        find: async (account, name) => state.accountPolicies.get(`${account} ${name}`) ?? null,
        attach: async (account, name, policy) => {
          state.accountPolicies.set(`${account} ${name}`, { id: `p-${name}`, policy, attached: true });
          return count('scp-attached');
        },
        remove: async (account, name) => {
          state.accountPolicies.delete(`${account} ${name}`);
          return count('scp-removed');
        },
      },
    },
    messenger: {
      send: async (_to, card) => {
        const activityId = `activity-${cards.size + 1}`;
        cards.set(activityId, card);
        count('card');
        return { activityId };
      },
      update: async (_to, activityId, card) => void cards.set(activityId, card),
    },
    installer: {
      openChat: async (user) => ({ id: `chat-${user}`, serviceUrl: 'https://teams.example' }),
    },
    alerts: {
      async *updatedSince() {
        yield [...alerts.values()];
      },
      read: async (id) => alerts.get(id) ?? null,
      setVerdict: async (id, verdict) => {
        alerts.set(id, { ...alerts.get(id), ...verdict });
        count('verdict');
      },
      comment: async (id, text) => {
        const alert = alerts.get(id) ?? {};
        const before = (alert.comments ?? []) as readonly JsonObject[];
        alerts.set(id, { ...alert, comments: [...before, { comment: text }] });
        comments.push(text);
      },
    },
  };
}

export const MANAGER = people.morgan;
export const SUSPECT = people.alex;

/** All of what an action may touch, for tests that run an action by itself. Nobody can be told anything. */
export const worldOf = (fake: FakeWorld, over: Partial<World> = {}): World => ({
  ...fake.world,
  notices: {
    reach: async () => null,
    ask: async () => ({ requestId: 'notice' }),
    asked: async () => null,
  },
  clock: systemClock,
  settings,
  ...over,
});
