// A client asks for the card anew, because somebody looks at it. Reads only: nothing is decided, marked, or told on anybody.
import type { Case } from '../case/case.ts';
import type { ChatActor, ChatReply, Click } from '../ports/chat.ts';
import { maySee } from './authorise.ts';
import type { ConversationParts } from './conversation.ts';

export const REFRESH = 'refresh';

/** The card as this person sees it now; for whoever may not look, one that says nothing of the case. */
export async function refreshed(
  about: Case | null,
  click: Click,
  actor: ChatActor,
  parts: ConversationParts,
): Promise<ChatReply> {
  if (!about || !(await mayRead(about, actor, parts)))
    return { kind: 'card', card: await parts.redraw(null, actor) };
  if (click.activityId) await parts.adopt(about, actor, click.activityId);
  return { kind: 'card', card: await parts.redraw(about, actor, click.activityId) };
}

/** Whoever was sent a card of it may see what has become of it. Of those it is about, the subject alone has one: their own. */
async function mayRead(about: Case, actor: ChatActor, parts: ConversationParts): Promise<boolean> {
  const isSubject = about.subject?.id === actor.id;
  if (!isSubject && about.named.includes(actor.id)) return false;
  if (maySee(about, actor, parts.settings)) return true;
  if (isSubject && about.notices?.some(({ user }) => user === actor.id)) return true;
  return (await parts.store.copiesOf(about.id)).some(({ reader }) => reader === actor.id);
}
