// What goes back to the alert where it came from: status, classification, determination, and a comment naming the decision.
// Values are those of Graph's alerts_v2 (security-alert resource page).
import { type Case, type Decision, SYSTEM } from './case.ts';
import type { Json } from './json.ts';
import { isoTimes } from './times.ts';

export type Ending =
  | 'contained'
  /** Before anybody had answered: somebody still has to. */
  | 'contained-first'
  | 'dry-run'
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
  'dry-run': { status: 'inProgress' },
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

const COMMENT_LENGTH = 900;

/** What a `write-back` step carries. */
export interface WriteBack {
  readonly sourceId: string;
  readonly verdict: Verdict;
  readonly comment: string;
  /** Found in a comment that is already there: then it was written, and only the answer was lost. */
  readonly mark: string;
}

/** One step for each Graph alert behind the case; CloudTrail has nowhere to write to. */
export function writeBackSteps(
  about: Case,
  ending: { readonly kind: Ending; readonly says: readonly string[]; readonly decision?: Decision },
): readonly { kind: 'write-back'; key: string; body: Json }[] {
  const decision = ending.decision ?? about.decisions.at(-1);
  const mark = `[Countersign ${about.ref}.${about.version}]`;
  const words = [decision ? decisionWords(about, decision) : null, decision?.comment, ...ending.says];
  const comment = `${isoTimes(words.filter(Boolean).join(' ')).slice(0, COMMENT_LENGTH)} ${mark}`;
  return about.sources
    .filter((one) => one.source === 'graph')
    .map((one) => ({
      kind: 'write-back' as const,
      key: one.sourceId,
      body: { sourceId: one.sourceId, verdict: { ...VERDICTS[ending.kind] }, comment, mark },
    }));
}

/** "Morgan Reyes chose "Make it private" at 2026-11-21T10:42:07Z." */
export function decisionWords(about: Case, decision: Decision): string {
  const offer = about.policy.offers.find((one) => one.key === decision.offer);
  const label =
    about.question?.offers.find((one) => one.key === decision.offer)?.label ?? offer?.label ?? decision.offer;
  if (decision.by.id === SYSTEM.id)
    return decision.verb === 'approve'
      ? `Nobody had answered in time, so Countersign chose "${label}" at ${decision.at}.`
      : `Nobody answered in time, so this was closed at ${decision.at}. Nobody said that it was expected.`;
  const did = {
    approve: `chose "${label}"`,
    dismiss: 'said that this was expected',
    escalate: 'handed this to the security team',
    undo: decision.anyway
      ? 'asked for this to be undone, even over what was changed since,'
      : 'asked for this to be undone',
    reassign: `said that it is for ${decision.to?.name ?? 'somebody else'} to answer`,
    keep: 'said that it should stay as it is',
    correct: 'took the answer back',
  }[decision.verb];
  const signed = decision.awaits ? ', as one of several,' : '';
  return `${decision.by.name} ${did}${signed} at ${decision.at}.`;
}
