// The activities that a Teams client sends when somebody installs, writes or presses. Shaped as Teams shapes them.
import { randomUUID } from 'node:crypto';
import { chatIdOf, type Person } from '../people.ts';

export interface Channel {
  /** `19:...@thread.tacv2` */
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
}
export type Activity = Readonly<Record<string, unknown>>;

export interface Stage {
  readonly appId: string;
  readonly tenantId: string;
  readonly serviceUrl: string;
  /** What their Teams says that it speaks; null says nothing. As the directory has it, unless told. */
  readonly localeOf?: (person: Person) => string | null;
}
/** Where somebody acts: in their chat with the bot, or under a post in a channel. */
export interface Place {
  readonly person: Person;
  readonly channel?: Channel;
  /** The post in the channel. */
  readonly threadId?: string;
}
export interface PressedAction {
  readonly type: string;
  readonly title: string;
  readonly verb?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const TIME_ZONE = 'Europe/Berlin';

export const usualLocale = ({ preferredLanguage }: Person): string => preferredLanguage ?? 'en-GB';

export function activityBuilder({ appId, tenantId, serviceUrl, localeOf = usualLocale }: Stage) {
  function base(place: Place): Record<string, unknown> {
    const { person, channel, threadId } = place;
    const locale = localeOf(person);
    const thread = threadId ? `;messageid=${threadId}` : '';
    return {
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl,
      from: { id: person.teamsId, name: person.displayName, aadObjectId: person.id },
      recipient: { id: `28:${appId}`, name: 'Countersign' },
      conversation: channel
        ? { isGroup: true, conversationType: 'channel', tenantId, id: `${channel.id}${thread}` }
        : { conversationType: 'personal', tenantId, id: chatIdOf(person, appId) },
      channelData: {
        tenant: { id: tenantId },
        ...(channel ? { channel: { id: channel.id }, team: { id: channel.teamId } } : {}),
      },
      ...(locale !== null && { locale }),
      localTimezone: TIME_ZONE,
      entities: [{ type: 'clientInfo', ...(locale !== null && { locale }), timezone: TIME_ZONE }],
    };
  }

  return {
    installed: (place: Place): Activity => ({ ...base(place), type: 'installationUpdate', action: 'add' }),
    removed: (place: Place): Activity => ({ ...base(place), type: 'installationUpdate', action: 'remove' }),
    said: (place: Place, text: string): Activity => ({
      ...base(place),
      type: 'message',
      textFormat: 'plain',
      text,
    }),
    /** `Action.Execute` is an invoke; `Action.Submit` a message without text. */
    pressed: (place: Place, cardActivityId: string, action: PressedAction): Activity =>
      action.type === 'Action.Submit'
        ? { ...base(place), type: 'message', replyToId: cardActivityId, value: action.data }
        : {
            ...base(place),
            type: 'invoke',
            name: 'adaptiveCard/action',
            replyToId: cardActivityId,
            value: { action, trigger: 'manual' },
          },
  };
}
export type ActivityBuilder = ReturnType<typeof activityBuilder>;
