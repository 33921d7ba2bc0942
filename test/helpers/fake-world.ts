// The world behind our own ports, in memory, counting what is done to it: for tests that crash between any two calls.

import type { JsonObject } from '../../src/case/json.ts';
import type { BucketAccess } from '../../src/case/public-access.ts';
import type { AlertSource } from '../../src/ports/alert-source.ts';
import type { AppInstaller } from '../../src/ports/app-installer.ts';
import type { Directory, DirectoryUser } from '../../src/ports/directory.ts';
import type { CardContent, Messenger } from '../../src/ports/messenger.ts';
import type { ObjectStorage } from '../../src/ports/object-storage.ts';
import { INVOICES_OPENED } from '../../src/sandbox/buckets.ts';
import { PEOPLE, people } from '../../src/sandbox/people.ts';

export interface FakeWorld {
  readonly directory: Directory;
  readonly storage: ObjectStorage;
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
        sessionsValidFrom: '2024-01-01T00:00:00Z',
      },
    ]),
  );
  const find = (name: string) =>
    [...users.values()].find((user) => user.id === name || user.userPrincipalName === name) ?? null;
  let bucket: BucketAccess = { acl: null, policy: INVOICES_OPENED, publicAccessBlock: null };
  const cards = new Map<string, CardContent>();
  const alerts = new Map<string, JsonObject>();
  const comments: string[] = [];

  return {
    done,
    bucket: () => bucket,
    cards,
    comments,
    addAlert: (alert) => void alerts.set(String(alert.id), alert),
    directory: {
      findUser: async (name) => find(name),
      managerOf: async (id) => {
        const link = PEOPLE.find((person) => person.id === id)?.manager;
        const user = link?.kind === 'user' ? users.get(link.id) : undefined;
        return user ? { kind: 'user', user } : null;
      },
      isAdministrator: async () => false,
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
    },
    storage: {
      readAccess: async () => bucket,
      writePolicy: async (_bucket, policy) => {
        bucket = { ...bucket, policy };
        return count('policy');
      },
      writeAcl: async (_bucket, acl) => {
        bucket = { ...bucket, acl };
        return count('acl');
      },
      writePublicAccessBlock: async (_bucket, publicAccessBlock) => {
        bucket = { ...bucket, publicAccessBlock };
        return count('block');
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
