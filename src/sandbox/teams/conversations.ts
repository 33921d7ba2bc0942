// What has been written in the screenless client: by conversation, in order, as it reads now.
import type { Activity } from './activities.ts';
import { CallRefused } from './loopback-server.ts';

export interface Message {
  readonly activityId: string;
  readonly conversationId: string;
  readonly sentAt: string;
  readonly updatedAt: string;
  readonly activity: Activity;
}

const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** The card of a message, or null where it is only words. */
export function cardOf(message: Pick<Message, 'activity'>): unknown {
  const attachments = message.activity.attachments;
  const found = Array.isArray(attachments)
    ? attachments.find((one: { contentType?: unknown }) => one?.contentType === CARD_TYPE)
    : undefined;
  return found?.content ?? null;
}

export function createConversations() {
  const messages: Message[] = [];
  let lastId = Date.now();

  const indexOf = (conversationId: string, activityId: string): number => {
    const index = messages.findIndex(
      (one) => one.conversationId === conversationId && one.activityId === activityId,
    );
    if (index < 0) throw new CallRefused(404, 'ActivityNotFoundInConversation');
    return index;
  };

  return {
    add(conversationId: string, activity: Activity): Message {
      lastId = Math.max(lastId + 1, Date.now());
      const now = new Date().toISOString();
      const message = {
        activityId: String(lastId),
        conversationId,
        sentAt: now,
        updatedAt: now,
        activity,
      };
      messages.push(message);
      return message;
    },
    replace(conversationId: string, activityId: string, activity: Activity): void {
      const index = indexOf(conversationId, activityId);
      const old = messages[index] as Message;
      messages[index] = { ...old, activity, updatedAt: new Date().toISOString() };
    },
    find: (conversationId: string, activityId: string): Message =>
      messages[indexOf(conversationId, activityId)] as Message,
    in: (conversationId: string): readonly Message[] =>
      messages.filter((one) => one.conversationId === conversationId),
  };
}
export type Conversations = ReturnType<typeof createConversations>;
export const asCardActivity = (card: unknown): Activity => ({
  type: 'message',
  attachments: [{ contentType: CARD_TYPE, content: card }],
});
