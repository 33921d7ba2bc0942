// Who has said what of the question as it is now, while it takes more people than have said so. Pure: what it takes, decide/ knows.
import { awaitsOf, type Case, type Decision } from './case.ts';
import { offerDigest } from './offer-digest.ts';
import { labelSaid } from './policy-words.ts';
import { type Said, say } from './said.ts';

/** Answers that can take several people. Handing on, over or back never does. */
const SIGNED = ['approve', 'dismiss', 'keep'] as const satisfies readonly Decision['verb'][];
const isSigned = ({ verb, by }: Decision): boolean =>
  by.kind === 'person' && SIGNED.some((one) => one === verb);

/** Whether both people said the same: until when something is expected is counted apart. */
export const isSameAnswer = (one: Decision, other: Decision): boolean =>
  one.verb === other.verb && one.offer === other.offer && one.anyway === other.anyway;

/** Whoever hands it on, or takes back what they said, stands by nothing that they had signed. */
const isWithdrawal = ({ verb }: Decision): boolean => verb === 'reassign' || verb === 'correct';

/** "Expected" needed no word for a signature before there was one: in a question that is open it can be nothing else. */
const isTaken = (decision: Decision): boolean =>
  decision.verb === 'dismiss' || decision.verb === 'escalate' || isWithdrawal(decision)
    ? false
    : awaitsOf(decision) === undefined;

/** What they chose would do something else by now. */
function isOutdated({ question }: Case, { verb, offer, over }: Decision): boolean {
  if (verb !== 'approve' || over === undefined || !question) return false;
  const now = question.offers.find(({ key }) => key === offer);
  return !now || offerDigest(now) !== over;
}

/** What each person said last of the question as it is now, since the last thing that was carried out; oldest first. */
export const signaturesOf = (about: Case): readonly Decision[] =>
  lastSigned(about).filter((one) => !isOutdated(about, one));

/** Whose word counts no longer: what they agreed to has changed since. */
export const outdatedSignaturesOf = (about: Case): readonly Decision[] =>
  about.state === 'asking' || about.state === 'routing'
    ? lastSigned(about).filter((one) => isOutdated(about, one))
    : [];

function lastSigned({ decisions, decidedBefore = 0 }: Case): readonly Decision[] {
  const current = decisions.slice(decidedBefore);
  const since = current.slice(current.findLastIndex(isTaken) + 1);
  return lastOfEach(since.filter((one) => isSigned(one) || isWithdrawal(one))).filter(isSigned);
}

/** Who wants it undone, since anything else was decided. */
export function undoSignaturesOf({ decisions, decidedBefore = 0 }: Case): readonly Decision[] {
  const current = decisions.slice(decidedBefore);
  const since = current.findLastIndex(
    (one) => one.verb !== 'correct' && (one.verb !== 'undo' || awaitsOf(one) === undefined),
  );
  return lastOfEach(current.slice(since + 1)).filter(({ verb }) => verb === 'undo');
}

const lastOfEach = (decisions: readonly Decision[]): readonly Decision[] =>
  decisions.filter(({ by }, index) => !decisions.slice(index + 1).some((later) => later.by.id === by.id));

/** What is said by more than one, and what by one alone: those who do not agree. */
export const doDiffer = (signatures: readonly Decision[]): boolean =>
  signatures.some((one) => signatures.some((other) => !isSameAnswer(one, other)));

/**
 * Of those who say the same, who count as people of their own: whoever named somebody to answer instead, and whoever was named so,
 * are one. `signers` in order; the first of each stays.
 */
export function independentOf<Signer extends Pick<Decision, 'by'>>(
  { reassigned = [] }: Pick<Case, 'reassigned'>,
  signers: readonly Signer[],
): readonly Signer[] {
  const circles: Set<string>[] = [];
  for (const { by, to } of reassigned) {
    const met = circles.filter((circle) => circle.has(by.id) || circle.has(to.id));
    const circle = new Set([by.id, to.id, ...met.flatMap((one) => [...one])]);
    circles.splice(0, circles.length, ...circles.filter((one) => !met.includes(one)), circle);
  }
  const circleOf = (id: string): Set<string> | undefined => circles.find((one) => one.has(id));
  return signers.filter(
    ({ by }, index) =>
      !signers.slice(0, index).some((other) => circleOf(by.id)?.has(other.by.id) && other.by.id !== by.id),
  );
}

/** Ids of the people whose answer the last one that took effect was: whoever gave it, and who had signed the same before. */
export function decidersOf({ decisions }: Case): readonly string[] {
  const last = decisions.findLastIndex((one) => awaitsOf(one) === undefined);
  const taken = decisions[last];
  if (!taken) return [];
  const signed = decisions
    .slice(0, last)
    .filter(
      (one) =>
        awaitsOf(one) && isSameAnswer(one, taken) && (taken.verb !== 'approve' || one.over === taken.over),
    );
  return [taken, ...signed].filter(({ by }) => by.kind === 'person').map(({ by }) => by.id);
}

/** How long somebody's word that it should be undone waits for another's: by then nobody remembers what they looked at. */
export const UNDO_WAITS_MS = 7 * 86_400_000;

/** `now`: ISO 8601. */
export const isLapsed = ({ verb, at }: Decision, now: string): boolean =>
  verb === 'undo' && Date.parse(at) + UNDO_WAITS_MS < Date.parse(now);

/** The signatures that are waiting for others now; without `now` those of an undo that have waited too long as well. */
export function openSignatures(about: Case, now?: string): readonly Decision[] {
  if (about.state === 'asking' || about.state === 'routing') return signaturesOf(about);
  if (about.state !== 'contained' && about.state !== 'dismissed') return [];
  return undoSignaturesOf(about).filter((one) => now === undefined || !isLapsed(one, now));
}

/** An answer of theirs waits for others: they can take it back. */
export const hasSigned = (about: Case, id: string): boolean =>
  openSignatures(about).some(({ by }) => by.id === id);

/** `"Make it private"`, `expected`: as a card names an answer. */
export function answerWords(about: Case, decision: Decision): Said {
  const { verb, until } = decision;
  if (verb === 'dismiss')
    return until
      ? say('case.answer.expected-until', { until: { time: until, dated: true } })
      : say('case.answer.expected');
  if (verb === 'keep') return say('case.answer.keep');
  if (verb === 'undo') return say('case.answer.undo');
  return say('case.answer.offer', { offer: offerSaid(about, decision.offer) });
}

/** What a choice is called: as it was shown, else as the policy says; its key where it is gone. */
export function offerSaid({ question, policy, subject }: Case, key = ''): Said {
  const planned = question?.offers.find((one) => one.key === key);
  if (planned) return planned.label;
  const offer = policy.offers.find((one) => one.key === key);
  return offer ? labelSaid(offer, subject?.name ?? say('case.the-person')) : key;
}
