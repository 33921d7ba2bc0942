// A signature: an answer that takes more people than have said so. It goes on record, and whoever is to say the rest is asked.
import { askStep, SECURITY_READER } from '../case/ask-step.ts';
import { peopleAtStake } from '../case/behind-target.ts';
import type { Case, Decision } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import { say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { isSameAnswer, signaturesOf, undoSignaturesOf } from '../case/signed.ts';
import { tellTeamTooSmall } from '../case/tell-admin-step.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { type Change, ClaimRefused, type DecideParts, type SignersFound } from './parts.ts';
import { answerSentence, type Weighed } from './signatures.ts';

/** What has been said so far, by everybody whose word still counts: nobody who has come under question since. */
export async function standingSignatures(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  { settings, signers }: Pick<DecideParts, 'settings' | 'signers'>,
): Promise<readonly Decision[]> {
  const signed = decision.verb === 'undo' ? undoSignaturesOf(about) : signaturesOf(about);
  const atStake = peopleAtStake(about, about.question?.offers ?? [], settings.aws);
  const standing: Decision[] = [];
  for (const one of signed) {
    const { id } = one.by;
    if (id === about.subject?.id || about.named.includes(id) || atStake.includes(id)) continue;
    if (id !== decision.by.id && !counts(one, decision, signers)) continue;
    if (!(await tx.isSubjectOfOpenCase(id as UserId, about.id))) standing.push(one);
  }
  return standing;
}

/** Clocks of replicas differ by less: whoever signed about when they were looked up was looked at when they signed. */
const SKEW_MS = 60_000;

/** Refuses for the moment what would stand on somebody of whom nothing can be known now. */
function counts(one: Decision, decision: Decision, signers: SignersFound | undefined): boolean {
  const known = signers?.counts.get(one.by.id);
  if (known === undefined && signers && Date.parse(one.at) >= signers.atMs - SKEW_MS) return true;
  if (known !== undefined && known !== 'unknown') return known;
  if (!isSameAnswer(one, decision)) return true;
  throw new ClaimRefused('decide.signer-unknown', 'a signer cannot be looked up', {
    say: say('decide.signer-unknown', { name: one.by.name }),
  });
}

/** The change for an answer that does not take effect yet. Refuses whoever has said the same already. */
export function sign(about: Case, decision: Decision, weighed: Exclude<Weighed, { kind: 'enough' }>): Change {
  if (weighed.kind === 'signed-already')
    throw new ClaimRefused('decide.same-person', 'they have signed this already', {
      say: sentences([say('decide.chose-already'), weighed.why]),
    });
  const { awaits, by, differ, tooFew } = weighed;
  const told = tooFew ? [tellTeamTooSmall()] : [];
  const signed = { decision: { awaits } };
  // It stands until they agree, and they were not asked: the security team sees it.
  if (decision.verb === 'undo')
    return { ...signed, event: 'signed', patch: {}, steps: [{ kind: 'tell', key: '' }, ...told] };
  const undecided = writeBackSteps(about, {
    kind: 'second-signature',
    says: [differ ?? awaits, say('decide.stays-in-progress')],
    decision: { ...decision, awaits },
  });
  const { question } = about;
  if (by === 'security' || !question) {
    const toSecurity = differ ?? sentences([answerSentence(about, decision), awaits]);
    return {
      ...signed,
      event: 'escalated',
      patch: { toSecurity },
      steps: [{ kind: 'route', key: '' }, ...undecided, ...told],
      cancel: ['chase'],
    };
  }
  if (by === 'asked') return { ...signed, event: 'signed', patch: {}, steps: [...undecided, ...told] };
  const beside = [...(question.beside ?? []), { kind: 'security' } as const];
  const path = [...question.path, { name: 'The security team', outcome: 'asked', reason: awaits } as const];
  return {
    ...signed,
    event: 'signed',
    patch: { question: { ...question, beside, path } },
    steps: [askStep(question.id, SECURITY_READER), ...undecided, ...told],
  };
}
