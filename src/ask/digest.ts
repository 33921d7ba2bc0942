// A flood of questions to one reader is one card: the `ask` and `refresh` steps of its lines, which bring that card.
import { type AskStep, askStep } from '../case/ask-step.ts';
import type { CardCopy, Case } from '../case/case.ts';
import type { DigestId, QuestionId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import type { Put } from '../ports/digests.ts';
import { bringDigest, type DigestParts } from './digest-draw.ts';
import { placeQuestion } from './digest-place.ts';
import { noteReminded } from './note-reminded.ts';
import { isFinal } from './reach.ts';

/**
 * False: the question has a card of its own. True: it is a line, and the step is done or waits for the card. Throws `teams.*` as the
 * messenger does, final where the reader is out of reach.
 */
export async function askedInDigest(
  step: Step,
  about: Case,
  body: AskStep['body'],
  parts: DigestParts,
): Promise<boolean> {
  const put = await placeQuestion(about, body.question, body, {
    ...parts,
    digest: parts.settings.asking.digest,
  });
  if (!put?.digest) return false;
  const { digest } = put;
  const isDone = async (tx: StoreTransaction): Promise<boolean> =>
    (await isLine(tx, about, body.question, digest)) &&
    (body.reminder === 0 || (await isReminded(tx, put, body, parts)));
  return runUntil(step, digest, isDone, parts);
}

/** The `refresh` step of a line: all of the card is drawn at once, and the steps of the other lines find that it was. */
export async function refreshInDigest(
  step: Step,
  copy: CardCopy & { readonly digest: DigestId },
  parts: DigestParts,
): Promise<void> {
  try {
    await runUntil(step, copy.digest, (tx) => isShown(tx, copy), parts);
  } catch (error) {
    if (!isFinal(error)) throw error;
    await parts.store.transact(async (tx) => {
      await tx.lockCase(copy.caseId);
      await tx.removeCopy(copy.id);
      // Whoever is asked has lost their only card of the question: it is brought again, or turns out not to reach them.
      await tx.addStep(copy.caseId, askStep(copy.questionId, copy.reader));
      await tx.finishStep(step);
    });
  }
}

/** What another line's step has done already is not done again; what cannot be done now is left for later. */
async function runUntil(
  step: Step,
  digest: DigestId,
  isDone: (tx: StoreTransaction) => Promise<boolean>,
  parts: DigestParts,
): Promise<true> {
  const finish = (): Promise<boolean> =>
    parts.store.transact(async (tx) => {
      await tx.lockCase(step.caseId);
      if (!(await isDone(tx))) return false;
      await tx.finishStep(step);
      return true;
    });
  if (await finish()) return true;
  const waitMs = await bringDigest(digest, parts);
  if (waitMs === null && (await finish())) return true;
  await parts.store.transact(async (tx) => {
    const { kind, key, body } = step;
    await tx.addStep(step.caseId, { kind, key, body, delayMs: Math.max(waitMs ?? 0, SOON_MS) });
    await tx.finishStep(step);
  });
  return true;
}

const SOON_MS = 100;

const copyIn = async (tx: StoreTransaction, about: Pick<Case, 'id'>, digest: DigestId) =>
  (await tx.copiesOf(about.id)).find((copy) => copy.digest === digest);

const isLine = async (tx: StoreTransaction, about: Case, question: QuestionId, digest: DigestId) =>
  (await copyIn(tx, about, digest))?.questionId === question;

async function isShown(tx: StoreTransaction, { caseId, digest }: CardCopy & { readonly digest: DigestId }) {
  const [copy, current, card] = [
    await copyIn(tx, { id: caseId }, digest),
    await tx.lockCase(caseId),
    await tx.digests.find(digest),
  ];
  if (!copy || !current || !card) return true;
  return copy.shownVersion >= current.version && !card.again;
}

/**
 * Many lines are reminded of within minutes, and one card reminds of all of them: it is sent again, unless it came in the last
 * quarter of the time since this one was put. What has waited for longer than a day is reminded of once a day, whenever each came.
 */
async function isReminded(
  tx: StoreTransaction,
  { digest, atMs, caseId }: Put,
  body: AskStep['body'],
  { clock }: DigestParts,
): Promise<boolean> {
  const card = digest && (await tx.digests.lock(digest));
  if (!card) return true;
  const now = clock.now();
  if (card.place && card.place.sentAtMs > now - quietMs(now - atMs)) {
    await noteReminded(tx, await tx.lockCase(caseId), body, isoTime(clock));
    return true;
  }
  if (!card.again) await tx.digests.save({ ...card, again: true });
  return false;
}

const DAY_MS = 86_400_000;
/** A little less than a day: the reminders of a day come at about the same time as those of the day before. */
const DAILY_MS = DAY_MS - 4 * 3_600_000;

const quietMs = (ageMs: number): number => (ageMs < DAY_MS ? ageMs / 4 : DAILY_MS);
