// Earlier cards of a list say that it has moved further down. A step of its own: nothing else waits for it, and it survives a restart.
import { isCountersignError } from '../case/errors.ts';
import type { DigestId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import type { NewStep, StoreTransaction } from '../ports/case-store.ts';
import type { Digest, DigestPlace, Moved } from '../ports/digests.ts';
import type { CardContent } from '../ports/messenger.ts';
import { movedCard } from './digest-data.ts';
import type { DigestParts } from './digest-draw.ts';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Most of a day. Whoever presses such a card is answered with the list as it is. */
const MOST_TRIES = 24;
const POINT = 'point ';

export const lyingAt = ({ conversation, activityId }: DigestPlace): Moved => ({ conversation, activityId });

const pointStep = (id: DigestId): NewStep => ({ kind: 'refresh', key: `${POINT}${id}` });

/** Null: the step is to refresh a copy. */
export const pointedBy = ({ key }: Pick<Step, 'key'>): DigestId | null =>
  key.startsWith(POINT) ? (key.slice(POINT.length) as DigestId) : null;

/** Saves the digest; what of it lies further up is told so by a step. */
export async function saveMoved(tx: StoreTransaction, digest: Digest): Promise<void> {
  await tx.digests.save(digest);
  const [line] = await tx.digests.linesOf(digest.id);
  if (line && digest.moved.length > 0) await tx.addStep(line.about.id, pointStep(digest.id));
}

/** Has the card drawn once more, whatever its lines say that it shows. */
export async function drawAgain(tx: StoreTransaction, id: DigestId): Promise<void> {
  for (const { about } of await tx.digests.linesOf(id))
    for (const copy of await tx.copiesOf(about.id))
      if (copy.digest === id) {
        await tx.saveCopy({ ...copy, shownVersion: 0 });
        return tx.addStep(about.id, { kind: 'refresh', key: copy.id });
      }
}

export async function pointDown(step: Step, id: DigestId, parts: DigestParts): Promise<void> {
  const { store, clock } = parts;
  const digest = await store.transact((tx) => tx.digests.find(id));
  const due = (digest?.moved ?? []).filter(({ notBeforeMs = 0 }) => notBeforeMs <= clock.now());
  const after = new Map<string, Moved | null>();
  if (digest && due.length > 0) {
    const as = await parts.readers.readerOf(digest.reader);
    const card = movedCard((said) => parts.words.write(said, as));
    for (const one of due) after.set(one.activityId, await point(one, card, parts));
  }
  await store.transact(async (tx) => {
    const current = await tx.digests.lock(id);
    const moved = (current?.moved ?? []).flatMap((one) => after.get(one.activityId) ?? keptOf(one, after));
    if (current) await tx.digests.save({ ...current, moved });
    // Pressed in the meantime: it is the list again, and must not go on pointing elsewhere.
    if (current?.place && after.has(current.place.activityId)) await drawAgain(tx, id);
    const next = Math.min(...moved.map(({ notBeforeMs = 0 }) => notBeforeMs));
    if (moved.length > 0)
      await tx.addStep(step.caseId, { ...pointStep(id), delayMs: Math.max(next - clock.now(), 0) });
    await tx.finishStep(step);
  });
}

const keptOf = (one: Moved, after: ReadonlyMap<string, Moved | null>): readonly Moved[] =>
  after.has(one.activityId) ? [] : [one];

/** Null: told, or never to be told. Else the card with when it is tried next. */
async function point(
  one: Moved,
  card: CardContent,
  { messenger, clock }: DigestParts,
): Promise<Moved | null> {
  const tries = (one.tries ?? 0) + 1;
  try {
    await messenger.update(one.conversation, one.activityId, card);
    return null;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    if (!error.retryable || tries >= MOST_TRIES) return null;
    const pauseMs = Math.max(error.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (tries - 1));
    return { ...one, tries, notBeforeMs: clock.now() + Math.min(pauseMs, LONGEST_PAUSE_MS) };
  }
}
