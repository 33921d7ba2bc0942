// One person's window: keeps Microsoft's local client in step with the sandbox's Teams. The client forgets everything when
// its page is reloaded, and loses cards that come before it is open: so cards are shown when it opens, and again each time.
import type { Activity } from './activities.ts';
import { type Conversations, cardOf, type Message, threadless } from './conversations.ts';

export interface ClientViewOptions {
  /** The client's own connector. */
  readonly serviceUrl: string;
  readonly conversations: Conversations;
  /** What the bot is told instead of the client's. */
  readonly teamsServiceUrl: string;
}

const TIMEOUT_MS = 5_000;

export function createClientView({ serviceUrl, conversations, teamsServiceUrl }: ClientViewOptions) {
  /** Conversations that the page has opened since it was loaded. */
  const open = new Set<string>();
  /** Our activity id -> the client's: several after a reload, and all of them are kept up to date. */
  const copies = new Map<string, string[]>();
  let last: Promise<unknown> = Promise.resolve();
  /** One call after the other: an edit must not overtake its card. A closed client loses what it is sent, as a screen does. */
  const inTurn = (work: () => Promise<void>): void => {
    last = last.then(work).catch(() => undefined);
  };

  async function call(method: 'POST' | 'PUT', path: string, activity: Activity): Promise<string | null> {
    const answer = await fetch(`${serviceUrl}/v3/conversations/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = (await answer.json()) as { readonly id?: string };
    return body.id ?? null;
  }

  async function show(message: Message, target: string): Promise<void> {
    const id = await call('POST', `${encodeURIComponent(clientThread(target))}/activities`, message.activity);
    if (id) copies.set(message.activityId, [...(copies.get(message.activityId) ?? []), id]);
  }

  async function edit(message: Message): Promise<void> {
    for (const id of copies.get(message.activityId) ?? []) {
      const path = `${encodeURIComponent(message.conversationId)}/activities/${encodeURIComponent(id)}`;
      await call('PUT', path, { ...message.activity, id });
    }
  }

  const ourId = (clientId: string): string =>
    [...copies].find(([, ids]) => ids.includes(clientId))?.[0] ?? clientId;
  const clientThread = (target: string): string =>
    target.replace(
      /(;messageid=)(.*)$/,
      (_all, mark: string, id: string) => mark + (copies.get(id)?.at(-1) ?? id),
    );
  const ourThread = (target: string): string =>
    target.replace(/(;messageid=)(.*)$/, (_all, mark: string, id: string) => mark + ourId(id));

  return {
    /** The bot has written or edited; or a card was answered in place. */
    written(message: Message, target: string): void {
      if (!open.has(message.conversationId)) return;
      inTurn(() => (copies.has(message.activityId) ? edit(message) : show(message, target)));
    },
    /** The client's activity as Teams would send it on: our ids, our service URL. */
    outward(activity: Activity): Activity {
      const conversation = activity.conversation as { readonly id: string };
      const { replyToId } = activity;
      return {
        ...activity,
        serviceUrl: teamsServiceUrl,
        conversation: { ...conversation, id: ourThread(conversation.id) },
        ...(typeof replyToId === 'string' ? { replyToId: ourId(replyToId) } : {}),
      };
    },
    /** The page has opened this conversation: every card in it, as it reads now. */
    opened(conversationId: string): void {
      const id = threadless(conversationId);
      open.add(id);
      inTurn(async () => {
        for (const message of conversations.in(id)) if (cardOf(message)) await show(message, id);
      });
    },
  };
}
export type ClientView = ReturnType<typeof createClientView>;
