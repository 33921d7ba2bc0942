// What has been written in the sandbox's Teams: by conversation, in order, as it reads now.
import type { Activity } from './activities.ts';
import { CallRefused } from './loopback-server.ts';

export interface Message {
  readonly activityId: string;
  /** Without a thread: a channel is one conversation. */
  readonly conversationId: string;
  readonly sentAt: string;
  readonly updatedAt: string;
  /** How often it was written over. */
  readonly edits?: number;
  readonly activity: Activity;
}

/** A thread in a channel carries the post's id behind the channel's. */
export const threadless = (conversationId: string): string => conversationId.replace(/;messageid=.*$/, '');

const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
export const asCardActivity = (card: unknown): Activity => ({
  type: 'message',
  attachments: [{ contentType: CARD_TYPE, content: card }],
});

/** The card of a message, or null where it is only words. */
export function cardOf(message: Pick<Message, 'activity'>): unknown {
  const attachments = message.activity.attachments;
  const found = Array.isArray(attachments)
    ? attachments.find((one: { contentType?: unknown }) => one?.contentType === CARD_TYPE)
    : undefined;
  return found?.content ?? null;
}

/** `saved` is what `onChange` handed out at an earlier run: cards outlive a restart, as they do in Teams. */
export function createConversations(
  saved: readonly Message[] = [],
  onChange: (messages: readonly Message[]) => void = () => {},
) {
  const messages: Message[] = [...saved];
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
      const message = { activityId: String(lastId), conversationId, sentAt: now, updatedAt: now, activity };
      messages.push(message);
      onChange(messages);
      return message;
    },
    replace(conversationId: string, activityId: string, activity: Activity): Message {
      const index = indexOf(conversationId, activityId);
      const before = messages[index] as Message;
      const edits = (before.edits ?? 0) + 1;
      const next = { ...before, activity, edits, updatedAt: new Date().toISOString() };
      messages[index] = next;
      onChange(messages);
      return next;
    },
    find: (conversationId: string, activityId: string): Message =>
      messages[indexOf(conversationId, activityId)] as Message,
    in: (conversationId: string): readonly Message[] =>
      messages.filter((one) => one.conversationId === conversationId),
  };
}
export type Conversations = ReturnType<typeof createConversations>;
