// What has to be looked up about people before an answer can be judged: outside any transaction, and not for long.
import type { Case } from '../case/case.ts';
import type { Answer } from '../ports/answer.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import { roleFor } from './authorise.ts';
import type { DecideParts } from './parts.ts';

/** Whoever presses a button waits for it. */
const LOOK_UP_MS = 2_500;

/** `unknown`: it could not be asked just now. Null: nobody can know (no licence). */
export type AtRisk = boolean | null | 'unknown';
export type Found = DirectoryUser | readonly DirectoryUser[] | null | 'unknown';

export interface LookedUp {
  readonly isAtRisk: AtRisk;
  /** Who is to be asked instead. */
  readonly found: Found;
}

/** Nothing is looked up for whoever has no say in the case. */
export async function lookUp(
  about: Case | null,
  answer: Answer,
  actor: ChatActor,
  parts: DecideParts,
): Promise<LookedUp> {
  if (!about || !roleFor(about, answer, actor, parts.settings))
    return { isAtRisk: 'unknown', found: 'unknown' };
  const most = parts.lookUpMs ?? LOOK_UP_MS;
  const [isAtRisk, found] = await Promise.all([
    lookUpRisk(actor, parts),
    answer.verb === 'reassign' && answer.to
      ? within(most, () => parts.findPerson(answer.to ?? ''))
      : ('unknown' as const),
  ]);
  return { isAtRisk, found };
}

export const lookUpRisk = (
  actor: Pick<ChatActor, 'id'>,
  { isAtRisk, lookUpMs = LOOK_UP_MS }: Pick<DecideParts, 'isAtRisk' | 'lookUpMs'>,
): Promise<AtRisk> => within(lookUpMs, () => isAtRisk(actor.id));

async function within<T>(ms: number, look: () => Promise<T>): Promise<T | 'unknown'> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'unknown'>((resolve) => {
    timer = setTimeout(resolve, ms, 'unknown');
  });
  try {
    return await Promise.race([look().catch(() => 'unknown' as const), over]);
  } finally {
    clearTimeout(timer);
  }
}
