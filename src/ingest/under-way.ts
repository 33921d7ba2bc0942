// What cases that are not over yet mean for the watch over buckets: which buckets it leaves to them, and which of its own findings
// they still wait for.
import { isAtLeast } from '../case/alert.ts';
import { type Case, isMonitored } from '../case/case.ts';
import { targetKey } from '../case/target.ts';
import type { CaseState } from '../case/transitions.ts';
import type { CaseStore } from '../ports/case-store.ts';

const STATES: readonly CaseState[] = ['routing', 'asking', 'executing', 'undoing'];
const MOST_CASES = 10_000;
const MAKE_PRIVATE = 'aws.s3.make-bucket-private';

export interface UnderWay {
  /** `targetKey` of each bucket that another case asks about being open. */
  readonly buckets: ReadonlySet<string>;
  /** The watch's own alerts whose end ends a case. */
  readonly waiting: ReadonlySet<string>;
}

export async function readUnderWay(store: CaseStore): Promise<UnderWay> {
  const cases = await store.listCases({ states: STATES, limit: MOST_CASES });
  return {
    buckets: new Set(cases.flatMap(bucketsOf)),
    waiting: new Set(cases.flatMap(waitingIn)),
  };
}

/**
 * Where whoever answers is offered to make it private, and severe enough that the answer is no formality. A case about a partner
 * who was let in, or about some other setting of the bucket, says nothing of everyone. The watch's own cases join what it finds again.
 */
function bucketsOf(about: Case): readonly string[] {
  const { sources, severity, state, question, policy, targets } = about;
  if (isMonitored(about) || !isAtLeast(severity, 'medium')) return [];
  if (sources.every(({ source }) => source === 'inventory')) return [];
  if (question && state !== 'routing')
    return question.offers
      .flatMap(({ actions }) => actions)
      .filter(({ action }) => action === MAKE_PRIVATE)
      .map(({ target }) => targetKey(target));
  // Not planned yet.
  const mayOffer = policy.offers.some(({ actions }) => actions.includes(MAKE_PRIVATE));
  return mayOffer ? targets.map(targetKey) : [];
}

const waitingIn = ({ sources }: Case): readonly string[] =>
  sources
    .filter(({ source, resolved }) => source === 'inventory' && !resolved)
    .map(({ sourceId }) => sourceId);
