// Sends and edits a digest: one drawing at a time, no two of them close together, and every line's copy says which version it shows.
// A lost response may leave a second card; its buttons are as good, and pressing one makes it the card that is kept true.
import { type CardCopy, type Case, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { CaseId, CopyId, DigestId } from '../case/ids.ts';
import type { Said } from '../case/said.ts';
import { isDryRun, type OperatorSettings } from '../case/settings.ts';
import { shownSince } from '../case/shown-since.ts';
import { caseFor } from '../case/visibility.ts';
import type { CaseStore, StoreTransaction } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { Digest, DigestLine, DigestPlace, Moved } from '../ports/digests.ts';
import type { Ids } from '../ports/ids.ts';
import type { CardContent, Messenger } from '../ports/messenger.ts';
import type { Words } from '../ports/words.ts';
import { type DigestView, digestCard, selectLines } from './digest-data.ts';
import { lyingAt, saveMoved } from './digest-point.ts';
import { conversationOf, isFinal, type ReachParts } from './reach.ts';
import type { Readers } from './reader.ts';
import type { ViewParts } from './view.ts';

/** Teams takes 60 activities in 30 seconds of one conversation; others lie there, too. */
const GAP_MS = 2_000;
const AFTER_FAILURE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** Longer than the calls of one drawing, each of which has its own time-out. */
const DRAWING_MS = 120_000;

export interface DigestParts extends ReachParts {
  readonly store: CaseStore;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: OperatorSettings;
  readonly words: Words;
  readonly readers: Pick<Readers, 'readerOf'>;
  readonly takes: ViewParts['takes'];
}

export type DigestWords = Pick<DigestView, 'notice' | 'signInUrl' | 'comment'>;

/** The card as things stand; what it shows is kept, so that "for all" is about that and nothing else. */
export async function drawDigest(
  { id, reader }: Pick<Digest, 'id' | 'reader'>,
  words: DigestWords,
  { store, settings, words: messages, readers, takes }: DigestParts,
): Promise<{
  readonly card: CardContent;
  readonly lines: readonly DigestLine[];
  readonly drawn: readonly DigestLine[];
}> {
  const as = await readers.readerOf(reader);
  const write = (said: Said): string => messages.write(said, as);
  const { lines, selection, version } = await store.transact(async (tx) => {
    const lines = await tx.digests.linesOf(id);
    const selection = selectLines(lines, reader);
    return { lines, selection, version: await tx.digests.saveDrawn(id, selection.all) };
  });
  const card = digestCard(id, version, selection, reader, {
    write,
    isDryRun: ({ policy }) => isDryRun(policy.id, settings),
    takes: (about) => takes(about, { reader, at: as.now, isDryRun: isDryIn(about, settings) }, settings),
    shown: (about) => caseFor(about, reader, settings, [], write),
    ...words,
  });
  return { card, lines, drawn: selection.drawn };
}

const isDryIn = ({ question, policy }: Case, settings: OperatorSettings): boolean =>
  question?.dryRun ?? isDryRun(policy.id, settings);

/** Null: it lies there and is true. Else for how long to wait: somebody else draws it, or it was drawn a moment ago. */
export async function bringDigest(id: DigestId, parts: DigestParts): Promise<number | null> {
  const { store, clock } = parts;
  const taken = await store.transact(async (tx) => {
    const digest = await tx.digests.lock(id);
    // A clock that was set back must not park the card.
    const waitMs = Math.min((digest?.notBeforeMs ?? 0) - clock.now(), LONGEST_PAUSE_MS);
    if (!digest || waitMs > 0) return { waitMs };
    const token = await tx.digests.takeDrawing(id, DRAWING_MS);
    return token === null ? { waitMs: GAP_MS } : { digest, token };
  });
  if (taken.digest === undefined) return taken.waitMs;
  const { digest, token } = taken;
  try {
    const { card, lines, drawn } = await drawDigest(digest, {}, parts);
    const place = await deliver(digest, card, parts);
    // What lies there now was drawn by somebody else.
    if (!(await record(digest, token, place, parts))) return GAP_MS;
    for (const line of lines) await noteShown(digest, line, place, !drawn.includes(line), parts);
    return null;
  } catch (error) {
    const asked = isCountersignError(error) ? (error.retryAfterMs ?? 0) : 0;
    await store.transact(async (tx) => {
      const current = await tx.digests.lock(id);
      if (!current || !(await tx.digests.endDrawing(id, token))) return;
      const pauseMs = Math.min(Math.max(asked, AFTER_FAILURE_MS), LONGEST_PAUSE_MS);
      // A card that can no longer be reached is not tried again.
      const place = isFinal(error) ? { place: null } : {};
      await tx.digests.save({ ...current, ...place, notBeforeMs: clock.now() + pauseMs });
    });
    throw error;
  }
}

async function deliver(
  { place, again, reader }: Digest,
  card: CardContent,
  parts: DigestParts,
): Promise<DigestPlace> {
  if (place && !again) {
    try {
      await parts.messenger.update(place.conversation, place.activityId, card);
      return place;
    } catch (error) {
      // Deleted, or in a conversation that is gone: sent anew below, or found to be unreachable there.
      if (!isFinal(error)) throw error;
    }
  }
  const conversation = (await conversationOf(reader, parts)) ?? place?.conversation;
  if (!conversation) throw unreachable(reader);
  const { activityId } = await parts.messenger.send(conversation, card);
  return { conversation, activityId, sentAtMs: parts.clock.now() };
}

const unreachable = (reader: string): CountersignError =>
  new CountersignError('teams.unreachable', `no conversation with ${reader} is known`);

const isSame = (one: Moved) => (other: Moved | null) => other?.activityId === one.activityId;

/** Where the card lies now. False: what was drawn is not what its reader has before them. */
async function record(
  before: Digest,
  token: number,
  place: DigestPlace,
  { store, clock }: DigestParts,
): Promise<boolean> {
  return store.transact(async (tx) => {
    const current = await tx.digests.lock(before.id);
    if (!current) return true;
    const isOurs = await tx.digests.endDrawing(before.id, token);
    // Pressed, written for or drawn by somebody else in the meantime: that card is nearer to its reader.
    const isOvertaken = !isOurs || (current.place !== null && !isSame(current.place)(before.place));
    const lying = isOvertaken ? current.place : place;
    const above = [before.place, current.place, place].flatMap((one) => (one ? [lyingAt(one)] : []));
    const moved = new Map([...above, ...current.moved].map((one) => [one.activityId, one]));
    if (lying) moved.delete(lying.activityId);
    await saveMoved(tx, {
      ...current,
      place: lying,
      again: current.again && !before.again,
      moved: [...moved.values()],
      notBeforeMs: clock.now() + GAP_MS,
    });
    return !isOvertaken;
  });
}

/** The line is a copy of its case: it shows the version that was drawn, and is drawn again for every later one. */
async function noteShown(
  { id, reader }: Digest,
  { about, questionId }: DigestLine,
  { conversation, activityId }: DigestPlace,
  isFolded: boolean,
  parts: DigestParts,
): Promise<void> {
  const isMine = (copy: CardCopy): boolean => copy.digest === id;
  const known = (await parts.store.copiesOf(about.id)).find(isMine);
  const isAsked = known?.questionId === questionId;
  const isAsShown = (known?.folded === true) === isFolded;
  if (known && isAsked && isAsShown && known.shownVersion >= about.version) return;
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    const copies = await tx.copiesOf(about.id);
    const copyId = copies.find(isMine)?.id ?? parts.ids.copyId();
    const since = shownSince(copies, questionId, reader) ?? isoTime(parts.clock);
    const shown = { caseId: about.id, questionId, reader, conversation, activityId, digest: id };
    const folded = isFolded ? { folded: true as const } : { since };
    await tx.saveCopy({ id: copyId, ...shown, ...folded, shownVersion: about.version });
    if (current && current.version > about.version) await refreshCopy(tx, about.id, copyId);
    if (isAsked) return;
    // Older cards of the same question's case now point to this one.
    for (const other of copies) if (other.id !== copyId) await refreshCopy(tx, about.id, other.id);
    await tx.audit(about.id, {
      kind: 'question.sent',
      actor: SYSTEM,
      facts: { question: questionId, version: about.version, digest: id },
      personal: { reader, activityId },
    });
  });
}

const refreshCopy = (tx: StoreTransaction, caseId: CaseId, key: CopyId): Promise<void> =>
  tx.addStep(caseId, { kind: 'refresh', key });
