// What has to be looked up about people before an answer can be judged: outside any transaction, and not for long.
import type { Case } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import { openSignatures } from '../case/signed.ts';
import type { Answer } from '../ports/answer.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import { isUsable, roleFor } from './authorise.ts';
import type { Counts, DecideParts, SignersFound } from './parts.ts';

/** Whoever presses a button waits for it, and Teams gives up after ten seconds. Entra takes one question about risks a second. */
const LOOK_UP_MS = 5_000;

/** `unknown`: it could not be asked just now. Null: nobody can know (no licence). */
export type AtRisk = boolean | null | 'unknown';
/** Null: the directory knows nobody by that id. */
export type Account = Pick<DirectoryUser, 'enabled' | 'guest'> | null | 'unknown';
/** `unnamed`: no name was given to look for. */
export type Found = DirectoryUser | readonly DirectoryUser[] | null | 'unknown' | 'unnamed';

export interface LookedUp {
  readonly isAtRisk: AtRisk;
  readonly account: Account;
  readonly signers: SignersFound;
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
  const atMs = parts.clock.now();
  if (!about || !roleFor(about, answer, actor, parts.settings))
    return {
      ...{ isAtRisk: 'unknown', account: 'unknown', found: 'unknown' },
      signers: { atMs, counts: new Map() },
    };
  const most = parts.lookUpMs ?? LOOK_UP_MS;
  const [isAtRisk, account, counts, found] = await Promise.all([
    lookUpRisk(actor, parts),
    within(most, () => parts.accountOf(actor.id)),
    signersOf(about, actor, parts),
    answer.verb === 'reassign' ? findNamed(answer.to?.trim() ?? '', parts) : ('unknown' as const),
  ]);
  return { isAtRisk, account, found, signers: { atMs, counts } };
}

const findNamed = async (name: string, parts: DecideParts): Promise<Found> =>
  name === '' ? 'unnamed' : within(parts.lookUpMs ?? LOOK_UP_MS, () => parts.findPerson(name));

/** Everybody else whose answer waits for others, as it may be completed now. */
async function signersOf(
  about: Case,
  actor: ChatActor,
  parts: DecideParts,
): Promise<ReadonlyMap<string, Counts>> {
  const most = parts.lookUpMs ?? LOOK_UP_MS;
  const others = openSignatures(about).filter(({ by }) => by.id !== actor.id);
  const found = await Promise.all(
    others.map(async ({ by }): Promise<readonly [string, Counts]> => {
      const id = by.id as UserId;
      const [isAtRisk, account] = await Promise.all([
        lookUpRisk({ id }, parts),
        within(most, () => parts.accountOf(id)),
      ]);
      if (isAtRisk === true || (account !== 'unknown' && !isUsable(account, id, parts.settings)))
        return [id, false];
      return [id, isAtRisk === 'unknown' || account === 'unknown' ? 'unknown' : true];
    }),
  );
  return new Map(found);
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
