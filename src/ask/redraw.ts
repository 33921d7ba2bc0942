// The card of one reader, drawn anew while they look at it: what their client shows in place of the copy that lies there.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case } from '../case/case.ts';
import type { Said } from '../case/said.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { CardContent } from '../ports/messenger.ts';
import { isSuperseded } from './copies.ts';
import { neutralWords } from './template-words.ts';
import type { ViewOptions } from './view.ts';

export interface RedrawParts {
  readonly store: Pick<CaseStore, 'copiesOf'>;
  draw(about: Case, reader: string, options: ViewOptions): Promise<CardContent>;
  /** In this person's language. */
  writeFor(reader: string): Promise<(said: Said) => string>;
}

/** For whoever may not look: that there is a card, which everybody in the conversation can see, and nothing else. */
export const neutralCard = (write: (said: Said) => string): CardContent => ({
  template: 'neutral',
  data: { w: neutralWords(write) },
});

/** Whose copy lies in a conversation; null in groups, where a copy would be nobody's. */
export function readerIn({ conversation, id }: ChatActor, securityChannel: string): string | null {
  if (conversation.id.startsWith(securityChannel)) return SECURITY_READER;
  return /@thread\./.test(conversation.id) ? null : id;
}

export async function redraw(
  about: Case | null,
  actor: ChatActor,
  activityId: string | undefined,
  { store, draw, writeFor }: RedrawParts,
): Promise<CardContent> {
  if (!about) return neutralCard(await writeFor(actor.id));
  const copies = await store.copiesOf(about.id);
  const lying = copies.find((copy) => copy.activityId === activityId);
  return draw(about, actor.id, { superseded: lying !== undefined && isSuperseded(lying, copies, about) });
}
