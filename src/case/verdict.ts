// What goes back to the alert where it came from: status, classification, determination, and a comment naming the decision.
// Values are those of Graph's alerts_v2 (security-alert resource page).
import { type Case, type Decision, SYSTEM } from './case.ts';
import type { Json } from './json.ts';
import { type Said, say } from './said.ts';

export type Ending =
  | 'contained'
  /** Before anybody had answered: somebody still has to. */
  | 'contained-first'
  | 'failed'
  | 'dismissed'
  /** Closed, because nobody answered in time: nobody said that it was expected. */
  | 'unanswered'
  | 'second-signature'
  | 'escalated'
  | 'undone';

export interface Verdict {
  readonly status: 'inProgress' | 'resolved';
  readonly classification?: 'truePositive' | 'informationalExpectedActivity';
  readonly determination?: 'other' | 'confirmedActivity';
}

// A manager's "stop this" does not say whether the person or a thief did it: the determination stays "other".
const VERDICTS: Readonly<Record<Ending, Verdict>> = {
  contained: { status: 'resolved', classification: 'truePositive', determination: 'other' },
  'contained-first': { status: 'inProgress' },
  failed: { status: 'inProgress' },
  dismissed: {
    status: 'resolved',
    classification: 'informationalExpectedActivity',
    determination: 'confirmedActivity',
  },
  unanswered: { status: 'resolved' },
  'second-signature': { status: 'inProgress' },
  escalated: { status: 'inProgress' },
  undone: { status: 'inProgress' },
};

/** What a `write-back` step carries. */
export interface WriteBack {
  readonly sourceId: string;
  readonly verdict: Verdict;
  /** One sentence each; text with the mark in it in steps from before words were kept as messages. */
  readonly comment: readonly Said[] | string;
  /** Found in a comment that is already there: then it was written, and only the answer was lost. */
  readonly mark: string;
}

/** One step for each Graph alert behind the case; CloudTrail has nowhere to write to. What was asked as a dry run goes nowhere. */
export function writeBackSteps(
  about: Case,
  ending: { readonly kind: Ending; readonly says: readonly Said[]; readonly decision?: Decision },
): readonly { kind: 'write-back'; key: string; body: Json }[] {
  if (about.question?.dryRun) return [];
  const decision = ending.decision ?? about.decisions.at(-1);
  const mark = `[Countersign ${about.ref}.${about.version}]`;
  const words = decision
    ? [decisionWords(about, decision), decision.comment ?? '', ...ending.says]
    : ending.says;
  const comment = words.filter((one) => one !== '');
  return about.sources
    .filter((one) => one.source === 'graph')
    .map((one) => ({
      kind: 'write-back' as const,
      key: one.sourceId,
      body: { sourceId: one.sourceId, verdict: { ...VERDICTS[ending.kind] }, comment, mark },
    }));
}

/** "Morgan Reyes chose "Make it private" at 2026-11-21T10:42:07Z." */
export function decisionWords(about: Case, { by, verb, ...decision }: Decision): Said {
  const offered = about.policy.offers.find((one) => one.key === decision.offer);
  const offer =
    about.question?.offers.find((one) => one.key === decision.offer)?.label ??
    offered?.label ??
    decision.offer ??
    '';
  const said = { name: by.name, when: { time: decision.at } };
  if (by.id === SYSTEM.id)
    return verb === 'approve'
      ? say('govern.decided.by-silence', { offer, when: said.when })
      : say('govern.decided.unanswered', { when: said.when });
  const signed = { ...said, signed: decision.awaits ? 'yes' : 'no' };
  switch (verb) {
    case 'approve':
      return say('govern.decided.approve', { ...signed, offer });
    case 'dismiss':
      return say('govern.decided.dismiss', signed);
    case 'undo':
      return say(decision.anyway ? 'govern.decided.undo-anyway' : 'govern.decided.undo', signed);
    case 'keep':
      return say('govern.decided.keep', signed);
    case 'escalate':
      return say('govern.decided.escalate', said);
    case 'reassign':
      return say('govern.decided.reassign', {
        ...said,
        to: decision.to?.name ?? say('govern.somebody-else'),
      });
    case 'correct':
      return say('govern.decided.correct', said);
  }
}
