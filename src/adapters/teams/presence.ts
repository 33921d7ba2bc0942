// What an activity says about who can be reached where. Reads only what the channel itself filled in, never `value`.
import { parseUserId, type UserId } from '../../case/ids.ts';
import type { Reachable } from '../../ports/case-store.ts';
import type { ChatActor } from '../../ports/chat.ts';
import type { InboundActivity } from './activity.ts';

/** Who has the bot from now on, and for whom it is gone. Group chats are neither a person's nor a channel's: nobody is. */
export interface Presence {
  readonly reachable: readonly Reachable[];
  readonly gone: readonly string[];
}

const REMOVED_TEAMS = new Set(['channelDeleted', 'teamDeleted', 'teamHardDeleted', 'teamArchived']);
const NOBODY: Presence = { reachable: [], gone: [] };
const MAX_NAME = 200;

export function presenceOf(activity: InboundActivity, tenantId: string): Presence {
  const scope = activity.conversation.conversationType;
  if (scope === 'personal') {
    const person = personOf(activity);
    if (!person) return NOBODY;
    return isRemoval(activity)
      ? { reachable: [], gone: [person.id] }
      : { reachable: [reachablePerson(activity, tenantId, person)], gone: [] };
  }
  if (scope === 'channel') {
    const channel = channelIdOf(activity);
    return isRemoval(activity)
      ? { reachable: [], gone: [channel] }
      : { reachable: [reachableChannel(activity, tenantId, channel)], gone: [] };
  }
  return NOBODY;
}

/** The sender as the channel authenticated them. `id` was checked at the door. */
export function actorOf(activity: InboundActivity, tenantId: string, id: UserId): ChatActor {
  return {
    tenantId,
    id,
    name: (activity.from.name ?? '').slice(0, MAX_NAME),
    conversation: { id: activity.conversation.id, serviceUrl: activity.serviceUrl },
    ...preferencesOf(activity),
  };
}

function isRemoval(activity: InboundActivity): boolean {
  if (activity.type === 'installationUpdate') return activity.action === 'remove';
  if (activity.type !== 'conversationUpdate') return false;
  const bot = activity.recipient?.id;
  return (
    REMOVED_TEAMS.has(activity.channelData?.eventType ?? '') ||
    (activity.membersRemoved ?? []).some((member) => member.id === bot)
  );
}

/** A 1:1 chat has one person: the sender, or the member that it was made for. */
function personOf(activity: InboundActivity): { id: UserId; teamsId: string } | null {
  for (const account of [activity.from, ...(activity.membersAdded ?? [])]) {
    const id = parseUserId(account.aadObjectId);
    if (id && account.id !== activity.recipient?.id) return { id, teamsId: account.id };
  }
  return null;
}

function reachablePerson(
  activity: InboundActivity,
  tenantId: string,
  person: { readonly id: UserId; readonly teamsId: string },
): Reachable {
  return {
    tenantId,
    id: person.id,
    teamsId: person.teamsId,
    conversation: { id: activity.conversation.id, serviceUrl: activity.serviceUrl },
    ...preferencesOf(activity),
  };
}

function reachableChannel(activity: InboundActivity, tenantId: string, id: string): Reachable {
  return { tenantId, id, teamsId: '', conversation: { id, serviceUrl: activity.serviceUrl } };
}

/** A reply in a thread carries `;messageid=...` behind the channel's id. */
const channelIdOf = (activity: InboundActivity): string =>
  activity.conversation.id.replace(/;messageid=.*$/, '');

function preferencesOf(activity: InboundActivity): { locale?: string; timeZone?: string } {
  const clientInfo = activity.entities?.find((entity) => entity.type === 'clientInfo');
  const locale = activity.locale || clientInfo?.locale;
  const timeZone = activity.localTimezone ?? clientInfo?.timezone;
  return {
    // Some clients write it as their system does: de_DE.
    ...(isLocale(locale) ? { locale: locale.replaceAll('_', '-') } : {}),
    ...(isTimeZone(timeZone) ? { timeZone } : {}),
  };
}

const isLocale = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z]{2,3}([-_][a-z0-9]{2,8}){0,4}$/i.test(name);

function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || name.length > 64) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
