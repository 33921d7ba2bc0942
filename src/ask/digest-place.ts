// Where a question goes: a card of its own, or a line of the reader's digest. Decided once, in one transaction, before anything is
// sent: a second try, a restart and another replica find the same answer. A reminder may turn the one into the other, never back.
import { isAtLeast } from '../case/alert.ts';
import type { Case } from '../case/case.ts';
import type { DigestId, QuestionId } from '../case/ids.ts';
import type { CaseStore, StoreTransaction } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digest, DigestLine, Put } from '../ports/digests.ts';
import type { Ids } from '../ports/ids.ts';
import { isOpenFor } from './digest-lines.ts';

/** One card keeps so many cases true; the next one begins after that. */
const MOST_LINES = 100;
const DAY_MS = 86_400_000;
/** An edit notifies nobody, so what cannot wait, or says something new, brings the card down the conversation, but no more often than this. */
const AGAIN_MS = 60_000;
/** What comes within it stands on the card when it is first seen. */
const GATHER_MS = 1_000;

export interface PlaceParts {
  readonly store: Pick<CaseStore, 'transact'>;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'nonce'>;
  readonly digest: { readonly after: number; readonly withinMs: number };
}

/** Null: a card of its own. */
export function placeQuestion(
  about: Case,
  questionId: QuestionId,
  { reader, reminder }: Reminder,
  parts: PlaceParts,
): Promise<Put | null> {
  const { store, clock, digest } = parts;
  return store.transact(async (tx) => {
    await tx.digests.lockReader(reader);
    const known = await tx.digests.findPut(reader, questionId);
    if (known?.digest) return known;
    // Whoever is asked whether it was them has one card, whatever else comes.
    if (reader === about.subject?.id) return null;
    if (reminder > 0) return placeReminder(tx, about, questionId, { reader, reminder }, parts);
    if (known) return null;
    const atMs = clock.now();
    const { count } = await tx.digests.countPuts(reader, atMs - digest.withinMs);
    const place = count >= digest.after ? await digestFor(tx, about, reader, atMs, parts) : null;
    const put = { reader, questionId, caseId: about.id, atMs, digest: place };
    await tx.digests.put(put);
    return place ? put : null;
  });
}

interface Reminder {
  readonly reader: string;
  /** 0: the first card. */
  readonly reminder: number;
}

/**
 * A question that was put by a card of its own. Once there is a list, and beyond so many cards within a day, all that is open is
 * reminded of by one: unanswered questions would else bring a card each, every day.
 */
async function placeReminder(
  tx: StoreTransaction,
  about: Case,
  questionId: QuestionId,
  { reader, reminder }: Reminder,
  parts: PlaceParts,
): Promise<Put | null> {
  const atMs = parts.clock.now();
  const mine = { about, questionId, atMs: Date.parse(about.question?.askedAt ?? '') || atMs };
  if (await tx.digests.findPut(reader, questionId, reminder)) return null;
  const list = await liveList(tx, reader);
  if (!list && (await tx.digests.countCards(reader, atMs - DAY_MS)) < parts.digest.after) {
    await tx.digests.put({ ...{ reader, questionId, reminder, atMs }, caseId: about.id, digest: null });
    return null;
  }
  const digest = list?.id ?? (await beginDigest(tx, reader, atMs, parts));
  const cards = await tx.digests.cardsOf(reader);
  const others = cards.filter(
    (card) => card.questionId !== questionId && isOpenFor(card.about, card.questionId, reader),
  );
  for (const line of [mine, ...others.slice(0, (list?.room ?? MOST_LINES) - 1)])
    await tx.digests.put({
      ...{ reader, digest, caseId: line.about.id },
      ...{ questionId: line.questionId, atMs: line.atMs },
    });
  return tx.digests.findPut(reader, questionId);
}

/** Null where nothing on the latest one waits for its reader, or it is full. */
async function liveList(tx: StoreTransaction, reader: string) {
  const latest = await tx.digests.latestOf(reader);
  const lines = latest?.open ? await tx.digests.linesOf(latest.id) : [];
  const isLive = lines.some(({ about, questionId }) => isOpenFor(about, questionId, reader));
  return latest && isLive && lines.length < MOST_LINES
    ? { id: latest.id, room: MOST_LINES - lines.length }
    : null;
}

async function digestFor(
  tx: StoreTransaction,
  about: Case,
  reader: string,
  atMs: number,
  parts: PlaceParts,
): Promise<DigestId> {
  const { withinMs } = parts.digest;
  const latest = await tx.digests.latestOf(reader);
  // Locked, so that what a drawing has just written is not written over.
  const current = latest?.open ? await tx.digests.lock(latest.id) : null;
  const lines = current ? await tx.digests.linesOf(current.id) : [];
  // Asked anew: it stays one line.
  const isKnown = lines.some((line) => line.about.id === about.id);
  if (current && takesMore(current, lines, isKnown)) {
    const isNewFlood = atMs - Math.max(...lines.map((line) => line.atMs)) > withinMs;
    const isUrgent = isKnown || isAtLeast(about.severity, 'high');
    const isLongAgo = current.place !== null && atMs - current.place.sentAtMs > AGAIN_MS;
    if (isNewFlood || (isUrgent && isLongAgo)) await tx.digests.save({ ...current, again: true });
    return current.id;
  }
  return beginDigest(tx, reader, atMs, parts);
}

async function beginDigest(
  tx: StoreTransaction,
  reader: string,
  atMs: number,
  { ids }: PlaceParts,
): Promise<DigestId> {
  const latest = await tx.digests.latestOf(reader);
  const current = latest?.open ? await tx.digests.lock(latest.id) : null;
  if (current) await tx.digests.save({ ...current, open: false });
  const id = ids.nonce() as DigestId;
  await tx.digests.save({
    ...{ id, reader, open: true, openedAtMs: atMs, notBeforeMs: atMs + GATHER_MS },
    ...{ place: null, again: false, moved: [] },
  });
  return id;
}

const takesMore = ({ reader }: Digest, lines: readonly DigestLine[], isKnown: boolean): boolean =>
  isKnown ||
  (lines.length < MOST_LINES && lines.some(({ about, questionId }) => isOpenFor(about, questionId, reader)));
